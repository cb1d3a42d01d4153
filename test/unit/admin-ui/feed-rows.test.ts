import { describe, expect, it } from 'vitest';
import { entrySchema, type Entry } from '#gateway/http/contract/admin.ts';
import { rowsOfTypes, toFeedRows } from '#admin-ui/src/shared/log/feed-rows.ts';
import { decision } from '#test/support/console/fake-data.ts';

type Record_ = Entry['record'];
type DoorState = Extract<Record_, { readonly type: 'door_state' }>['state'];

/** The records as the log would number them, newest first. */
const log = (...records: readonly Record_[]): readonly Entry[] =>
  records.map((record, index) => entrySchema.parse({ seq: index + 1, arrivedAtMs: index, hash: 'h', record })).toReversed();
/** Each row as the numbers of its entries: the head first, then what is folded into it. */
const rowsOf = (...records: readonly Record_[]) =>
  toFeedRows(log(...records)).map(({ entry, followUps }) => [entry, ...followUps].map(({ seq }) => seq));

const quiet: DoorState = {
  doorId: 'dor_main',
  contact: 'closed',
  lock: 'unlocked',
  mode: 'secure',
  forced: false,
  openTooLong: false,
  tamper: false,
  fault: 'none',
};
const door = (cause: string, change: Partial<DoorState> = {}, decisionId: string | null = null): Record_ => ({
  type: 'door_state',
  occurredAtMs: 1,
  cause,
  decisionId,
  state: { ...quiet, ...change },
});
const outcome = (decisionId: string, name: 'unlocked' | 'entered' | 'unlock_failed'): Record_ => ({
  type: 'outcome',
  occurredAtMs: 1,
  decisionId,
  resourceId: 'dor_main',
  personId: 'usr_ada',
  outcome: name,
  detail: '',
});
const rex: Record_ = { type: 'egress', occurredAtMs: 1, doorId: 'dor_main', cause: 'rex', readerId: null, personId: null };
const alarm: Record_ = { type: 'alarm', occurredAtMs: 1, code: 'door.forced', sourceType: 'door', sourceId: 'dor_main', active: true };
const permit = (id: string) => decision(id, {});
const deny = (id: string) => decision(id, { effect: 'deny', reasons: ['grant.missing'], permits: [] });
const opened = door('contact', { contact: 'open' });
const closed = door('contact');
const relocked = door('output', { lock: 'locked' });

describe('toFeedRows', () => {
  it('puts what followed a decision into its row, oldest first', () => {
    expect(rowsOf(permit('d1'), outcome('d1', 'unlocked'), outcome('d1', 'entered'))).toEqual([[1, 2, 3]]);
  });

  it('keeps an outcome whose decision is not in the list as a row of its own', () => {
    expect(rowsOf(outcome('older', 'entered'))).toEqual([[1]]);
  });

  it('keeps the order of the rows', () => {
    expect(rowsOf(permit('d1'), deny('d2'))).toEqual([[2], [1]]);
  });

  it('makes one row of one badge, from the permit until the door has locked again', () => {
    expect(rowsOf(permit('d1'), door('released', {}, 'd1'), opened, closed, relocked)).toEqual([[1, 2, 3, 4, 5]]);
  });

  it('gives the movements after a way out to the row of the way out', () => {
    expect(rowsOf(rex, door('released'), opened, closed, relocked)).toEqual([[1, 2, 3, 4, 5]]);
  });

  it('gives the next person’s passage to the next person’s row', () => {
    expect(rowsOf(permit('d1'), opened, closed, permit('d2'), opened, closed, relocked)).toEqual([
      [4, 5, 6, 7],
      [1, 2, 3],
    ]);
  });

  it('attributes nothing while two releases may explain it', () => {
    expect(rowsOf(permit('d1'), rex, opened, closed, relocked)).toEqual([[5], [4], [3], [2], [1]]);
  });

  it.each([
    ['forced', { forced: true }],
    ['held open', { openTooLong: true }],
    ['tampered with', { tamper: true }],
    ['not heard', { fault: 'reader_offline' }],
    ['unknown', { lock: 'unknown' }],
  ] as const)('never folds a door that is %s, nor what it does afterwards', (_name, change) => {
    expect(rowsOf(permit('d1'), door('contact', { contact: 'open', ...change }), closed)).toEqual([[3], [2], [1]]);
  });

  it('never folds a tampered door, even when the record names the decision', () => {
    expect(rowsOf(permit('d1'), door('released', { tamper: true }, 'd1'))).toEqual([[2], [1]]);
  });

  it('never folds denies and alarms', () => {
    expect(rowsOf(permit('d1'), opened, deny('d2'), alarm)).toEqual([[4], [3], [1, 2]]);
  });

  it('folds no movement after an unlock that failed, a denial or a lock that closed', () => {
    expect(rowsOf(permit('d1'), outcome('d1', 'unlock_failed'), opened)).toEqual([[3], [1, 2]]);
    expect(rowsOf(deny('d1'), opened)).toEqual([[2], [1]]);
    expect(rowsOf(permit('d1'), relocked, opened)).toEqual([[3], [1, 2]]);
  });

  it('folds no movement of another door', () => {
    expect(rowsOf(permit('d1'), door('contact', { contact: 'open', doorId: 'dor_dock' }))).toEqual([[2], [1]]);
  });
});

describe('rowsOfTypes', () => {
  it('shows a row for what is folded in it, and whole', () => {
    const rows = toFeedRows(log(permit('d1'), opened, alarm));
    expect(rowsOfTypes(rows, ['door_state']).map(({ entry, followUps }) => [entry.seq, followUps.length])).toEqual([[1, 1]]);
  });
});
