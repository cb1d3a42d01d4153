import type { Response } from 'express';
import { GatewayError } from '../domain/errors.ts';
import type { AuditEntry, AuditLog, AuditReader } from '../ports/audit-log.ts';
import { entrySchema, EVENTS_REPLAY_MAX, type Entry } from './contract/admin.ts';

/** Consoles that listen at once. */
export const EVENT_CLIENTS_MAX = 200;
/** Unsent bytes of one client before it is told to load the page again. */
export const EVENT_BUFFER_BYTES_MAX = 1_048_576;
export const HEARTBEAT_INTERVAL_MS = 15_000;

export function toEntry({ seq, arrivedAtMs, hash, record }: AuditEntry): Entry {
  return entrySchema.parse({ seq, arrivedAtMs, hash, record });
}

interface Client {
  readonly response: Response;
  readonly isAllowed: () => Promise<boolean>;
  readonly personId: string;
  /** Entries that arrive while older ones are still being read; null once they were sent. */
  waiting: AuditEntry[] | null;
  sentSeq: number;
  lagging: boolean;
}

export interface EventFeedOptions {
  /** From Last-Event-ID; null = only what comes. */
  readonly afterSeq: number | null;
  /** Asked at every heartbeat and when a record about the person may have ended the session. */
  readonly isAllowed: () => Promise<boolean>;
  readonly personId: string;
}

export interface EventFeed {
  /** Takes the response over as an event stream until either side ends it. @throws request.rate_limited EVENT_CLIENTS_MAX listen already */
  open(response: Response, options: EventFeedOptions): Promise<void>;
  close(): void;
}

interface Deps {
  readonly audit: AuditLog;
  readonly reader: AuditReader;
  readonly clientsMax?: number;
  readonly bufferBytesMax?: number;
}

/** One subscription to the log for all listening consoles; each entry is rendered once. */
export function createEventFeed(deps: Deps): EventFeed {
  const clients = new Set<Client>();
  const bufferBytesMax = deps.bufferBytesMax ?? EVENT_BUFFER_BYTES_MAX;

  const drop = (client: Client): void => {
    if (clients.delete(client)) client.response.end();
  };

  const reset = (client: Client): void => {
    client.response.write('event: reset\ndata: {}\n\n');
  };

  const send = (client: Client, seq: number, text: string): void => {
    if (seq <= client.sentSeq || client.lagging) return;
    if (client.response.writableLength + text.length > bufferBytesMax) {
      client.lagging = true;
      client.response.once('drain', () => {
        client.lagging = false;
        reset(client);
      });
      return;
    }
    client.sentSeq = seq;
    client.response.write(text);
  };

  const checkAllowed = (client: Client): void => {
    // The owner of the promise is the client's connection: a failed check ends it.
    client.isAllowed().then(
      (allowed) => (allowed ? undefined : drop(client)),
      () => drop(client),
    );
  };

  const unsubscribe = deps.audit.subscribe((entry) => {
    if (clients.size === 0) return;
    const text = renderEntry(entry);
    const { record } = entry;
    const concerns = record.type === 'standing' || (record.type === 'session' && record.event === 'ended') ? record.personId : null;
    for (const client of clients) {
      if (client.waiting === null) send(client, entry.seq, text);
      else if (client.waiting.length < EVENTS_REPLAY_MAX) client.waiting.push(entry);
      else client.lagging = true;
      if (concerns === client.personId) checkAllowed(client);
    }
  });

  const heartbeat = setInterval(() => {
    for (const client of clients) {
      client.response.write(': still here\n\n');
      checkAllowed(client);
    }
  }, HEARTBEAT_INTERVAL_MS);
  heartbeat.unref();

  const replay = async (client: Client, afterSeq: number): Promise<void> => {
    const headSeq = await deps.reader.headSeq();
    // Too far behind to be worth catching up; an id of the future is of another log.
    if (headSeq - afterSeq > EVENTS_REPLAY_MAX || afterSeq > headSeq) {
      reset(client);
      return;
    }
    const entries = await deps.reader.read({ from: { afterSeq }, limit: EVENTS_REPLAY_MAX });
    for (const entry of entries) send(client, entry.seq, renderEntry(entry));
  };

  return {
    open: async (response, { afterSeq, isAllowed, personId }) => {
      if (clients.size >= (deps.clientsMax ?? EVENT_CLIENTS_MAX)) {
        throw new GatewayError('request.rate_limited', 'Too many consoles are listening. Close one and try again.');
      }
      const client: Client = { response, isAllowed, personId, waiting: [], sentSeq: 0, lagging: false };
      clients.add(client);
      response.on('close', () => clients.delete(client));
      response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store', 'x-accel-buffering': 'no' });
      response.write(': listening\n\n');
      try {
        if (afterSeq !== null) await replay(client, afterSeq);
        const waiting = client.waiting ?? [];
        client.waiting = null;
        for (const entry of waiting) send(client, entry.seq, renderEntry(entry));
        if (client.lagging && response.writableLength === 0) {
          client.lagging = false;
          reset(client);
        }
      } catch {
        // The answer has begun: ending it makes the browser come back with its Last-Event-ID.
        drop(client);
      }
    },
    close: () => {
      clearInterval(heartbeat);
      unsubscribe();
      for (const client of clients) drop(client);
    },
  };
}

function renderEntry(entry: AuditEntry): string {
  return `event: entry\nid: ${String(entry.seq)}\ndata: ${JSON.stringify(toEntry(entry))}\n\n`;
}
