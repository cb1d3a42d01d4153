import { describe, expect, it } from 'vitest';
import { PAGE_TOKEN_CHARS_MAX, PAGE_TOKEN_TTL_MS } from '#gateway/app/authzen/page-token.ts';
import { PAGE_LIMIT_MAX, SEARCHES_AT_ONCE_MAX } from '#gateway/app/authzen/search.ts';
import { sha256, someAuthzenClient, type AuthzenRequest } from '#test/support/authzen/client.ts';
import { main, startAskedSite } from '#test/support/authzen/questions.ts';
import type { AuthzenSiteOptions } from '#test/support/authzen/site.ts';

async function start(options: AuthzenSiteOptions = {}) {
  const site = await startAskedSite(options);
  const ask = (target: string, body: unknown, request?: AuthzenRequest) => site.ask(`/access/v1/search/${target}`, body, request);
  return { ...site, ask };
}

const user = (name: string) => ({ type: 'user', id: `person_${name}` });
const whoPasses = { subject: { type: 'user' }, action: { name: 'door.unlock' }, resource: main };
const tokenOf = (body: unknown): string => (body as { page: { next_token: string } }).page.next_token;
const oneByOne = { ...whoPasses, page: { limit: 1 } };

describe('searches', () => {
  it('find who may pass a door, and leave one record of the question', async () => {
    const { ask, records } = await start();
    expect(await ask('subject', whoPasses)).toMatchObject({ status: 200, body: { results: [user('ann'), user('ben')] } });
    expect(await records()).toMatchObject([
      {
        type: 'access_search',
        channel: 'authzen',
        askedBy: 'turnstiles',
        target: 'subject',
        action: 'door.unlock',
        personId: null,
        resourceId: 'main',
        considered: 3,
        found: 2,
      },
    ]);
  });

  it('find by the facts of now', async () => {
    const { ask, people, credentials } = await start();
    await people.changeStanding({ personId: user('ann').id as never, to: 'suspended', nowMs: 1 });
    expect(await ask('subject', whoPasses)).toMatchObject({ body: { results: [user('ben')] } });
    await credentials.setStatus('credential_ben' as never, 'stolen');
    expect(await ask('subject', whoPasses)).toMatchObject({ body: { results: [] } });
  });

  it('find who may sign in, what a person may use, and how', async () => {
    const { ask } = await start();
    const wiki = { type: 'app', id: 'wiki' };
    const signIn = { subject: { type: 'user' }, action: { name: 'app.login' }, resource: wiki };
    expect(await ask('subject', signIn)).toMatchObject({ body: { results: [user('ann'), user('ben')] } });
    const doors = { subject: user('ann'), action: { name: 'door.unlock' }, resource: { type: 'door' } };
    expect(await ask('resource', doors)).toMatchObject({ body: { results: [main] } });
    const badge = { type: 'badge', id: 'H10301:12:1' };
    expect(await ask('resource', { ...doors, subject: badge })).toMatchObject({ body: { results: [main] } });
    expect(await ask('action', { subject: user('ann'), resource: wiki })).toMatchObject({
      body: { results: [{ name: 'app.login' }, { name: 'token.refresh' }] },
    });
    expect(await ask('action', { subject: user('cyd'), resource: wiki })).toMatchObject({ body: { results: [] } });
  });

  it('do not name the person behind a badge number in the log', async () => {
    const { ask, records } = await start();
    await ask('action', { subject: { type: 'badge', id: 'H10301:12:1' }, resource: main });
    expect(JSON.stringify(await records())).not.toContain('H10301');
  });

  it.each([
    ['subject', { ...whoPasses, subject: { type: 'badge' } }],
    ['subject', { ...whoPasses, subject: { type: 'spaceship' } }],
    ['subject', { ...whoPasses, action: { name: 'paint' } }],
    ['subject', { ...whoPasses, resource: { type: 'door', id: 'nowhere' } }],
    ['resource', { subject: user('zoe'), action: { name: 'door.unlock' }, resource: { type: 'door' } }],
    ['resource', { subject: user('ann'), action: { name: 'door.unlock' }, resource: { type: 'record' } }],
    ['action', { subject: user('zoe'), resource: main }],
  ])('find nothing by %s of what is unknown', async (target, search) => {
    const { ask } = await start();
    expect(await ask(target, search)).toMatchObject({ status: 200, body: { page: { next_token: '' }, results: [] } });
  });

  it('are held to what the client may ask about', async () => {
    const { ask } = await start({ clients: [someAuthzenClient({ actions: ['door.unlock'], resources: ['door:servers-door'] })] });
    expect(await ask('subject', whoPasses)).toMatchObject({ status: 403 });
    expect(await ask('action', { subject: user('ann'), resource: main })).toMatchObject({ status: 403 });
    expect(await ask('resource', { subject: user('ann'), action: { name: 'app.login' }, resource: { type: 'app' } })).toMatchObject({
      status: 403,
    });
    const doors = { subject: user('ann'), action: { name: 'door.unlock' }, resource: { type: 'door' } };
    expect(await ask('resource', doors)).toMatchObject({ status: 200, body: { results: [] } });
  });

  it('refuse facts of the gateway’s own', async () => {
    const { ask } = await start();
    expect(await ask('subject', { ...whoPasses, context: { credential: { known: true } } })).toMatchObject({ status: 400 });
    expect(await ask('subject', { ...whoPasses, subject: { type: 'user', properties: { roles: ['employee'] } } })).toMatchObject({
      status: 400,
    });
  });
});

describe('pages', () => {
  it('follow one another to an empty token', async () => {
    const { ask } = await start();
    const first = await ask('subject', oneByOne);
    expect(first.body).toMatchObject({ page: { count: 1 }, results: [user('ann')] });
    const second = await ask('subject', { ...whoPasses, page: { token: tokenOf(first.body) } });
    expect(second.body).toEqual({ page: { next_token: '', count: 1 }, results: [user('ben')] });
  });

  it('of nothing go on where they began', async () => {
    const { ask } = await start();
    const none = await ask('subject', { ...whoPasses, page: { limit: 0 } });
    expect(none.body).toMatchObject({ page: { count: 0 }, results: [] });
    const all = await ask('subject', { ...whoPasses, page: { token: tokenOf(none.body), limit: 5 } });
    expect(all.body).toMatchObject({ results: [user('ann'), user('ben')] });
  });

  it('take the greatest limit and treat one beyond it the same', async () => {
    const { ask } = await start();
    for (const limit of [PAGE_LIMIT_MAX, PAGE_LIMIT_MAX + 1])
      expect(await ask('subject', { ...whoPasses, page: { limit } })).toMatchObject({ status: 200 });
    for (const limit of [-1, 1.5, '1']) expect(await ask('subject', { ...whoPasses, page: { limit } })).toMatchObject({ status: 400 });
  });

  const other = someAuthzenClient({ id: 'other', keySha256: sha256('other') });
  it.each([
    ['altered', (token: string) => ({ token: `${token.slice(0, 4)}${token[4] === 'A' ? 'B' : 'A'}${token.slice(5)}` })],
    ['with another signature', (token: string) => ({ token: `${token.split('.')[0] ?? ''}.${'A'.repeat(43)}` })],
    ['without a signature', (token: string) => ({ token: token.split('.')[0] ?? '' })],
    ['with a part too many', (token: string) => ({ token: `${token}.x` })],
    ['made up', () => ({ token: 'x' })],
    ['as long as one may be', () => ({ token: 'x'.repeat(PAGE_TOKEN_CHARS_MAX) })],
    ['too long', () => ({ token: 'x'.repeat(PAGE_TOKEN_CHARS_MAX + 1) })],
    ['of another resource', (token: string) => ({ token, resource: { type: 'door', id: 'servers-door' } })],
    ['of another action', (token: string) => ({ token, action: { name: 'app.login' } })],
    ['of another context', (token: string) => ({ token, context: { network: { ip: '192.0.2.1' } } })],
    ['of another client', (token: string) => ({ token, key: 'other' })],
  ])('refuse a token %s', async (_name, change) => {
    const { ask } = await start({ clients: [someAuthzenClient(), other] });
    const { body } = await ask('subject', oneByOne);
    const { token, key, ...rest } = change(tokenOf(body)) as { token: string; key?: string };
    const again = await ask('subject', { ...whoPasses, ...rest, page: { token } }, key === undefined ? {} : { key });
    expect(again).toMatchObject({ status: 400 });
  });

  it('refuse a token that is too old', async () => {
    const { ask, advance } = await start();
    const { body } = await ask('subject', oneByOne);
    const next = { ...whoPasses, page: { token: tokenOf(body) } };
    advance(PAGE_TOKEN_TTL_MS);
    expect(await ask('subject', next)).toMatchObject({ status: 200 });
    advance(1);
    expect(await ask('subject', next)).toMatchObject({ status: 400 });
  });
});

describe('failures of a search', () => {
  it('answer 500 when it cannot be recorded, when the policy fails, or when people cannot be read', async () => {
    const lost = { ...(await start({ audit: (log) => ({ ...log, append: () => Promise.reject(new Error('disk')) }) })) };
    expect(await lost.ask('subject', whoPasses)).toMatchObject({ status: 500 });
    expect(lost.logLines.join()).toContain('authzen.failed');
    await lost.close();
    const fail = (): never => {
      throw new Error('trap');
    };
    const broken = await start({
      policy: (engine) => ({
        revision: engine.revision,
        dataRevision: engine.dataRevision,
        evaluate: fail,
        setData: fail,
        patchData: fail,
      }),
    });
    expect(await broken.ask('subject', whoPasses)).toMatchObject({ status: 500 });
    broken.people.epoch = () => Promise.reject(new Error('gone'));
    expect(await broken.ask('subject', whoPasses)).toMatchObject({ status: 500 });
  });

  it('are kept apart by a limit of searches at once', async () => {
    const { ask, people } = await start();
    let release: () => void = () => undefined;
    const gate = new Promise<void>((resolve) => {
      release = resolve;
    });
    const epoch = people.epoch.bind(people);
    let waiting = 0;
    people.epoch = async () => {
      waiting += 1;
      await gate;
      return epoch();
    };
    const running = Array.from({ length: SEARCHES_AT_ONCE_MAX }, () => ask('subject', whoPasses));
    while (waiting < SEARCHES_AT_ONCE_MAX) await new Promise(setImmediate);
    expect(await ask('subject', whoPasses)).toMatchObject({ status: 429, headers: { 'retry-after': '1' } });
    release();
    for (const reply of await Promise.all(running)) expect(reply).toMatchObject({ status: 200 });
    expect(await ask('subject', whoPasses)).toMatchObject({ status: 200 });
  });
});

describe('who can pass a door now', () => {
  it('names people with what else they are asked for, recorded under the operator', async () => {
    const { whoCan, people, records } = await start();
    const ben = await people.find('person_ben' as never);
    if (ben !== null) await people.save({ ...ben, accessibility: true });
    const answer = await whoCan({ id: 'person_op' as never, channel: 'console' }, { type: 'door', id: 'main' });
    expect(answer).toMatchObject({
      kind: 'found',
      action: 'door.unlock',
      people: [
        { id: 'person_ann', conditions: [] },
        { id: 'person_ben', conditions: ['extended_open_time'] },
      ],
      considered: 3,
      hasMore: false,
    });
    expect(await records()).toMatchObject([{ type: 'access_search', channel: 'console', askedBy: 'person_op', found: 2 }]);
  });
});
