import type { Response } from 'express';
import { GatewayError } from '../domain/errors.ts';
import { maskInput } from '../domain/policy/mask-input.ts';
import type { AuditEntry, AuditLog, AuditReader } from '../ports/audit-log.ts';
import { entrySchema, EVENTS_REPLAY_MAX, type Entry } from './contract/admin.ts';

/** Consoles that listen at once. */
export const EVENT_CLIENTS_MAX = 200;
/** Of one person: tabs and command lines. One account cannot take every place. */
export const EVENT_CLIENTS_PER_PERSON_MAX = 20;
/** Unsent bytes of one client before it is told to load the page again. */
export const EVENT_BUFFER_BYTES_MAX = 1_048_576;
export const HEARTBEAT_INTERVAL_MS = 15_000;
/** A change at the host is recorded before it is made: it is looked at again this much later, ms. */
export const DIRECTORY_SETTLE_MS = 1_000;

/** As it leaves the gateway: of a decision's input, what the input schema marks is masked. The log itself keeps it, to decide again. */
export function toEntry({ seq, arrivedAtMs, hash, record }: AuditEntry): Entry {
  if (record.type !== 'decision' || record.input === null) return entrySchema.parse({ seq, arrivedAtMs, hash, record });
  const { input, masked } = maskInput(record.input);
  return entrySchema.parse({ seq, arrivedAtMs, hash, record: { ...record, input }, masked });
}

interface Client {
  readonly response: Response;
  readonly isAllowed: () => Promise<boolean>;
  readonly personId: string;
  /** Entries that arrive while older ones are still being read; null once they were sent. */
  waiting: AuditEntry[] | null;
  sentSeq: number;
  isLagging: boolean;
  /** A second look that is due. */
  settling: NodeJS.Timeout | null;
}

export interface EventFeedOptions {
  /** From Last-Event-ID; null = only what comes. */
  readonly afterSeq: number | null;
  /** Asked at every heartbeat and when a record about the person may have ended the permission. */
  readonly isAllowed: () => Promise<boolean>;
  readonly personId: string;
}

export interface EventFeed {
  /** Takes the response over as an event stream until either side ends it. @throws request.rate_limited too many listen already */
  open(response: Response, options: EventFeedOptions): Promise<void>;
  close(): void;
}

interface Deps {
  readonly audit: AuditLog;
  readonly reader: AuditReader;
  readonly clientsMax?: number;
  readonly perPersonMax?: number;
  readonly bufferBytesMax?: number;
}

/** One subscription to the log for all listening consoles; each entry is rendered once. */
export function createEventFeed(deps: Deps): EventFeed {
  return new LogEventFeed(deps);
}

class LogEventFeed implements EventFeed {
  readonly #reader: AuditReader;
  readonly #clientsMax: number;
  readonly #perPersonMax: number;
  readonly #bufferBytesMax: number;
  readonly #clients = new Set<Client>();
  readonly #unsubscribe: () => void;
  readonly #heartbeat: NodeJS.Timeout;

  constructor({ audit, reader, ...limits }: Deps) {
    this.#reader = reader;
    this.#clientsMax = limits.clientsMax ?? EVENT_CLIENTS_MAX;
    this.#perPersonMax = limits.perPersonMax ?? EVENT_CLIENTS_PER_PERSON_MAX;
    this.#bufferBytesMax = limits.bufferBytesMax ?? EVENT_BUFFER_BYTES_MAX;
    this.#unsubscribe = audit.subscribe((entry) => this.#take(entry));
    this.#heartbeat = setInterval(() => this.#beat(), HEARTBEAT_INTERVAL_MS);
    this.#heartbeat.unref();
  }

  async open(response: Response, { afterSeq, isAllowed, personId }: EventFeedOptions): Promise<void> {
    const own = [...this.#clients].filter((other) => other.personId === personId).length;
    if (this.#clients.size >= this.#clientsMax || own >= this.#perPersonMax) {
      throw new GatewayError('request.rate_limited', 'Too many consoles are listening. Close one and try again.');
    }
    const client: Client = { response, isAllowed, personId, waiting: [], sentSeq: 0, isLagging: false, settling: null };
    this.#clients.add(client);
    response.on('close', () => this.#forget(client));
    response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store', 'x-accel-buffering': 'no' });
    response.write(': listening\n\n');
    try {
      if (afterSeq !== null) await this.#replay(client, afterSeq);
      this.#goLive(client);
    } catch {
      // The answer has begun: ending it makes the browser come back with its Last-Event-ID.
      this.#drop(client);
    }
  }

  close(): void {
    clearInterval(this.#heartbeat);
    this.#unsubscribe();
    for (const client of this.#clients) this.#drop(client);
  }

  #take(entry: AuditEntry): void {
    if (this.#clients.size === 0) return;
    const text = renderEntry(entry);
    const { record } = entry;
    const concerned = personConcernedBy(record);
    for (const client of this.#clients) {
      if (client.waiting === null) this.#send(client, entry.seq, text);
      else if (client.waiting.length < EVENTS_REPLAY_MAX) client.waiting.push(entry);
      else client.isLagging = true;
      if (concerned !== client.personId) continue;
      this.#checkAllowed(client);
      if (record.type === 'directory_change') this.#checkLater(client);
    }
  }

  #checkLater(client: Client): void {
    client.settling ??= setTimeout(() => {
      client.settling = null;
      this.#checkAllowed(client);
    }, DIRECTORY_SETTLE_MS).unref();
  }

  async #replay(client: Client, afterSeq: number): Promise<void> {
    const headSeq = await this.#reader.headSeq();
    // Too far behind to be worth catching up; an id of the future is of another log.
    if (headSeq - afterSeq > EVENTS_REPLAY_MAX || afterSeq > headSeq) {
      client.response.write(RESET);
      return;
    }
    const entries = await this.#reader.read({ from: { afterSeq }, limit: EVENTS_REPLAY_MAX });
    for (const entry of entries) this.#send(client, entry.seq, renderEntry(entry));
  }

  #goLive(client: Client): void {
    const waiting = client.waiting ?? [];
    client.waiting = null;
    if (client.isLagging) {
      // More came during the replay than is kept: what was kept would have a gap.
      client.isLagging = false;
      client.response.write(RESET);
      return;
    }
    for (const entry of waiting) this.#send(client, entry.seq, renderEntry(entry));
  }

  #send(client: Client, seq: number, text: string): void {
    const { response } = client;
    if (seq <= client.sentSeq || client.isLagging) return;
    if (response.writableLength + text.length > this.#bufferBytesMax) {
      client.isLagging = true;
      response.once('drain', () => {
        client.isLagging = false;
        response.write(RESET);
      });
      return;
    }
    client.sentSeq = seq;
    response.write(text);
  }

  #beat(): void {
    for (const client of this.#clients) {
      client.response.write(': still here\n\n');
      this.#checkAllowed(client);
    }
  }

  /** The client's connection owns the answer: no permission, or none to be had, ends it. */
  #checkAllowed(client: Client): void {
    client.isAllowed().then(
      (isAllowed) => (isAllowed ? undefined : this.#drop(client)),
      () => this.#drop(client),
    );
  }

  #drop(client: Client): void {
    if (this.#forget(client)) client.response.end();
  }

  /** False when it was forgotten before. */
  #forget(client: Client): boolean {
    if (client.settling !== null) clearTimeout(client.settling);
    return this.#clients.delete(client);
  }
}

const RESET = 'event: reset\ndata: {}\n\n';

/** Whose permission to listen may have ended: standing, session, or what the directory says of them. */
function personConcernedBy(record: AuditEntry['record']): string | null {
  if (record.type === 'standing' || record.type === 'directory_change') return record.personId;
  return record.type === 'session' && record.event === 'ended' ? record.personId : null;
}

function renderEntry(entry: AuditEntry): string {
  return `event: entry\nid: ${String(entry.seq)}\ndata: ${JSON.stringify(toEntry(entry))}\n\n`;
}
