import { describe, expect, it } from 'vitest';
import { type KeyOf, fetchKey } from '#adapters/osdp/bus/bus-key.ts';
import type { ReaderId } from '#gateway/domain/site/ids.ts';

const readerId = 'reader_a' as ReaderId;

describe('fetching a key', () => {
  it('takes a copy, so that zeroing it leaves the key store its own', async () => {
    const stored = Buffer.alloc(16, 7);
    const key = await fetchKey(() => stored, readerId);
    if (!key.ok) throw new TypeError('no key');
    key.scbk.fill(0);
    expect(stored).toEqual(Buffer.alloc(16, 7));
  });

  it('tells a store that gave copies when they are of no more use, whatever came of it', async () => {
    for (const lengthBytes of [16, 15]) {
      const copies = [new Uint8Array(lengthBytes).fill(7), new Uint8Array(lengthBytes).fill(8)] as const;
      const forget = (): void => copies.forEach((copy) => copy.fill(0));
      const fetched = await fetchKey(() => ({ current: copies[0], next: copies[1], forget }), readerId);
      expect(copies).toEqual([new Uint8Array(lengthBytes), new Uint8Array(lengthBytes)]);
      if (fetched.ok) expect([fetched.scbk, fetched.next]).toEqual([new Uint8Array(16).fill(7), new Uint8Array(16).fill(8)]);
    }
  });

  it('takes a key of 32 bytes only for secure channel 2', async () => {
    const stored = Buffer.alloc(32, 7);
    expect(await fetchKey(() => stored, readerId, 32)).toMatchObject({ ok: true });
    expect(await fetchKey(() => stored, readerId)).toEqual({ ok: false, reason: 'length' });
    for (const length of [16, 31, 33]) {
      expect(await fetchKey(() => new Uint8Array(length), readerId, 32)).toEqual({ ok: false, reason: 'length' });
    }
    expect(await fetchKey(() => ({ current: stored, next: new Uint8Array(16) }), readerId, 32)).toEqual({ ok: false, reason: 'length' });
  });

  it.each<[string, KeyOf]>([
    ['none', () => null],
    ['none', () => Promise.resolve(null)],
    ['length', () => new Uint8Array(15)],
    ['length', () => new Uint8Array(17)],
    ['failed', () => Promise.reject(new Error('locked'))],
    [
      'failed',
      () => {
        throw new Error('locked');
      },
    ],
  ])('says %s when the key store has no usable one', async (reason, keyOf) => {
    expect(await fetchKey(keyOf, readerId)).toEqual({ ok: false, reason });
  });
});
