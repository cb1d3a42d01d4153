import { EventEmitter } from 'node:events';
import type { Response } from 'express';
import { expect, it, onTestFinished, vi } from 'vitest';
import { createMemoryAuditLog } from '#adapters/memory/audit-log.ts';
import type { AuditRecord } from '#gateway/domain/audit/record.ts';
import { createEventFeed, DIRECTORY_SETTLE_MS } from '#gateway/http/event-feed.ts';

/** A response whose socket takes nothing until `drain`. */
class StuckResponse extends EventEmitter {
  readonly written: string[] = [];
  writableLength = 0;
  ended = false;

  writeHead(): this {
    return this;
  }
  write(text: string): boolean {
    this.written.push(text);
    this.writableLength += text.length;
    return false;
  }
  end(): void {
    this.ended = true;
    this.emit('close');
  }
  drain(): void {
    this.writableLength = 0;
    this.emit('drain');
  }
  /** As the feed sees it: it uses nothing else of a response. */
  get asResponse(): Response {
    return this as unknown as Response;
  }
}

const createLog = () => createMemoryAuditLog({ clock: { nowMs: () => 1_000, monotonicUs: () => 0 } });
const listener = { afterSeq: null, isAllowed: async () => true, personId: 'person_ada' };
const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

it('keeps no more for a slow client than its buffer, then tells it to load the page again', async () => {
  const audit = createLog();
  const feed = createEventFeed({ audit, reader: audit, bufferBytesMax: 1_000 });
  const slow = new StuckResponse();
  await feed.open(slow.asResponse, listener);
  for (let index = 0; index < 20; index += 1) {
    await audit.append({ type: 'system', occurredAtMs: 1, event: 'started', detail: String(index) });
  }
  await settle();
  expect(slow.writableLength).toBeLessThanOrEqual(1_000);
  const before = slow.written.length;

  slow.drain();

  expect(slow.written.slice(before)).toEqual(['event: reset\ndata: {}\n\n']);
  feed.close();
  expect(slow.ended).toBe(true);
});

it('takes as many clients as its limit and refuses one more', async () => {
  const audit = createLog();
  const feed = createEventFeed({ audit, reader: audit, clientsMax: 2 });
  const first = new StuckResponse();
  await feed.open(first.asResponse, listener);
  await feed.open(new StuckResponse().asResponse, listener);

  await expect(feed.open(new StuckResponse().asResponse, listener)).rejects.toMatchObject({ code: 'request.rate_limited' });

  first.end();
  await feed.open(new StuckResponse().asResponse, listener);
  feed.close();
});

it('takes as many clients of one person as its limit, and still one of another', async () => {
  const audit = createLog();
  const feed = createEventFeed({ audit, reader: audit, perPersonMax: 2 });
  const first = new StuckResponse();
  await feed.open(first.asResponse, listener);
  await feed.open(new StuckResponse().asResponse, listener);

  await expect(feed.open(new StuckResponse().asResponse, listener)).rejects.toMatchObject({ code: 'request.rate_limited' });
  await feed.open(new StuckResponse().asResponse, { ...listener, personId: 'person_bea' });
  first.end();
  await feed.open(new StuckResponse().asResponse, listener);
  feed.close();
});

it('ends a client whose permission cannot be read', async () => {
  const audit = createLog();
  const feed = createEventFeed({ audit, reader: audit });
  const client = new StuckResponse();
  await feed.open(client.asResponse, { ...listener, isAllowed: () => Promise.reject(new Error('store is down')) });
  const ended = {
    event: 'ended',
    kind: 'console',
    sessionId: 's',
    personId: 'person_ada',
    appId: null,
    cause: 'x',
    decisionId: null,
  } as const;

  await audit.append({ type: 'session', occurredAtMs: 1, ...ended });
  await settle();

  expect(client.ended).toBe(true);
  feed.close();
});

const directoryChange = (personId: string | null): AuditRecord => ({
  type: 'directory_change',
  occurredAtMs: 1,
  changeId: 'chg_1',
  subjectType: 'person',
  subjectId: personId ?? 'prf_1',
  personId,
  change: 'replaced',
  changes: ['-role:guard'],
  digestBefore: 'a'.repeat(64),
  digestAfter: 'b'.repeat(64),
  operatorId: 'local',
});

it('ends a client at once when the directory takes its permission away, and asks nobody else', async () => {
  const audit = createLog();
  const feed = createEventFeed({ audit, reader: audit });
  const ada = new StuckResponse();
  let isOperator = true;
  await feed.open(ada.asResponse, { ...listener, isAllowed: async () => isOperator });
  const bea = { ...listener, personId: 'person_bea', isAllowed: () => expect.fail('nothing was said of her') };
  await feed.open(new StuckResponse().asResponse, bea);

  await audit.append(directoryChange('person_ada'));
  await audit.append(directoryChange(null));
  await settle();
  expect(ada.ended).toBe(false);

  isOperator = false;
  await audit.append(directoryChange('person_ada'));
  await settle();
  expect(ada.ended).toBe(true);
  feed.close();
});

it('looks again for a change that is made after its record', async () => {
  vi.useFakeTimers();
  onTestFinished(() => void vi.useRealTimers());
  const audit = createLog();
  const feed = createEventFeed({ audit, reader: audit });
  const ada = new StuckResponse();
  let isOperator = true;
  await feed.open(ada.asResponse, { ...listener, isAllowed: async () => isOperator });

  await audit.append(directoryChange('person_ada'));
  await vi.advanceTimersByTimeAsync(0);
  isOperator = false;
  await vi.advanceTimersByTimeAsync(DIRECTORY_SETTLE_MS - 1);
  expect(ada.ended).toBe(false);
  await vi.advanceTimersByTimeAsync(1);
  expect(ada.ended).toBe(true);
  feed.close();
});
