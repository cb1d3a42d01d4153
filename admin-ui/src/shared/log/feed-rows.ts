import type { Entry } from '#gateway/http/contract/admin.ts';

export interface FeedRow {
  readonly entry: Entry;
  /** What happened under the same decision afterwards, oldest first: unlocked, entered, session started. */
  readonly followUps: readonly Entry[];
}

/**
 * Folds entries (newest first) into rows: what only carries a decision out is shown with the decision, so that one badge is one
 * row. Entries whose decision is not in the list keep a row of their own.
 */
export function toFeedRows(entries: readonly Entry[]): readonly FeedRow[] {
  const decisions = new Set<string>();
  for (const { record } of entries) if (record.type === 'decision') decisions.add(record.decisionId);
  const followUps = new Map<string, Entry[]>();
  const heads: Entry[] = [];
  for (const entry of entries) {
    const owner = followsDecision(entry.record);
    if (owner !== null && decisions.has(owner)) followUps.set(owner, [entry, ...(followUps.get(owner) ?? [])]);
    else heads.push(entry);
  }
  return heads.map((entry) => ({
    entry,
    followUps: entry.record.type === 'decision' ? (followUps.get(entry.record.decisionId) ?? []) : [],
  }));
}

function followsDecision(record: Entry['record']): string | null {
  switch (record.type) {
    case 'outcome':
    case 'presence':
    case 'session':
    case 'door_state':
      return record.decisionId;
    default:
      return null;
  }
}
