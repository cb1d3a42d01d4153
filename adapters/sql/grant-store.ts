import type { Kysely, Transaction } from 'kysely';
import { z } from 'zod';
import { GatewayError } from '#gateway/domain/errors.ts';
import type { AccessProfile, Grant } from '#gateway/domain/people/person.ts';
import type { GrantId, ProfileId } from '#gateway/domain/site/ids.ts';
import { GRANTS_MAX, PROFILES_MAX, type GrantStore } from '#gateway/ports/grant-store.ts';
import { PLACEHOLDER, preparedQuery } from './prepared-query.ts';
import { epochMsField, idField, jsonField } from './row-fields.ts';
import { storeCall } from './store-call.ts';
import type { GrantsTable, ProfilesTable } from './policy-tables.ts';
import type { RecordsTables } from './tables.ts';

interface Limits {
  readonly grantsMax: number;
  readonly profilesMax: number;
}

const profileRowSchema = z.object({
  id: idField<ProfileId>(),
  name: z.string(),
  resources_json: jsonField(z.array(z.strictObject({ kind: z.enum(['door', 'app', 'vpn_realm']), id: z.string() }))),
});

export function profileOfRow(row: ProfilesTable): AccessProfile {
  const parsed = profileRowSchema.parse(row);
  return { id: parsed.id, name: parsed.name, resources: parsed.resources_json };
}

const grantRowSchema = z.object({
  id: idField<GrantId>(),
  profile_id: idField<ProfileId>(),
  holder_kind: z.enum(['person', 'group', 'role']),
  holder_id: z.string(),
  schedule: z.string(),
  valid_from_ms: epochMsField,
  valid_until_ms: epochMsField,
  reason: z.string(),
});

export function grantOfRow(row: GrantsTable): Grant {
  const parsed = grantRowSchema.parse(row);
  return {
    id: parsed.id,
    profileId: parsed.profile_id,
    holder: { kind: parsed.holder_kind, id: parsed.holder_id },
    schedule: parsed.schedule,
    validFromMs: parsed.valid_from_ms,
    validUntilMs: parsed.valid_until_ms,
    reason: parsed.reason,
  };
}

export const toGrantRow = (grant: Grant): GrantsTable => ({
  id: grant.id,
  profile_id: grant.profileId,
  holder_kind: grant.holder.kind,
  holder_id: grant.holder.id,
  schedule: grant.schedule,
  valid_from_ms: grant.validFromMs,
  valid_until_ms: grant.validUntilMs,
  reason: grant.reason,
});

export const toProfileRow = ({ id, name, resources }: AccessProfile): ProfilesTable => ({
  id,
  name,
  resources_json: JSON.stringify(resources),
});

export async function raiseVersion(db: Transaction<RecordsTables>): Promise<void> {
  await db
    .updateTable('counters')
    .set((eb) => ({ value: eb('value', '+', 1) }))
    .where('name', '=', 'grants_version')
    .execute();
}

async function assertAtMost(db: Transaction<RecordsTables>, table: 'grants' | 'profiles', max: number): Promise<void> {
  const { rows } = await db
    .selectFrom(table)
    .select((eb) => eb.fn.countAll<number>().as('rows'))
    .executeTakeFirstOrThrow();
  if (rows > max) throw new GatewayError('store.conflict', `There are as many ${table} as there may be.`);
}

async function saveProfile(db: Transaction<RecordsTables>, profile: AccessProfile, max: number): Promise<void> {
  const { id, ...replaced } = toProfileRow(profile);
  await db
    .insertInto('profiles')
    .values({ id, ...replaced })
    .onConflict((conflict) => conflict.column('id').doUpdateSet(replaced))
    .execute();
  await assertAtMost(db, 'profiles', max);
  await raiseVersion(db);
}

async function saveGrant(db: Transaction<RecordsTables>, grant: Grant, max: number): Promise<void> {
  const { id, ...replaced } = toGrantRow(grant);
  await db
    .insertInto('grants')
    .values({ id, ...replaced })
    .onConflict((conflict) => conflict.column('id').doUpdateSet(replaced))
    .execute();
  await assertAtMost(db, 'grants', max);
  await raiseVersion(db);
}

async function removeGrant(db: Transaction<RecordsTables>, id: GrantId): Promise<boolean> {
  const { numDeletedRows } = await db.deleteFrom('grants').where('id', '=', id).executeTakeFirst();
  if (numDeletedRows === 0n) return false;
  await raiseVersion(db);
  return true;
}

export function createSqlGrantStore(
  db: Kysely<RecordsTables>,
  limits: Limits = { grantsMax: GRANTS_MAX, profilesMax: PROFILES_MAX },
): GrantStore {
  const selectVersion = preparedQuery(
    db,
    db
      .selectFrom('counters')
      .select('value')
      .where('name', '=', PLACEHOLDER as 'grants_version'),
  );

  return {
    profiles: () => storeCall(async () => (await db.selectFrom('profiles').selectAll().orderBy('id').execute()).map(profileOfRow)),
    grants: () => storeCall(async () => (await db.selectFrom('grants').selectAll().orderBy('id').execute()).map(grantOfRow)),
    saveProfile: (profile) =>
      storeCall(() => db.transaction().execute((transaction) => saveProfile(transaction, profile, limits.profilesMax))),
    saveGrant: (grant) =>
      storeCall(() => db.transaction().execute((transaction) => saveGrant(transaction, grant, limits.grantsMax)), {
        foreignKey: 'There is no such access profile.',
      }),
    removeGrant: (id) => storeCall(() => db.transaction().execute((transaction) => removeGrant(transaction, id))),
    version: () => storeCall(async () => z.int().parse((await selectVersion('grants_version'))[0]?.value)),
  };
}
