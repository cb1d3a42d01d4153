import { describe, expect, it } from 'vitest';
import { createMemoryStores } from '#adapters/memory/create-memory-stores.ts';
import { createScryptPinHasher } from '#adapters/crypto/scrypt-pin-hasher.ts';
import { createSystemRandom } from '#adapters/crypto/system-random.ts';
import { createPinCheck } from '#gateway/app/doors/pin-check.ts';
import { createSetPin } from '#gateway/app/people/set-pin.ts';
import { afterWrongPin, noPinAttempts } from '#gateway/domain/people/pin.ts';
import type { PersonId, ReaderId } from '#gateway/domain/site/ids.ts';
import { PIN_HASHES_WAITING_MAX, PIN_HASHES_AT_ONCE_MAX } from '#gateway/ports/pin-hasher.ts';
import { samplePerson } from '#test/support/sample-input.ts';

const clock = { nowMs: () => 1_700_000_000_000, monotonicUs: () => 0 };
const reader = 'reader_1' as ReaderId;
const cheap = (pepper = 7) => createScryptPinHasher(async () => new Uint8Array(32).fill(pepper), { n: 16, r: 1, p: 1 });
const digits = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, 'latin1'));

async function setUp() {
  const stores = createMemoryStores();
  await stores.people.save(samplePerson);
  const setPin = createSetPin({ ...stores, hasher: cheap(), clock, random: createSystemRandom() });
  const check = (hasher = cheap()) => createPinCheck({ credentials: stores.credentials, hasher, clock });
  return { stores, setPin, check, personId: samplePerson.id };
}

describe('setting a PIN', () => {
  it('makes exactly this PIN right, and the duress PIN right as that', async () => {
    const { setPin, check, personId } = await setUp();
    expect(await setPin({ personId, pin: '5806', duressPin: '6194' })).toEqual({ ok: true, isNew: true });
    expect(await check().entered(personId, reader, digits('5806'))).toMatchObject({ ok: true, duress: false });
    expect(await check().entered(personId, reader, digits('6194'))).toMatchObject({ ok: true, duress: true });
    expect(await check().entered(personId, reader, digits('5807'))).toMatchObject({ ok: false, duress: false });
    expect(await check().entered(personId, reader, new Uint8Array(0))).toMatchObject({ presented: true, ok: false });
    expect(await check(cheap(8)).entered(personId, reader, digits('5806'))).toMatchObject({ ok: false });
  });

  it('is recorded without any value, and without whether there is a duress PIN', async () => {
    const { stores, setPin, personId } = await setUp();
    await setPin({ personId, pin: '5806', duressPin: '6194' });
    await setPin({ personId, pin: '7301', duressPin: null });
    const records = (await stores.pendingRecords.list(10)).map(({ record }) => record);
    expect(records).toMatchObject([
      { type: 'directory_change', subjectType: 'pin', personId, change: 'added', changes: ['value'] },
      { subjectType: 'pin', personId, change: 'replaced', changes: ['value'] },
    ]);
    expect(JSON.stringify(records)).not.toMatch(/5806|6194|7301|duress/);
  });

  it('ends a lock', async () => {
    const { stores, setPin, check, personId } = await setUp();
    await setPin({ personId, pin: '5806', duressPin: null });
    let attempts = noPinAttempts(personId, reader);
    for (let wrong = 0; wrong < 3; wrong += 1) attempts = afterWrongPin(attempts, clock.nowMs());
    await stores.credentials.savePinAttempts(attempts);
    expect((await check().before(personId, reader)).attempts_left).toBe(0);
    await setPin({ personId, pin: '7301', duressPin: null });
    expect((await check().before(personId, reader)).attempts_left).toBe(3);
  });

  it('stores nothing that is refused', async () => {
    const { stores, setPin, personId } = await setUp();
    expect(await setPin({ personId, pin: '1234', duressPin: null })).toEqual({ ok: false, code: 'counting', of: 'pin' });
    expect(await setPin({ personId, pin: '5806', duressPin: '5860' })).toEqual({ ok: false, code: 'near_pin', of: 'duress_pin' });
    const nobody = await setPin({ personId: 'usr_none' as PersonId, pin: '5806', duressPin: null });
    expect(nobody).toEqual({ ok: false, code: 'person.unknown' });
    expect(await stores.credentials.pinOf(personId)).toBeNull();
  });
});

describe('hashing PINs', () => {
  it('runs few at once and takes no more than may wait', async () => {
    const pepper = Promise.withResolvers<Uint8Array>();
    const hasher = createScryptPinHasher(async () => Uint8Array.from(await pepper.promise), { n: 16, r: 1, p: 1 });
    const hash = () => hasher.hash(digits('5806'), Uint8Array.of(1), hasher.cost);
    const taken = Array.from({ length: PIN_HASHES_AT_ONCE_MAX + PIN_HASHES_WAITING_MAX }, hash);
    await expect(hash()).rejects.toMatchObject({ code: 'request.rate_limited' });
    pepper.resolve(new Uint8Array(32));
    expect(new Set((await Promise.all(taken)).map((bytes) => Buffer.from(bytes).toString('hex'))).size).toBe(1);
    await expect(hash()).resolves.toHaveLength(32);
  });

  it('lets go of its place when the key cannot be opened', async () => {
    let isOpen = false;
    const hasher = createScryptPinHasher(() => (isOpen ? Promise.resolve(new Uint8Array(32)) : Promise.reject(new Error('closed'))));
    for (let time = 0; time < PIN_HASHES_AT_ONCE_MAX + 1; time += 1) {
      await expect(hasher.hash(digits('5806'), Uint8Array.of(1), { n: 16, r: 1, p: 1 })).rejects.toThrow('closed');
    }
    isOpen = true;
    await expect(hasher.hash(digits('5806'), Uint8Array.of(1), { n: 16, r: 1, p: 1 })).resolves.toHaveLength(32);
  });
});
