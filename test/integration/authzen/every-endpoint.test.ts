import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { askAuthzen, type AuthzenRequest } from '#test/support/authzen/client.ts';
import { startAuthzenFixture } from '#test/support/authzen/fixture.ts';

/* What AuthZEN 1.0 and its certification want of each of the five addresses alike. */
let fixture: Awaited<ReturnType<typeof startAuthzenFixture>>;
beforeAll(async () => {
  fixture = await startAuthzenFixture();
});
afterAll(() => fixture.close());

const ask = (path: string, body: unknown, options?: AuthzenRequest) => askAuthzen(fixture.origin, `/access/v1/${path}`, body, options);

type Body = Readonly<Record<string, unknown>>;
const [alice, read, first] = [{ type: 'user', id: 'alice' }, { name: 'read' }, { type: 'record', id: 'record-1' }];
const QUESTION = { subject: alice, action: read, resource: first };
const BODIES: Readonly<Record<string, Body>> = {
  evaluation: QUESTION,
  evaluations: { ...QUESTION, evaluations: [{}, { action: { name: 'write' } }] },
  'search/subject': { ...QUESTION, subject: { type: 'user' } },
  'search/resource': { ...QUESTION, resource: { type: 'record' } },
  'search/action': { subject: alice, resource: first },
};
const PATHS = Object.keys(BODIES);
const bodyOf = (path: string): Body => BODIES[path] ?? {};

describe.each(PATHS)('%s', (path) => {
  it('answers the same again to the same question, whatever it does not know in it', async () => {
    const { status, text } = await ask(path, bodyOf(path));
    expect(status).toBe(200);
    expect(await ask(path, bodyOf(path))).toMatchObject({ status, text });
    const later = { ...bodyOf(path), version: '2.0', extension: { nested: [1] }, context: { reason: 'audit' } };
    expect(await ask(path, later)).toMatchObject({ status, text });
  });

  it.each(['GET', 'HEAD', 'PUT', 'PATCH', 'DELETE'])('does not take %s', async (method) => {
    expect(await ask(path, bodyOf(path), { method })).toMatchObject({ status: 405, headers: { allow: 'POST' } });
  });

  it.each([
    ['text/plain', 400],
    ['application/xml', 400],
    ['multipart/form-data', 400],
    ['application/json;charset=UTF-8', 200],
  ])('answers a body of %s with %i', async (type, status) => {
    expect(await ask(path, bodyOf(path), { headers: { 'content-type': type } })).toMatchObject({ status });
  });

  it.each([
    ['nothing', ''],
    ['a blank', ' '],
    ['broken JSON', '{"subject":{"type":"user",'],
    ['two values', '{}{}'],
    ['a list', [{}]],
    ['null', null],
    ['a number', 1],
    ['text', '"alice"'],
    ['an object of nothing', {}],
  ])('answers %s with 400 and a message', async (_what, body) => {
    const { status, headers, text } = await ask(path, body);
    expect({ status, type: headers['content-type'] }).toEqual({ status: 400, type: 'text/plain; charset=utf-8' });
    expect(text).not.toBe('');
  });

  it('answers 401 with a challenge without a key, and with a wrong one', async () => {
    expect(await ask(path, bodyOf(path), { key: null })).toMatchObject({ status: 401, headers: { 'www-authenticate': 'Bearer' } });
    const wrong = await ask(path, bodyOf(path), { key: 'wrong' });
    expect(wrong).toMatchObject({ status: 401, headers: { 'www-authenticate': 'Bearer error="invalid_token"' } });
  });

  it('sends the X-Request-ID back with every answer, and none where none came', async () => {
    const headers = { 'x-request-id': 'bfe9eb29-ab87-4ca3-be83-a1d5d8305716' };
    const echoed = { headers };
    expect(await ask(path, bodyOf(path), { headers })).toMatchObject({ status: 200, ...echoed });
    expect(await ask(path, '', { headers })).toMatchObject({ status: 400, ...echoed });
    expect(await ask(path, bodyOf(path), { headers, key: null })).toMatchObject({ status: 401, ...echoed });
    expect(await ask(path, bodyOf(path), { headers, method: 'GET' })).toMatchObject({ status: 405, ...echoed });
    expect((await ask(path, bodyOf(path))).headers).not.toHaveProperty('x-request-id');
  });
});

/** Every required member of a body once left out, and once of each wrong kind. */
function faultsOf(path: string): readonly (readonly [path: string, member: string, body: Body])[] {
  const body = bodyOf(path);
  return ['subject', 'action', 'resource'].flatMap((member) => {
    const value = body[member];
    if (typeof value !== 'object' || value === null) return [];
    const without = Object.fromEntries(Object.entries(body).filter(([name]) => name !== member));
    const wrong = [null, 'alice', 1, true, []].map(
      (kind) => [path, `${member} of ${JSON.stringify(kind)}`, { ...body, [member]: kind }] as const,
    );
    const inner = Object.keys(value).flatMap((key) =>
      [undefined, null, 123, true, [], {}, ''].map(
        (kind) =>
          [path, `${member}.${key} of ${JSON.stringify(kind) ?? 'nothing'}`, { ...body, [member]: { ...value, [key]: kind } }] as const,
      ),
    );
    return [[path, `no ${member}`, without] as const, ...wrong, ...inner];
  });
}

describe('required members', () => {
  it.each(PATHS.filter((path) => path !== 'evaluations').flatMap(faultsOf))('%s answers 400 to %s', async (path, _what, body) => {
    expect(await ask(path, body)).toMatchObject({ status: 400 });
  });

  it('deny one item of a batch and no other', async () => {
    const faults = faultsOf('evaluation').map(([, , body]) => body);
    // Without members of the request there is nothing that an item could fall back to.
    const { status, body } = await ask('evaluations', { evaluations: [QUESTION, ...faults, QUESTION] });
    const { evaluations } = body as { evaluations: { decision: boolean; context?: { error: { status: number; message: string } } }[] };
    expect(status).toBe(200);
    expect([evaluations.at(0), evaluations.at(-1)]).toEqual([{ decision: true }, { decision: true }]);
    expect(evaluations).toHaveLength(faults.length + 2);
    for (const each of evaluations.slice(1, -1)) {
      expect(each).toMatchObject({ decision: false, context: { error: { status: 400, message: expect.any(String) as string } } });
    }
    expect(body).not.toHaveProperty('decision');
  });
});

describe('searches', () => {
  it.each<[target: string, change: Body]>([
    ['subject', { subject: { type: 'spaceship' } }],
    ['subject', { resource: { type: 'record', id: 'record-9' } }],
    ['subject', { resource: { type: 'spaceship', id: 'record-1' } }],
    ['subject', { action: { name: 'paint' } }],
    ['resource', { resource: { type: 'spaceship' } }],
    ['resource', { subject: { type: 'user', id: 'zoe' } }],
    ['resource', { subject: { type: 'spaceship', id: 'alice' } }],
    ['resource', { action: { name: 'paint' } }],
    ['action', { subject: { type: 'user', id: 'zoe' } }],
    ['action', { subject: { type: 'spaceship', id: 'alice' } }],
    ['action', { resource: { type: 'record', id: 'record-9' } }],
    ['action', { resource: { type: 'spaceship', id: 'record-1' } }],
  ])('by %s of %j find nothing, which is no error', async (target, change) => {
    const { status, text } = await ask(`search/${target}`, { ...bodyOf(`search/${target}`), ...change });
    expect({ status, text }).toEqual({ status: 200, text: '{"page":{"next_token":"","count":0},"results":[]}' });
  });

  it.each([
    ['subject', { subject: { type: 'user', id: 'bob' } }],
    ['resource', { resource: { type: 'record', id: 'record-2' } }],
    ['action', { action: { name: 'write' } }],
  ])('by %s look past the id, or the action, of what they look for', async (target, named) => {
    const plain = await ask(`search/${target}`, bodyOf(`search/${target}`));
    expect(await ask(`search/${target}`, { ...bodyOf(`search/${target}`), ...named })).toMatchObject({ status: 200, text: plain.text });
  });

  it.each(['subject', 'resource', 'action'])('by %s say first whether there is more, and refuse pages that are none', async (target) => {
    const body = bodyOf(`search/${target}`);
    const page = await ask(`search/${target}`, { ...body, page: { limit: 1, properties: { order: 'name' } } });
    expect(page.status).toBe(200);
    expect(page.text).toMatch(/^\{"page":\{"next_token":"[^"]+","count":1\},"results":\[\{/);
    for (const wrong of [null, 1, [], { limit: 'one' }, { limit: -1 }, { token: 1 }, { token: 'made up' }]) {
      expect([wrong, await ask(`search/${target}`, { ...body, page: wrong })]).toMatchObject([wrong, { status: 400 }]);
    }
  });

  it('refuse a token under another question', async () => {
    const page = { limit: 1 };
    const { body } = await ask('search/subject', { ...bodyOf('search/subject'), page });
    const { next_token: token } = (body as { page: { next_token: string } }).page;
    expect(await ask('search/subject', { ...bodyOf('search/subject'), action: { name: 'write' }, page: { token } })).toMatchObject({
      status: 400,
    });
    expect(await ask('search/resource', { ...bodyOf('search/resource'), page: { token } })).toMatchObject({ status: 400 });
  });
});

it('stands at addresses of version 1, which its metadata names', async () => {
  const { body } = await askAuthzen(fixture.origin, '/.well-known/authzen-configuration', '', { method: 'GET', key: null });
  const addresses = Object.entries(body as Record<string, string>).filter(([name]) => name.endsWith('_endpoint'));
  expect(addresses.map(([, url]) => new URL(url).pathname).sort()).toEqual(PATHS.map((path) => `/access/v1/${path}`).sort());
  expect(JSON.stringify(body)).not.toMatch(/\[\]|null/);
});
