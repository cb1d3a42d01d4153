import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { AUDIT_PAGE_BYTES, prepareAuditTables } from '#adapters/sqlite/audit/audit-tables.ts';
import { createAuditWriter, type AuditRow } from '#adapters/sqlite/audit/audit-writer.ts';
import { verifyChain } from '#adapters/sqlite/audit/verify-chain.ts';
import { isDiskFull, openSqlite } from '#adapters/sqlite/node-sqlite.ts';
import { someDecision } from '#test/support/audit-records.ts';
import { temporaryFolder } from '#test/support/temporary-folder.ts';

const someRow = (decisionId: string): AuditRow => ({
  recordJson: JSON.stringify(someDecision(decisionId)),
  type: 'decision',
  decisionId,
  personId: 'person_ann',
  resourceId: 'door_main',
});

const rows = (count: number): readonly AuditRow[] => Array.from({ length: count }, (_, index) => someRow(`decision_${index}`));

describe('createAuditWriter', () => {
  it('stores nothing of a group that the disk has no room for, and goes on with the chain when there is room', async () => {
    const database = await openSqlite(join(await temporaryFolder(), 'audit.db'));
    onTestFinished(() => database.close());
    prepareAuditTables(database);
    const writer = createAuditWriter(database);
    writer.commit(rows(5), 1);
    database.exec('PRAGMA max_page_count = 20');
    expect(() => writer.commit(rows(200), 2)).toThrow(expect.toSatisfy(isDiskFull));
    expect(await verifyChain(database)).toMatchObject({ ok: true, entries: 5 });
    database.exec('PRAGMA max_page_count = 2000');
    expect(writer.commit(rows(200), 3)).toMatchObject({ firstSeq: 6 });
    expect(await verifyChain(database)).toMatchObject({ ok: true, entries: 205 });
  });

  it('goes on in a log of an earlier release, whose pages are smaller', async () => {
    const file = join(await temporaryFolder(), 'audit.db');
    const earlier = await openSqlite(file);
    prepareAuditTables(earlier);
    createAuditWriter(earlier).commit(rows(3), 1);
    earlier.close();
    const database = await openSqlite(file, { pageBytes: AUDIT_PAGE_BYTES });
    onTestFinished(() => database.close());
    prepareAuditTables(database);
    expect(database.prepare('PRAGMA page_size').get()).toEqual({ page_size: 4_096 });
    expect(database.prepare('PRAGMA wal_autocheckpoint').get()).toEqual({ wal_autocheckpoint: 4_096 });
    createAuditWriter(database).commit(rows(2), 2);
    expect(await verifyChain(database)).toMatchObject({ ok: true, entries: 5 });
  });

  it('makes a new log of larger pages', async () => {
    const database = await openSqlite(join(await temporaryFolder(), 'audit.db'), { pageBytes: AUDIT_PAGE_BYTES });
    onTestFinished(() => database.close());
    prepareAuditTables(database);
    expect(database.prepare('PRAGMA page_size').get()).toEqual({ page_size: AUDIT_PAGE_BYTES });
    expect(database.prepare('PRAGMA journal_mode').get()).toEqual({ journal_mode: 'wal' });
    expect(database.prepare('PRAGMA wal_autocheckpoint').get()).toEqual({ wal_autocheckpoint: 2_048 });
  });

  it('goes on from the head of an earlier writer', async () => {
    const database = await openSqlite(join(await temporaryFolder(), 'audit.db'));
    onTestFinished(() => database.close());
    prepareAuditTables(database);
    const first = createAuditWriter(database).commit(rows(3), 1);
    prepareAuditTables(database);
    expect(createAuditWriter(database).commit(rows(1), 2)).toMatchObject({ firstSeq: 4, previousHash: first.hashes[2] });
  });

  it('copies the write-ahead log from a length on, and not before', async () => {
    const database = await openSqlite(join(await temporaryFolder(), 'audit.db'), { pageBytes: AUDIT_PAGE_BYTES });
    onTestFinished(() => database.close());
    prepareAuditTables(database);
    const writer = createAuditWriter(database);
    const state = () => database.prepare('PRAGMA wal_checkpoint(NOOP)').get() as { readonly log: number; readonly checkpointed: number };
    writer.commit(rows(60), 1);
    const { log } = state();
    expect(log).toBeGreaterThan(10);
    writer.copyFrom(log * AUDIT_PAGE_BYTES + 1);
    expect(state().checkpointed).toBe(0);
    writer.copyFrom(log * AUDIT_PAGE_BYTES);
    expect(state()).toMatchObject({ log, checkpointed: log });
    writer.commit(rows(1), 2);
    expect(state().log).toBeLessThan(log);
    expect(await verifyChain(database)).toMatchObject({ ok: true, entries: 61 });
  });

  it('says nothing of a log that cannot be copied: its entries are in the write-ahead log', async () => {
    const database = await openSqlite(join(await temporaryFolder(), 'audit.db'));
    prepareAuditTables(database);
    const writer = createAuditWriter(database);
    writer.commit(rows(1), 1);
    database.close();
    expect(() => writer.copyFrom(0)).not.toThrow();
  });

  it('refuses tables of a newer version', async () => {
    const database = await openSqlite(join(await temporaryFolder(), 'audit.db'));
    onTestFinished(() => database.close());
    prepareAuditTables(database);
    database.exec('PRAGMA user_version = 3');
    expect(() => prepareAuditTables(database)).toThrow(expect.objectContaining({ code: 'store.unavailable' }));
  });
});
