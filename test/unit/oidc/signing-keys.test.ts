import { calculateJwkThumbprint } from 'jose';
import { expect, it } from 'vitest';
import { createSystemRandom } from '#adapters/crypto/system-random.ts';
import { createMemorySecretStore } from '#adapters/memory/secret-store.ts';
import { KEY_GENERATIONS_MAX, scheduleKeys } from '#gateway/oidc/keys/key-schedule.ts';
import { createKeyRing } from '#gateway/oidc/keys/signing-keys.ts';

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

  const at = (nowMs: number) => {
    const { changesAtMs, keys } = scheduleKeys(generations, 50, nowMs);
    return {
      changesAtMs,
      es256: keys.filter(({ alg }) => alg === 'ES256').map(({ generation, state }) => `${String(generation)} ${state}`),
    };
  };
  expect(at(150)).toEqual({ es256: ['1 signing', '2 next'], changesAtMs: 200 });
  expect(at(200)).toEqual({ es256: ['2 signing', '1 previous'], changesAtMs: 250 });
  expect(at(250)).toEqual({ es256: ['2 signing'], changesAtMs: Number.POSITIVE_INFINITY });
});

it('lists keys with their places in the schedule, and no private half', async () => {
  const { ring } = createRing();
  const { signsFromMs } = await ring.rotate();
  const keys = await ring.list();
  expect(keys.filter(({ alg }) => alg === 'RS256')).toMatchObject([
    { state: 'signing', generation: 1, signsUntilMs: signsFromMs, publishedUntilMs: signsFromMs + KEEP_MS },
    { state: 'next', generation: 2, signsFromMs, signsUntilMs: null, publishedUntilMs: null },
  ]);
  expect(JSON.stringify(keys)).not.toContain('"d"');
});

/** The key of an algorithm that signs now. */
async function signingKid(ring: ReturnType<typeof createKeyRing>, alg = 'ES256'): Promise<string> {
  return (await ring.list()).find((key) => key.alg === alg && key.state === 'signing')?.kid ?? '';
}

it('retires the key that signs at once, for one that was never there, and leaves the other algorithms alone', async () => {
  const { kids, ring } = createRing();
  const [es256 = '', ...others] = await kids();

  const retirement = await ring.retire(es256);

  expect(retirement).toMatchObject({ kid: es256, alg: 'ES256' });
  expect(await kids()).toEqual([retirement?.replacedBy, ...others]);
  expect(await ring.retire(es256)).toBeNull();
});

it('retires a key that is to sign later, or has signed before, without another one in its place', async () => {
  const { kids, ring, time } = createRing();
  const first = await signingKid(ring);
  const rotation = await ring.rotate();
  const [next = ''] = rotation.kids;
  expect(await ring.retire(next)).toMatchObject({ replacedBy: null });
  expect(await kids()).not.toContain(next);

  time.nowMs = rotation.signsFromMs;
  expect(await signingKid(ring)).toBe(first);
  const [edDsa = ''] = (await ring.list()).filter(({ alg, state }) => alg === 'EdDSA' && state === 'previous').map(({ kid }) => kid);
  expect(await ring.retire(edDsa)).toMatchObject({ alg: 'EdDSA', replacedBy: null });
  expect(await kids()).not.toContain(edDsa);
});

it('lets a planned change come after an emergency, by the planned keys', async () => {
  const { ring, time } = createRing();
  const rotation = await ring.rotate();
  const replacedBy = (await ring.retire(await signingKid(ring)))?.replacedBy;
  expect(await signingKid(ring)).toBe(replacedBy);

  time.nowMs = rotation.signsFromMs;
  expect(await signingKid(ring)).toBe(rotation.kids[0]);
});

it('never gives a name or a key again, however often keys are retired and whatever is forgotten', async () => {
  const secrets = createMemorySecretStore();
  const { ring, time } = createRing(secrets);
  const seen = new Set((await ring.list()).map(({ kid }) => kid));
  for (let round = 0; round < 6; round += 1) {
    for (const { kid } of await ring.list()) await ring.retire(kid);
    if (round % 2 === 1) time.nowMs = (await ring.rotate()).signsFromMs + KEEP_MS;
    const now = (await ring.list()).filter(({ state }) => state === 'signing').map(({ kid }) => kid);
    expect(now).toHaveLength(3);
    for (const kid of now) {
      expect(seen.has(kid)).toBe(false);
      seen.add(kid);
    }
  }
});

it('writes over the private key of what it has retired', async () => {
  const secrets = createMemorySecretStore();
  const { ring } = createRing(secrets);
  const kid = await signingKid(ring);
  const before = Buffer.from((await secrets.read('oidc.signing.es256.1')) ?? []).toString('utf8');
  await ring.retire(kid);
  const after = Buffer.from((await secrets.read('oidc.signing.es256.1')) ?? []).toString('utf8');
  expect(before).toContain('"d"');
  expect(after).not.toContain('"d"');
});

it('remembers no more of retired keys than it needs, however many there were', async () => {
  const { ring } = createRing();
  const retireOne = async () => ring.retire(await signingKid(ring));
  for (let count = 0; count < 40; count += 1) await retireOne();
  expect(await ring.list()).toHaveLength(3);
});
