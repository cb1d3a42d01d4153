import type { Kysely } from 'kysely';
import { z } from 'zod';
import type { DirectoryAccount } from '#gateway/domain/people/group.ts';
import type { PersonId } from '#gateway/domain/site/ids.ts';
import { EXTERNAL_ID_OWNERS_MAX, type DirectoryStore } from '#gateway/ports/directory-store.ts';
import { createSqlPeopleStore } from './people-store.ts';
import { idField } from './row-fields.ts';
import { storeCall } from './store-call.ts';
import type { DirectoryAccountsTable } from './directory-tables.ts';
import type { RecordsTables } from './tables.ts';
import { pagesOf } from './value-pages.ts';

const nameKey = (userName: string): string => userName.toLowerCase();

const accountRow = z.object({
  person_id: idField<PersonId>(),
  user_name: z.string(),
  external_id: z.string().nullable(),
  created_at_ms: z.int(),
  modified_at_ms: z.int(),
});

function toAccount(row: DirectoryAccountsTable): DirectoryAccount {
  const { person_id: personId, user_name: userName, external_id: externalId, created_at_ms, modified_at_ms } = accountRow.parse(row);
  return { personId, userName, externalId, createdAtMs: created_at_ms, modifiedAtMs: modified_at_ms };
}

export type DirectoryAccountCalls = Pick<DirectoryStore, 'accounts' | 'accountByUserName' | 'accountsByExternalId' | 'saveUser'>;

/** The names under which directories know people. */
export function createDirectoryAccounts(db: Kysely<RecordsTables>): DirectoryAccountCalls {
  const account = db.selectFrom('directory_accounts').selectAll();
  return {
    accounts: (ids) =>
      storeCall(async () => {
        const found = new Map<PersonId, DirectoryAccount>();
        for (const page of pagesOf(ids)) {
          for (const row of await account.where('person_id', 'in', page).execute()) {
            const one = toAccount(row);
            found.set(one.personId, one);
          }
        }
        return found;
      }),
    accountByUserName: (userName) =>
      storeCall(async () => {
        const row = await account.where('user_name_key', '=', nameKey(userName)).executeTakeFirst();
        return row === undefined ? null : toAccount(row);
      }),
    accountsByExternalId: (externalId) =>
      storeCall(async () => {
        const oldestFirst = account.where('external_id', '=', externalId).orderBy('created_at_ms').orderBy('person_id');
        return (await oldestFirst.limit(EXTERNAL_ID_OWNERS_MAX).execute()).map(toAccount);
      }),
    saveUser: (person, saved) =>
      storeCall(
        () =>
          db.transaction().execute(async (transaction) => {
            await createSqlPeopleStore(transaction).save(person);
            if (saved === null) {
              await transaction.deleteFrom('directory_accounts').where('person_id', '=', person.id).execute();
              return;
            }
            const { createdAtMs, externalId, modifiedAtMs, userName } = saved;
            const row = {
              user_name: userName,
              user_name_key: nameKey(userName),
              external_id: externalId,
              created_at_ms: createdAtMs,
              modified_at_ms: modifiedAtMs,
            };
            await transaction
              .insertInto('directory_accounts')
              .values({ person_id: person.id, ...row })
              .onConflict((conflict) => conflict.column('person_id').doUpdateSet(row))
              .execute();
          }),
        { unique: 'The user name belongs to another person.' },
      ),
  };
}
