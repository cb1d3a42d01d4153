import { parentPort, workerData, type MessagePort } from 'node:worker_threads';
import { connectAuditLog } from '#adapters/sqlite/audit/connect-audit-log.ts';
import { someDecision } from '#test/support/audit-records.ts';

/** As the door worker: appends through a port, hears of everything, and tells its parent what it heard. */
interface Given {
  readonly port: MessagePort;
  readonly file: string;
  readonly appends: number;
  readonly hears: number;
}

const { port, file, appends, hears } = workerData as Given;
const log = connectAuditLog(port, file);
const heard: { readonly seq: number; readonly hash: string }[] = [];
log.subscribe(({ seq, hash }) => {
  heard.push({ seq, hash });
  if (heard.length === hears) parentPort?.postMessage(heard);
});
for (let index = 0; index < appends; index += 1) await log.append(someDecision(`decision_thread_${index}`));
parentPort?.once('message', () => void log.close());
