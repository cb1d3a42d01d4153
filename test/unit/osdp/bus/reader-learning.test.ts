import { describe, expect, it } from 'vitest';
import {
  PATIENCE_MIN_MS,
  PATIENT_PROBE_MIN_MS,
  PROBE_PATIENCE_MAX_MS,
  PROBE_PATIENCE_MIN_MS,
  ReplyPatience,
} from '#adapters/osdp/bus/reply-patience.ts';
import { ROUND_TRIP_BUCKETS, RoundTrips } from '#adapters/osdp/bus/round-trips.ts';
import { COST_DELAY_MAX_MS, TURN_GRACE_MS, TurnCost } from '#adapters/osdp/bus/turn-cost.ts';
import { REPLY_TIMEOUT_MS, RETRIES_MAX } from '#adapters/osdp/session/limits.ts';
import { type SessionState, initialSession } from '#adapters/osdp/session/state.ts';

function awaiting(purpose: object, retries = 0, patch: Partial<SessionState> = {}): SessionState {
  const inFlight = { bytes: new Uint8Array(0), purpose, retries, busyReplies: 0 };
  const exchange = { name: 'awaiting_reply', deadlineMs: 0, inFlight } as SessionState['exchange'];
  return { ...initialSession({ address: 0, pollIntervalMs: 0, byteTimeMs: 0 }), phase: 'online', exchange, ...patch };
}

const POLL = { name: 'poll' };
const command = (name: string) => ({ name: 'command', command: { command: { name } } });
const probe = awaiting({ name: 'question' }, 0, { phase: 'identify', isPatient: false });

describe('the patience with a reader', () => {
  it('is the whole time until it has answered once, then a multiple of what it needs', () => {
    const patience = new ReplyPatience();
    expect(patience.patienceMs(awaiting(POLL), null, 0)).toBe(REPLY_TIMEOUT_MS);
    patience.replied(2);
    expect(patience.patienceMs(awaiting(POLL), null, 0)).toBe(PATIENCE_MIN_MS);
    patience.replied(30);
    expect(patience.patienceMs(awaiting(POLL), null, 0)).toBe(90);
    patience.replied(150);
    expect(patience.patienceMs(awaiting(POLL), null, 0)).toBe(REPLY_TIMEOUT_MS);
  });

  it('forgets one slow answer after some hundred quick ones', () => {
    const patience = new ReplyPatience();
    patience.replied(150);
    for (let count = 0; count < 300; count += 1) patience.replied(2);
    expect(patience.patienceMs(awaiting(POLL), null, 0)).toBe(PATIENCE_MIN_MS);
  });

  it('is the whole time for what may write to memory, and before it is given up', () => {
    const patience = new ReplyPatience();
    patience.replied(2);
    expect(patience.patienceMs(awaiting(command('OUT')), null, 0)).toBe(PATIENCE_MIN_MS);
    expect(patience.patienceMs(awaiting(command('KEYSET')), null, 0)).toBe(REPLY_TIMEOUT_MS);
    expect(patience.patienceMs(awaiting({ name: 'key_set' }), null, 0)).toBe(REPLY_TIMEOUT_MS);
    expect(patience.patienceMs(awaiting(POLL, RETRIES_MAX), null, 0)).toBe(REPLY_TIMEOUT_MS);
  });

  it('with a dead one is what its neighbours need, and now and then the whole time', () => {
    const patience = new ReplyPatience();
    expect(patience.patienceMs(probe, 2, 1)).toBe(PROBE_PATIENCE_MIN_MS);
    expect(patience.patienceMs(probe, 100, 2)).toBe(PROBE_PATIENCE_MAX_MS);
    const patientAt: number[] = [];
    for (let nowMs = 1; nowMs < 120_000; nowMs += 800) {
      if (patience.patienceMs(probe, 2, nowMs) === REPLY_TIMEOUT_MS) patientAt.push(nowMs);
    }
    expect(patientAt[0]).toBeGreaterThanOrEqual(PATIENT_PROBE_MIN_MS);
    expect(patientAt.length).toBeGreaterThanOrEqual(4);
    expect(patientAt.length).toBeLessThanOrEqual(6);
  });
});

describe('the cost of turns', () => {
  it('is nothing for wire time, the grace and a lost reply now and then', () => {
    const cost = new TurnCost();
    cost.turnEnded(100 + TURN_GRACE_MS, 100, 0);
    expect(cost.notBeforeMs).toBe(0);
    cost.turnEnded(25, 2, 50);
    expect(cost.notBeforeMs).toBe(50);
  });

  it('grows with every slow turn up to the limit, and is forgotten', () => {
    const cost = new TurnCost();
    for (let count = 0; count < 20; count += 1) cost.turnEnded(80, 3, 1_000);
    expect(cost.notBeforeMs).toBe(1_000 + COST_DELAY_MAX_MS);
    for (let count = 0; count < 20; count += 1) cost.turnEnded(3, 3, 2_000);
    expect(cost.notBeforeMs).toBe(2_000);
  });
});

describe('round trips', () => {
  it('have percentiles that are right to a tenth', () => {
    const trips = new RoundTrips();
    for (let count = 1; count <= 1_000; count += 1) trips.add(count / 10);
    expect(trips.percentileMs(0.5)).toBeGreaterThanOrEqual(50);
    expect(trips.percentileMs(0.5)).toBeLessThan(50 * 1.1);
    expect(trips.percentileMs(0.99)).toBeGreaterThanOrEqual(99);
    expect(trips.percentileMs(1)).toBe(100);
    expect(trips.count).toBe(1_000);
  });

  it('take anything: nothing at all, no time and endless time', () => {
    const trips = new RoundTrips();
    expect(trips.percentileMs(0.5)).toBe(0);
    trips.add(0);
    trips.add(1e9);
    expect(trips.percentileMs(0.5)).toBeCloseTo(0.05);
    expect(Number.isFinite(trips.percentileMs(1))).toBe(true);
    expect(ROUND_TRIP_BUCKETS).toBe(136);
  });
});
