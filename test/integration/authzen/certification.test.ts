import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { askAuthzen } from '#test/support/authzen/client.ts';
import { startAuthzenFixture } from '#test/support/authzen/fixture.ts';

/* The mandated decisions and searches of the AuthZEN 1.0 certification scenario, and its structural checks. */
let fixture: Awaited<ReturnType<typeof startAuthzenFixture>>;
beforeAll(async () => {
  fixture = await startAuthzenFixture();
});
afterAll(() => fixture.close());

const ask = (path: string, body: unknown) => askAuthzen(fixture.origin, `/access/v1/${path}`, body);
const user = (id: string, properties?: object) => ({ type: 'user', id, ...(properties === undefined ? {} : { properties }) });
const record = (id: string, properties?: object) => ({ type: 'record', id, ...(properties === undefined ? {} : { properties }) });
const action = (name: string, properties?: object) => ({ name, ...(properties === undefined ? {} : { properties }) });

const DECISIONS = [
  ['alice reads an active record', user('alice'), action('read'), record('record-1'), true],
  ['alice writes an active record', user('alice'), action('write'), record('record-1'), true],
  ['bob reads an active record', user('bob'), action('read'), record('record-1'), true],
  ['bob writes an active record', user('bob'), action('write'), record('record-1'), false],
  ['alice writes an archived record', user('alice'), action('write'), record('record-2', { status: 'archived' }), false],
  ['an admin writes an archived record', user('bob', { role: 'admin' }), action('write'), record('record-2', { status: 'archived' }), true],
  ['alice deletes softly', user('alice'), action('delete', { soft: true }), record('record-1'), true],
  ['alice deletes for good', user('alice'), action('delete', { soft: false }), record('record-1'), false],
] as const;

describe('certification fixture: evaluation', () => {
  it.each(DECISIONS)('%s', async (...[, subject, what, resource, decision]) => {
    const question = { subject, action: what, resource };
    for (let round = 0; round < 3; round += 1) expect(await ask('evaluation', question)).toMatchObject({ status: 200, body: { decision } });
    const context = { time: '2025-06-27T18:03-07:00', ip: '192.168.1.1' };
    expect(await ask('evaluation', { ...question, context, futureField: { nested: true } })).toMatchObject({ body: { decision } });
  });
});

describe('certification fixture: evaluations', () => {
  it.each(['execute_all', 'deny_on_first_deny', 'permit_on_first_permit'])('decides all eight in order under %s', async (semantic) => {
    const evaluations = DECISIONS.map(([, subject, what, resource]) => ({ subject, action: what, resource }));
    const { body } = await ask('evaluations', { evaluations, options: { evaluations_semantic: semantic } });
    const all = DECISIONS.map(([, , , , decision]) => ({ decision }));
    const first = { execute_all: all.length, deny_on_first_deny: 4, permit_on_first_permit: 1 }[semantic];
    expect(body).toEqual({ evaluations: all.slice(0, first) });
  });

  it('falls back to the type of the request where an item leaves it out', async () => {
    const { body } = await ask('evaluations', {
      subject: user('alice'),
      action: action('write'),
      resource: { type: 'record' },
      evaluations: [
        { resource: { id: 'record-1', properties: { status: 'active' } } },
        { resource: record('record-2', { status: 'archived' }) },
      ],
    });
    expect(body).toEqual({ evaluations: [{ decision: true }, { decision: false }] });
  });

  it('makes an item without a resource a deny', async () => {
    const { status, body } = await ask('evaluations', {
      subject: user('alice'),
      action: action('read'),
      evaluations: [{ resource: record('record-1') }, {}],
    });
    expect({ status, body }).toMatchObject({ status: 200, body: { evaluations: [{ decision: true }, { decision: false }] } });
  });
});

const archived = record('record-2', { status: 'archived' });
const admin = user('bob', { role: 'admin' });

describe('certification fixture: searches', () => {
  it.each([
    ['subject', { subject: { type: 'user' }, action: action('read'), resource: record('record-1') }, [user('alice'), user('bob')]],
    ['subject', { subject: { type: 'user' }, action: action('write'), resource: archived }, [user('bob')]],
    ['subject', { subject: { type: 'user', id: 'ignored' }, action: action('write'), resource: archived, context: {} }, [user('bob')]],
    [
      'resource',
      { subject: user('alice'), action: action('read'), resource: { type: 'record' } },
      [record('record-1'), record('record-2')],
    ],
    ['resource', { subject: admin, action: action('write'), resource: { type: 'record' } }, [record('record-2')]],
    ['action', { subject: user('alice'), resource: record('record-1') }, [action('read'), action('write')]],
    ['action', { subject: admin, resource: archived }, [action('read'), action('write')]],
    ['action', { subject: user('nonexistent-user'), resource: record('record-1') }, []],
    ['subject', { subject: { type: 'spaceship' }, action: action('read'), resource: record('record-1') }, []],
  ])('finds by %s', async (target, search, results) => {
    const { status, body, text } = await ask(`search/${target}`, search);
    expect({ status, body }).toEqual({ status: 200, body: { page: { next_token: '', count: results.length }, results } });
    expect(text.startsWith('{"page":')).toBe(true);
  });

  it('goes on with a token, without repeating the limit', async () => {
    const search = { subject: { type: 'user' }, action: action('read'), resource: record('record-1') };
    const first = await ask('search/subject', { ...search, page: { limit: 1 } });
    expect(first.body).toMatchObject({ results: [user('alice')] });
    const token = (first.body as { page: { next_token: string } }).page.next_token;
    const second = await ask('search/subject', { ...search, page: { token } });
    expect(second.body).toEqual({ page: { next_token: '', count: 1 }, results: [user('bob')] });
  });

  it.each([
    ['subject', { subject: { type: 'user' }, resource: record('record-1') }],
    ['subject', { subject: { type: 'user' }, action: action('read'), resource: { type: 'record' } }],
    ['resource', { action: action('read'), resource: { type: 'record' } }],
    ['resource', { subject: { type: 'user' }, action: action('read'), resource: { type: 'record' } }],
    ['action', { subject: user('alice') }],
  ])('answers 400 to a search by %s that lacks a part', async (target, search) => {
    expect(await ask(`search/${target}`, search)).toMatchObject({ status: 400 });
  });
});
