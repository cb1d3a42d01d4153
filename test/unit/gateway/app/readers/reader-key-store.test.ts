import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createMemorySecretStore } from '#adapters/memory/secret-store.ts';
import { decodeKeyRecord, encodeKeyRecord } from '#gateway/app/readers/key-record.ts';
import { createReaderKeyStore, readerKeyName } from '#gateway/app/readers/reader-key-store.ts';
import { FORMER_KEYS_MAX, importedKey, type ReaderKeyState } from '#gateway/domain/readers/reader-keys.ts';
import type { ReaderId } from '#gateway/domain/site/ids.ts';

const FRONT = 'front' as ReaderId;
const keyOf = (seed: number, lengthBytes = 16): Uint8Array => new Uint8Array(lengthBytes).fill(seed);

const states: fc.Arbitrary<ReaderKeyState> = fc.constantFrom(16, 32).chain((lengthBytes) => {
  const key = fc.uint8Array({ minLength: lengthBytes, maxLength: lengthBytes });
  const time = fc.option(fc.nat(2 ** 40));
  const text = fc.string({ maxLength: 30 });
  return fc
    .record({
      current: key,
      origin: fc.constantFrom('imported', 'installed', 'rotated', 'diversified'),
      setAtMs: time,
      confirmedAtMs: time,
      next: fc.option(key),
      nextSetAtMs: time,
      masterGeneration: fc.option(fc.integer({ min: 1 })),
      nextMasterGeneration: fc.option(fc.integer({ min: 1 })),
      former: fc.array(key, { maxLength: FORMER_KEYS_MAX }),
      rotation: fc.option(fc.record({ operationId: text, operatorId: text, decisionId: text, sinceMs: fc.nat() })),
      hasWindow: fc.boolean(),
      isVoid: fc.boolean(),
      place: fc.option(fc.record({ fromAddress: fc.nat(126), address: fc.nat(126), baud: fc.constant(9_600) })),
    })
    .map((state) => state as ReaderKeyState);
});

describe('the record of a reader’s keys', () => {
  it('gives back what went in', () => {
    fc.assert(
      fc.property(states, (state) => {
        expect(decodeKeyRecord(encodeKeyRecord(state))).toEqual(state);
      }),
    );
  });

  it('is the bare key where nothing else is known, as older releases stored it', () => {
    expect(encodeKeyRecord(importedKey(keyOf(7)))).toEqual(keyOf(7));
    expect(decodeKeyRecord(keyOf(7, 32))).toEqual(importedKey(keyOf(7, 32)));
  });

  it('is refused when it is cut, whatever is missing', () => {
    const record = encodeKeyRecord({ ...importedKey(keyOf(1)), next: keyOf(2), former: [keyOf(3)] });
    for (let length = 0; length < record.length; length += 1) {
      if (length === 16 || length === 32) continue;
      expect(() => decodeKeyRecord(record.subarray(0, length))).toThrow(expect.objectContaining({ code: 'secret.unavailable' }));
    }
    for (const broken of [Uint8Array.of(2, ...record.subarray(1)), Uint8Array.of(1, 0, ...record.subarray(2))]) {
      expect(() => decodeKeyRecord(broken)).toThrow(expect.objectContaining({ code: 'secret.unavailable' }));
    }
  });
});

describe('the store of readers’ keys', () => {
  it('makes one change of a reader after the other', async () => {
    const store = createReaderKeyStore(createMemorySecretStore());
    await store.update(FRONT, () => importedKey(keyOf(1)));
    const add = (seed: number) =>
      store.update(FRONT, (state) => (state === null ? null : { ...state, former: [...state.former, keyOf(seed)] }));
    await Promise.all([add(2), add(3), add(4)]);
    expect((await store.read(FRONT))?.former).toEqual([keyOf(2), keyOf(3), keyOf(4)]);
  });

  it('goes on after a change that failed, with what was there', async () => {
    const store = createReaderKeyStore(createMemorySecretStore());
    await store.update(FRONT, () => importedKey(keyOf(1)));
    const failed = store.update(FRONT, () => {
      throw new TypeError('no');
    });
    const kept = store.update(FRONT, (state) => state);
    await expect(failed).rejects.toThrow('no');
    expect(await kept).toEqual(importedKey(keyOf(1)));
  });

  it('zeroes the copies that a change leaves out', async () => {
    const secrets = createMemorySecretStore();
    const store = createReaderKeyStore(secrets);
    await secrets.write(readerKeyName(FRONT), keyOf(1));
    const copies: Uint8Array[] = [];
    await store.update(FRONT, (state) => {
      if (state !== null) copies.push(state.current);
      return { ...importedKey(keyOf(2)) };
    });
    await store.update(FRONT, (state) => {
      if (state !== null) copies.push(state.current);
      return null;
    });
    expect(copies).toEqual([keyOf(0), keyOf(0)]);
    expect(await secrets.read(readerKeyName(FRONT))).toEqual(keyOf(2));
  });
});
