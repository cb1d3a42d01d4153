import { afterEach, describe, expect, it } from 'vitest';
import { derivedKeyOf, idOf, keyOf, MASTER_KEY, OperationsRig, SITE } from './operations-rig.ts';

let rig: OperationsRig;
afterEach(() => rig.close());

const keyFacts = async (address: number) => (await rig.desk.conditions()).find(({ readerId }) => readerId === idOf(address))?.key ?? null;
const storedKey = async (address: number) => (await rig.store.read(idOf(address)))?.current;
const adopted = (...addresses: readonly number[]) =>
  rig.until('keys in the store', async () =>
    (await Promise.all(addresses.map(storedKey))).every((key) => key !== undefined) ? true : null,
  );
const rotateAll = (...addresses: readonly number[]) => ({ kind: 'rotate_keys', readerIds: addresses.map(idOf) }) as const;

describe('readers whose keys follow from a master key', () => {
  it('come on line without a stored key, which they have from then on', async () => {
    rig = await OperationsRig.startDiversified([1, 2]);
    await rig.online(1, 2);
    await adopted(1, 2);
    expect(await storedKey(1)).toEqual(derivedKeyOf(MASTER_KEY, 1));
    expect(await keyFacts(2)).toMatchObject({ origin: 'diversified', isSettled: true });
    await rig.kill();
    await rig.begin();
    await rig.online(1, 2);
    expect([rig.shared, rig.failures]).toEqual([[], []]);
  });

  it('stay off line with a key that does not follow from it', async () => {
    rig = await OperationsRig.startDiversified([1], { scbk: keyOf(9) });
    const alarm = await rig.until('the alarm', () =>
      rig.readers.maintenance.health(idOf(1))?.cause === 'secure_channel_failed' ? true : null,
    );
    expect(alarm).toBe(true);
    expect(await rig.store.read(idOf(1))).toBeNull();
  });

  it('have another master key after a rotation of the site, and the old one is gone when the last reader has confirmed', async () => {
    rig = await OperationsRig.startDiversified([1, 2]);
    await rig.online(1, 2);
    await adopted(1, 2);
    rig.pd(2).goSilent(true);
    await rig.offline(2);
    const { id } = await rig.order(rotateAll(1, 2));
    await rig.until('the first', async () => ((await rig.desk.find(id))?.readers[0]?.state === 'done' ? true : null));
    const staged = await rig.masters.read(SITE);
    expect(staged).toMatchObject({ current: MASTER_KEY, generation: 1 });
    expect(await storedKey(1)).toEqual(derivedKeyOf(staged?.next ?? new Uint8Array(16), 1));
    rig.pd(2).goSilent(false);
    expect((await rig.ended(id)).readers.map(({ state }) => state)).toEqual(['done', 'done']);
    const settled = await rig.masters.read(SITE);
    expect(settled).toEqual({ current: staged?.next, generation: 2, next: null });
    expect(await storedKey(2)).toEqual(derivedKeyOf(settled?.current ?? new Uint8Array(16), 2));
    await rig.online(1, 2);
    expect(rig.failures).toEqual([]);
  });

  it.each([0, 1, 2, 3, 4, 5])('are not lost when the process dies after %i writes of a rotation', async (writes) => {
    rig = await OperationsRig.startDiversified([1, 2]);
    await rig.online(1, 2);
    await adopted(1, 2);
    rig.writesLeft = writes;
    void rig.desk.begin({ operatorId: 'usr_ann', decisionId: 'dec_1' as never, request: rotateAll(1, 2) });
    await rig.until('the last write', () => (rig.writesLeft < 0 ? true : null));
    await new Promise((resolve) => setTimeout(resolve, 100));
    await rig.kill();
    await rig.begin();
    await rig.online(1, 2);
    await rig.until('no open wish', async () => {
      const facts = [await keyFacts(1), await keyFacts(2)];
      return facts.every((key) => key?.isSettled === true && !key.isRotationWanted) ? true : null;
    });
    // Whoever ordered it before the wish was stored orders it again: the master key that is staged is the one that is used.
    if ((await rig.masters.read(SITE))?.generation === 1) await rig.ended((await rig.order(rotateAll(1, 2))).id);
    expect(await rig.masters.read(SITE)).toMatchObject({ generation: 2, next: null });
    await rig.online(1, 2);
  });

  it('have no other key of their own: one reader alone cannot be given one', async () => {
    rig = await OperationsRig.startDiversified([1, 2]);
    await rig.online(1, 2);
    await adopted(1, 2);
    const { readers } = await rig.ended((await rig.order(rotateAll(1))).id);
    expect(readers[0]).toMatchObject({ state: 'failed', code: 'reader.key_diversified' });
    expect(await rig.masters.read(SITE)).toMatchObject({ generation: 1, next: null });
  });

  it('follow from it after pairing too', async () => {
    rig = await OperationsRig.startDiversified([1], { security: 'install', scbk: keyOf(9) });
    const { id } = await rig.order({ kind: 'pair', readerId: idOf(1), durationMs: 10_000 });
    expect((await rig.ended(id)).readers[0]).toMatchObject({ state: 'done' });
    await rig.until('the second operation', async () => {
      const [last] = await rig.desk.list();
      return last?.kind === 'rotate_keys' && last.endedAtMs !== null ? true : null;
    });
    expect(await storedKey(1)).toEqual(derivedKeyOf(MASTER_KEY, 1));
    expect(await keyFacts(1)).toMatchObject({ origin: 'diversified', isSettled: true });
    await rig.online(1);
  });
});
