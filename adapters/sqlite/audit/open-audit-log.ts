import { once } from 'node:events';
import { MessageChannel, Worker, type MessagePort } from 'node:worker_threads';
import { GatewayError } from '#gateway/domain/errors.ts';
import type { AuditLog, AuditReader } from '#gateway/ports/audit-log.ts';
import type { ControlMessage } from './audit-messages.ts';
import { connectAuditLog } from './connect-audit-log.ts';

export interface OpenAuditLogOptions {
  readonly file: string;
  /** Most pages that the file may have; beyond them every append fails as on a full disk. Without it, the disk is the limit. */
  readonly pagesMax?: number;
  /** Called once when the writer ended without being asked: nothing can be appended any more until the log is opened again. */
  readonly onFailure?: (error: GatewayError) => void;
}

export interface OpenedAuditLog extends AuditLog, AuditReader {
  /** A port to hand to another thread, for `connectAuditLog`. Nothing of other threads is sent there until somebody subscribes. */
  readonly connect: () => MessagePort;
}

async function startWriter({ file, pagesMax }: OpenAuditLogOptions): Promise<Worker> {
  const worker = new Worker(new URL('./audit-worker.ts', import.meta.url), { workerData: { file, pagesMax }, name: 'audit' });
  try {
    // The first message says that it is ready; an error before that rejects.
    await once(worker, 'message');
    return worker;
  } catch (error) {
    throw new GatewayError('audit.unavailable', 'The log cannot be opened.', { cause: error });
  }
}

/**
 * Opens the log and starts the thread that writes it: one writer a file, so a second opening fails until the first is closed or its
 * process has ended. The chain goes on from the last durable entry.
 * @throws audit.unavailable
 */
export async function openAuditLog(options: OpenAuditLogOptions): Promise<OpenedAuditLog> {
  const worker = await startWriter(options);
  let isStopping = false;
  let failure: unknown;
  worker.on('error', (error) => {
    failure = error;
  });
  const ended = new Promise<void>((resolve) => {
    worker.on('exit', () => {
      resolve();
      // The ports of a thread close when it ends, which fails whatever waits; this only tells the owner.
      if (!isStopping) options.onFailure?.(new GatewayError('audit.unavailable', 'The log cannot be written.', { cause: failure }));
    });
  });

  function connect(listens: boolean): MessagePort {
    const { port1, port2 } = new MessageChannel();
    worker.postMessage({ kind: 'connect', port: port1, listens } satisfies ControlMessage, [port1]);
    return port2;
  }

  const log = connectAuditLog(connect(true), options.file);
  async function stop(): Promise<void> {
    await log.close();
    isStopping = true;
    worker.postMessage({ kind: 'stop' } satisfies ControlMessage);
    await ended;
  }
  let stopped: Promise<void> | null = null;
  return { ...log, connect: () => connect(false), close: () => (stopped ??= stop()) };
}
