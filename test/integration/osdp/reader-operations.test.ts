import { afterEach, describe, expect, it } from 'vitest';
import { OPERATIONS_AT_ONCE_MAX } from '#gateway/ports/reader-operations.ts';
import { idOf, keyOf, OperationsRig } from './operations-rig.ts';

let rig: OperationsRig;
afterEach(() => rig.close());

async function keyFacts(address: number) {
  return (await rig.desk.conditions()).find(({ readerId }) => readerId === idOf(address))?.key ?? null;
}

describe('a rotation', () => {
  it('gives every reader of the site a key of its own, and the one that was away when it is back', async () => {
    rig = await OperationsRig.start([1, 2, 3]);
    await rig.online(1, 2, 3);
    rig.pd(3).goSilent(true);
    await rig.offline(3);
    const { id } = await rig.order({ kind: 'rotate_keys', readerIds: [1, 2, 3].map(idOf) });
    const waiting = await rig.until('two of three', async () => {
      const view = await rig.desk.find(id);
      return view?.readers.filter(({ state }) => state === 'done').length === 2 ? view : null;
    });
    expect(waiting.readers[2]).toMatchObject({ state: 'pending', code: 'reader.offline' });
    rig.pd(3).goSilent(false);
    const { readers } = await rig.ended(id);
    expect(readers.map(({ state }) => state)).toEqual(['done', 'done', 'done']);
    await rig.online(1, 2, 3);
    expect(await keyFacts(3)).toMatchObject({ origin: 'rotated', isSettled: true, isRotationWanted: false });
    expect([...rig.changes()].sort()).toEqual([1, 2, 3].map((address) => [idOf(address), 'rotate_keys', 'result:ok']));
    const keys = await Promise.all([1, 2, 3].map(async (address) => (await rig.store.read(idOf(address)))?.current));
    expect(new Set(keys.map((key) => Buffer.from(key ?? []).toString('hex'))).size).toBe(3);
    expect(keys).not.toContainEqual(keyOf(1));
    expect(rig.failures).toEqual([]);
  });

  it.each([0, 1, 2, 3])('that is killed after %i writes loses no reader and is done by the next process', async (writes) => {
    rig = await OperationsRig.start([1, 2]);
    await rig.online(1, 2);
    rig.writesLeft = writes;
    const request = { kind: 'rotate_keys', readerIds: [idOf(1), idOf(2)] } as const;
    void rig.desk.begin({ operatorId: 'usr_ann', decisionId: 'dec_1' as never, request });
    // Long enough for every key that can be sent to be sent.
    await rig.until('the last write', () => (rig.writesLeft < 0 ? true : null));
    await new Promise((resolve) => setTimeout(resolve, 100));
    await rig.kill();
    await rig.begin();
    await rig.online(1, 2);
    await rig.until('no open wish', async () => {
      const facts = [await keyFacts(1), await keyFacts(2)];
      return facts.every((key) => key?.isSettled === true && !key.isRotationWanted) ? true : null;
    });
    await rig.online(1, 2);
  });

  it('goes on when the answer to the key was lost with the power', async () => {
    rig = await OperationsRig.start([1]);
    await rig.online(1);
    const pd = rig.pd(1);
    // The reader takes the key and is gone before anybody hears of it.
    pd.onProtocol((effect) => {
      if (effect.kind === 'key_changed') pd.goSilent(true);
    });
    const { id } = await rig.order({ kind: 'rotate_keys', readerIds: [idOf(1)] });
    await rig.offline(1);
    expect(await keyFacts(1)).toMatchObject({ isSettled: false, isRotationWanted: true });
    pd.goSilent(false);
    expect((await rig.ended(id)).readers[0]).toMatchObject({ state: 'done' });
    await rig.online(1);
  });

  it('that is cancelled leaves the readers that wait with their keys', async () => {
    rig = await OperationsRig.start([1, 2]);
    await rig.online(1, 2);
    rig.pd(2).goSilent(true);
    await rig.offline(2);
    const { id } = await rig.order({ kind: 'rotate_keys', readerIds: [idOf(1), idOf(2)] });
    await rig.until('the first', async () => ((await rig.desk.find(id))?.readers[0]?.state === 'done' ? true : null));
    expect(await rig.desk.cancel(id)).toBe(true);
    expect((await rig.ended(id)).readers.map(({ state }) => state)).toEqual(['done', 'cancelled']);
    expect(await keyFacts(2)).toMatchObject({ origin: 'imported', isRotationWanted: false });
    expect(await rig.desk.cancel(id)).toBe(false);
  });
});

describe('pairing', () => {
  it('gives a reader in install mode two keys, and it is on line under the second', async () => {
    rig = await OperationsRig.start([1], { security: 'install' }, false);
    const stages = new Set<string | null>();
    const { id } = await rig.order({ kind: 'pair', readerId: idOf(1), durationMs: 60_000 });
    rig.readers.maintenance.subscribe((event) => {
      if (event.kind === 'install_progress') stages.add(event.stage);
    });
    expect((await rig.ended(id)).readers[0]).toMatchObject({ state: 'done', code: null });
    await rig.online(1);
    expect([...stages]).toEqual(['answered', 'first_key_sent', 'final_key_sent']);
    expect(rig.windows()).toEqual([true, false]);
    expect(rig.changes()).toEqual([[idOf(1), 'pair', 'result:ok']]);
    expect(await keyFacts(1)).toMatchObject({ origin: 'rotated', isSettled: true });
    // The window was for once: a reader that forgets its key later stays away, and is an alarm.
    rig.pd(1).setKey(keyOf(99));
    rig.pd(1).enterInstallMode();
    rig.pd(1).reboot();
    await rig.offline(1);
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(rig.readers.maintenance.health(idOf(1))).toMatchObject({ isOnline: false, isInstalling: false });
  });

  it('changes nothing when the window closes and nobody has answered', async () => {
    rig = await OperationsRig.start([1]);
    await rig.online(1);
    rig.pd(1).goSilent(true);
    await rig.offline(1);
    const { id } = await rig.order({ kind: 'pair', readerId: idOf(1), durationMs: 400 });
    expect((await rig.ended(id)).readers[0]).toMatchObject({ state: 'failed', code: 'reader.timeout' });
    expect(rig.windows()).toEqual([true, false]);
    rig.pd(1).goSilent(false);
    await rig.online(1);
    expect((await rig.store.read(idOf(1)))?.current).toEqual(keyOf(1));
  });

  it('gives nothing to a reader that has another key', async () => {
    rig = await OperationsRig.start([1]);
    rig.pd(1).setKey(keyOf(99));
    await rig.offline(1);
    const { id } = await rig.order({ kind: 'pair', readerId: idOf(1), durationMs: 700 });
    expect((await rig.ended(id)).readers[0]).toMatchObject({ state: 'failed' });
    rig.pd(1).setKey(keyOf(1));
    await rig.online(1);
  });

  it('is not kept from a reader by a rotation that waits for it, and is what the rotation was for', async () => {
    rig = await OperationsRig.start([1]);
    await rig.online(1);
    rig.pd(1).goSilent(true);
    await rig.offline(1);
    const rotation = await rig.order({ kind: 'rotate_keys', readerIds: [idOf(1)] });
    // Somebody has reset it.
    rig.pd(1).setKey(keyOf(99));
    rig.pd(1).enterInstallMode();
    rig.pd(1).reboot();
    rig.pd(1).goSilent(false);
    const pairing = await rig.order({ kind: 'pair', readerId: idOf(1), durationMs: 60_000 });
    expect(await rig.refusalOf({ kind: 'pair', readerId: idOf(1), durationMs: 60_000 })).toBe('reader.busy');
    expect((await rig.ended(pairing.id)).readers[0]).toMatchObject({ state: 'done', code: null });
    expect((await rig.ended(rotation.id)).readers[0]).toMatchObject({ state: 'done', code: null });
    await rig.online(1);
    expect(await keyFacts(1)).toMatchObject({ isSettled: true, isRotationWanted: false });
    expect(rig.windows()).toEqual([true, false]);
  });

  it('is open for one reader at a time, and for none that is on line', async () => {
    rig = await OperationsRig.start([1, 2, 3]);
    await rig.online(1, 2, 3);
    for (const address of [2, 3]) rig.pd(address).goSilent(true);
    await rig.offline(2);
    await rig.offline(3);
    expect(await rig.refusalOf({ kind: 'pair', readerId: idOf(1), durationMs: 60_000 })).toBe('reader.online');
    const { id } = await rig.order({ kind: 'pair', readerId: idOf(2), durationMs: 60_000 });
    expect(await rig.refusalOf({ kind: 'pair', readerId: idOf(3), durationMs: 60_000 })).toBe('operation.pairing_open');
    expect(await rig.refusalOf({ kind: 'rotate_keys', readerIds: [idOf(2)] })).toBe('reader.busy');
    expect(await rig.desk.cancel(id)).toBe(true);
    expect((await rig.ended(id)).readers[0]).toMatchObject({ state: 'cancelled' });
    expect(await rig.refusalOf({ kind: 'pair', readerId: idOf(9), durationMs: 60_000 })).toBe('reader.unknown');
  });

  it('leaves a reader reachable that was killed upon with its first key', async () => {
    rig = await OperationsRig.start([1], { security: 'install' }, false);
    rig.pd(1).onProtocol((effect) => {
      if (effect.kind === 'key_changed') void rig.kill();
    });
    await rig.order({ kind: 'pair', readerId: idOf(1), durationMs: 60_000 });
    await rig.until('the end of the process', () => (rig.writesLeft <= 0 ? true : null));
    await new Promise((resolve) => setTimeout(resolve, 100));
    await rig.begin();
    await rig.online(1);
    expect(rig.windows()).toEqual([true, false]);
    expect(await keyFacts(1)).toMatchObject({ isSettled: true });
  });
});

describe('an operation', () => {
  it('moves a reader and remembers where it went', async () => {
    rig = await OperationsRig.start([1]);
    await rig.online(1);
    const { id } = await rig.order({ kind: 'set_line', readerId: idOf(1), address: 7, baud: 9_600 });
    expect((await rig.ended(id)).readers[0]).toMatchObject({ state: 'done' });
    await rig.until('the place', async () => ((await rig.store.read(idOf(1)))?.place?.address === 7 ? true : null));
    expect((await rig.store.read(idOf(1)))?.place).toMatchObject({ fromAddress: 1, address: 7 });
    expect(rig.changes()).toEqual([[idOf(1), 'set_line', 'result:ok']]);
  });

  it('sends a file, tells how far it is, and can be stopped', async () => {
    rig = await OperationsRig.start([1]);
    await rig.online(1);
    const request = { kind: 'transfer_file', readerId: idOf(1), fileType: 1 } as const;
    const whole = await rig.order({ ...request, bytes: new Uint8Array(20_000).fill(7) });
    expect((await rig.ended(whole.id)).readers[0]).toMatchObject({ state: 'done', sentBytes: 20_000, totalBytes: 20_000 });
    const long = await rig.order({ ...request, bytes: new Uint8Array(4_000_000).fill(7) });
    await rig.until('some of it', async () => (((await rig.desk.find(long.id))?.readers[0]?.sentBytes ?? 0) > 0 ? true : null));
    expect(await rig.desk.cancel(long.id)).toBe(true);
    expect((await rig.ended(long.id)).readers[0]).toMatchObject({ state: 'cancelled' });
  });

  it(`is refused beyond ${OPERATIONS_AT_ONCE_MAX} at once`, async () => {
    const addresses = Array.from({ length: OPERATIONS_AT_ONCE_MAX + 1 }, (_, index) => index + 1);
    rig = await OperationsRig.start(addresses);
    for (const address of addresses) rig.pd(address).goSilent(true);
    for (const address of addresses.slice(1)) await rig.order({ kind: 'rotate_keys', readerIds: [idOf(address)] });
    expect(await rig.refusalOf({ kind: 'rotate_keys', readerIds: [idOf(1)] })).toBe('operation.too_many');
  });
});
