import { parentPort, workerData } from 'node:worker_threads';
import { CompiledQuery } from 'kysely';
import { z } from 'zod';
import { createSqlOidcStore } from '#adapters/sql/oidc-store.ts';
import type { RecordsTables } from '#adapters/sql/tables.ts';
import type { OidcStore } from '#gateway/ports/oidc-store.ts';
import { openSqliteRecords } from '../open-records.ts';
import { toWrittenArtifact, type OidcWrite, type OidcWriteName, type OidcWritesAnswer, type OidcWritesMessage } from './oidc-writes.ts';

/**
 * The thread that writes what the OpenID provider keeps. Whatever waits when a sync of the disk ends is committed together by the next
 * one; a call is answered when it is on disk. Nobody else's request waits for the disk meanwhile.
 */

/** Calls of one transaction: bounds how long an answer waits for others, and others for the lock of the database. */
const GROUP_MAX = 128;

if (parentPort === null) throw new TypeError('oidc-worker.ts runs in a worker thread');
const port = parentPort;
const { file } = z.object({ file: z.string() }).parse(workerData);
const db = await openSqliteRecords<RecordsTables>({ file });
const store = createSqlOidcStore(db);
const waiting: { readonly id: number; readonly write: OidcWrite }[] = [];
let isRunning = false;

const answer = (message: OidcWritesAnswer): void => port.postMessage(message);
const run = async (statement: string): Promise<void> => void (await db.executeQuery(CompiledQuery.raw(statement)));

async function commit(group: readonly { readonly id: number; readonly write: OidcWrite }[]): Promise<void> {
  const ids = group.map(({ id }) => id);
  try {
    await run('begin');
    const results: unknown[] = [];
    for (const { write } of group) results.push(await apply(store, write));
    await run('commit');
    answer({ kind: 'committed', ids, results });
  } catch {
    // Nothing of the group is stored. Who asked learns it, and is told no more of the disk than that.
    await run('rollback').catch(() => undefined);
    answer({ kind: 'refused', ids });
  }
}

function apply(to: OidcStore, write: OidcWrite): Promise<unknown> {
  const [name, ...args] = write;
  if (name === 'upsert') return to.upsert(toWrittenArtifact(write));
  const calls: Readonly<Record<OidcWriteName, (...args: never) => Promise<unknown>>> = to;
  // The arguments were made for this very member by the other end.
  return calls[name](...(args as never));
}

async function commitWaiting(): Promise<void> {
  if (isRunning) return;
  isRunning = true;
  while (waiting.length > 0) await commit(waiting.splice(0, GROUP_MAX));
  isRunning = false;
}

port.on('message', (message: OidcWritesMessage | 'stop') => {
  if (message !== 'stop') {
    message.writes.forEach((write, index) => waiting.push({ id: message.firstId + index, write }));
    setImmediate(() => void commitWaiting());
    return;
  }
  void commitWaiting()
    .then(() => db.destroy())
    .then(() => port.close());
});
answer({ kind: 'ready' });
