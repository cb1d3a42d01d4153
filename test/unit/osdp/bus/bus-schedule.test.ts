import { describe, expect, it } from 'vitest';
import { type Schedulable, nextDueMs, pickNext } from '#adapters/osdp/bus/bus-schedule.ts';
import { type SessionState, initialSession } from '#adapters/osdp/session/state.ts';

interface Fake extends Schedulable {
  readonly name: string;
}

function reader(name: string, lastTurnMs: number, patch: Partial<SessionState> = {}, isBlocked = false): Fake {
  const state = { ...initialSession({ address: 0, pollIntervalMs: 25, byteTimeMs: 0 }), phase: 'online' as const, dueMs: 10, ...patch };
  return { name, lastTurnMs, state, isBlocked };
}

const unlock: Partial<SessionState> = {
  queue: [{ id: 1, command: { name: 'OUT', body: [] }, priority: 'urgent', queuedMs: 0 }],
};

describe('who gets the line', () => {
  it('is nobody before anybody is due', () => {
    expect(pickNext([reader('a', 0), reader('b', 0)], 9, 'ordinary')).toBeNull();
  });

  it('goes round: whoever waited longest', () => {
    expect(pickNext([reader('a', 5), reader('b', 3), reader('c', 4)], 10, 'ordinary')?.name).toBe('b');
  });

  it('is a reader with an unlock, although it is not due and had its turn last', () => {
    expect(pickNext([reader('a', 1), reader('b', 9, { ...unlock, dueMs: 99 })], 10, 'ordinary')?.name).toBe('b');
  });

  it('is not the reader with an unlock twice in a row while others wait', () => {
    expect(pickNext([reader('a', 1), reader('b', 0, unlock)], 10, 'urgent')?.name).toBe('a');
    expect(pickNext([reader('b', 0, unlock)], 10, 'urgent')?.name).toBe('b');
  });

  it('is nobody who waits for its key or for a reply', () => {
    const awaiting: Partial<SessionState> = {
      exchange: {
        name: 'awaiting_reply',
        deadlineMs: 99,
        inFlight: { bytes: new Uint8Array(0), command: null, retries: 0, busyReplies: 0 },
      },
    };
    expect(pickNext([reader('a', 0, {}, true), reader('b', 0, awaiting)], 50, 'ordinary')).toBeNull();
  });

  it('is due next at the earliest time of all', () => {
    expect(nextDueMs([reader('a', 0, { dueMs: 40 }), reader('b', 0, { dueMs: 30 }), reader('c', 0, { dueMs: 1 }, true)])).toBe(30);
    expect(nextDueMs([])).toBe(Number.POSITIVE_INFINITY);
  });
});
