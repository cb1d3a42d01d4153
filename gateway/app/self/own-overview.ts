import type { PersonId } from '../../domain/site/ids.ts';
import type { AuditReader } from '../../ports/audit-log.ts';
import type { Clock } from '../../ports/clock.ts';
import { createToOwnEntry, type OwnDecision, type OwnEntryDeps } from './own-entry.ts';
import { OWN_LOG_AGE_MS_MAX } from './own-log.ts';

/** A denial of before is no news. */
export const RECENT_DENIAL_AGE_MS_MAX = 7 * 24 * 3_600_000;
/** Decisions that are looked through: who has more is told that not all were. */
export const OVERVIEW_SCAN_MAX = 2_000;
const READ_AT_ONCE = 200;

/** What was found; `isWhole` false: not everything of the time was looked through, so that what was not found may be there. */
export interface OwnOverview {
  /** Of the last RECENT_DENIAL_AGE_MS_MAX. */
  readonly denials: { readonly count: number; readonly isWhole: boolean };
  /** The last time that a badge was read, whatever came of it, in the last OWN_LOG_AGE_MS_MAX. */
  readonly lastBadge: { readonly entry: OwnDecision | null; readonly isWhole: boolean };
}

/** @throws store.unavailable */
export type ReadOwnOverview = (personId: PersonId) => Promise<OwnOverview>;

interface Deps extends OwnEntryDeps {
  readonly auditReader: Pick<AuditReader, 'read'>;
  readonly clock: Clock;
}

export function createReadOwnOverview(deps: Deps): ReadOwnOverview {
  return async (personId) => {
    const nowMs = deps.clock.nowMs();
    const toOwnEntry = await createToOwnEntry(deps, personId);
    let [count, badge]: [number, OwnDecision | null] = [0, null];
    const found = (reachedMs: number): OwnOverview => ({
      denials: { count, isWhole: reachedMs < nowMs - RECENT_DENIAL_AGE_MS_MAX },
      lastBadge: { entry: badge, isWhole: badge !== null || reachedMs < nowMs - OWN_LOG_AGE_MS_MAX },
    });
    let [beforeSeq, reachedMs] = [Number.MAX_SAFE_INTEGER, nowMs];
    for (let looked = 0; looked < OVERVIEW_SCAN_MAX; looked += READ_AT_ONCE) {
      const read = await deps.auditReader.read({ from: { beforeSeq }, limit: READ_AT_ONCE, types: ['decision'], personId });
      for (const entry of read) {
        [beforeSeq, reachedMs] = [entry.seq, entry.arrivedAtMs];
        const { denials, lastBadge } = found(reachedMs);
        if (denials.isWhole && lastBadge.isWhole) return found(reachedMs);
        const own = toOwnEntry(entry);
        if (own?.kind !== 'decision') continue;
        if (own.effect === 'deny' && nowMs - own.atMs < RECENT_DENIAL_AGE_MS_MAX) count += 1;
        if (own.action === 'door.unlock') badge ??= own;
      }
      if (read.length < READ_AT_ONCE) return found(Number.NEGATIVE_INFINITY);
    }
    return found(reachedMs);
  };
}
