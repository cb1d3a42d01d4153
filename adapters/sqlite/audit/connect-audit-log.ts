import type { MessagePort } from 'node:worker_threads';
import type { AuditLog, AuditReader } from '#gateway/ports/audit-log.ts';
import { AuditProducer } from './audit-producer.ts';
import { createAuditReader } from './audit-reader.ts';

/**
 * The log in another thread than the one that opened it: `port` came from its `connect()`, `file` is the same. All threads share one
 * chain and one group commit; each hears of the entries of all. Closing it leaves the log open for the others.
 * @throws store.unavailable
 */
export function connectAuditLog(port: MessagePort, file: string): AuditLog & AuditReader {
  const { close: closeReader, ...reader } = createAuditReader(file);
  const producer = new AuditProducer(port);
  async function close(): Promise<void> {
    await producer.close();
    closeReader();
  }
  let closed: Promise<void> | null = null;
  return {
    ...reader,
    append: (record, recordJson) => producer.append(record, recordJson),
    subscribe: (listener) => producer.subscribe(listener),
    isWritable: () => producer.isWritable(),
    close: () => (closed ??= close()),
  };
}
