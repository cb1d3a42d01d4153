import type { Kysely, Transaction } from 'kysely';
import { GatewayError } from '#gateway/domain/errors.ts';
import type { Badge, CredentialStatus, Passkey } from '#gateway/domain/people/person.ts';
import type { CredentialId } from '#gateway/domain/site/ids.ts';
import { CREDENTIALS_PER_PERSON_MAX, type CredentialStore } from '#gateway/ports/credential-store.ts';
import { toBadge, toBadgeRow, toPasskey, toPasskeyRow } from './credential-rows.ts';
import { createSqlPinCalls } from './pin-calls.ts';
import { PLACEHOLDER, preparedQuery } from './prepared-query.ts';
import { storeCall } from './store-call.ts';
import type { RecordsTables } from './tables.ts';

async function assertRoomForBadge(db: Transaction<RecordsTables>, badge: Badge): Promise<void> {
  const others = await db
    .selectFrom('badges')
    .select('id')
    .where('person_id', '=', badge.personId)
    .where('id', '!=', badge.id)
    .limit(CREDENTIALS_PER_PERSON_MAX)
    .execute();
  if (others.length === CREDENTIALS_PER_PERSON_MAX) throw new GatewayError('store.conflict', 'The person holds as many badges as one may.');
}

async function saveBadge(db: Transaction<RecordsTables>, badge: Badge): Promise<void> {
  await assertRoomForBadge(db, badge);
  const { id, ...replaced } = toBadgeRow(badge);
  await db
    .insertInto('badges')
    .values({ id, ...replaced })
    .onConflict((conflict) => conflict.column('id').doUpdateSet(replaced))
    .execute();
}

async function addPasskey(db: Transaction<RecordsTables>, passkey: Passkey): Promise<void> {
  // Inserted first: an authenticator that is enrolled already is told so, however many passkeys the person has.
  await db.insertInto('passkeys').values(toPasskeyRow(passkey)).execute();
  const others = await db
    .selectFrom('passkeys')
    .select(['id', 'status'])
    .where('person_id', '=', passkey.personId)
    .where('id', '!=', passkey.id)
    .orderBy('created_at_ms')
    .orderBy('id')
    .execute();
  if (others.length < CREDENTIALS_PER_PERSON_MAX) return;
  const outOfUse = others.find(({ status }) => status !== 'active');
  if (outOfUse === undefined) throw new GatewayError('store.conflict', 'The person holds as many passkeys as one may.');
  await db.deleteFrom('passkeys').where('id', '=', outOfUse.id).execute();
}

async function renamePasskey(db: Kysely<RecordsTables>, id: CredentialId, label: string): Promise<void> {
  const { numUpdatedRows } = await db.updateTable('passkeys').set({ label }).where('id', '=', id).executeTakeFirst();
  if (numUpdatedRows === 0n) throw new GatewayError('resource.unknown', 'There is no such passkey.');
}

async function setStatus(db: Transaction<RecordsTables>, id: CredentialId, status: CredentialStatus): Promise<void> {
  const badges = await db.updateTable('badges').set({ status }).where('id', '=', id).executeTakeFirst();
  const passkeys = await db.updateTable('passkeys').set({ status }).where('id', '=', id).executeTakeFirst();
  const pins = await db.updateTable('pins').set({ status }).where('id', '=', id).executeTakeFirst();
  if (badges.numUpdatedRows + passkeys.numUpdatedRows + pins.numUpdatedRows === 0n)
    throw new GatewayError('resource.unknown', 'There is no such credential.');
}

export function createSqlCredentialStore(db: Kysely<RecordsTables>): CredentialStore {
  const selectBadge = preparedQuery(db, db.selectFrom('badges').selectAll().where('badge_key', '=', PLACEHOLDER));
  const selectBadgesOf = preparedQuery(db, db.selectFrom('badges').selectAll().where('person_id', '=', PLACEHOLDER).orderBy('id'));
  const selectPasskeysOf = preparedQuery(db, db.selectFrom('passkeys').selectAll().where('person_id', '=', PLACEHOLDER).orderBy('id'));
  const selectPasskey = preparedQuery(db, db.selectFrom('passkeys').selectAll().where('webauthn_id', '=', PLACEHOLDER));

  return {
    ...createSqlPinCalls(db),
    findBadge: (badgeKey) => storeCall(async () => (await selectBadge(badgeKey)).map(toBadge)[0] ?? null),
    badgesOf: (personId) => storeCall(async () => (await selectBadgesOf(personId)).map(toBadge)),
    saveBadge: (badge) =>
      storeCall(() => db.transaction().execute((transaction) => saveBadge(transaction, badge)), {
        unique: 'The badge belongs to another credential.',
      }),
    findPasskey: (webauthnId) => storeCall(async () => (await selectPasskey(webauthnId)).map(toPasskey)[0] ?? null),
    passkeysOf: (personId) => storeCall(async () => (await selectPasskeysOf(personId)).map(toPasskey)),
    addPasskey: (passkey) =>
      storeCall(() => db.transaction().execute((transaction) => addPasskey(transaction, passkey)), {
        unique: 'The passkey is enrolled already.',
      }),
    advanceCounter: (id, from, to) =>
      storeCall(async () => {
        const result = await db
          .updateTable('passkeys')
          .set({ counter: to })
          .where('id', '=', id)
          .where('counter', '=', from)
          .executeTakeFirst();
        return result.numUpdatedRows === 1n;
      }),
    markUsed: (id, atMs) =>
      storeCall(async () => {
        await db
          .updateTable('passkeys')
          .set({ last_used_at_ms: atMs })
          .where('id', '=', id)
          .where((row) => row.or([row('last_used_at_ms', 'is', null), row('last_used_at_ms', '<', atMs)]))
          .execute();
      }),
    renamePasskey: (id, label) => storeCall(() => renamePasskey(db, id, label)),
    setStatus: (id, status) => storeCall(() => db.transaction().execute((transaction) => setStatus(transaction, id, status))),
    anyPasskey: () =>
      storeCall(async () => {
        const row = await db.selectFrom('passkeys').select('id').where('status', '=', 'active').limit(1).executeTakeFirst();
        return row !== undefined;
      }),
  };
}
