import { afterEach, expect, it } from 'vitest';
import { EVENTS_REPLAY_MAX } from '#gateway/http/contract/admin.ts';
import { startHttpGateway, type HttpGateway } from '#test/support/http-gateway.ts';
import { enrolPerson, signInToConsole } from '#test/support/oidc/sign-in.ts';
import type { TestBrowser } from '#test/support/console/test-browser.ts';

let gateway: HttpGateway | null = null;
afterEach(async () => {
  await gateway?.close();
});

async function start() {
  gateway = await startHttpGateway({ clients: [] });
  const admin = await enrolPerson(gateway, 'ada', { roles: ['auditor'] });
  await signInToConsole(gateway, admin);
  return { gateway, admin };
}

interface Reading {
  readonly lastEventId?: number;
  /** Runs when the stream is open. */
  readonly afterOpen?: () => Promise<void>;
  /** Ends the reading; without it the stream is read to its end. */
  readonly until?: (text: string) => boolean;
}

async function read(browser: TestBrowser, url: string, { lastEventId, afterOpen, until = () => false }: Reading): Promise<string> {
  const headers: Record<string, string> = lastEventId === undefined ? {} : { 'last-event-id': String(lastEventId) };
  const response = await browser.request(`${url}/api/events`, { headers });
  expect(response.headers.get('content-type')).toBe('text/event-stream');
  await afterOpen?.();
  const decoder = new TextDecoder();
  let text = '';
  for await (const chunk of response.body ?? []) {
    text += decoder.decode(chunk as Uint8Array, { stream: true });
    if (until(text)) break;
  }
  return text;
}

const idsIn = (text: string): readonly number[] => [...text.matchAll(/^id: (\d+)$/gm)].map((match) => Number(match[1]));

async function appendSystem(to: HttpGateway, count: number): Promise<void> {
  for (let index = 0; index < count; index += 1) {
    await to.audit.append({ type: 'system', occurredAtMs: Date.now(), event: 'started', detail: String(index) });
  }
}

it('sends what is recorded from now on', async () => {
  const { gateway: running, admin } = await start();
  const head = await running.audit.headSeq();

  const text = await read(admin.browser, running.publicUrl, {
    afterOpen: () => appendSystem(running, 2),
    until: (seen) => idsIn(seen).length === 2,
  });

  expect(idsIn(text)).toEqual([head + 1, head + 2]);
  expect(text).toContain('event: entry');
});

it('resumes after the last event that the client saw, without a gap or a repetition', async () => {
  const { gateway: running, admin } = await start();
  await appendSystem(running, 5);

  const text = await read(admin.browser, running.publicUrl, {
    lastEventId: 2,
    afterOpen: () => appendSystem(running, 2),
    until: (seen) => idsIn(seen).length === 8,
  });

  expect(idsIn(text)).toEqual([3, 4, 5, 6, 7, 8, 9, 10]);
});

it('tells a client that is too far behind to load the page again', async () => {
  const { gateway: running, admin } = await start();
  await appendSystem(running, EVENTS_REPLAY_MAX);

  const text = await read(admin.browser, running.publicUrl, { lastEventId: 1, until: (seen) => seen.includes('event: reset') });

  expect(idsIn(text)).toEqual([]);
});

it('replays as much as is kept, to the last entry', async () => {
  const { gateway: running, admin } = await start();
  const seen = await running.audit.headSeq();
  await appendSystem(running, EVENTS_REPLAY_MAX);

  const text = await read(admin.browser, running.publicUrl, {
    lastEventId: seen,
    until: (so) => idsIn(so).length === EVENTS_REPLAY_MAX || so.includes('event: reset'),
  });

  expect(idsIn(text)).toHaveLength(EVENTS_REPLAY_MAX);
});

it('ends when the person is suspended', async () => {
  const { gateway: running, admin } = await start();
  const { personId } = admin;

  const text = await read(admin.browser, running.publicUrl, {
    afterOpen: async () => {
      const { from, epoch } = await running.people.changeStanding({ personId, to: 'suspended', nowMs: Date.now() });
      const by = { operators: ['local'], reason: 'test', epoch, decisionId: null };
      await running.audit.append({ type: 'standing', occurredAtMs: Date.now(), personId, from, to: 'suspended', ...by });
    },
  });

  expect(text).toContain('"type":"standing"');
});
