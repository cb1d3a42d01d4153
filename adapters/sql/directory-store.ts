import type { Kysely, Transaction } from 'kysely';
import { z } from 'zod';
import { GatewayError } from '#gateway/domain/errors.ts';
import {
  relabel,
  type DirectoryGroup,
  type GroupGraph,
  type GroupHead,
  type GroupMember,
  type LabelChange,
} from '#gateway/domain/people/group.ts';
import type { PersonId } from '#gateway/domain/site/ids.ts';
import { DIRECTORY_GROUPS_MAX, GROUPS_PAGE_MAX, type DirectoryStore } from '#gateway/ports/directory-store.ts';
import { createDirectoryAccounts, type DirectoryAccountCalls } from './directory-accounts.ts';
import { jsonField } from './row-fields.ts';
import { storeCall } from './store-call.ts';
import type { DirectoryGroupsTable } from './directory-tables.ts';
import type { RecordsTables } from './tables.ts';
import { pagesOf } from './value-pages.ts';

const groupRow = z.object({
  id: z.string(),
  display_name: z.string(),
  external_id: z.string().nullable(),
  created_at_ms: z.int(),
  modified_at_ms: z.int(),
  version: z.int(),
});

function toHead(row: DirectoryGroupsTable): GroupHead {
  const { id, display_name, external_id, created_at_ms, modified_at_ms, version } = groupRow.parse(row);
  return { id, displayName: display_name, externalId: external_id, createdAtMs: created_at_ms, modifiedAtMs: modified_at_ms, version };
}

const memberRow = z.object({ group_id: z.string(), kind: z.enum(['person', 'group']), member_id: z.string() });
const groupsField = jsonField(z.array(z.string()));

// Branded where a stored row enters.
const toMember = (kind: 'person' | 'group', id: string): GroupMember => (kind === 'person' ? { kind, id: id as PersonId } : { kind, id });

function toGraph(ids: readonly string[], rows: readonly unknown[]): GroupGraph {
  const graph = new Map<string, GroupMember[]>(ids.map((id) => [id, []]));
  for (const row of rows) {
    const { group_id: groupId, kind, member_id: memberId } = memberRow.parse(row);
    graph.get(groupId)?.push(toMember(kind, memberId));
  }
  return graph;
}

async function applyLabels(db: Transaction<RecordsTables>, labels: readonly LabelChange[]): Promise<void> {
  for (const change of labels) {
    const row = await db.selectFrom('people').select('groups_json').where('id', '=', change.personId).executeTakeFirst();
    if (row === undefined) continue;
    const groups = relabel(groupsField.parse(row.groups_json), change);
    await db
      .updateTable('people')
      .set((eb) => ({ groups_json: JSON.stringify(groups), version: eb('version', '+', 1) }))
      .where('id', '=', change.personId)
      .execute();
  }
}

async function saveGroup(db: Transaction<RecordsTables>, group: DirectoryGroup, groupsMax: number): Promise<void> {
  const stored = await db.selectFrom('directory_groups').select('version').where('id', '=', group.id).executeTakeFirst();
  const row = {
    display_name: group.displayName,
    external_id: group.externalId,
    created_at_ms: group.createdAtMs,
    modified_at_ms: group.modifiedAtMs,
    version: (stored?.version ?? 0) + 1,
  };
  if (stored === undefined) {
    const { count } = await db
      .selectFrom('directory_groups')
      .select(({ fn }) => fn.countAll().as('count'))
      .executeTakeFirstOrThrow();
    if (Number(count) >= groupsMax) throw new GatewayError('store.conflict', 'There are too many groups.');
    await db
      .insertInto('directory_groups')
      .values({ id: group.id, ...row })
      .execute();
  } else await db.updateTable('directory_groups').set(row).where('id', '=', group.id).execute();
  await saveMembers(db, group);
}

/** Only what differs is written: one member more in a group of thousands is one row. */
async function saveMembers(db: Transaction<RecordsTables>, { id, members }: DirectoryGroup): Promise<void> {
  const rows = await db.selectFrom('directory_members').selectAll().where('group_id', '=', id).execute();
  const keyOf = (kind: string, memberId: string): string => `${kind}:${memberId}`;
  const wanted = new Map(members.map((member) => [keyOf(member.kind, member.id), member]));
  const stored = new Set(rows.map(({ kind, member_id }) => keyOf(kind, member_id)));
  for (const { kind, member_id } of rows) {
    if (wanted.has(keyOf(kind, member_id))) continue;
    await db
      .deleteFrom('directory_members')
      .where('group_id', '=', id)
      .where('kind', '=', kind)
      .where('member_id', '=', member_id)
      .execute();
  }
  const missing = [...wanted]
    .filter(([key]) => !stored.has(key))
    .map(([, member]) => ({ group_id: id, kind: member.kind, member_id: member.id }));
  for (const page of pagesOf(missing)) await db.insertInto('directory_members').values(page).execute();
}

async function removeGroup(db: Transaction<RecordsTables>, id: string): Promise<void> {
  const above = db.selectFrom('directory_members').select('group_id').where('kind', '=', 'group').where('member_id', '=', id);
  await db
    .updateTable('directory_groups')
    .set((eb) => ({ version: eb('version', '+', 1) }))
    .where('id', 'in', above)
    .execute();
  await db.deleteFrom('directory_members').where('kind', '=', 'group').where('member_id', '=', id).execute();
  await db.deleteFrom('directory_members').where('group_id', '=', id).execute();
  await db.deleteFrom('directory_groups').where('id', '=', id).execute();
}

async function readMembers(db: Kysely<RecordsTables>, ids: readonly string[]): Promise<GroupGraph> {
  const rows: unknown[] = [];
  for (const page of pagesOf(ids)) {
    rows.push(...(await db.selectFrom('directory_members').selectAll().where('group_id', 'in', page).orderBy('member_id').execute()));
  }
  return toGraph(ids, rows);
}

export function createSqlDirectoryStore(db: Kysely<RecordsTables>, groupsMax = DIRECTORY_GROUPS_MAX): DirectoryStore {
  return { ...createDirectoryAccounts(db), ...createGroupReading(db), ...createGroupWriting(db, groupsMax) };
}

type GroupWriting = Pick<DirectoryStore, 'saveGroup' | 'removeGroup'>;

function createGroupReading(db: Kysely<RecordsTables>): Omit<DirectoryStore, keyof DirectoryAccountCalls | keyof GroupWriting> {
  return {
    group: (id) =>
      storeCall(async () => {
        const row = await db.selectFrom('directory_groups').selectAll().where('id', '=', id).executeTakeFirst();
        return row === undefined ? null : { ...toHead(row), members: (await readMembers(db, [id])).get(id) ?? [] };
      }),
    groups: ({ after, limit }) =>
      storeCall(async () => {
        const first = db.selectFrom('directory_groups').selectAll().orderBy('id').limit(Math.min(limit, GROUPS_PAGE_MAX));
        return (await (after === null ? first : first.where('id', '>', after)).execute()).map(toHead);
      }),
    membersOf: (ids) =>
      storeCall(async () => {
        const known = new Set<string>();
        for (const page of pagesOf(ids)) {
          for (const { id } of await db.selectFrom('directory_groups').select('id').where('id', 'in', page).execute()) known.add(id);
        }
        return readMembers(
          db,
          ids.filter((id) => known.has(id)),
        );
      }),
    groupsWith: ({ kind, id }) =>
      storeCall(async () => {
        const rows = await db
          .selectFrom('directory_members')
          .select('group_id')
          .where('kind', '=', kind)
          .where('member_id', '=', id)
          .orderBy('group_id')
          .execute();
        return rows.map(({ group_id }) => group_id);
      }),
    nesting: () =>
      storeCall(async () => {
        const ids = await db.selectFrom('directory_groups').select('id').execute();
        const rows = await db.selectFrom('directory_members').selectAll().where('kind', '=', 'group').execute();
        return toGraph(
          ids.map(({ id }) => id),
          rows,
        );
      }),
  };
}

function createGroupWriting(db: Kysely<RecordsTables>, groupsMax: number): GroupWriting {
  return {
    saveGroup: (group, labels) =>
      storeCall(() =>
        db.transaction().execute(async (transaction) => {
          await saveGroup(transaction, group, groupsMax);
          await applyLabels(transaction, labels);
        }),
      ),
    removeGroup: (id, labels) =>
      storeCall(() =>
        db.transaction().execute(async (transaction) => {
          await removeGroup(transaction, id);
          await applyLabels(transaction, labels);
        }),
      ),
  };
}
