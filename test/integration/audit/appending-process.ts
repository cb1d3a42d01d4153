import { writeSync } from 'node:fs';
import { openAuditLog } from '#adapters/sqlite/audit/open-audit-log.ts';
import { someDecision } from '#test/support/audit-records.ts';

/** Appends for ever with 16 in flight, and prints `seq hash` of every acknowledged entry, until it is killed. */
const IN_FLIGHT = 16;
const STDOUT = 1;

const [, , file = ''] = process.argv;
const log = await openAuditLog({ file });
await Promise.all(
  Array.from({ length: IN_FLIGHT }, async () => {
    for (;;) {
      const { seq, hash } = await log.append(someDecision('decision_of_the_killed'));
      // Synchronous: what the parent reads was acknowledged before the kill, whatever the kill interrupts.
      writeSync(STDOUT, `${seq} ${hash}\n`);
    }
  }),
);
