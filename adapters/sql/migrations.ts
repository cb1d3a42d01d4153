import type { ColumnDataType, Kysely, Transaction } from 'kysely';
import type { RecordsTables } from './tables.ts';

/** What the two databases call differently. */
export interface SqlDialect {
  readonly bytes: ColumnDataType;
}
export const SQLITE: SqlDialect = { bytes: 'blob' };
export const POSTGRES: SqlDialect = { bytes: 'bytea' };

interface Migration {
  /** Rising, and never changed, reordered or given twice; a database takes those that it has not had, in this order. */
  readonly number: number;
  readonly name: string;
  readonly up: (db: Transaction<RecordsTables>, dialect: SqlDialect) => Promise<void>;
}

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

async function createPendingRecords(db: Kysely<RecordsTables>): Promise<void> {
  await db.schema
    .createTable('pending_records')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('position', 'bigint', (column) => column.notNull().unique())
    .addColumn('record_json', 'text', (column) => column.notNull())
    .execute();
}

/** Sessions from before say nothing of how they began: to the policy they are sessions without an authentication class. */
async function addSessionAuthentication(db: Kysely<RecordsTables>): Promise<void> {
  const table = () => db.schema.alterTable('console_sessions');
  // One statement a column: SQLite adds no more at once.
  await table()
    .addColumn('amr_json', 'text', (column) => column.notNull().defaultTo('[]'))
    .execute();
  await table()
    .addColumn('acr', 'text', (column) => column.notNull().defaultTo(''))
    .execute();
  await table()
    .addColumn('user_verified', 'integer', (column) => column.notNull().defaultTo(0))
    .execute();
}

async function createPins(db: Kysely<RecordsTables>, dialect: SqlDialect): Promise<void> {
  await db.schema
    .createTable('pins')
    .addColumn('person_id', 'text', (column) => column.primaryKey())
    .addColumn('id', 'text', (column) => column.notNull().unique())
    .addColumn('salt', dialect.bytes, (column) => column.notNull())
    .addColumn('cost_n', 'integer', (column) => column.notNull())
    .addColumn('cost_r', 'integer', (column) => column.notNull())
    .addColumn('cost_p', 'integer', (column) => column.notNull())
    .addColumn('hash', dialect.bytes, (column) => column.notNull())
    .addColumn('duress_hash', dialect.bytes)
    .addColumn('status', 'text', (column) => column.notNull())
    .addColumn('changed_at_ms', 'bigint', (column) => column.notNull())
    .execute();
  await db.schema
    .createTable('pin_attempts')
    .addColumn('person_id', 'text', (column) => column.notNull())
    .addColumn('reader_id', 'text', (column) => column.notNull())
    .addColumn('wrong_at_ms_json', 'text', (column) => column.notNull())
    .addColumn('locks', 'integer', (column) => column.notNull())
    .addColumn('locked_until_ms', 'bigint', (column) => column.notNull())
    .addPrimaryKeyConstraint('pin_attempts_key', ['person_id', 'reader_id'])
    .execute();
}

async function createPolicies(db: Kysely<RecordsTables>, dialect: SqlDialect): Promise<void> {
  await db.schema
    .createTable('policy_revisions')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('position', 'bigint', (column) => column.notNull().unique())
    .addColumn('state', 'text', (column) => column.notNull())
    .addColumn('revision', 'text')
    .addColumn('detail_json', 'text', (column) => column.notNull())
    .addColumn('content', dialect.bytes, (column) => column.notNull())
    .execute();
  await db.schema.createIndex('policy_revisions_by_revision').on('policy_revisions').column('revision').execute();
  await db.schema
    .createTable('policy_bundles')
    .addColumn('revision', 'text', (column) => column.primaryKey())
    .addColumn('manifest_json', 'text', (column) => column.notNull())
    .addColumn('wasm', dialect.bytes, (column) => column.notNull())
    .addColumn('data_json', 'text', (column) => column.notNull())
    .addColumn('plan', dialect.bytes)
    .execute();
  await db.schema
    .createTable('policy_reports')
    .addColumn('revision_id', 'text', (column) => column.notNull().references('policy_revisions.id'))
    .addColumn('kind', 'text', (column) => column.notNull())
    .addColumn('body', dialect.bytes, (column) => column.notNull())
    .addPrimaryKeyConstraint('policy_reports_key', ['revision_id', 'kind'])
    .execute();
  await db.schema
    .createTable('policy_activations')
    .addColumn('number', 'bigint', (column) => column.primaryKey())
    .addColumn('revision_id', 'text', (column) => column.notNull().references('policy_revisions.id'))
    .addColumn('revision', 'text', (column) => column.notNull())
    .addColumn('previous_id', 'text')
    .addColumn('activated_at_ms', 'bigint', (column) => column.notNull())
    .execute();
}

async function createPolicyData(db: Kysely<RecordsTables>, dialect: SqlDialect): Promise<void> {
  await db.schema
    .createTable('policy_data_parts')
    .addColumn('hash', 'text', (column) => column.primaryKey())
    .addColumn('body', dialect.bytes, (column) => column.notNull())
    .execute();
  await db.schema
    .createTable('policy_data')
    .addColumn('data_revision', 'text', (column) => column.primaryKey())
    .addColumn('kept_at_ms', 'bigint', (column) => column.notNull())
    .execute();
  await db.schema.createIndex('policy_data_by_time').on('policy_data').column('kept_at_ms').execute();
  await db.schema
    .createTable('policy_data_refs')
    .addColumn('data_revision', 'text', (column) => column.notNull().references('policy_data.data_revision'))
    .addColumn('section', 'text', (column) => column.notNull())
    .addColumn('hash', 'text', (column) => column.notNull().references('policy_data_parts.hash'))
    .addPrimaryKeyConstraint('policy_data_refs_key', ['data_revision', 'section', 'hash'])
    .execute();
  await db.schema.createIndex('policy_data_refs_by_hash').on('policy_data_refs').column('hash').execute();
}

async function createVpnSessions(db: Kysely<RecordsTables>): Promise<void> {
  await db.schema
    .createTable('vpn_sessions')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('realm_id', 'text', (column) => column.notNull())
    .addColumn('person_id', 'text', (column) => column.notNull())
    .addColumn('user_name', 'text', (column) => column.notNull())
    .addColumn('server_session_id', 'text', (column) => column.notNull())
    .addColumn('started_at_ms', 'bigint', (column) => column.notNull())
    .addColumn('seen_at_ms', 'bigint', (column) => column.notNull())
    .addColumn('ip', 'text')
    .addColumn('authentication_json', 'text', (column) => column.notNull())
    .addColumn('decision_id', 'text')
    .addColumn('correlation', 'text', (column) => column.notNull())
    .addUniqueConstraint('vpn_sessions_by_server_name', ['realm_id', 'server_session_id'])
    .execute();
  await db.schema.createIndex('vpn_sessions_by_person').on('vpn_sessions').column('person_id').execute();
  await db.schema.createIndex('vpn_sessions_by_sign_of_life').on('vpn_sessions').columns(['realm_id', 'seen_at_ms']).execute();
}

async function createDataVersions(db: Kysely<RecordsTables>, dialect: SqlDialect): Promise<void> {
  await db.schema
    .createTable('data_version_parts')
    .addColumn('hash', 'text', (column) => column.primaryKey())
    .addColumn('body', dialect.bytes, (column) => column.notNull())
    .execute();
  await db.schema
    .createTable('data_versions')
    .addColumn('version', 'bigint', (column) => column.primaryKey())
    .addColumn('grants_version', 'bigint', (column) => column.notNull())
    .addColumn('detail_json', 'text', (column) => column.notNull())
    .execute();
  await db.schema
    .createTable('data_version_refs')
    .addColumn('version', 'bigint', (column) => column.notNull().references('data_versions.version'))
    .addColumn('section', 'text', (column) => column.notNull())
    .addColumn('hash', 'text', (column) => column.notNull().references('data_version_parts.hash'))
    .addPrimaryKeyConstraint('data_version_refs_key', ['version', 'section', 'hash'])
    .execute();
  await db.schema.createIndex('data_version_refs_by_hash').on('data_version_refs').column('hash').execute();
}

async function createFaceDevices(db: Kysely<RecordsTables>): Promise<void> {
  await db.schema
    .createTable('face_devices')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('reader_id', 'text', (column) => column.notNull())
    .addColumn('label', 'text', (column) => column.notNull())
    .addColumn('public_key_json', 'text', (column) => column.notNull())
    .addColumn('pack_hash', 'text', (column) => column.notNull())
    .addColumn('status', 'text', (column) => column.notNull())
    .addColumn('enrolled_at_ms', 'bigint', (column) => column.notNull())
    .execute();
  await db.schema.createIndex('face_devices_by_reader').on('face_devices').columns(['reader_id', 'status']).execute();
}

async function createDirectory(db: Kysely<RecordsTables>): Promise<void> {
  await db.schema
    .createTable('directory_accounts')
    .addColumn('person_id', 'text', (column) => column.primaryKey())
    .addColumn('user_name', 'text', (column) => column.notNull())
    .addColumn('user_name_key', 'text', (column) => column.notNull().unique())
    .addColumn('external_id', 'text')
    .addColumn('created_at_ms', 'bigint', (column) => column.notNull())
    .addColumn('modified_at_ms', 'bigint', (column) => column.notNull())
    .execute();
  await db.schema.createIndex('directory_accounts_by_external_id').on('directory_accounts').column('external_id').execute();
  await db.schema
    .createTable('directory_groups')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('display_name', 'text', (column) => column.notNull())
    .addColumn('external_id', 'text')
    .addColumn('created_at_ms', 'bigint', (column) => column.notNull())
    .addColumn('modified_at_ms', 'bigint', (column) => column.notNull())
    .addColumn('version', 'integer', (column) => column.notNull())
    .execute();
  await db.schema
    .createTable('directory_members')
    .addColumn('group_id', 'text', (column) => column.notNull().references('directory_groups.id'))
    .addColumn('kind', 'text', (column) => column.notNull())
    .addColumn('member_id', 'text', (column) => column.notNull())
    .addPrimaryKeyConstraint('directory_members_key', ['group_id', 'kind', 'member_id'])
    .execute();
  await db.schema.createIndex('directory_members_by_member').on('directory_members').columns(['kind', 'member_id']).execute();
}

export const MIGRATIONS: readonly Migration[] = [
  {
    number: 1,
    name: 'records',
    up: async (db, dialect) => {
      await createPeople(db);
      await createCredentials(db, dialect);
      await createGrants(db);
      await createSessions(db);
      await createOidcArtifacts(db);
      await createSecretsAndCounters(db, dialect);
    },
  },
  { number: 2, name: 'pending records', up: createPendingRecords },
  { number: 3, name: 'authentication of sessions', up: addSessionAuthentication },
  { number: 4, name: 'pins', up: createPins },
  {
    number: 5,
    name: 'policies',
    up: async (db, dialect) => {
      await createPolicies(db, dialect);
      await createPolicyData(db, dialect);
    },
  },
  { number: 6, name: 'vpn sessions', up: createVpnSessions },
  { number: 7, name: 'versions of the policy data', up: createDataVersions },
  { number: 8, name: 'face terminals', up: createFaceDevices },
  { number: 9, name: 'directories outside', up: createDirectory },
];
