import { describe, expect, it } from 'vitest';
import {
  faceLeaseSchema,
  findEntryFault,
  findLeaseFault,
  LEASE_PEOPLE_MAX,
  leaseLifeMsMax,
  type FaceLease,
  type LeasedEntry,
} from '#gateway/domain/face/lease.ts';
import { HOUR_MS, leaseHolder as holder, sampleLease } from '#test/support/sample-lease.ts';

const PACK = 'a'.repeat(64);
const MARK = 'm'.repeat(22);
const ann = { person: 'usr_ann', template: 'tpl_ann', badges: [MARK], until_ms: 2 * HOUR_MS, release_ms: 5_000 };
const lease = (change: Partial<FaceLease> = {}): FaceLease =>
  sampleLease({ issued_at_ms: HOUR_MS, expires_at_ms: 3 * HOUR_MS, people: [ann], ...change });
const entry = (change: Partial<LeasedEntry> = {}): LeasedEntry => ({
  device: 'fdv_front',
  seq: 1,
  lease: 'lse_1',
  door: 'front',
  reader: 'front-in',
  person: 'usr_ann',
  badge: MARK,
  outcome: 'released',
  reason: 'verified',
  band: 'standard',
  liveness: 'active',
  pack: PACK,
  at_ms: HOUR_MS + 1,
  ...change,
});

describe('a lease', () => {
  it.each([
    ['its terminal, in its time', {}, HOUR_MS, null],
    ['its last millisecond', {}, 3 * HOUR_MS - 1, null],
    ['its end', {}, 3 * HOUR_MS, 'lease.expired'],
    ['a time long before it', {}, HOUR_MS - 60_001, 'lease.not_yet'],
    ['another terminal', { device: 'fdv_back' }, HOUR_MS, 'lease.wrong_device'],
    ['another door', { door: 'back' }, HOUR_MS, 'lease.wrong_door'],
    ['another reader', { reader: 'front-out' }, HOUR_MS, 'lease.wrong_door'],
    ['another pack', { pack: 'c'.repeat(64) }, HOUR_MS, 'lease.wrong_pack'],
    ['eight hours', { expires_at_ms: 9 * HOUR_MS }, HOUR_MS, null],
    ['more than eight hours', { expires_at_ms: 9 * HOUR_MS + 1 }, HOUR_MS, 'lease.too_long'],
    ['no time at all', { expires_at_ms: HOUR_MS }, HOUR_MS, 'lease.too_long'],
  ] as const)('of %s', (_what, change, nowMs, fault) => {
    expect(findLeaseFault(lease(change), holder, nowMs)).toBe(fault);
  });

  it('is the shorter the more is behind the door', () => {
    expect([0, 1, 2, 3, 4, 5].map((level) => leaseLifeMsMax(level) / 60_000)).toEqual([480, 480, 480, 60, 15, 15]);
  });

  it('holds so many people and not one more', () => {
    const people = (length: number) => Array.from({ length }, () => ann);
    expect(faceLeaseSchema.safeParse(lease({ people: people(LEASE_PEOPLE_MAX) })).success).toBe(true);
    expect(faceLeaseSchema.safeParse(lease({ people: people(LEASE_PEOPLE_MAX + 1) })).success).toBe(false);
  });
});

describe('an entry that was made alone', () => {
  it.each([
    ['by whoever is listed', {}, null],
    ['refused, whatever it says', { outcome: 'refused', person: null, lease: null, badge: null }, null],
    ['without a lease', { lease: null }, 'lease.none'],
    ['under another lease', { lease: 'lse_2' }, 'lease.none'],
    ['by a terminal that has another', { device: 'fdv_back' }, 'lease.none'],
    ['at another door', { door: 'back' }, 'lease.none'],
    ['by a badge that is not listed', { badge: 'x'.repeat(22) }, 'lease.not_listed'],
    ['by nobody’s badge', { badge: null }, 'lease.not_listed'],
    ['in another name than the badge’s', { person: 'usr_ben' }, 'lease.not_listed'],
    ['before it', { at_ms: HOUR_MS - 1 }, 'lease.expired'],
    ['when the person’s time was over', { at_ms: 2 * HOUR_MS }, 'lease.expired'],
    ['by a picture that did nothing', { liveness: 'passive' }, 'lease.weak_proof'],
    ['by a face that is only somewhat alike', { band: 'low' }, 'lease.weak_proof'],
  ] as const)('%s', (_what, change, fault) => {
    expect(findEntryFault(entry(change), lease())).toBe(fault);
  });

  it('stands in no lease where there is none', () => {
    expect(findEntryFault(entry(), null)).toBe('lease.none');
  });
});
