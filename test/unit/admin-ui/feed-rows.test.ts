import { describe, expect, it } from 'vitest';
import { entrySchema, type Entry } from '#gateway/http/contract/admin.ts';
import { toFeedRows } from '#admin-ui/src/shared/log/feed-rows.ts';
import { decision } from '#test/support/console-fake-data.ts';

const asEntry = (seq: number, record: Entry['record']): Entry => entrySchema.parse({ seq, arrivedAtMs: seq, hash: 'h', record });
const outcome = (decisionId: string, name: 'unlocked' | 'entered'): Entry['record'] => ({
  type: 'outcome',
  occurredAtMs: 1,
  decisionId,
  resourceId: 'dor_main',
  personId: 'usr_ada',
  outcome: name,
  detail: '',
});

describe('toFeedRows', () => {
  it('puts what followed a decision into its row, oldest first', () => {
    const rows = toFeedRows([asEntry(3, outcome('d1', 'entered')), asEntry(2, outcome('d1', 'unlocked')), asEntry(1, decision('d1', {}))]);
    expect(rows.map(({ entry, followUps }) => [entry.seq, followUps.map(({ seq }) => seq)])).toEqual([[1, [2, 3]]]);
  });

  it('keeps an outcome whose decision is not in the list as a row of its own', () => {
    expect(toFeedRows([asEntry(3, outcome('older', 'entered'))]).map(({ entry }) => entry.seq)).toEqual([3]);
  });

  it('keeps a door state that no decision caused as a row of its own', () => {
    const state = {
      doorId: 'd',
      contact: 'open',
      lock: 'locked',
      mode: 'secure',
      forced: true,
      openTooLong: false,
      tamper: false,
      fault: 'none',
    } as const;
    const forced = asEntry(2, { type: 'door_state', occurredAtMs: 2, cause: 'contact', decisionId: null, state });
    expect(toFeedRows([forced, asEntry(1, decision('d1', {}))]).map(({ entry }) => entry.seq)).toEqual([2, 1]);
  });

  it('keeps the order of the rows', () => {
    const rows = toFeedRows([asEntry(2, decision('d2', {})), asEntry(1, decision('d1', {}))]);
    expect(rows.map(({ entry }) => entry.seq)).toEqual([2, 1]);
  });
});
