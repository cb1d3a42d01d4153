import type { PersonId } from '../../domain/site/ids.ts';
import type { AuditReader } from '../../ports/audit-log.ts';
import type { Clock } from '../../ports/clock.ts';
import { createToOwnEntry, OWN_LOG_TYPES, type OwnEntryDeps, type OwnLogEntry } from './own-entry.ts';

export const OWN_LOG_LIMIT_MAX = 100;
/** What is older is the auditors' alone, and later nobody's by name. */
export const OWN_LOG_AGE_MS_MAX = 30 * 24 * 3_600_000;
/** Entries that one page looks at: most of what is recorded about a person who works all day is none of these. */
export const OWN_LOG_SCAN_MAX = 1_000;
const READ_AT_ONCE = 200;

export interface OwnLogPage {
  readonly entries: readonly OwnLogEntry[];
  /** The `before` of the next page; null = there is none. */
  readonly next: number | null;
}

/** What happened to the person, newest first by arrival: decisions about their own doors and logins, sessions, credentials, standing. */
export type ReadOwnLog = (query: {
  readonly personId: PersonId;
  readonly before: number | null;
  readonly limit: number;
}) => Promise<OwnLogPage>;

interface Deps extends OwnEntryDeps {
  readonly auditReader: Pick<AuditReader, 'read'>;
  readonly clock: Clock;
}

/** @throws store.unavailable */
export function createReadOwnLog(deps: Deps): ReadOwnLog {
  return async ({ personId, before, limit }) => {
    const oldestMs = deps.clock.nowMs() - OWN_LOG_AGE_MS_MAX;
    const toOwnEntry = await createToOwnEntry(deps, personId);
    const entries: OwnLogEntry[] = [];
    let beforeSeq = before ?? Number.MAX_SAFE_INTEGER;
    for (let looked = 0; looked < OWN_LOG_SCAN_MAX; looked += READ_AT_ONCE) {
      const read = await deps.auditReader.read({ from: { beforeSeq }, limit: READ_AT_ONCE, types: OWN_LOG_TYPES, personId });
      for (const entry of read) {
        if (entry.arrivedAtMs < oldestMs) return { entries, next: null };
        beforeSeq = entry.seq;
        const own = toOwnEntry(entry);
        if (own !== null) entries.push(own);
        if (entries.length === limit) return { entries, next: beforeSeq };
      }
      if (read.length < READ_AT_ONCE) return { entries, next: null };
    }
    return { entries, next: beforeSeq };
  };
}
