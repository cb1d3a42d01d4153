import { DatabaseSync } from 'node:sqlite';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { AUDIT_PAGE_BYTES } from '#adapters/sqlite/audit/audit-tables.ts';
import { openAuditLog } from '#adapters/sqlite/audit/open-audit-log.ts';
import { verifyAuditFile } from '#adapters/sqlite/audit/verify-audit-file.ts';
import { chainHash } from '#gateway/domain/audit/hash-chain.ts';
import { GatewayError } from '#gateway/domain/errors.ts';
import type { ChainVerdict } from '#gateway/ports/audit-log.ts';
import { someDecision } from '#test/support/audit-records.ts';
import { temporaryFolder } from '#test/support/temporary-folder.ts';

const ENTRIES = 250;

/** A closed log of 250 entries, changed by somebody who may write the file and knows its triggers. */
async function tamperedLog(change: (database: DatabaseSync) => void): Promise<string> {
  const file = join(await temporaryFolder(), 'audit.db');
  const log = await openAuditLog({ file });
  await Promise.all(Array.from({ length: ENTRIES }, (_, index) => log.append(someDecision(`decision_${index + 1}`))));
  await log.close();
  const database = new DatabaseSync(file);
  for (const table of ['audit_entries', 'audit_index']) database.exec(`DROP TRIGGER ${table}_no_update; DROP TRIGGER ${table}_no_delete;`);
  change(database);
  database.close();
  return file;
}

const setJson = (database: DatabaseSync, seq: number, from: string, to: string): void =>
  void database.prepare('UPDATE audit_entries SET record_json = replace(record_json, ?, ?) WHERE seq = ?').run(from, to, seq);

/** Makes an entry that hashes right after it was changed, as somebody would who cannot rewrite all that follows. */
function rehash(database: DatabaseSync, seq: number): void {
  const row = database.prepare('SELECT * FROM audit_entries WHERE seq = ?').get(seq) ?? {};
  const hash = chainHash({
    previousHash: String(row['previous_hash']),
    seq,
    arrivedAtMs: Number(row['arrived_at_ms']),
    recordJson: String(row['record_json']),
  });
  database.prepare('UPDATE audit_entries SET hash = ? WHERE seq = ?').run(hash, seq);
}

/** Entries from 200 on are out of the index, and not among those that are walked over. */
const OVERSTATE_INDEX = `DELETE FROM audit_index WHERE seq >= 200; UPDATE audit_indexed SET until_seq = ${ENTRIES + 1}`;

const SWAP_ROWS = `
  UPDATE audit_entries SET seq = -120 WHERE seq = 120;
  UPDATE audit_entries SET seq = 120 WHERE seq = 130;
  UPDATE audit_entries SET seq = 130 WHERE seq = -120;
`;

describe('verifyAuditFile', () => {
  it('accepts a log that nobody touched, also while it is written', async () => {
    const file = join(await temporaryFolder(), 'audit.db');
    const log = await openAuditLog({ file });
    const { hash } = await log.append(someDecision('decision_1'));
    expect(await verifyAuditFile(file)).toEqual({ ok: true, entries: 1, headSeq: 1, headHash: hash });
    await log.close();
    expect(await verifyAuditFile(file)).toEqual({ ok: true, entries: 1, headSeq: 1, headHash: hash });
  });

  it.each<[string, number, string, (database: DatabaseSync) => void]>([
    ['a changed record', 120, 'hash_mismatch', (database) => setJson(database, 120, '"permit"', '"deny"')],
    ['one changed byte of the first entry', 1, 'hash_mismatch', (database) => setJson(database, 1, 'door_main', 'door_mbin')],
    ['one changed byte of the last entry', ENTRIES, 'hash_mismatch', (database) => setJson(database, ENTRIES, 'door_main', 'door_mbin')],
    [
      'a changed arrival time',
      120,
      'hash_mismatch',
      (database) => database.exec('UPDATE audit_entries SET arrived_at_ms = 0 WHERE seq = 120'),
    ],
    ['a deleted entry', 120, 'sequence_gap', (database) => database.exec('DELETE FROM audit_entries WHERE seq = 120')],
    ['the first entries deleted', 1, 'sequence_gap', (database) => database.exec('DELETE FROM audit_entries WHERE seq <= 100')],
    ['two swapped entries', 120, 'previous_hash_mismatch', (database) => database.exec(SWAP_ROWS)],
    [
      'a changed record with its hash made right',
      121,
      'previous_hash_mismatch',
      (database) => {
        setJson(database, 120, '"permit"', '"deny"');
        rehash(database, 120);
      },
    ],
    [
      'an entry that is no record',
      ENTRIES,
      'record_unreadable',
      (database) => {
        setJson(database, ENTRIES, '"decision"', '"decisions"');
        rehash(database, ENTRIES);
      },
    ],
    [
      'an entry hidden from look-ups',
      120,
      'record_unreadable',
      (database) => database.exec('UPDATE audit_entries SET person_id = NULL WHERE seq = 120'),
    ],
    [
      'an entry hidden from those of its type',
      120,
      'record_unreadable',
      (database) => database.exec("UPDATE audit_entries SET type = 'alarm' WHERE seq = 120"),
    ],
    [
      'an entry taken out of the index',
      120,
      'not_indexed',
      (database) => database.exec('DELETE FROM audit_index WHERE seq = 120 AND kind = 2'),
    ],
    ['an index that says it holds more than it does', 200, 'not_indexed', (database) => database.exec(OVERSTATE_INDEX)],
  ])('names the first broken entry: %s', async (_name, brokenSeq, cause, change) => {
    const file = await tamperedLog(change);
    expect(await verifyAuditFile(file)).toEqual({ ok: false, brokenSeq, cause, entriesBefore: brokenSeq - 1 });
    const log = await openAuditLog({ file });
    expect(await log.verify()).toMatchObject({ ok: false, brokenSeq, cause });
    await log.close();
  });

  it('does not allow changes by mistake', async () => {
    const file = await tamperedLog(() => undefined);
    const log = await openAuditLog({ file: `${file}.new` });
    await log.append(someDecision('decision_1'));
    await log.close();
    const database = new DatabaseSync(`${file}.new`);
    expect(() => database.exec('UPDATE audit_entries SET record_json = 1')).toThrow(/append-only/);
    expect(() => database.exec('DELETE FROM audit_entries')).toThrow(/append-only/);
    for (const statement of ['UPDATE audit_index SET seq = 0', 'DELETE FROM audit_index']) {
      database.exec("INSERT OR IGNORE INTO audit_index (kind, bucket, id, seq) VALUES (1, 0, 'decision_1', 1)");
      expect(() => database.exec(statement)).toThrow(/append-only/);
    }
    database.close();
  });

  it('names an entry, or refuses the file, whichever page of it is lost', async () => {
    const file = await tamperedLog(() => undefined);
    const whole = await readFile(file);
    const named: number[] = [];
    for (let start = 0; start < whole.length; start += AUDIT_PAGE_BYTES) {
      const damaged = Buffer.from(whole).fill(0, start, start + AUDIT_PAGE_BYTES);
      await writeFile(file, damaged);
      const outcome = await verifyAuditFile(file).catch((error: unknown) => error);
      if (outcome instanceof GatewayError) expect(outcome.code).toBe('store.unavailable');
      else expect(outcome).toSatisfy((verdict: ChainVerdict) => verdict.ok || ['record_unreadable', 'not_indexed'].includes(verdict.cause));
      if (!(outcome instanceof GatewayError) && !(outcome as ChainVerdict).ok) named.push((outcome as { brokenSeq: number }).brokenSeq);
    }
    // Pages of the entries themselves, most of the file, and of their index.
    expect(new Set(named).size).toBeGreaterThan(10);
  });

  it('refuses what is no log', async () => {
    const folder = await temporaryFolder();
    await writeFile(join(folder, 'text.db'), 'not a database at all'.repeat(100));
    await expect(verifyAuditFile(join(folder, 'text.db'))).rejects.toMatchObject({ code: 'store.unavailable' });
    await expect(verifyAuditFile(join(folder, 'missing.db'))).rejects.toMatchObject({ code: 'store.unavailable' });
  });
});
