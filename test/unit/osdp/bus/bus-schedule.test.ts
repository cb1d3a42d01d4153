import { describe, expect, it } from 'vitest';
import { HOT_TURN_EVERY, type Schedulable, type ScheduleMemory, chooseTurn, remember } from '#adapters/osdp/bus/bus-schedule.ts';
import { type SessionState, initialSession } from '#adapters/osdp/session/state.ts';

interface Fake extends Schedulable {
  readonly name: string;
}

function reader(name: string, lastTurn: number, patch: Partial<SessionState> = {}, manners: Partial<Fake> = {}): Fake {
  const state = { ...initialSession({ address: 0, pollIntervalMs: 25, byteTimeMs: 0 }), phase: 'online' as const, dueMs: 10, ...patch };
  return { name, lastTurn, state, isBlocked: false, hotUntilMs: 0, cost: { notBeforeMs: 0 }, ...manners };
}

const ROUND: ScheduleMemory = { lastPick: 'ordinary', turnsSinceHot: 0 };
const AFTER_UNLOCK: ScheduleMemory = { lastPick: 'urgent', turnsSinceHot: 0 };
const unlock: Partial<SessionState> = {
  queue: [{ id: 1, command: { name: 'OUT', body: [] }, priority: 'urgent', queuedMs: 0 }],
};
const light: Partial<SessionState> = {
  queue: [{ id: 1, command: { name: 'LED', body: [] }, priority: 'normal', queuedMs: 0 }],
};
const nameOf = (readers: readonly Fake[], nowMs: number, memory = ROUND): string | undefined =>
  chooseTurn(readers, nowMs, memory).reader?.name;

describe('who gets the line', () => {
  it('is nobody before anybody is due', () => {
    expect(chooseTurn([reader('a', 0), reader('b', 0)], 9, ROUND)).toMatchObject({ reader: null, nextDueMs: 10 });
  });

  it('goes round: whoever waited longest', () => {
    expect(nameOf([reader('a', 5), reader('b', 3), reader('c', 4)], 10)).toBe('b');
  });

  it('is a reader with an unlock, although it is not due and had its turn last', () => {
    expect(nameOf([reader('a', 1), reader('b', 9, { ...unlock, dueMs: 99 })], 10)).toBe('b');
  });

  it('is not the reader with an unlock twice in a row while others wait', () => {
    expect(nameOf([reader('a', 1), reader('b', 0, unlock)], 10, AFTER_UNLOCK)).toBe('a');
    expect(nameOf([reader('b', 0, unlock)], 10, AFTER_UNLOCK)).toBe('b');
  });

  it('is nobody who waits for its key or for a reply', () => {
    const awaiting = { name: 'awaiting_reply', deadlineMs: 99 } as SessionState['exchange'];
    expect(nameOf([reader('a', 0, {}, { isBlocked: true }), reader('b', 0, { exchange: awaiting })], 50)).toBeUndefined();
  });

  it('is one turn in eight the reader with traffic, before its turn comes round', () => {
    const readers = [reader('a', 1), reader('b', 9, {}, { hotUntilMs: 11 })];
    expect(nameOf(readers, 10, { lastPick: 'ordinary', turnsSinceHot: HOT_TURN_EVERY - 2 })).toBe('a');
    expect(nameOf(readers, 10, { lastPick: 'ordinary', turnsSinceHot: HOT_TURN_EVERY - 1 })).toBe('b');
    expect(nameOf(readers, 11, { lastPick: 'ordinary', turnsSinceHot: HOT_TURN_EVERY - 1 })).toBe('a');
  });

  it('is every other turn a reader that is coming on line', () => {
    const readers = [reader('a', 1), reader('b', 9, { phase: 'challenge' })];
    expect(chooseTurn(readers, 10, ROUND)).toMatchObject({ reader: { name: 'b' }, pick: 'opening' });
    expect(nameOf(readers, 10, { lastPick: 'opening', turnsSinceHot: 0 })).toBe('a');
    expect(nameOf([reader('a', 1, unlock), ...readers], 10)).toBe('a');
  });

  it('is not a reader that holds its line up, but its commands are not held back', () => {
    const slow = { cost: { notBeforeMs: 500 } };
    expect(nameOf([reader('a', 9), reader('b', 1, {}, slow)], 499)).toBe('a');
    expect(nameOf([reader('a', 9), reader('b', 1, {}, slow)], 500)).toBe('b');
    expect(nameOf([reader('a', 9), reader('b', 1, light, slow)], 20)).toBe('b');
  });

  it('is due next at the earliest time of all', () => {
    const blocked = reader('c', 0, { dueMs: 1 }, { isBlocked: true });
    expect(chooseTurn([reader('a', 0, { dueMs: 40 }), reader('b', 0, { dueMs: 30 }), blocked], 5, ROUND).nextDueMs).toBe(30);
    expect(chooseTurn([], 5, ROUND).nextDueMs).toBe(Number.POSITIVE_INFINITY);
  });

  it('remembers unlocks and the turns of readers with traffic', () => {
    const memory: ScheduleMemory = { lastPick: 'ordinary', turnsSinceHot: 3 };
    remember(memory, 'urgent');
    expect(memory).toEqual({ lastPick: 'urgent', turnsSinceHot: 4 });
    remember(memory, 'hot');
    expect(memory).toEqual({ lastPick: 'ordinary', turnsSinceHot: 0 });
  });
});
