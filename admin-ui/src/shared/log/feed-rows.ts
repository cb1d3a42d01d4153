import type { Entry } from '#gateway/http/contract/admin.ts';
import { DoorReleases, isQuietMovement } from './door-releases.ts';

export interface FeedRow {
  readonly entry: Entry;
  /** What the row's entry brought about, oldest first: unlocked, opened, entered, session started. */
  readonly followUps: readonly Entry[];
}

/**
 * Folds entries (newest first) into rows: what only carries a decision or a way out into effect is shown with it, so that one badge
 * is one row. Entries whose cause is not in the list, and whatever needs a look by itself, keep a row of their own.
 */
export function toFeedRows(entries: readonly Entry[]): readonly FeedRow[] {
  const decisions = new Map<string, number>();
  for (const { seq, record } of entries) if (record.type === 'decision') decisions.set(record.decisionId, seq);
  const releases = new DoorReleases();
  const followUps = new Map<number, Entry[]>();
  const heads: Entry[] = [];
  for (const entry of entries.toReversed()) {
    const explained = releases.explain(entry);
    const decisionId = decisionCarriedOut(entry.record);
    const owner = (decisionId === null ? undefined : decisions.get(decisionId)) ?? explained;
    if (owner === null) heads.push(entry);
    else followUps.set(owner, [...(followUps.get(owner) ?? []), entry]);
  }
  return heads.toReversed().map((entry) => ({ entry, followUps: followUps.get(entry.seq) ?? [] }));
}

/** The rows with something of these kinds, be it folded. Folding comes first, so that a filter tears no row apart. */
export function rowsOfTypes(rows: readonly FeedRow[], types: readonly string[]): readonly FeedRow[] {
  return rows.filter(({ entry, followUps }) => [entry, ...followUps].some(({ record }) => types.includes(record.type)));
}

function decisionCarriedOut(record: Entry['record']): string | null {
  switch (record.type) {
    case 'outcome':
    case 'presence':
    case 'session':
      return record.decisionId;
    case 'door_state':
      return isQuietMovement(record) ? record.decisionId : null;
    default:
      return null;
  }
}
