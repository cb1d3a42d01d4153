import { addLook, faultOfCause, MISMATCH_WINDOW_MS } from '../../domain/face/mismatches.ts';
import type { AuditRecord } from '../../domain/audit/record.ts';
import type { PersonId } from '../../domain/site/ids.ts';
import { AUDIT_READ_MAX, type AuditLog, type AuditReader } from '../../ports/audit-log.ts';
import { LooksByPerson } from './looks-by-person.ts';

export interface LookWatchDeps {
  readonly audit: Pick<AuditLog, 'subscribe'>;
  readonly reader: AuditReader;
  readonly nowMs: () => number;
  readonly restrict: (personId: PersonId, cause: string) => Promise<void>;
  readonly onFailure: (failure: unknown) => void;
}

/** Counts in the log what faces went wrong, at doors and at logins alike, and restricts whose badge it was. Returns the end of it. */
export async function startLookWatch(deps: LookWatchDeps): Promise<() => void> {
  const counts = new LooksByPerson();
  const count = (record: AuditRecord): { readonly personId: PersonId; readonly cause: string } | null => {
    if (record.type !== 'credential' || record.kind !== 'face_template' || record.event !== 'authentication_failed') return null;
    const fault = faultOfCause(record.cause);
    if (fault === null || record.personId === null) return null;
    const personId = record.personId as PersonId; // Branded again: the gateway wrote it.
    const { occurredAtMs: atMs } = record;
    const { looks, restricts } = addLook(counts.of(personId, atMs), { fault, atMs });
    counts.keep(personId, looks);
    return restricts ? { personId, cause: record.cause } : null;
  };
  // What a gateway counted that has just ended: whoever was restricted then is so still.
  const page = { from: { beforeSeq: (await deps.reader.headSeq()) + 1 }, limit: AUDIT_READ_MAX, types: ['credential'] } as const;
  const sinceMs = deps.nowMs() - MISMATCH_WINDOW_MS;
  for (const { record } of (await deps.reader.read(page)).toReversed()) {
    if (record.occurredAtMs > sinceMs) count(record);
  }
  return deps.audit.subscribe(({ record }) => {
    const due = count(record);
    if (due !== null) deps.restrict(due.personId, due.cause).catch(deps.onFailure);
  });
}
