import type { Kysely } from 'kysely';
import type { SqlDialect } from '../dialect.ts';
import type { RecordsTables } from '../tables.ts';

async function createPeople(db: Kysely<RecordsTables>): Promise<void> {
  await db.schema
    .createTable('people')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('display_name', 'text', (column) => column.notNull())
    .addColumn('email', 'text')
    .addColumn('email_key', 'text', (column) => column.unique())
    .addColumn('standing', 'text', (column) => column.notNull())
    .addColumn('standing_changed_at_ms', 'bigint')
    .addColumn('roles_json', 'text', (column) => column.notNull())
    .addColumn('groups_json', 'text', (column) => column.notNull())
    .addColumn('clearance', 'integer', (column) => column.notNull())
    .addColumn('employment_end_ms', 'bigint')
    .addColumn('accessibility', 'integer', (column) => column.notNull())
    .addColumn('version', 'integer', (column) => column.notNull())
    .execute();
  await db.schema.createIndex('people_by_standing').on('people').columns(['standing', 'id']).execute();
  await db.schema
    .createTable('presences')
    .addColumn('person_id', 'text', (column) => column.primaryKey())
    .addColumn('state', 'text', (column) => column.notNull())
    .addColumn('site_id', 'text')
    .addColumn('area_id', 'text')
    .addColumn('confidence', 'text', (column) => column.notNull())
    .addColumn('observed_at_ms', 'bigint', (column) => column.notNull())
    .addColumn('source_seq', 'bigint', (column) => column.notNull())
    .execute();
  await db.schema.createIndex('presences_by_area').on('presences').column('area_id').execute();
}

async function createCredentials(db: Kysely<RecordsTables>, dialect: SqlDialect): Promise<void> {
  await db.schema
    .createTable('badges')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('person_id', 'text', (column) => column.notNull())
    .addColumn('badge_key', 'text', (column) => column.notNull().unique())
    .addColumn('status', 'text', (column) => column.notNull())
    .addColumn('valid_from_ms', 'bigint')
    .addColumn('valid_until_ms', 'bigint')
    .execute();
  await db.schema.createIndex('badges_by_person').on('badges').column('person_id').execute();
  await db.schema
    .createTable('passkeys')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('person_id', 'text', (column) => column.notNull())
    .addColumn('webauthn_id', 'text', (column) => column.notNull().unique())
    .addColumn('public_key', dialect.bytes, (column) => column.notNull())
    .addColumn('counter', 'bigint', (column) => column.notNull())
    .addColumn('transports_json', 'text', (column) => column.notNull())
    .addColumn('backed_up', 'integer', (column) => column.notNull())
    .addColumn('label', 'text', (column) => column.notNull())
    .addColumn('status', 'text', (column) => column.notNull())
    .addColumn('created_at_ms', 'bigint', (column) => column.notNull())
    .execute();
  await db.schema.createIndex('passkeys_by_person').on('passkeys').column('person_id').execute();
}

async function createGrants(db: Kysely<RecordsTables>): Promise<void> {
  await db.schema
    .createTable('profiles')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('name', 'text', (column) => column.notNull())
    .addColumn('resources_json', 'text', (column) => column.notNull())
    .execute();
  await db.schema
    .createTable('grants')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('profile_id', 'text', (column) => column.notNull().references('profiles.id'))
    .addColumn('holder_kind', 'text', (column) => column.notNull())
    .addColumn('holder_id', 'text', (column) => column.notNull())
    .addColumn('schedule', 'text', (column) => column.notNull())
    .addColumn('valid_from_ms', 'bigint')
    .addColumn('valid_until_ms', 'bigint')
    .addColumn('reason', 'text', (column) => column.notNull())
    .execute();
  await db.schema.createIndex('grants_by_profile').on('grants').column('profile_id').execute();
}

async function createSessions(db: Kysely<RecordsTables>): Promise<void> {
  await db.schema
    .createTable('console_sessions')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('person_id', 'text', (column) => column.notNull())
    .addColumn('kind', 'text', (column) => column.notNull())
    .addColumn('secret_sha256', 'text', (column) => column.notNull().unique())
    .addColumn('created_at_ms', 'bigint', (column) => column.notNull())
    .addColumn('authenticated_at_ms', 'bigint', (column) => column.notNull())
    .addColumn('expires_at_ms', 'bigint', (column) => column.notNull())
    .execute();
  await db.schema.createIndex('console_sessions_by_person').on('console_sessions').column('person_id').execute();
  await db.schema
    .createTable('one_time_items')
    .addColumn('purpose', 'text', (column) => column.notNull())
    .addColumn('item_key', 'text', (column) => column.notNull())
    .addColumn('payload_json', 'text', (column) => column.notNull())
    .addColumn('expires_at_ms', 'bigint', (column) => column.notNull())
    .addPrimaryKeyConstraint('one_time_items_key', ['purpose', 'item_key'])
    .execute();
  await db.schema.createIndex('one_time_items_by_expiry').on('one_time_items').column('expires_at_ms').execute();
}

async function createOidcArtifacts(db: Kysely<RecordsTables>): Promise<void> {
  await db.schema
    .createTable('oidc_artifacts')
    .addColumn('model', 'text', (column) => column.notNull())
    .addColumn('id', 'text', (column) => column.notNull())
    .addColumn('payload_json', 'text', (column) => column.notNull())
    .addColumn('person_id', 'text')
    .addColumn('client_id', 'text')
    .addColumn('grant_id', 'text')
    .addColumn('uid', 'text')
    .addColumn('user_code', 'text')
    .addColumn('expires_at_ms', 'bigint')
    .addColumn('consumed_at_ms', 'bigint')
    .addPrimaryKeyConstraint('oidc_artifacts_key', ['model', 'id'])
    .execute();
  for (const column of ['person_id', 'grant_id', 'uid', 'user_code', 'expires_at_ms'] as const) {
    await db.schema.createIndex(`oidc_artifacts_by_${column}`).on('oidc_artifacts').column(column).execute();
  }
}

async function createSecretsAndCounters(db: Kysely<RecordsTables>, dialect: SqlDialect): Promise<void> {
  await db.schema
    .createTable('secrets')
    .addColumn('name', 'text', (column) => column.primaryKey())
    .addColumn('sealed', dialect.bytes, (column) => column.notNull())
    .execute();
  await db.schema
    .createTable('counters')
    .addColumn('name', 'text', (column) => column.primaryKey())
    .addColumn('value', 'bigint', (column) => column.notNull())
    .execute();
  await db
    .insertInto('counters')
    .values([
      { name: 'epoch', value: 0 },
      { name: 'grants_version', value: 0 },
    ])
    .execute();
}

export async function createRecords(db: Kysely<RecordsTables>, dialect: SqlDialect): Promise<void> {
  await createPeople(db);
  await createCredentials(db, dialect);
  await createGrants(db);
  await createSessions(db);
  await createOidcArtifacts(db);
  await createSecretsAndCounters(db, dialect);
}
