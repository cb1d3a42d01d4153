import type { Kysely, Transaction } from 'kysely';
import { z } from 'zod';
import { GatewayError } from '#gateway/domain/errors.ts';
import type { Person } from '#gateway/domain/people/person.ts';
import type { PersonId } from '#gateway/domain/site/ids.ts';
import {
  PEOPLE_PAGE_MAX,
  PEOPLE_SAVED_MAX,
  type PeopleStore,
  type StandingChange,
  type StandingChanged,
} from '#gateway/ports/people-store.ts';
import { PLACEHOLDER, preparedQuery } from './prepared-query.ts';
import { epochMsField, flagField, idField, jsonField, toFlag } from './row-fields.ts';
import { storeCall } from './store-call.ts';
import type { PeopleTable } from './people-tables.ts';
import type { RecordsTables } from './tables.ts';

const rowSchema = z.object({
  id: idField<PersonId>(),
  display_name: z.string(),
  email: z.string().nullable(),
  standing: z.enum(['active', 'restricted', 'suspended', 'departed']),
  roles_json: jsonField(z.array(z.string())),
  groups_json: jsonField(z.array(z.string())),
  clearance: z.int(),
  employment_end_ms: epochMsField,
  accessibility: flagField,
  version: z.int(),
});

/** Made once: building a schema costs three times what the read does. */
const epochField = z.int();

export function toPerson(row: PeopleTable): Person {
  const parsed = rowSchema.parse(row);
  return {
    id: parsed.id,
    displayName: parsed.display_name,
    email: parsed.email,
    standing: parsed.standing,
    roles: parsed.roles_json,
    groups: parsed.groups_json,
    clearance: parsed.clearance,
    employmentEndMs: parsed.employment_end_ms,
    accessibility: parsed.accessibility,
    version: parsed.version,
  };
}

/** E-mail addresses are compared without case: one person must not exist twice as `Ann@` and `ann@`. */
const emailKey = (email: string): string => email.toLowerCase();

const toRow = (person: Person): PeopleTable => ({
  id: person.id,
  display_name: person.displayName,
  email: person.email,
  email_key: person.email === null ? null : emailKey(person.email),
  standing: person.standing,
  standing_changed_at_ms: null,
  roles_json: JSON.stringify(person.roles),
  groups_json: JSON.stringify(person.groups),
  clearance: person.clearance,
  employment_end_ms: person.employmentEndMs,
  accessibility: toFlag(person.accessibility),
  version: 1,
});

async function changeStanding(db: Transaction<RecordsTables>, change: StandingChange): Promise<StandingChanged> {
  const row = await db.selectFrom('people').selectAll().where('id', '=', change.personId).executeTakeFirst();
  if (row === undefined) throw new GatewayError('resource.unknown', 'There is no such person.');
  const from = toPerson(row).standing;
  if (change.expectedVersion !== undefined && row.version !== change.expectedVersion) {
    throw new GatewayError('store.conflict', 'The person was changed meanwhile.');
  }
  await db
    .updateTable('people')
    .set((eb) => ({ standing: change.to, standing_changed_at_ms: change.nowMs, version: eb('version', '+', 1) }))
    .where('id', '=', change.personId)
    .execute();
  const raised = await db
    .updateTable('counters')
    .set((eb) => ({ value: eb('value', '+', 1) }))
    .where('name', '=', 'epoch')
    .returning('value')
    .executeTakeFirstOrThrow();
  return { from, epoch: raised.value };
}

const SAVING = { unique: 'The e-mail address belongs to another person.' };

async function save(db: Kysely<RecordsTables>, person: Person): Promise<void> {
  const { id, standing, standing_changed_at_ms, version, ...replaced } = toRow(person);
  await db
    .insertInto('people')
    .values({ id, standing, standing_changed_at_ms, version, ...replaced })
    .onConflict((conflict) => conflict.column('id').doUpdateSet((eb) => ({ ...replaced, version: eb('people.version', '+', 1) })))
    .execute();
}

export function createSqlPeopleStore(db: Kysely<RecordsTables>): PeopleStore {
  const selectById = preparedQuery(db, db.selectFrom('people').selectAll().where('id', '=', PLACEHOLDER));
  const selectByEmail = preparedQuery(db, db.selectFrom('people').selectAll().where('email_key', '=', PLACEHOLDER));
  const selectEpoch = preparedQuery(db, db.selectFrom('counters').select('value').where('name', '=', 'epoch'));
  const selectFirst = db.selectFrom('people').selectAll().orderBy('id');

  return {
    find: (id) => storeCall(async () => (await selectById(id)).map(toPerson)[0] ?? null),
    findByEmail: (email) => storeCall(async () => (await selectByEmail(emailKey(email))).map(toPerson)[0] ?? null),
    list: ({ after, limit }) =>
      storeCall(async () => {
        const page = after === null ? selectFirst : selectFirst.where('id', '>', after);
        return (await page.limit(Math.min(limit, PEOPLE_PAGE_MAX)).execute()).map(toPerson);
      }),
    save: (person) => storeCall(() => save(db, person), SAVING),
    saveAll: (people) => {
      if (people.length > PEOPLE_SAVED_MAX) return Promise.reject(new TypeError(`more than ${String(PEOPLE_SAVED_MAX)} people`));
      return storeCall(
        () =>
          db.transaction().execute(async (transaction) => {
            for (const person of people) await save(transaction, person);
          }),
        SAVING,
      );
    },
    changeStanding: (change) => storeCall(() => db.transaction().execute((transaction) => changeStanding(transaction, change))),
    epoch: () => storeCall(async () => epochField.parse((await selectEpoch('epoch'))[0]?.value)),
    listByStanding: (standing) => storeCall(async () => (await selectFirst.where('standing', '=', standing).execute()).map(toPerson)),
  };
}
