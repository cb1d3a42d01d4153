import { createSystemRandom } from '#adapters/crypto/system-random.ts';
import { createMemorySecretStore } from '#adapters/memory/secret-store.ts';
import { LeaseKeeper } from '#face-model/terminal/alone/lease-keeper.ts';
import { createLeaseKey } from '#gateway/app/face/lease-key.ts';
import { markBadge } from '#gateway/domain/face/badge-mark.ts';
import type { FaceLease } from '#gateway/domain/face/lease.ts';
import { temporaryFolder } from './temporary-folder.ts';

const PACK = 'a'.repeat(64);
export const SALT = 'b'.repeat(32);
export const START_MS = 1_760_000_000_000;
export const HOUR_MS = 3_600_000;
export const ANN_BADGE = 'H10301:7:1001';
export const leaseHolder = { deviceId: 'fdv_front', readerId: 'front-in', doorId: 'front', packHash: PACK };
export const newLeaseKey = () => createLeaseKey({ secrets: createMemorySecretStore(), random: createSystemRandom() });
const key = newLeaseKey();
export const sampleLease = (change: Partial<FaceLease> = {}): FaceLease => ({
  id: 'lse_1',
  device: 'fdv_front',
  reader: 'front-in',
  door: 'front',
  pack: PACK,
  epoch: 3,
  policy: 'p',
  data: 'd',
  issued_at_ms: START_MS,
  expires_at_ms: START_MS + HOUR_MS,
  salt: SALT,
  people: [
    { person: 'usr_ann', template: 'tpl_ann', badges: [markBadge(ANN_BADGE, SALT)], until_ms: START_MS + HOUR_MS, release_ms: 4_000 },
  ],
  ...change,
});

/** A terminal's folder, and its clocks: the one that people set is a minute slow. */
export async function clockedKeeper(folder?: string) {
  const at = folder ?? (await temporaryFolder());
  const clock = { wallMs: START_MS - 60_000, upMs: 0 };
  const open = () => LeaseKeeper.open(at, leaseHolder, { nowMs: () => clock.wallMs, monotonicMs: () => clock.upMs });
  const pass = (ms: number): void => {
    clock.wallMs += ms;
    clock.upMs += ms;
  };
  const take = async (keeper: LeaseKeeper, what: FaceLease | null = sampleLease(), by = key) =>
    keeper.take({ epoch: 3, jws: what === null ? null : await by.sign(what), publicKey: await by.publicKey() });
  return { folder: at, clock, open, pass, take };
}
