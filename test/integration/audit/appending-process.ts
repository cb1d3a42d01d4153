import { openAuditLog } from '#adapters/sqlite/audit/open-audit-log.ts';
import { someDecision } from '#test/support/audit-records.ts';
import { printNow } from '#test/support/face/print-now.ts';

/** Appends for ever with 16 in flight, and prints `seq hash` of every acknowledged entry, until it is killed. */
const IN_FLIGHT = 16;

const [, , file = ''] = process.argv;
const log = await openAuditLog({ file });
await Promise.all(
  Array.from({ length: IN_FLIGHT }, async () => {
    for (;;) {
      const { seq, hash } = await log.append(someDecision('decision_of_the_killed'));
      printNow(`${seq} ${hash}`);
    }
  }),
);
