import { parentPort, workerData, type MessagePort } from 'node:worker_threads';
import { z } from 'zod';
import { claimFile, isBusy, isDiskFull, openSqlite } from '../node-sqlite.ts';
import type { AppendMessage, ControlMessage, ProducerMessage, StartMessage, WriterMessage } from './audit-messages.ts';
import { AUDIT_PAGE_BYTES, prepareAuditTables } from './audit-tables.ts';
import { createAuditWriter, type AuditRow } from './audit-writer.ts';

/**
 * The thread that writes the log. Whatever waits when a sync of the disk ends is committed together by the next one, so the cost of a
 * sync is shared by all who wait. Everything but a full disk or a file in use ends the thread: its ports close, and every append fails from
 * then on.
 */

/** Entries of one transaction: bounds how long an acknowledgement waits for others. */
const GROUP_MAX = 256;

/**
 * Length of the write-ahead log from which it is copied into the file, which takes 2 ms: between two groups, while those who were answered
 * do their part. With 16 MB, which copies a little less in all, it were 15 ms; with 1 MB the thread needs a tenth more CPU.
 */
const COPY_BYTES = 2 * 1_024 * 1_024;

/** Commits between two looks at that length: a look costs 8 us. */
const LOOK_EVERY = 8;

interface Waiting {
  readonly port: MessagePort;
  readonly id: number;
  readonly row: AuditRow;
}

if (parentPort === null) throw new TypeError('audit-worker.ts runs in a worker thread');
const control = parentPort;
const { file, pagesMax } = z.object({ file: z.string(), pagesMax: z.int().optional() }).parse(workerData);
const claim = claimFile(`${file}.writer`);
const database = await openSqlite(file, { pageBytes: AUDIT_PAGE_BYTES });
prepareAuditTables(database);
if (pagesMax !== undefined) database.exec(`PRAGMA max_page_count = ${pagesMax}`);
const writer = createAuditWriter(database);
/** With whether the port hears of what others append. */
const ports = new Map<MessagePort, { listens: boolean }>();
const waiting: Waiting[] = [];
let isScheduled = false;
let commitsSinceLook = 0;

const send = (port: MessagePort, message: WriterMessage): void => port.postMessage(message);

function acknowledge(group: readonly Waiting[], committed: ReturnType<typeof writer.commit>): void {
  for (const [port, { listens }] of ports) {
    if (!listens && !group.some((entry) => entry.port === port)) continue;
    const ownIds = group.map((entry) => (entry.port === port ? entry.id : 0));
    const foreignJson = listens ? group.filter((entry) => entry.port !== port).map((entry) => entry.row.recordJson) : [];
    send(port, { kind: 'committed', ...committed, ownIds, foreignJson });
  }
}

function refuse(group: readonly Waiting[]): void {
  for (const port of ports.keys()) {
    const ids = group.filter((entry) => entry.port === port).map((entry) => entry.id);
    if (ids.length > 0) send(port, { kind: 'refused', ids });
  }
}

function commitWaiting(): void {
  isScheduled = false;
  while (waiting.length > 0) {
    const group = waiting.splice(0, GROUP_MAX);
    commitsSinceLook += 1;
    try {
      acknowledge(
        group,
        writer.commit(
          group.map((entry) => entry.row),
          Date.now(),
        ),
      );
    } catch (error) {
      // Nothing of the group is stored and the chain is as before: when there is room again, the log goes on.
      if (!isDiskFull(error) && !isBusy(error)) throw error;
      refuse(group);
    }
  }
  if (commitsSinceLook < LOOK_EVERY) return;
  commitsSinceLook = 0;
  writer.copyFrom(COPY_BYTES);
}

function take(port: MessagePort, message: AppendMessage): void {
  message.recordsJson.forEach((recordJson, index) => {
    waiting.push({
      port,
      id: message.firstId + index,
      row: {
        recordJson,
        type: message.types[index] ?? '',
        decisionId: message.decisionIds[index] ?? null,
        personId: message.personIds[index] ?? null,
        resourceId: message.resourceIds[index] ?? null,
      },
    });
  });
  if (isScheduled) return;
  isScheduled = true;
  // After all messages that have arrived, of every port.
  setImmediate(commitWaiting);
}

function stop(): void {
  commitWaiting();
  for (const port of ports.keys()) port.close();
  database.close();
  claim.release();
  control.close();
}

control.on('message', (message: ControlMessage) => {
  if (message.kind === 'stop') return stop();
  const { port, listens } = message;
  const state = { listens };
  ports.set(port, state);
  port.on('message', (sent: ProducerMessage) => {
    if (sent.kind === 'append') take(port, sent);
    else state.listens = true;
  });
  port.on('close', () => ports.delete(port));
});
control.postMessage({ kind: 'ready' } satisfies StartMessage);
