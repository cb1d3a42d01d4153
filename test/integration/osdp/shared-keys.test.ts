import { afterEach, describe, expect, it } from 'vitest';
import { importedKey } from '#gateway/domain/readers/reader-keys.ts';
import { OperationsRig, idOf } from './operations-rig.ts';

const SHARED = Uint8Array.from({ length: 16 }, (_, index) => (index * 53 + 9) & 0xff);

let rig: OperationsRig | null = null;
afterEach(async () => {
  await rig?.close();
  rig = null;
});

/** Readers that somebody has given one key by hand, all of them; none may be on line. */
async function shared(...addresses: readonly number[]): Promise<OperationsRig> {
  const built = await OperationsRig.start(addresses, { scbk: SHARED }, false);
  rig = built;
  for (const address of addresses) await built.store.update(idOf(address), () => importedKey(Uint8Array.from(SHARED)));
  await built.until('all held off', () => (new Set(built.shared).size === addresses.length ? true : null));
  return built;
}

const isOnline = (built: OperationsRig, address: number): boolean => built.readers.maintenance.health(idOf(address))?.isOnline === true;
const rotate = (built: OperationsRig, ...addresses: readonly number[]) =>
  built.order({ kind: 'rotate_keys', readerIds: addresses.map(idOf) });
const keyAt = async (built: OperationsRig, address: number): Promise<string> =>
  Buffer.from((await built.store.read(idOf(address)))?.current ?? []).toString('hex');

describe('two readers with one key', () => {
  it('are both brought back by one rotation, each with a key of its own', async () => {
    const built = await shared(1, 2);
    expect([isOnline(built, 1), isOnline(built, 2)]).toEqual([false, false]);
    const ended = await built.ended((await rotate(built, 1, 2)).id);
    expect(ended.readers.map(({ state }) => state)).toEqual(['done', 'done']);
    await built.online(1, 2);
    const keys = [await keyAt(built, 1), await keyAt(built, 2)];
    expect(new Set([...keys, Buffer.from(SHARED).toString('hex')]).size).toBe(3);
    expect(await built.store.read(idOf(1))).toMatchObject({ next: null, former: [], rotation: null, hasWindow: false });
    // No window to the key of the standard was opened.
    expect(built.windows()).toEqual([]);
    expect(built.failures).toEqual([]);
  });

  it('are brought back by giving one of them another key: the other has its own then', async () => {
    const built = await shared(1, 2);
    await built.ended((await rotate(built, 1)).id);
    await built.online(1, 2);
    expect(await keyAt(built, 2)).toBe(Buffer.from(SHARED).toString('hex'));
  });

  it('stay held off while the new key of one has not arrived, and what was staged for nothing is gone', async () => {
    const built = await shared(1, 2);
    const told = built.shared.length;
    // It does not have the key after all: the window ends with nothing sent.
    built.pd(1).setKey(Uint8Array.from({ length: 16 }, (_, index) => (index * 91 + 4) & 0xff));
    const ended = await built.ended((await rotate(built, 1)).id);
    expect(ended.readers).toMatchObject([{ state: 'failed', code: 'reader.refused' }]);
    expect([isOnline(built, 1), isOnline(built, 2)]).toEqual([false, false]);
    expect(built.shared.length).toBeGreaterThanOrEqual(told);
    expect(await built.store.read(idOf(1))).toMatchObject({ current: SHARED, next: null, former: [], rotation: null });
  });

  it('say no card while the key is changed under the one that they share', async () => {
    const built = await shared(1, 2);
    const heard: string[] = [];
    built.readers.subscribe((event) => void (event.kind === 'card_read' && heard.push(event.readerId)));
    built.pd(1).presentCard(Uint8Array.of(1, 2, 3, 64), 26);
    built.pd(2).presentCard(Uint8Array.of(1, 2, 3, 64), 26);
    await built.ended((await rotate(built, 1, 2)).id);
    await built.online(1, 2);
    expect(heard).toEqual([]);
  });

  it('are brought back after a crash in the middle: every key that the reader may have is stored', async () => {
    const built = await shared(1, 2);
    // The wish, the staged keys, and nothing after.
    built.writesLeft = 2;
    await rotate(built, 1);
    await built.until('the keys sent', async () => ((await built.store.read(idOf(1)))?.former.length === 1 ? true : null));
    await new Promise((resolve) => setTimeout(resolve, 500));
    await built.kill();
    await built.begin();
    await built.online(1, 2);
    expect(await built.store.read(idOf(1))).toMatchObject({ next: null, former: [] });
    expect(await keyAt(built, 1)).not.toBe(Buffer.from(SHARED).toString('hex'));
  });
});
