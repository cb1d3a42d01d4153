import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createSqlPeopleStore } from '#adapters/sql/people-store.ts';
import { openAuditLog } from '#adapters/sqlite/audit/open-audit-log.ts';
import { verifyAuditFile } from '#adapters/sqlite/audit/verify-audit-file.ts';
import { someDecision } from '#test/support/audit-records.ts';
import { linesUntilKilled } from '#test/support/killed-process.ts';
import { personId, somePerson } from '#test/support/people.ts';
import { openRecordsFile } from '#test/support/sqlite-records.ts';
import { temporaryFolder } from '#test/support/temporary-folder.ts';

/** A kill may come at any moment: at the first acknowledgement, and after some hundreds. */
const ROUNDS = [1, 40, 7, 150, 600];

describe('kill -9', () => {
  it('loses no acknowledged log entry, leaves a chain that verifies, and the next start goes on', async () => {
    const file = join(await temporaryFolder(), 'audit.db');
    const acknowledged = new Map<number, string>();
    for (const lines of ROUNDS) {
      for (const line of await linesUntilKilled(new URL('./appending-process.ts', import.meta.url), [file], lines)) {
        const [seq, hash = ''] = line.split(' ');
        expect(acknowledged.has(Number(seq))).toBe(false);
        acknowledged.set(Number(seq), hash);
      }
      expect(await verifyAuditFile(file)).toMatchObject({ ok: true });
    }

    const log = await openAuditLog({ file });
    const head = await log.headSeq();
    for (const [seq, hash] of acknowledged) {
      expect(await log.read({ from: { afterSeq: seq - 1 }, limit: 1 })).toMatchObject([{ seq, hash }]);
    }
    expect(await log.append(someDecision('decision_after'))).toMatchObject({ seq: head + 1 });
    expect(await log.verify()).toMatchObject({ ok: true, headSeq: head + 1 });
    await log.close();
  });

  it('brings nobody back who was suspended, and no epoch', async () => {
    const file = join(await temporaryFolder(), 'records.db');
    const peoplePerRound = 1_000;
    let db = await openRecordsFile(file);
    await db.transaction().execute(async (transaction) => {
      const people = createSqlPeopleStore(transaction);
      for (let number = 0; number < peoplePerRound * ROUNDS.length; number += 1) await people.save(somePerson(String(number)));
    });
    await db.destroy();

    const suspended: number[] = [];
    let lastEpoch = 0;
    for (const [round, lines] of ROUNDS.entries()) {
      const args = [file, String(round * peoplePerRound), String((round + 1) * peoplePerRound)];
      for (const line of await linesUntilKilled(new URL('./suspending-process.ts', import.meta.url), args, lines)) {
        const [number, epoch] = line.split(' ').map(Number);
        suspended.push(number ?? -1);
        lastEpoch = epoch ?? -1;
      }
      db = await openRecordsFile(file);
      const people = createSqlPeopleStore(db);
      expect(await people.epoch()).toBeGreaterThanOrEqual(lastEpoch);
      for (const number of suspended) expect((await people.find(personId(String(number))))?.standing).toBe('suspended');
      // The one that was under way is suspended with its epoch or not at all.
      expect(await people.listByStanding('suspended')).toHaveLength(await people.epoch());
      await db.destroy();
    }
  });
});
