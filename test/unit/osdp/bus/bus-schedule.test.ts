import { describe, expect, it } from 'vitest';
import {
  COMMAND_TURN_EVERY_MAX,
  COMMAND_TURN_PAUSE_MS,
  HOT_TURN_EVERY,
  KEPT_WAITING_MS,
  NO_TURNS_YET,
  OPENING_TURNS_MAX,
  type Schedulable,
  type ScheduleMemory,
  chooseTurn,
  remember,
} from '#adapters/osdp/bus/bus-schedule.ts';
import { type SessionState, initialSession } from '#adapters/osdp/session/state.ts';

interface Fake extends Schedulable {
  readonly name: string;
}

function reader(name: string, lastTurn: number, patch: Partial<SessionState> = {}, manners: Partial<Fake> = {}): Fake {
  const state = {
    ...initialSession({ address: 0, pollIntervalMs: 25, byteTimeMs: 0 }),
    phase: 'online' as const,
    dueMs: 10,
    lastReplyMs: 0,
    ...patch,
  };
  return { name, lastTurn, state, isBlocked: false, hotUntilMs: 0, hasMore: false, cost: { notBeforeMs: 0 }, ...manners };
}

const ROUND: ScheduleMemory = NO_TURNS_YET;
const AFTER_UNLOCK: ScheduleMemory = { ...ROUND, lastPick: 'urgent' };
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
    expect(nameOf(readers, 10, { ...ROUND, turnsSinceHot: HOT_TURN_EVERY - 2 })).toBe('a');
    expect(nameOf(readers, 10, { ...ROUND, turnsSinceHot: HOT_TURN_EVERY - 1 })).toBe('b');
    expect(nameOf(readers, 11, { ...ROUND, turnsSinceHot: HOT_TURN_EVERY - 1 })).toBe('a');
    const reporting = [reader('a', 1), reader('b', 9, {}, { hasMore: true })];
    expect(nameOf(reporting, 11, { ...ROUND, turnsSinceHot: HOT_TURN_EVERY - 1 })).toBe('b');
  });

  it('is once in a round, or a tenth of a second, a reader with another command', () => {
    const readers = [reader('a', 1), reader('b', 9, light)];
    expect(nameOf(readers, 10, { ...ROUND, turnsSinceCommand: 1 })).toBe('a');
    expect(chooseTurn(readers, 10, { ...ROUND, turnsSinceCommand: 2 })).toMatchObject({ reader: { name: 'b' }, pick: 'command' });
    expect(nameOf(readers, COMMAND_TURN_PAUSE_MS - 1)).toBe('a');
    expect(nameOf(readers, COMMAND_TURN_PAUSE_MS)).toBe('b');
    const many = [...Array.from({ length: 99 }, (_, index) => reader('a', index)), reader('b', 999, light)];
    expect(nameOf(many, 10, { ...ROUND, turnsSinceCommand: COMMAND_TURN_EVERY_MAX - 1 })).toBe('a');
    expect(nameOf(many, 10, { ...ROUND, turnsSinceCommand: COMMAND_TURN_EVERY_MAX })).toBe('b');
  });

  it('is at once, and once, a reader whose reply was lost', () => {
    const lost = (retries: number, busyReplies: number): Partial<SessionState> => ({
      exchange: { name: 'resend_due', inFlight: { bytes: new Uint8Array(0), purpose: { name: 'poll' }, retries, busyReplies } },
    });
    expect(chooseTurn([reader('a', 1), reader('b', 9, lost(1, 0))], 10, ROUND)).toMatchObject({ reader: { name: 'b' }, pick: 'repeat' });
    expect(nameOf([reader('a', 1, unlock), reader('b', 9, lost(1, 0))], 10)).toBe('a');
    expect(nameOf([reader('a', 1), reader('b', 9, lost(2, 0))], 10)).toBe('a');
    expect(nameOf([reader('a', 1), reader('b', 9, lost(1, 1))], 10)).toBe('a');
  });

  it('is every other turn a reader on line that was not heard for a second, whoever else is coming', () => {
    const readers = [reader('a', 5, { lastReplyMs: 0 }), reader('b', 9, { phase: 'challenge' }), reader('c', 0, { phase: 'identify' })];
    expect(nameOf(readers, KEPT_WAITING_MS)).toBe('b');
    expect(chooseTurn(readers, KEPT_WAITING_MS + 1, ROUND)).toMatchObject({ reader: { name: 'a' }, pick: 'waiting' });
    expect(nameOf(readers, KEPT_WAITING_MS + 1, { ...ROUND, lastPick: 'waiting' })).toBe('b');
  });

  it('is of those that are coming on line the one that is furthest', () => {
    const readers = [reader('a', 1, { phase: 'challenge' }), reader('b', 2, { phase: 'capabilities' })];
    expect(nameOf(readers, 10)).toBe('b');
  });

  it('is three turns of four a reader that is coming on line', () => {
    const readers = [reader('a', 1, { lastReplyMs: 0 }), reader('b', 9, { phase: 'challenge' })];
    expect(chooseTurn(readers, 10, ROUND)).toMatchObject({ reader: { name: 'b' }, pick: 'opening' });
    expect(nameOf(readers, 10, { ...ROUND, openingTurns: OPENING_TURNS_MAX - 1 })).toBe('b');
    expect(nameOf(readers, 10, { ...ROUND, openingTurns: OPENING_TURNS_MAX })).toBe('a');
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
    const memory: ScheduleMemory = { ...ROUND, turnsSinceHot: 3 };
    remember(memory, 'urgent', 5);
    expect(memory).toMatchObject({ lastPick: 'urgent', turnsSinceHot: 4, turnsSinceCommand: 1, lastCommandMs: 0 });
    remember(memory, 'hot', 6);
    expect(memory).toMatchObject({ lastPick: 'other', turnsSinceHot: 0, turnsSinceCommand: 2 });
    remember(memory, 'command', 7);
    expect(memory).toMatchObject({ lastPick: 'other', turnsSinceHot: 1, turnsSinceCommand: 0, lastCommandMs: 7 });
  });
});
