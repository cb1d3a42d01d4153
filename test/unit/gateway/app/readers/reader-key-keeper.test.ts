import { describe, expect, it } from 'vitest';
import { createMemorySecretStore } from '#adapters/memory/secret-store.ts';
import { KEY_TURN_MS, ReaderKeyKeeper } from '#gateway/app/readers/reader-key-keeper.ts';
import { createReaderKeyStore } from '#gateway/app/readers/reader-key-store.ts';
import { importedKey, type ReaderKeyState } from '#gateway/domain/readers/reader-keys.ts';
import type { ReaderId } from '#gateway/domain/site/ids.ts';

const FRONT = 'front' as ReaderId;
const keyOf = (seed: number): Uint8Array => new Uint8Array(16).fill(seed);

async function keeping(state: Partial<ReaderKeyState>) {
  const time = { nowMs: 0 };
  const store = createReaderKeyStore(createMemorySecretStore());
  await store.update(FRONT, () => ({ ...importedKey(keyOf(1)), ...state }));
  const keeper = new ReaderKeyKeeper(store, { nowMs: () => 77, monotonicUs: () => time.nowMs * 1_000 });
  const ask = keeper.track((readerId) => keeper.keysOf(readerId));
  return { keeper, store, ask, time, keyOfReader: async () => (await store.read(FRONT))?.current };
}

describe('the keeper of readers’ keys', () => {
  it('gives copies, and zeroes them when they are of no more use', async () => {
    const { ask, store } = await keeping({ next: keyOf(2) });
    const given = await ask(FRONT);
    expect([given?.current, given?.next]).toEqual([keyOf(1), keyOf(2)]);
    given?.forget();
    expect([given?.current, given?.next]).toEqual([keyOf(0), keyOf(0)]);
    expect(await store.read(FRONT)).toMatchObject({ current: keyOf(1), next: keyOf(2) });
  });

  it('gives each key of an unsettled window in its turn, and the second key always', async () => {
    const { ask, time } = await keeping({ next: keyOf(2), former: [keyOf(3), keyOf(4)] });
    const seen: unknown[] = [];
    for (; time.nowMs < 3 * KEY_TURN_MS; time.nowMs += KEY_TURN_MS) {
      const given = await ask(FRONT);
      seen.push([given?.current[0], given?.next?.[0]]);
    }
    expect(seen).toEqual([
      [1, 2],
      [3, 2],
      [4, 2],
    ]);
  });

  it('takes a confirmation for the keys that were given, whatever turn it is by now', async () => {
    const { ask, keeper, time, keyOfReader, store } = await keeping({ next: keyOf(2), former: [keyOf(3)] });
    time.nowMs = KEY_TURN_MS;
    await ask(FRONT);
    time.nowMs = 2 * KEY_TURN_MS;
    expect(await keeper.confirmed(FRONT, 'current')).toBe(false);
    expect(await keyOfReader()).toEqual(keyOf(3));
    expect(await store.read(FRONT)).toMatchObject({ next: null, former: [], confirmedAtMs: 77 });
  });

  it('believes no confirmation of a key that is stored no more', async () => {
    const { ask, keeper, store } = await keeping({ next: keyOf(2) });
    await ask(FRONT);
    await store.update(FRONT, () => ({ ...importedKey(keyOf(8)), next: keyOf(9) }));
    expect([await keeper.confirmed(FRONT, 'next'), await keeper.confirmed(FRONT, 'current')]).toEqual([false, false]);
    expect(await store.read(FRONT)).toMatchObject({ current: keyOf(8), next: keyOf(9) });
  });

  it('keeps the second key while it may be on its way, although the first one still works', async () => {
    const { ask, keeper, store } = await keeping({ next: keyOf(2) });
    await ask(FRONT);
    keeper.beginSending(FRONT);
    await keeper.confirmed(FRONT, 'current');
    expect((await store.read(FRONT))?.next).toEqual(keyOf(2));
    keeper.endSending(FRONT);
    await keeper.confirmed(FRONT, 'current');
    expect((await store.read(FRONT))?.next).toBeNull();
  });

  it('gives nothing of keys that were never sent to anybody', async () => {
    const { ask } = await keeping({ isVoid: true });
    expect(await ask(FRONT)).toBeNull();
  });
});
