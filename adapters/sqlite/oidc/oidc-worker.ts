import { parentPort, workerData } from 'node:worker_threads';
import { CompiledQuery } from 'kysely';
import { z } from 'zod';
import { createSqlOidcStore } from '#adapters/sql/oidc-store.ts';
import type { RecordsTables } from '#adapters/sql/tables.ts';
import { GatewayError } from '#gateway/domain/errors.ts';
import { isBusy, isDiskFull } from '../node-sqlite.ts';
import { openSqliteRecords } from '../open-records.ts';
import { applyWrite, type OidcWrite, type OidcWritesAnswer, type OidcWritesMessage } from './oidc-writes.ts';

/**
 * The thread that writes what the OpenID provider keeps. Whatever waits when a sync of the disk ends is committed together by the next
 * one; a call is answered when it is on disk. Nobody else's request waits for the disk meanwhile.
 */

/** Calls of one transaction: bounds how long an answer waits for others, and others for the lock of the database. */
const GROUP_MAX = 128;

interface Waiting {
  readonly id: number;
  readonly write: OidcWrite;
}

if (parentPort === null) throw new TypeError('oidc-worker.ts runs in a worker thread');
const port = parentPort;
const { file } = z.object({ file: z.string() }).parse(workerData);
const db = await openSqliteRecords<RecordsTables>({ file });
// Every write runs in the transaction of its group.
const store = createSqlOidcStore(db, (work) => work(db));
const waiting: Waiting[] = [];
let isRunning = false;

const answer = (message: OidcWritesAnswer): void => port.postMessage(message);
const run = async (statement: string): Promise<void> => void (await db.executeQuery(CompiledQuery.raw(statement)));

/** In one transaction: when it throws, nothing of the group is stored. */
async function commit(group: readonly Waiting[]): Promise<readonly unknown[]> {
  await run('begin');
  try {
    const results: unknown[] = [];
    for (const { write } of group) results.push(await applyWrite(store, write));
    await run('commit');
    return results;
  } catch (failure) {
    await run('rollback').catch(() => undefined); // A full disk has rolled back by itself.
    throw failure;
  }
}

/** The disk is full or the database in use: the next write would fail like this one. */
function isOfNoWrite(failure: unknown): boolean {
  const cause = failure instanceof GatewayError ? failure.cause : failure;
  return isDiskFull(cause) || isBusy(cause);
}

async function settle(group: readonly Waiting[]): Promise<void> {
  const ids = group.map(({ id }) => id);
  try {
    answer({ kind: 'committed', ids, results: await commit(group) });
  } catch (failure) {
    // Who asked learns that nothing was stored, and is told no more of the disk than that.
    if (group.length === 1 || isOfNoWrite(failure)) return answer({ kind: 'refused', ids });
    // One of them cannot be stored; the others must not pay for it.
    for (const one of group) await settle([one]);
  }
}

async function settleWaiting(): Promise<void> {
  if (isRunning) return;
  isRunning = true;
  while (waiting.length > 0) await settle(waiting.splice(0, GROUP_MAX));
  isRunning = false;
}

port.on('message', (message: OidcWritesMessage | 'stop') => {
  if (message !== 'stop') {
    message.writes.forEach((write, index) => waiting.push({ id: message.firstId + index, write }));
    setImmediate(() => void settleWaiting());
    return;
  }
  void settleWaiting()
    .then(() => db.destroy())
    .then(() => port.close());
});
answer({ kind: 'ready' });
