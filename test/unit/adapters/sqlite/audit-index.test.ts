import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createAuditIndexWriter, INDEX_EVERY, toBucket } from '#adapters/sqlite/audit/audit-index.ts';
import { createAuditReader } from '#adapters/sqlite/audit/audit-reader.ts';
import { prepareAuditTables } from '#adapters/sqlite/audit/audit-tables.ts';
import { createAuditWriter, type AuditRow } from '#adapters/sqlite/audit/audit-writer.ts';
import { verifyAuditFile } from '#adapters/sqlite/audit/verify-audit-file.ts';
import { isDiskFull, openSqlite, type SqliteDatabase } from '#adapters/sqlite/node-sqlite.ts';
import type { AuditRecord } from '#gateway/domain/audit/record.ts';
import { relatedIds } from '#gateway/domain/audit/related-ids.ts';
import { AUDIT_READ_MAX, type AuditEntry, type AuditQuery } from '#gateway/ports/audit-log.ts';
import { someAlarm, someDecision, someOutcome } from '#test/support/audit-records.ts';
import { temporaryFolder } from '#test/support/temporary-folder.ts';

const toRow = (record: AuditRecord): AuditRow => ({ recordJson: JSON.stringify(record), type: record.type, ...relatedIds(record) });

/** Entry `index` of a log in which people and doors recur, and alarms are rare. */
function recordAt(index: number): AuditRecord {
  const of = { personId: `person_${index % 7}`, resourceId: `door_${index % 5}` };
  if (index % 97 === 0) return someAlarm('osdp.mac_mismatch');
  return index % 3 === 0 ? someOutcome(`decision_${index - 1}`, of) : someDecision(`decision_${index}`, of);
}

interface OpenLog {
  readonly file: string;
  readonly database: SqliteDatabase;
}

async function openLog(): Promise<OpenLog> {
  const file = join(await temporaryFolder(), 'audit.db');
  const database = await openSqlite(file);
  onTestFinished(() => database.close());
  return { file, database };
}

function readerOf(file: string) {
  const reader = createAuditReader(file);
  onTestFinished(() => reader.close());
  return reader;
}

/** Appends `count` entries in groups of these sizes, again and again. */
function fill(database: SqliteDatabase, count: number, sizes: readonly number[]): void {
  const writer = createAuditWriter(database);
  for (let [index, group] = [0, 0]; index < count; group += 1) {
    const size = Math.min(sizes[group % sizes.length] ?? 1, count - index);
    writer.commit(
      Array.from({ length: size }, (_, offset) => toRow(recordAt(index + offset))),
      1,
    );
    index += size;
  }
}

const untilSeqOf = (database: SqliteDatabase): number => createAuditIndexWriter(database).untilSeq();

/** What a look-up must give, of all that is there. */
function expected(all: readonly AuditEntry[], { from, limit, personId, resourceId, types }: AuditQuery): readonly number[] {
  const wanted = all.filter(({ seq, record }) => {
    const ids = relatedIds(record);
    const isInRange = 'afterSeq' in from ? seq > from.afterSeq : seq < from.beforeSeq;
    const isOfThem = (personId ?? ids.personId) === ids.personId && (resourceId ?? ids.resourceId) === ids.resourceId;
    return isInRange && isOfThem && (types ?? [record.type]).includes(record.type);
  });
  return ('afterSeq' in from ? wanted : wanted.toReversed()).slice(0, limit).map(({ seq }) => seq);
}

/** All entries, page by page. */
async function readAll(reader: ReturnType<typeof readerOf>): Promise<readonly AuditEntry[]> {
  const all: AuditEntry[] = [];
  for (let afterSeq = 0; ; afterSeq = all.at(-1)?.seq ?? 0) {
    const page = await reader.read({ from: { afterSeq }, limit: AUDIT_READ_MAX });
    if (page.length === 0) return all;
    all.push(...page);
  }
}

/** Over two buckets, the last of which is not full, with entries that wait for the index. */
const ENTRIES = 2 * 1_024 + 3 * INDEX_EVERY + 17;

describe('the index of the log', () => {
  it('finds what a walk over all entries finds, in either direction, of those that wait too', async () => {
    const { file, database } = await openLog();
    prepareAuditTables(database);
    fill(database, ENTRIES, [1, 4, 9, 30]);
    expect(untilSeqOf(database)).toBeGreaterThan(2 * 1_024);
    expect(untilSeqOf(database)).toBeLessThan(ENTRIES);
    const reader = readerOf(file);
    const all = await readAll(reader);
    expect(all).toHaveLength(ENTRIES);
    const seq = fc.integer({ min: 0, max: ENTRIES + 5 });
    const query = fc.record(
      {
        from: fc.oneof(fc.record({ afterSeq: seq }), fc.record({ beforeSeq: seq })),
        limit: fc.integer({ min: 1, max: 400 }),
        personId: fc.constantFrom('person_0', 'person_6', 'nobody'),
        resourceId: fc.constantFrom('door_0', 'door_4', 'nowhere'),
        types: fc.subarray(['alarm', 'decision', 'outcome', 'credential'] as const, { minLength: 1 }),
      },
      { requiredKeys: ['from', 'limit'] },
    );
    await fc.assert(
      fc.asyncProperty(query, async (asked: AuditQuery) => {
        expect((await reader.read(asked)).map((entry) => entry.seq)).toEqual(expected(all, asked));
      }),
      { numRuns: 300 },
    );
  });

  it('finds a decision with what followed it, wherever either is', async () => {
    const { file, database } = await openLog();
    prepareAuditTables(database);
    fill(database, ENTRIES, [5]);
    const writer = createAuditWriter(database);
    // Days later, in another bucket than the decision.
    writer.commit([toRow(someOutcome('decision_1', { outcome: 'withheld' }))], 1);
    const reader = readerOf(file);
    const seqsOf = async (decisionId: string) => (await reader.ofDecision(decisionId)).map(({ seq }) => seq);
    expect(toBucket(2)).not.toBe(toBucket(ENTRIES + 1));
    expect(await seqsOf('decision_1')).toEqual([2, ENTRIES + 1]);
    expect(await seqsOf('decision_2')).toEqual([3, 4]);
    // Of the last ones: neither it nor its outcome is in the index.
    const newest = ENTRIES - 5 - ((ENTRIES - 5) % 3) + 2;
    expect(untilSeqOf(database)).toBeLessThan(newest);
    expect(await seqsOf(`decision_${newest}`)).toEqual([newest + 1, newest + 2]);
    expect(await seqsOf('decision_0')).toEqual([]);
  });

  it('takes in nothing of a group that the disk has no room for', async () => {
    const { file, database } = await openLog();
    prepareAuditTables(database);
    const writer = createAuditWriter(database);
    const group = (from: number, count: number) => Array.from({ length: count }, (_, offset) => toRow(recordAt(from + offset)));
    writer.commit(group(0, INDEX_EVERY - 1), 1);
    expect(untilSeqOf(database)).toBe(0);
    database.exec(`PRAGMA max_page_count = ${Number(database.prepare('PRAGMA page_count').get()?.['page_count']) + 1}`);
    expect(() => writer.commit(group(INDEX_EVERY, 60), 1)).toThrow(expect.toSatisfy(isDiskFull));
    expect(untilSeqOf(database)).toBe(0);
    database.exec('PRAGMA max_page_count = 10000');
    writer.commit(group(INDEX_EVERY, 1), 1);
    expect(untilSeqOf(database)).toBe(INDEX_EVERY);
    expect(await verifyAuditFile(file)).toMatchObject({ ok: true, entries: INDEX_EVERY });
  });

  it('is neither read nor called whole when it does not say until where it reaches', async () => {
    const { file, database } = await openLog();
    prepareAuditTables(database);
    fill(database, 10, [5]);
    database.exec('DELETE FROM audit_indexed');
    await expect(readerOf(file).read({ from: { afterSeq: 0 }, limit: 1, types: ['alarm'] })).rejects.toMatchObject({
      code: 'store.unavailable',
    });
    expect(await verifyAuditFile(file)).toMatchObject({ ok: false, brokenSeq: 1, cause: 'not_indexed' });
    database.exec('DROP TABLE audit_index');
    await expect(verifyAuditFile(file)).rejects.toMatchObject({ code: 'store.unavailable' });
  });
});

/** As version 1 of the tables was: with indexes of the database, and a column for them. */
const TABLES_OF_VERSION_1 = `
  CREATE TABLE audit_entries (
    seq INTEGER PRIMARY KEY,
    bucket INTEGER GENERATED ALWAYS AS (seq >> 10) VIRTUAL,
    arrived_at_ms INTEGER NOT NULL,
    type TEXT NOT NULL,
    decision_id TEXT,
    person_id TEXT,
    resource_id TEXT,
    record_json TEXT NOT NULL,
    previous_hash TEXT NOT NULL,
    hash TEXT NOT NULL
  ) STRICT;
  CREATE INDEX audit_entries_by_type ON audit_entries (type);
  CREATE INDEX audit_entries_by_decision ON audit_entries (bucket, decision_id) WHERE decision_id IS NOT NULL;
  CREATE INDEX audit_entries_by_person ON audit_entries (bucket, person_id) WHERE person_id IS NOT NULL;
  CREATE INDEX audit_entries_by_resource ON audit_entries (bucket, resource_id) WHERE resource_id IS NOT NULL;
  CREATE TRIGGER audit_entries_no_update BEFORE UPDATE ON audit_entries BEGIN SELECT RAISE(ABORT, 'append-only'); END;
  CREATE TRIGGER audit_entries_no_delete BEFORE DELETE ON audit_entries BEGIN SELECT RAISE(ABORT, 'append-only'); END;
  PRAGMA user_version = 1;
`;

/** A log of version 1 with the entries of one of today's. */
async function openLogOfVersion1(count: number): Promise<OpenLog> {
  const today = await openLog();
  prepareAuditTables(today.database);
  fill(today.database, count, [50]);
  const earlier = await openLog();
  earlier.database.exec(TABLES_OF_VERSION_1);
  earlier.database.exec(`ATTACH DATABASE '${today.file}' AS today`);
  const columns = 'seq, arrived_at_ms, type, decision_id, person_id, resource_id, record_json, previous_hash, hash';
  earlier.database.exec(`INSERT INTO main.audit_entries (${columns}) SELECT ${columns} FROM today.audit_entries`);
  earlier.database.exec('DETACH DATABASE today');
  return earlier;
}

describe('a log of version 1', () => {
  it.each([
    ['none', 0],
    ['few', INDEX_EVERY - 1],
    ['many', ENTRIES],
  ])('with %s entries is whole, is indexed when it is opened, and goes on', async (_, count) => {
    const { file, database } = await openLogOfVersion1(count);
    expect(await verifyAuditFile(file)).toMatchObject({ ok: true, entries: count });
    prepareAuditTables(database);
    expect(await verifyAuditFile(file)).toMatchObject({ ok: true, entries: count });
    expect(count - untilSeqOf(database)).toBeLessThan(INDEX_EVERY);
    createAuditWriter(database).commit([toRow(someAlarm('osdp.key_mismatch'))], 2);
    const reader = readerOf(file);
    const all = await readAll(reader);
    expect(all).toHaveLength(count + 1);
    for (const by of [{ personId: 'person_6' }, { resourceId: 'door_4' }, { types: ['alarm'] as const }]) {
      const asked = { from: { beforeSeq: Number.MAX_SAFE_INTEGER }, limit: AUDIT_READ_MAX, ...by };
      expect((await reader.read(asked)).map(({ seq }) => seq)).toEqual(expected(all, asked));
    }
    expect(database.prepare("SELECT count(*) AS count FROM sqlite_schema WHERE type = 'index'").get()).toEqual({ count: 0 });
  });

  it('goes on with its index where that ended in the middle', async () => {
    const { file, database } = await openLogOfVersion1(ENTRIES);
    prepareAuditTables(database);
    database.exec(
      'DROP TRIGGER audit_index_no_delete; DELETE FROM audit_index WHERE seq > 1000; UPDATE audit_indexed SET until_seq = 1000',
    );
    prepareAuditTables(database);
    expect(untilSeqOf(database)).toBe(ENTRIES);
    expect(await verifyAuditFile(file)).toMatchObject({ ok: true, entries: ENTRIES });
  });
});
