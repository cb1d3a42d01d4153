import { calculateJwkThumbprint } from 'jose';
import { expect, it } from 'vitest';
import { createSystemRandom } from '#adapters/crypto/system-random.ts';
import { createMemorySecretStore } from '#adapters/memory/secret-store.ts';
import { KEY_GENERATIONS_MAX, scheduleKeys } from '#gateway/oidc/key-schedule.ts';
import { createKeyRing } from '#gateway/oidc/signing-keys.ts';

const random = createSystemRandom();
const PUBLISH_AHEAD_MS = 3_600_000;
const KEEP_MS = 28_800_000;

function createRing(secrets = createMemorySecretStore()) {
  const time = { nowMs: 1_000_000_000_000 };
  const clock = { nowMs: () => time.nowMs, monotonicUs: () => 0 };
  const ring = createKeyRing({ secrets, random, clock, publishAheadMs: PUBLISH_AHEAD_MS, keepMs: KEEP_MS });
  const kids = async () => (await ring.inForce()).keys.signing.map(({ kid }) => kid);
  return { ring, time, kids };
}

it('makes the keys once and reads the same ones ever after', async () => {
  const { ring } = createRing();

  const first = await ring.inForce();
  const again = await ring.inForce();

  expect(again).toEqual(first);
  expect(first.keys.signing.map(({ alg }) => alg)).toEqual(['ES256', 'EdDSA', 'RS256']);
  expect(first.validUntilMs).toBe(Number.POSITIVE_INFINITY);
});

it('names each key by its thumbprint, so that a new key never takes an old name', async () => {
  const { signing } = (await createRing().ring.inForce()).keys;
  const others = (await createRing().ring.inForce()).keys;

  for (const key of signing) expect(key.kid).toBe(await calculateJwkThumbprint(key));
  expect(new Set([...signing, ...others.signing].map(({ kid }) => kid)).size).toBe(6);
});

it('publishes a new key before it signs, and keeps the old one until its last token has expired', async () => {
  const { kids, ring, time } = createRing();
  const old = await kids();

  const rotation = await ring.rotate();
  expect(await kids()).toEqual([...old, ...rotation.kids]);

  time.nowMs = rotation.signsFromMs;
  expect(await kids()).toEqual([...rotation.kids, ...old]);

  time.nowMs = rotation.signsFromMs + KEEP_MS - 1;
  expect(await kids()).toEqual([...rotation.kids, ...old]);
  time.nowMs += 1;
  expect(await kids()).toEqual(rotation.kids);
});

it('refuses a second rotation while the keys of the first do not sign', async () => {
  const { ring, time } = createRing();
  const { signsFromMs } = await ring.rotate();

  time.nowMs = signsFromMs - 1;
  await expect(ring.rotate()).rejects.toMatchObject({ code: 'request.conflict' });
  time.nowMs = signsFromMs;
  expect((await ring.rotate()).generation).toBe(3);
});

it('keeps at most as many sets of keys published as the limit says', async () => {
  const { kids, ring, time } = createRing();
  for (let sets = 1; sets < KEY_GENERATIONS_MAX; sets += 1) time.nowMs = (await ring.rotate()).signsFromMs;
  expect(await kids()).toHaveLength(3 * KEY_GENERATIONS_MAX);

  await expect(ring.rotate()).rejects.toMatchObject({ code: 'request.conflict' });
});

it('keeps the pairwise key over every rotation', async () => {
  const { ring, time } = createRing();
  const { pairwise } = (await ring.inForce()).keys;
  time.nowMs = (await ring.rotate()).signsFromMs + KEEP_MS;

  expect((await ring.inForce()).keys.pairwise).toBe(pairwise);
});

it('says when the schedule changes next', () => {
  const generations = [
    { number: 1, publishedAtMs: 0, signsFromMs: 0 },
    { number: 2, publishedAtMs: 100, signsFromMs: 200 },
  ];

  expect(scheduleKeys(generations, 50, 150)).toEqual({ published: [1, 2], changesAtMs: 200 });
  expect(scheduleKeys(generations, 50, 200)).toEqual({ published: [2, 1], changesAtMs: 250 });
  expect(scheduleKeys(generations, 50, 250)).toEqual({ published: [2], changesAtMs: Number.POSITIVE_INFINITY });
});
