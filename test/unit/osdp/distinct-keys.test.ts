import { describe, expect, it } from 'vitest';
import type { KeyOf, ReaderKeys } from '#adapters/osdp/bus/bus-key.ts';
import { createDistinctKeys } from '#adapters/osdp/distinct-keys.ts';
import type { ReaderId } from '#gateway/domain/site/ids.ts';

const [a, b, c] = ['a', 'b', 'c'] as readonly string[] as readonly [ReaderId, ReaderId, ReaderId];
const key = (seed: number): Uint8Array => Uint8Array.from({ length: 16 }, (_, index) => (index * 37 + seed) & 0xff);

/** Three readers over a key store that a test changes; every copy that was handed out is kept. */
function threeReaders(stored: Map<ReaderId, Uint8Array>, keyOf?: KeyOf) {
  const copies: Uint8Array[] = [];
  const shared: [ReaderId, ReaderId][] = [];
  const copyOf: KeyOf = (readerId) => {
    const found = stored.get(readerId);
    if (found === undefined) return null;
    const copy = Uint8Array.from(found);
    copies.push(copy);
    return copy;
  };
  const options = {
    keyOf: keyOf ?? copyOf,
    readerIds: [a, b, c],
    onShared: (one: ReaderId, other: ReaderId) => void shared.push([one, other]),
  };
  return { ask: createDistinctKeys(options), shared, copies, copyOf };
}

describe('readers with keys of their own', () => {
  it('get them, and one without a key gets none', async () => {
    const { ask, shared } = threeReaders(
      new Map([
        [a, key(1)],
        [b, key(2)],
      ]),
    );
    expect([await ask(a), await ask(b), await ask(c)]).toEqual([key(1), key(2), null]);
    expect(shared).toEqual([]);
  });
});

describe('a key that two readers have', () => {
  it('is given to neither, whoever asks first, and no third one suffers', async () => {
    const { ask, shared } = threeReaders(
      new Map([
        [a, key(1)],
        [b, key(1)],
        [c, key(3)],
      ]),
    );
    expect([await ask(b), await ask(a), await ask(c)]).toEqual(['shared', 'shared', key(3)]);
    expect(shared).toEqual([
      [b, a],
      [a, b],
    ]);
  });

  it('is told of once, however often the reader tries', async () => {
    const { ask, shared } = threeReaders(
      new Map([
        [a, key(1)],
        [b, key(1)],
      ]),
    );
    for (let attempt = 0; attempt < 5; attempt += 1) await ask(a);
    expect(shared).toEqual([[a, b]]);
  });

  it('is given again as soon as the other reader has a key of its own, without its asking', async () => {
    const stored = new Map([
      [a, key(1)],
      [b, key(1)],
    ]);
    const { ask } = threeReaders(stored);
    expect(await ask(a)).toBe('shared');
    stored.set(b, key(2));
    expect([await ask(a), await ask(b)]).toEqual([key(1), key(2)]);
  });

  it('is found when it is set while the gateway runs, and told of again', async () => {
    const stored = new Map([
      [a, key(1)],
      [b, key(2)],
    ]);
    const { ask, shared } = threeReaders(stored);
    expect(await ask(a)).toEqual(key(1));
    stored.set(b, key(1));
    expect(await ask(b)).toBe('shared');
    stored.set(b, key(2));
    expect(await ask(b)).toEqual(key(2));
    stored.set(b, key(1));
    expect(await ask(b)).toBe('shared');
    expect(shared).toEqual([
      [b, a],
      [b, a],
    ]);
  });

  it('is not the other’s own before the first has opened a channel with another one: a new key may not have arrived', async () => {
    const keys = new Map<ReaderId, () => ReaderKeys>([
      [a, () => ({ current: key(8), next: key(9), former: [key(1)] })],
      [b, () => ({ current: key(1), next: null })],
    ]);
    const { ask } = threeReaders(new Map(), (readerId) => keys.get(readerId)?.() ?? null);
    expect(await ask(a)).toMatchObject({ current: key(8), next: key(9) });
    expect(await ask(b)).toBe('shared');
    // In its turn the old key of the first would be tried: it is still the other's too.
    keys.set(a, () => ({ current: key(1), next: key(9), former: [key(8)] }));
    expect([await ask(a), await ask(b)]).toEqual(['shared', 'shared']);
    keys.set(a, () => ({ current: key(9), next: null }));
    expect(await ask(b)).toMatchObject({ current: key(1) });
  });

  it('leaves no copy of itself in memory', async () => {
    const { ask, copies } = threeReaders(
      new Map([
        [a, key(1)],
        [b, key(1)],
      ]),
    );
    await ask(a);
    expect(copies.length).toBeGreaterThan(2);
    expect(copies.every((copy) => copy.every((byte) => byte === 0))).toBe(true);
  });
});

describe('a key that cannot be opened', () => {
  it('fails for its own reader alone', async () => {
    const stored = new Map([
      [a, key(1)],
      [c, key(3)],
    ]);
    const { copyOf } = threeReaders(stored);
    const { ask } = threeReaders(stored, (readerId) => (readerId === b ? Promise.reject(new Error('sealed')) : copyOf(readerId)));
    expect(await ask(a)).toEqual(key(1));
    await expect(ask(b)).rejects.toThrow();
    expect(await ask(c)).toEqual(key(3));
  });
});
