import { workerData } from 'node:worker_threads';
import { createSqlPeopleStore } from '#adapters/sql/people-store.ts';
import { personId, somePerson } from '#test/support/people.ts';
import { openRecordsFile } from '#test/support/sqlite-records.ts';

/** Opens and migrates the records like any thread of the gateway, then adds and suspends people of its own. */
const { file, name, people: count } = workerData as { readonly file: string; readonly name: string; readonly people: number };
const db = await openRecordsFile(file);
const people = createSqlPeopleStore(db);
for (let number = 0; number < count; number += 1) {
  await people.save(somePerson(`${name}_${number}`));
  await people.changeStanding({ personId: personId(`${name}_${number}`), to: 'suspended', nowMs: 1 });
}
await db.destroy();
