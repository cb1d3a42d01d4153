import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { prepareAuditTables } from '#adapters/sqlite/audit/audit-tables.ts';
import { createAuditWriter } from '#adapters/sqlite/audit/audit-writer.ts';
import { openDecisionHistory } from '#adapters/sqlite/audit/decision-history.ts';
import { openSqlite } from '#adapters/sqlite/node-sqlite.ts';
import { someDecision } from '#test/support/audit-records.ts';
import { temporaryFolder } from '#test/support/temporary-folder.ts';

interface Group {
  readonly name: string;
  readonly arrivedAtMs: number;
  readonly count: number;
}

/** A log of these groups, in this order, and how many decisions of each are read in a window. */
async function historyOf(groups: readonly Group[]) {
  const file = join(await temporaryFolder(), 'audit.db');
  const database = await openSqlite(file);
  prepareAuditTables(database);
  const writer = createAuditWriter(database);
  for (const { name, arrivedAtMs, count } of groups) {
    const recordJson = JSON.stringify(someDecision(name));
    const row = { recordJson, type: 'decision', decisionId: name, personId: null, resourceId: null };
    writer.commit(
      Array.from({ length: count }, () => row),
      arrivedAtMs,
    );
  }
  const history = openDecisionHistory(file);
  onTestFinished(() => {
    history.close();
    database.close();
  });
  return async (fromMs: number, toMs: number): Promise<Readonly<Record<string, number>>> => {
    const counts: Record<string, number> = {};
    for await (const { decisions } of history.read({ fromMs, toMs })) {
      for (const { decisionId } of decisions) counts[decisionId] = (counts[decisionId] ?? 0) + 1;
    }
    return counts;
  };
}

it('reads what arrived from the beginning of the window on, and nothing of its end', async () => {
  const read = await historyOf([
    { name: 'early', arrivedAtMs: 10, count: 3 },
    { name: 'first', arrivedAtMs: 20, count: 1_500 },
    { name: 'last', arrivedAtMs: 29, count: 2 },
    { name: 'late', arrivedAtMs: 30, count: 1 },
  ]);
  expect(await read(20, 30)).toEqual({ first: 1_500, last: 2 });
  expect(await read(30, 31)).toEqual({ late: 1 });
  expect(await read(31, 40)).toEqual({});
  expect(await read(0, 10)).toEqual({});
  expect(await (await historyOf([]))(0, 10)).toEqual({});
});

it('leaves nothing out where the clock was set back in between', async () => {
  const read = await historyOf([
    { name: 'before', arrivedAtMs: 100, count: 3_000 },
    { name: 'set back', arrivedAtMs: 50, count: 5_000 },
    { name: 'after', arrivedAtMs: 110, count: 1_100 },
  ]);
  expect(await read(90, 120)).toEqual({ before: 3_000, after: 1_100 });
  expect(await read(40, 60)).toEqual({ 'set back': 5_000 });
  expect(await read(0, 200)).toEqual({ before: 3_000, 'set back': 5_000, after: 1_100 });
});
