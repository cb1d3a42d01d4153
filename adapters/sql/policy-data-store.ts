import type { Kysely, Transaction } from 'kysely';
import { z } from 'zod';
import { canonicalJson } from '#gateway/domain/canonical-json.ts';
import { GatewayError } from '#gateway/domain/errors.ts';
import { isPart, joinData, splitData, type DataPart } from '#gateway/domain/policy/data-parts.ts';
import { toGrant, toGrantItems, toProfile, toProfileItems } from '#gateway/domain/policy/data/grant-items.ts';
import { EMPTY_DOCUMENT, type PolicyDocument } from '#gateway/domain/policy/data/items.ts';
import { dataVersionSchema, type DataVersion } from '#gateway/domain/policy/data/version.ts';
import { GRANTS_MAX, PROFILES_MAX } from '#gateway/ports/grant-store.ts';
import { DATA_VERSIONS_MAX, type CurrentData, type PolicyDataStore } from '#gateway/ports/policy-data-store.ts';
import { grantOfRow, profileOfRow, raiseVersion, toGrantRow, toProfileRow } from './grant-store.ts';
import { pack, unpackText } from './policy-rows.ts';
import { storeCall } from './store-call.ts';
import type { RecordsTables } from './tables.ts';

type Db = Kysely<RecordsTables>;

interface Limits {
  readonly versionsMax: number;
  readonly grantsMax: number;
  readonly profilesMax: number;
}

export function createSqlPolicyDataStore(
  db: Db,
  limits: Limits = { versionsMax: DATA_VERSIONS_MAX, grantsMax: GRANTS_MAX, profilesMax: PROFILES_MAX },
): PolicyDataStore {
  return {
    current: () => storeCall(() => db.transaction().execute(readCurrent)),
    commit: (change) => storeCall(() => commit(db, limits, change)),
    versions: ({ before, limit }) =>
      storeCall(async () => {
        const all = db.selectFrom('data_versions').select('detail_json').orderBy('version', 'desc').limit(limit);
        const rows = await (before === null ? all : all.where('version', '<', before)).execute();
        return rows.map(({ detail_json }) => dataVersionSchema.parse(JSON.parse(detail_json)));
      }),
    at: (version) => storeCall(() => readVersion(db, version)),
  };
}

/** In one transaction: an import between two reads would mix two states. */
async function readCurrent(db: Transaction<RecordsTables>): Promise<CurrentData> {
  const last = await lastVersion(db);
  const [profiles, grants] = [await db.selectFrom('profiles').selectAll().execute(), await db.selectFrom('grants').selectAll().execute()];
  const grantsVersion = await readGrantsVersion(db);
  const settings = last === null ? {} : await readParts(db, last.version, 'settings');
  return {
    version: last?.version ?? 0,
    document: {
      ...EMPTY_DOCUMENT,
      ...settings,
      profiles: toProfileItems(profiles.map(profileOfRow)),
      grants: toGrantItems(grants.map(grantOfRow)),
    },
    grantsVersion,
    isRecorded: grantsVersion === (last?.grants_version ?? 0),
  };
}

async function lastVersion(db: Db) {
  const row = await db
    .selectFrom('data_versions')
    .select(['version', 'grants_version'])
    .orderBy('version', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row ?? null;
}

async function readGrantsVersion(db: Db): Promise<number> {
  const row = await db.selectFrom('counters').select('value').where('name', '=', 'grants_version').executeTakeFirst();
  return z.int().parse(row?.value);
}

async function readVersion(db: Db, version: number): Promise<PolicyDocument | null> {
  if (version === 0) return EMPTY_DOCUMENT;
  const known = await db.selectFrom('data_versions').select('version').where('version', '=', version).executeTakeFirst();
  return known === undefined ? null : { ...EMPTY_DOCUMENT, ...(await readParts(db, version, 'all')) };
}

/** What is not of a part's default is what passed the schemas when it was kept. */
async function readParts(db: Db, version: number, which: 'all' | 'settings'): Promise<Partial<PolicyDocument>> {
  const all = db
    .selectFrom('data_version_refs')
    .innerJoin('data_version_parts', 'data_version_parts.hash', 'data_version_refs.hash')
    .select(['data_version_refs.section', 'data_version_parts.hash', 'data_version_parts.body'])
    .where('data_version_refs.version', '=', version);
  const rows = await (which === 'all' ? all : all.where('data_version_refs.section', 'not in', ['profiles', 'grants'])).execute();
  try {
    const parts = await Promise.all(rows.map(async ({ section, hash, body }) => ({ section, json: await unpackPart(hash, body) })));
    return joinData(parts).gatehouse;
  } catch (cause) {
    throw new GatewayError('store.corrupt', 'A stored version of the policy data cannot be read.', { cause });
  }
}

async function unpackPart(hash: string, body: Uint8Array): Promise<string> {
  const json = await unpackText(body);
  if (!isPart(json, hash)) throw new TypeError('the part is not the one of this name');
  return json;
}

async function commit(db: Db, limits: Limits, { from, document, entry }: Parameters<PolicyDataStore['commit']>[0]): Promise<boolean> {
  if (Object.keys(document.grants).length > limits.grantsMax || Object.keys(document.profiles).length > limits.profilesMax) {
    throw new GatewayError('store.conflict', 'There are as many grants or profiles as there may be.');
  }
  // Packed outside the transaction, which is then short.
  const parts = splitData({ gatehouse: document });
  const packed = await missingParts(db, parts);
  return db.transaction().execute(async (transaction) => {
    const last = await lastVersion(transaction);
    const isCurrent = (last?.version ?? 0) === from.version && (await readGrantsVersion(transaction)) === from.grantsVersion;
    if (!isCurrent) return false;
    await writeGrants(transaction, document);
    await raiseVersion(transaction);
    const grants_version = await readGrantsVersion(transaction);
    await transaction
      .insertInto('data_versions')
      .values({ version: entry.version, grants_version, detail_json: JSON.stringify(entry) })
      .execute();
    await writeParts(transaction, entry, { parts, packed });
    await forgetOldest(transaction, limits.versionsMax);
    return true;
  });
}

/** Only rows that differ. A grant goes before its profile, and comes after it. */
async function writeGrants(db: Transaction<RecordsTables>, document: PolicyDocument): Promise<void> {
  const { document: before } = await readCurrent(db);
  const differ = <Item>(from: Readonly<Record<string, Item>>, to: Readonly<Record<string, Item>>): [string, Item][] =>
    Object.entries(to).filter(([id, item]) => !Object.hasOwn(from, id) || canonicalJson(from[id]) !== canonicalJson(item));
  const gone = (from: object, to: object): string[] => Object.keys(from).filter((id) => !Object.hasOwn(to, id));
  for (const [id, item] of differ(before.profiles, document.profiles)) {
    const { id: key, ...row } = toProfileRow(toProfile(id, item));
    await db
      .insertInto('profiles')
      .values({ id: key, ...row })
      .onConflict((conflict) => conflict.column('id').doUpdateSet(row))
      .execute();
  }
  for (const [id, item] of differ(before.grants, document.grants)) {
    const { id: key, ...row } = toGrantRow(toGrant(id, item));
    await db
      .insertInto('grants')
      .values({ id: key, ...row })
      .onConflict((conflict) => conflict.column('id').doUpdateSet(row))
      .execute();
  }
  for (const id of gone(before.grants, document.grants)) await db.deleteFrom('grants').where('id', '=', id).execute();
  for (const id of gone(before.profiles, document.profiles)) await db.deleteFrom('profiles').where('id', '=', id).execute();
}

type Packed = readonly { readonly hash: string; readonly body: Uint8Array }[];

async function missingParts(db: Db, parts: readonly DataPart[]): Promise<Packed> {
  const packed: { readonly hash: string; readonly body: Uint8Array }[] = [];
  for (const { hash, json } of parts) {
    const known = await db.selectFrom('data_version_parts').select('hash').where('hash', '=', hash).executeTakeFirst();
    if (known === undefined) packed.push({ hash, body: await pack(json) });
  }
  return packed;
}

async function writeParts(
  db: Transaction<RecordsTables>,
  { version }: DataVersion,
  { parts, packed }: { readonly parts: readonly DataPart[]; readonly packed: Packed },
): Promise<void> {
  for (const part of packed) {
    await db
      .insertInto('data_version_parts')
      .values(part)
      .onConflict((conflict) => conflict.column('hash').doNothing())
      .execute();
  }
  for (const { section, hash } of parts) await db.insertInto('data_version_refs').values({ version, section, hash }).execute();
}

async function forgetOldest(db: Transaction<RecordsTables>, versionsMax: number): Promise<void> {
  const beyond = await db
    .selectFrom('data_versions')
    .select('version')
    .orderBy('version', 'desc')
    .offset(versionsMax)
    .limit(1)
    .executeTakeFirst();
  if (beyond === undefined) return;
  await db.deleteFrom('data_version_refs').where('version', '<=', beyond.version).execute();
  await db.deleteFrom('data_versions').where('version', '<=', beyond.version).execute();
  await db.deleteFrom('data_version_parts').where('hash', 'not in', db.selectFrom('data_version_refs').select('hash')).execute();
}
