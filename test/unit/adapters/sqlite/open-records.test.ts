import { describe, expect, it } from 'vitest';
import { preparedQuery } from '#adapters/sql/prepared-query.ts';
import { openTemporaryRecords } from '#test/support/sqlite-records.ts';

/** Every value that a query is built with is one that each run gives anew. */
async function counters() {
  const db = await openTemporaryRecords();
  const epochOf = preparedQuery(db, db.selectFrom('counters').select('value').where('name', '=', 'epoch'));
  const setEpoch = preparedQuery(db, db.updateTable('counters').set({ value: 0 }).where('name', '=', 'epoch'));
  return { db, epochOf, setEpoch };
}

describe('prepared queries of the records in SQLite', () => {
  it('read with the values of each run', async () => {
    const { epochOf } = await counters();
    expect(await epochOf('epoch')).toHaveLength(1);
    expect(await epochOf('nothing')).toEqual([]);
  });

  it('write as well', async () => {
    const { epochOf, setEpoch } = await counters();
    await setEpoch(7, 'epoch');
    expect(await epochOf('epoch')).toMatchObject([{ value: 7 }]);
  });

  it('do not see what an open transaction has written and takes back: they wait for its end', async () => {
    const { db, epochOf } = await counters();
    const before = await epochOf('epoch');
    let reading: ReturnType<typeof epochOf> | undefined;
    const transaction = db.transaction().execute(async (inside) => {
      await inside.updateTable('counters').set({ value: 99 }).where('name', '=', 'epoch').execute();
      reading = epochOf('epoch');
      throw new Error('taken back');
    });
    await expect(transaction).rejects.toThrow('taken back');
    expect(await reading).toEqual(before);
  });

  it('see what their own transaction has written', async () => {
    const { db } = await counters();
    await db.transaction().execute(async (inside) => {
      await preparedQuery(inside, inside.updateTable('counters').set({ value: 0 }).where('name', '=', 'epoch'))(5, 'epoch');
      const epochOf = preparedQuery(inside, inside.selectFrom('counters').select('value').where('name', '=', 'epoch'));
      expect(await epochOf('epoch')).toMatchObject([{ value: 5 }]);
    });
  });

  it('fail once the records are closed', async () => {
    const { db, epochOf } = await counters();
    await db.destroy();
    await expect(epochOf('epoch')).rejects.toThrow();
  });
});
