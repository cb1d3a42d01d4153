import { createSqlPeopleStore } from '#adapters/sql/people-store.ts';
import type { RecordsTables } from '#adapters/sql/tables.ts';
import { openSqliteRecords } from '#adapters/sqlite/open-records.ts';
import { personId } from '#test/support/people.ts';
import { printNow } from '#test/support/face/print-now.ts';

/** Suspends people one after another and prints `number epoch` of each acknowledged suspension, until it is killed. */

const [, , file = '', first = '0', last = '0'] = process.argv;
const people = createSqlPeopleStore(await openSqliteRecords<RecordsTables>({ file }));
for (let number = Number(first); number < Number(last); number += 1) {
  const { epoch } = await people.changeStanding({ personId: personId(String(number)), to: 'suspended', nowMs: 1 });
  printNow(`${number} ${epoch}`);
}
setInterval(() => undefined, 1_000);
