import type { AuditEntry, AuditReader } from '../../ports/audit-log.ts';
import type { PolicyStore } from '../../ports/policy-store.ts';

/** What the log says was brought into force last. */
export interface LoggedActivation {
  readonly revisionId: string;
  /** The hash that decisions name it by. */
  readonly revision: string;
}

export type ActivationLog = Pick<AuditReader, 'read' | 'headSeq'>;

/** Records of policies that are read at once; a shadow run may have left a hundred behind the last activation. */
const PAGE = 200;

/** Null when no activation was ever recorded. @throws store.unavailable */
export async function findLoggedActivation(log: ActivationLog): Promise<LoggedActivation | null> {
  let beforeSeq = (await log.headSeq()) + 1;
  for (;;) {
    const entries = await log.read({ from: { beforeSeq }, limit: PAGE, types: ['policy_revision'] });
    const found = entries.map(activationIn).find((activation) => activation !== null);
    const last = entries.at(-1);
    if (found !== undefined) return found;
    if (last === undefined || entries.length < PAGE) return null;
    beforeSeq = last.seq;
  }
}

function activationIn({ record }: AuditEntry): LoggedActivation | null {
  if (record.type !== 'policy_revision' || (record.event !== 'activated' && record.event !== 'rolled_back')) return null;
  return record.revision === null ? null : { revisionId: record.revisionId, revision: record.revision };
}

/**
 * The id that the stored pointer stands at, when that is not what the log says was brought into force: somebody changed the database beside
 * the gateway, or a process was killed between the two. Null while they agree, and before the first activation.
 */
export async function findMovedPointer(
  store: Pick<PolicyStore, 'activation' | 'find'>,
  logged: LoggedActivation | null,
): Promise<string | null> {
  if (logged === null) return null;
  const pointer = await store.activation();
  if (pointer === null) return 'none';
  if (pointer.revisionId !== logged.revisionId) return pointer.revisionId;
  // The same name may have been given another bundle, that was signed once as well.
  return (await store.find(pointer.revisionId))?.revision === logged.revision ? null : pointer.revisionId;
}
