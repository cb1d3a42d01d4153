import type { Kysely, Transaction } from 'kysely';
import type { Pin } from '#gateway/domain/people/pin.ts';
import type { CredentialStore } from '#gateway/ports/credential-store.ts';
import { toPin, toPinAttempts, toPinAttemptsRow, toPinRow } from './pin-rows.ts';
import { PLACEHOLDER, preparedQuery } from './prepared-query.ts';
import { storeCall } from './store-call.ts';
import type { RecordsTables } from './tables.ts';

type PinCalls = Pick<CredentialStore, 'pinOf' | 'savePin' | 'pinAttemptsOf' | 'savePinAttempts'>;

/** The part of the credential store that is about PINs. */
export function createSqlPinCalls(db: Kysely<RecordsTables>): PinCalls {
  const selectPin = preparedQuery(db, db.selectFrom('pins').selectAll().where('person_id', '=', PLACEHOLDER));
  return {
    pinOf: (personId) => storeCall(async () => (await selectPin(personId)).map(toPin)[0] ?? null),
    savePin: (pin) => storeCall(() => db.transaction().execute((transaction) => savePin(transaction, pin))),
    pinAttemptsOf: (personId) =>
      storeCall(async () =>
        (await db.selectFrom('pin_attempts').selectAll().where('person_id', '=', personId).orderBy('reader_id').execute()).map(
          toPinAttempts,
        ),
      ),
    savePinAttempts: (attempts) =>
      storeCall(async () => {
        const row = toPinAttemptsRow(attempts);
        await db
          .insertInto('pin_attempts')
          .values(row)
          .onConflict((conflict) => conflict.columns(['person_id', 'reader_id']).doUpdateSet(row))
          .execute();
      }),
  };
}

async function savePin(db: Transaction<RecordsTables>, pin: Pin): Promise<void> {
  const row = toPinRow(pin);
  await db
    .insertInto('pins')
    .values(row)
    .onConflict((conflict) => conflict.column('person_id').doUpdateSet(row))
    .execute();
  await db.deleteFrom('pin_attempts').where('person_id', '=', pin.personId).execute();
}
