import { describe, expect, it } from 'vitest';
import { REQUEST_ID_CHARS_MAX } from '#gateway/http/authzen/authzen-face.ts';
import { AUTHZEN_BODY_BYTES_MAX, JSON_DEPTH_MAX } from '#gateway/http/authzen/read-json.ts';
import { NAME_CHARS_MAX } from '#gateway/http/authzen/requests.ts';
import { AUTHZEN_KEY, sha256, someAuthzenClient } from '#test/support/authzen/client.ts';
import { ann, annAtMain, main, ONE, unlock, startAskedSite } from '#test/support/authzen/questions.ts';

describe('requests that do not fit', () => {
  it.each([
    ['no subject', { action: unlock, resource: main }],
    ['no action', { subject: ann, resource: main }],
    ['no resource', { subject: ann, action: unlock }],
    ['a subject without type', { ...annAtMain, subject: { id: 'a' } }],
    ['a subject without id', { ...annAtMain, subject: { type: 'user' } }],
    ['an action without name', { ...annAtMain, action: {} }],
    ['a resource without type', { ...annAtMain, resource: { id: 'main' } }],
    ['a resource without id', { ...annAtMain, resource: { type: 'door' } }],
    ['a subject of text', { ...annAtMain, subject: 'ann' }],
    ['an action of a number', { ...annAtMain, action: { name: 123 } }],
    ['an id that calls itself long, and cannot say how', { ...annAtMain, subject: { type: 'user', id: { length: { toString: null } } } }],
    ['an empty id', { ...annAtMain, subject: { type: 'user', id: '' } }],
    ['a context of text', { ...annAtMain, context: 'now' }],
    ['a list', [annAtMain]],
    ['null', null],
    ['an empty body', ''],
    ['broken JSON', '{"subject":'],
    ['a name that is too long', { ...annAtMain, subject: { type: 'user', id: 'x'.repeat(NAME_CHARS_MAX + 1) } }],
  ])('answers 400 to %s, in text', async (_name, body) => {
    const { ask, records } = await startAskedSite();
    expect(await ask(ONE, body)).toMatchObject({ status: 400, headers: { 'content-type': 'text/plain; charset=utf-8' } });
    expect(await records()).toEqual([]);
  });

  it('takes a name of the greatest length', async () => {
    const { ask } = await startAskedSite();
    expect(await ask(ONE, { ...annAtMain, subject: { type: 'user', id: 'x'.repeat(NAME_CHARS_MAX) } })).toMatchObject({ status: 200 });
  });

  it.each([
    ['text/plain', 400],
    ['application/x-www-form-urlencoded', 400],
    ['application/json; charset=utf-8', 200],
    ['Application/JSON', 200],
  ])('answers %s with %i', async (type, status) => {
    const { ask } = await startAskedSite();
    expect(await ask(ONE, annAtMain, { headers: { 'content-type': type } })).toMatchObject({ status });
  });

  it.each(['GET', 'PUT', 'DELETE', 'PATCH'])('does not take %s', async (method) => {
    const { ask } = await startAskedSite();
    expect(await ask(ONE, annAtMain, { method })).toMatchObject({ status: 405, headers: { allow: 'POST' } });
  });

  it('reads a body of the greatest length and depth, and refuses a longer or deeper one', async () => {
    const { ask } = await startAskedSite();
    const nested = (depth: number) => `${'['.repeat(depth)}${']'.repeat(depth)}`;
    const withFiller = (filler: string) => JSON.stringify({ ...annAtMain, filler: 0 }).replace('0}', `${filler}}`);
    const room = AUTHZEN_BODY_BYTES_MAX - withFiller('""').length;
    expect(await ask(ONE, withFiller(`"${'x'.repeat(room)}"`))).toMatchObject({ status: 200 });
    expect(await ask(ONE, withFiller(`"${'x'.repeat(room + 1)}"`))).toMatchObject({ status: 413 });
    expect(await ask(ONE, withFiller(nested(JSON_DEPTH_MAX - 1)))).toMatchObject({ status: 200 });
    expect(await ask(ONE, withFiller(nested(JSON_DEPTH_MAX)))).toMatchObject({ status: 400 });
  });

  it('does not answer under another host name, nor at other addresses', async () => {
    const { ask } = await startAskedSite();
    expect(await ask(ONE, annAtMain, { headers: { host: 'evil.example' } })).toMatchObject({ status: 400 });
    expect(await ask('/access/v1/else', annAtMain)).toMatchObject({ status: 404 });
  });
});

describe('who may ask', () => {
  it.each([
    ['nobody', { key: null }, 'Bearer'],
    ['a wrong key', { key: 'wrong' }, 'Bearer error="invalid_token"'],
    ['the hash of the key', { key: sha256(AUTHZEN_KEY) }, 'Bearer error="invalid_token"'],
    ['another scheme', { key: null, headers: { authorization: `Basic ${AUTHZEN_KEY}` } }, 'Bearer error="invalid_token"'],
  ])('answers 401 to %s before the body is looked at', async (_name, request, challenge) => {
    const { ask, records } = await startAskedSite();
    expect(await ask(ONE, 'nonsense', request)).toMatchObject({ status: 401, headers: { 'www-authenticate': challenge } });
    expect(await records()).toEqual([]);
  });

  it('answers 403 where the client may not ask about the action, the type or the resource', async () => {
    const onlyMain = someAuthzenClient({ actions: ['door.unlock'], resources: ['door:main'] });
    const { ask, records } = await startAskedSite({ clients: [onlyMain] });
    expect(await ask(ONE, annAtMain)).toMatchObject({ status: 200 });
    expect(await ask(ONE, { ...annAtMain, resource: { type: 'door', id: 'servers-door' } })).toMatchObject({ status: 403 });
    expect(await ask(ONE, { ...annAtMain, resource: { type: 'app', id: 'wiki' } })).toMatchObject({ status: 403 });
    expect(await ask(ONE, { ...annAtMain, action: { name: 'app.login' } })).toMatchObject({ status: 403 });
    expect(await records()).toHaveLength(1);
  });

  it('is nobody without a configured client: the addresses do not exist', async () => {
    const { ask } = await startAskedSite({ clients: [] });
    expect(await ask(ONE, annAtMain)).toMatchObject({ status: 404 });
  });
});

describe('X-Request-ID', () => {
  it('comes back with answers and errors, and joins the decision', async () => {
    const { ask, records } = await startAskedSite();
    const id = 'r'.repeat(REQUEST_ID_CHARS_MAX);
    expect(await ask(ONE, annAtMain, { headers: { 'x-request-id': id } })).toMatchObject({ status: 200, headers: { 'x-request-id': id } });
    expect(await ask(ONE, 'x', { headers: { 'x-request-id': 'a b' } })).toMatchObject({ status: 400, headers: { 'x-request-id': 'a b' } });
    expect(await records()).toMatchObject([{ input: { context: { request: { correlation: id } } } }]);
  });

  it('is refused when it is longer than what may stand in the log', async () => {
    const { ask } = await startAskedSite();
    expect(await ask(ONE, annAtMain, { headers: { 'x-request-id': 'r'.repeat(REQUEST_ID_CHARS_MAX + 1) } })).toMatchObject({ status: 400 });
  });
});
