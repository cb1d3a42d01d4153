import type { MessagePort } from 'node:worker_threads';
import type { AuditRecord } from '#gateway/domain/audit/record.ts';
import { relatedIds } from '#gateway/domain/audit/related-ids.ts';
import { GatewayError } from '#gateway/domain/errors.ts';
import {
  AUDIT_IN_FLIGHT_MAX,
  AUDIT_RECORD_BYTES_MAX,
  type AuditEntry,
  type AuditLog,
  type AuditReceipt,
} from '#gateway/ports/audit-log.ts';
import type { AppendMessage, CommittedMessage, ListenMessage, WriterMessage } from './audit-messages.ts';

/** An append that is not acknowledged by then is reported as not stored: whoever waits at a door must not wait longer. */
export const APPEND_DEADLINE_MS = 2_000;

/**
 * Appends of one turn that travel together. A longer turn sends several messages, so that the writer commits the first while the rest are
 * still being decided.
 */
const BATCH_MAX = 8;

interface InFlight {
  readonly record: AuditRecord;
  readonly deadlineMs: number;
  readonly resolve: (receipt: AuditReceipt) => void;
  readonly reject: (error: GatewayError) => void;
}

/** Grows during a turn; as an `AppendMessage` it is not touched again. */
interface Batch {
  readonly kind: 'append';
  readonly firstId: number;
  readonly recordsJson: string[];
  readonly types: string[];
  readonly decisionIds: (string | null)[];
  readonly personIds: (string | null)[];
  readonly resourceIds: (string | null)[];
}

const unavailable = (cause?: unknown): GatewayError => new GatewayError('audit.unavailable', 'The log cannot be written.', { cause });

/** One thread's end of the log: sends what this thread appends, and hears of every durable entry of all threads. */
export class AuditProducer implements AuditLog {
  readonly #port: MessagePort;
  /** By id, oldest first. One that is past its deadline stays until the writer answers: it may yet become durable. */
  readonly #inFlight = new Map<number, InFlight>();
  readonly #listeners = new Set<(entry: AuditEntry) => void>();
  readonly #whenIdle: (() => void)[] = [];
  #nextId = 1;
  #batch: Batch | null = null;
  #undelivered: AuditEntry[] = [];
  #deadlineTimer: NodeJS.Timeout | null = null;
  #isUsable = true;
  #isListening = false;

  constructor(port: MessagePort) {
    this.#port = port;
    port.on('message', (message: WriterMessage) => this.#receive(message));
    port.on('close', () => this.fail());
  }

  async append(record: AuditRecord, recordJson = JSON.stringify(record)): Promise<AuditReceipt> {
    if (!this.#isUsable) throw unavailable();
    if (this.#inFlight.size >= AUDIT_IN_FLIGHT_MAX) {
      throw new GatewayError('audit.queue_full', 'Too many log entries are waiting to be stored.');
    }
    // A character is at most three bytes: short records need no counting.
    if (recordJson.length * 3 > AUDIT_RECORD_BYTES_MAX && Buffer.byteLength(recordJson) > AUDIT_RECORD_BYTES_MAX) {
      throw new GatewayError('audit.entry_too_large', 'The log entry is too long.');
    }
    const id = this.#nextId;
    this.#nextId += 1;
    this.#addToBatch(id, record, recordJson);
    return new Promise((resolve, reject) => {
      this.#inFlight.set(id, { record, deadlineMs: performance.now() + APPEND_DEADLINE_MS, resolve, reject });
      this.#watchDeadline(APPEND_DEADLINE_MS);
    });
  }

  subscribe(listener: (entry: AuditEntry) => void): () => void {
    // Its own function each time: two subscriptions of one listener end one by one.
    const subscription = (entry: AuditEntry): void => listener(entry);
    this.#listeners.add(subscription);
    if (!this.#isListening && this.#isUsable) this.#port.postMessage({ kind: 'listen' } satisfies ListenMessage);
    this.#isListening = true;
    return () => this.#listeners.delete(subscription);
  }

  isWritable(): boolean {
    return this.#isUsable;
  }

  async close(): Promise<void> {
    if (this.#inFlight.size > 0) await new Promise<void>((resolve) => this.#whenIdle.push(resolve));
    this.fail();
    this.#port.close();
  }

  /** The writer is gone: nothing that waits, and nothing that comes, can be stored. */
  fail(cause?: unknown): void {
    this.#isUsable = false;
    for (const { reject } of this.#inFlight.values()) reject(unavailable(cause));
    this.#inFlight.clear();
    this.#noticeIdle();
  }

  #addToBatch(id: number, record: AuditRecord, recordJson: string): void {
    if (this.#batch === null) {
      this.#batch = { kind: 'append', firstId: id, recordsJson: [], types: [], decisionIds: [], personIds: [], resourceIds: [] };
      // After every request that this turn of the loop found waiting: what they append goes, up to BATCH_MAX, in one message.
      setImmediate(() => this.#flushInCompany());
    }
    const { decisionId, personId, resourceId } = relatedIds(record);
    this.#batch.recordsJson.push(recordJson);
    this.#batch.types.push(record.type);
    this.#batch.decisionIds.push(decisionId);
    this.#batch.personIds.push(personId);
    this.#batch.resourceIds.push(resourceId);
    if (this.#batch.recordsJson.length >= BATCH_MAX) this.#flush();
  }

  /**
   * While an answer of the writer is due, a small batch waits for it and for company: the writer is at work, and each group that it commits
   * costs a sync of the disk and 150 us of CPU, however few are in it.
   */
  #flushInCompany(): void {
    const batched = this.#batch?.recordsJson.length ?? 0;
    if (this.#inFlight.size === batched) this.#flush();
  }

  #flush(): void {
    const message: AppendMessage | null = this.#batch;
    this.#batch = null;
    if (message !== null && this.#isUsable) this.#port.postMessage(message);
  }

  #receive(message: WriterMessage): void {
    if (message.kind === 'committed') this.#acknowledge(message);
    else for (const id of message.ids) this.#settle(id)?.reject(unavailable());
    this.#flush();
    this.#noticeIdle();
  }

  #acknowledge(message: CommittedMessage): void {
    let { previousHash } = message;
    let foreignIndex = 0;
    message.hashes.forEach((hash, index) => {
      const seq = message.firstSeq + index;
      const ownId = message.ownIds[index] ?? 0;
      const own = this.#settle(ownId);
      own?.resolve({ seq, hash });
      if (this.#listeners.size > 0) {
        const record = own?.record ?? foreignRecord(message.foreignJson[foreignIndex]);
        if (record !== null) this.#deliverSoon({ seq, arrivedAtMs: message.arrivedAtMs, previousHash, hash, record });
      }
      if (ownId === 0) foreignIndex += 1;
      previousHash = hash;
    });
  }

  #settle(id: number): InFlight | undefined {
    const settled = this.#inFlight.get(id);
    this.#inFlight.delete(id);
    return settled;
  }

  /** A turn after the acknowledgements, so that nobody's door waits for a live view. */
  #deliverSoon(entry: AuditEntry): void {
    if (this.#undelivered.length === 0) setImmediate(() => this.#deliver());
    this.#undelivered.push(entry);
  }

  #deliver(): void {
    const entries = this.#undelivered;
    this.#undelivered = [];
    for (const entry of entries) {
      for (const listener of this.#listeners) {
        try {
          listener(entry);
        } catch (error) {
          // A programmer's error of one listener, reported as uncaught: the others must hear of the entry all the same.
          queueMicrotask(() => {
            throw error;
          });
        }
      }
    }
  }

  #watchDeadline(delayMs: number): void {
    this.#deadlineTimer ??= setTimeout(() => this.#expire(), delayMs).unref();
  }

  #expire(): void {
    this.#deadlineTimer = null;
    // Whatever keeps the writer from answering, nothing is held back behind it for longer.
    this.#flush();
    const nowMs = performance.now();
    for (const { deadlineMs, reject } of this.#inFlight.values()) {
      if (deadlineMs > nowMs) return this.#watchDeadline(deadlineMs - nowMs);
      reject(unavailable());
    }
  }

  #noticeIdle(): void {
    if (this.#inFlight.size > 0) return;
    for (const resolve of this.#whenIdle.splice(0)) resolve();
  }
}

/**
 * The text was made from an AuditRecord by another thread of this process, which is why it is not checked again. There is none when the
 * entry was committed before the writer heard that this thread listens.
 */
function foreignRecord(recordJson: string | undefined): AuditRecord | null {
  return recordJson === undefined ? null : (JSON.parse(recordJson) as AuditRecord);
}
