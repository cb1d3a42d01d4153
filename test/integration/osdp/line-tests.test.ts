import { afterEach, describe, expect, it } from 'vitest';
import { idOf, OperationsRig } from './operations-rig.ts';

let rig: OperationsRig;
afterEach(() => rig.close());

describe('a test of a line', () => {
  it('judges each reader in turn, tells how far it is, and is in the log', async () => {
    rig = await OperationsRig.start([1, 2]);
    await rig.online(1, 2);
    const { id, readers } = await rig.order({ kind: 'test_line', readerIds: [idOf(1), idOf(2)], exchanges: 60 });
    expect(readers[1]).toMatchObject({ state: 'pending', test: null });
    await rig.until('some of it', async () => (((await rig.desk.find(id))?.readers[0]?.test?.done ?? 0) > 0 ? true : null));
    const ended = await rig.ended(id);
    for (const { state, test } of ended.readers) {
      expect(state).toBe('done');
      expect(test).toMatchObject({ done: 60, total: 60, quality: { verdict: 'good', exchanges: 60, failed: 0 } });
    }
    expect(rig.changes()).toEqual([1, 2].map((address) => [idOf(address), 'test_line', 'result:ok']));
    expect(rig.records.filter(({ type }) => type === 'directory_change')).toMatchObject([{ change: 'tested' }, { change: 'tested' }]);
  });

  it('says of a reader that is off line that it was not tested, and goes on with the others', async () => {
    rig = await OperationsRig.start([1, 2]);
    await rig.online(1, 2);
    rig.pd(1).goSilent(true);
    await rig.offline(1);
    const { id } = await rig.order({ kind: 'test_line', readerIds: [idOf(1), idOf(2)], exchanges: 20 });
    expect((await rig.ended(id)).readers).toMatchObject([
      { state: 'failed', code: 'reader.offline' },
      { state: 'done', test: { quality: { verdict: 'good' } } },
    ]);
    rig.pd(2).goSilent(true);
    await rig.offline(2);
    expect(await rig.refusalOf({ kind: 'test_line', readerIds: [idOf(1), idOf(2)], exchanges: 20 })).toBe('reader.offline');
  });

  it('can be stopped, and leaves the reader on line', async () => {
    rig = await OperationsRig.start([1, 2]);
    await rig.online(1, 2);
    const { id } = await rig.order({ kind: 'test_line', readerIds: [idOf(1), idOf(2)], exchanges: 10_000 });
    await rig.until('some of it', async () => (((await rig.desk.find(id))?.readers[0]?.test?.done ?? 0) > 0 ? true : null));
    expect(await rig.refusalOf({ kind: 'rotate_keys', readerIds: [idOf(2)] })).toBe('reader.busy');
    expect(await rig.desk.cancel(id)).toBe(true);
    expect((await rig.ended(id)).readers.map(({ state }) => state)).toEqual(['cancelled', 'cancelled']);
    await rig.online(1, 2);
    expect(await rig.desk.cancel(id)).toBe(false);
  });
});
