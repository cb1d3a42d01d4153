import type { Kysely } from 'kysely';
import type { SqlDialect } from '../dialect.ts';
import type { RecordsTables } from '../tables.ts';

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

export async function createPoliciesAndData(db: Kysely<RecordsTables>, dialect: SqlDialect): Promise<void> {
  await createPolicies(db, dialect);
  await createPolicyData(db, dialect);
}
