import { afterEach, describe, expect, it } from 'vitest';
import { EVALUATIONS_MAX } from '#gateway/app/authzen/evaluations.ts';
import { CONTEXT_OF_THE_GATEWAY, RESOURCE_OF_THE_GATEWAY, SUBJECT_OF_THE_GATEWAY } from '#gateway/app/authzen/stated-facts.ts';
import { REQUEST_ID_CHARS_MAX } from '#gateway/http/authzen/authzen-face.ts';
import { AUTHZEN_BODY_BYTES_MAX, JSON_DEPTH_MAX } from '#gateway/http/authzen/read-json.ts';
import { NAME_CHARS_MAX } from '#gateway/http/authzen/requests.ts';
import { askAuthzen, AUTHZEN_KEY, sha256, someAuthzenClient, type AuthzenRequest } from '#test/support/authzen-client.ts';
import { startAuthzenSite, type AuthzenSite, type AuthzenSiteOptions } from '#test/support/authzen-site.ts';

const ONE = '/access/v1/evaluation';
const MANY = '/access/v1/evaluations';

let site: AuthzenSite | undefined;
afterEach(async () => {
  await site?.close();
  site = undefined;
});

async function start(options: AuthzenSiteOptions = {}) {
  const running = await startAuthzenSite(options);
  site = running;
  return { ...running, ask: (path: string, body: unknown, request?: AuthzenRequest) => askAuthzen(running.origin, path, body, request) };
}

const ann = { type: 'user', id: 'person_ann' };
const cyd = { type: 'user', id: 'person_cyd' };
const unlock = { name: 'door.unlock' };
const main = { type: 'door', id: 'main' };
const annAtMain = { subject: ann, action: unlock, resource: main };

describe('one evaluation', () => {
  it('permits what the policy permits, recorded with the facts that the gateway resolved', async () => {
    const { ask, records } = await start();
    const { status, body, headers } = await ask(ONE, annAtMain);
    expect({ status, body }).toMatchObject({ status: 200, body: { decision: true, context: { reason_admin: { en: 'door.granted' } } } });
    expect(headers).toMatchObject({ 'content-type': 'application/json', 'cache-control': 'no-store' });
    const { decision_id: decisionId } = (body as { context: { decision_id: string } }).context;
    expect(await records()).toMatchObject([
      {
        type: 'decision',
        decisionId,
        channel: 'authzen',
        personId: 'person_ann',
        effect: 'permit',
        input: { context: { pep: { id: 'authzen:turnstiles', secure: true }, credential: { kind: 'badge', known: true } } },
      },
    ]);
  });

  it.each([
    ['an e-mail address', { type: 'user', id: 'ANN@example.test' }, true],
    ['a person', { type: 'person', id: 'person_ann' }, true],
    ['a badge', { type: 'badge', id: 'H10301:12:1' }, true],
    ['a badge of nobody', { type: 'badge', id: 'H10301:12:999' }, false],
    ['an unknown id', { type: 'user', id: 'person_zoe' }, false],
    ['somebody without a grant', cyd, false],
  ])('knows a subject by %s', async (_name, subject, decision) => {
    const { ask } = await start();
    expect(await ask(ONE, { ...annAtMain, subject })).toMatchObject({ status: 200, body: { decision } });
  });

  it.each([
    ['type of subject', { subject: { type: 'spaceship', id: 'x' } }, 'subject.unknown'],
    ['action', { action: { name: 'door.paint' } }, 'policy.no_permit'],
    ['action of an operator', { action: { name: 'door.operate' } }, 'policy.no_permit'],
    ['type of resource', { resource: { type: 'record', id: 'x' } }, 'resource.unknown'],
    ['action of an object’s own members', { action: { name: 'constructor' } }, 'policy.no_permit'],
    ['door', { resource: { type: 'door', id: 'nowhere' } }, 'resource.unknown'],
  ])('denies an unknown %s with a recorded reason instead of an error', async (_name, change, reason) => {
    const { ask, records } = await start();
    const { status, body } = await ask(ONE, { ...annAtMain, ...change });
    expect({ status, body }).toMatchObject({ status: 200, body: { decision: false, context: { reason_admin: { en: reason } } } });
    expect(await records()).toMatchObject([{ type: 'decision', effect: 'deny', channel: 'authzen' }]);
  });

  it('denies a suspended person at once', async () => {
    const { ask, people } = await start();
    await people.changeStanding({ personId: 'person_ann' as never, to: 'suspended', nowMs: 1 });
    expect(await ask(ONE, annAtMain)).toMatchObject({ body: { decision: false, context: { reason_admin: { en: 'subject.suspended' } } } });
  });

  it('denies a lost badge, and one over unprotected lines', async () => {
    const { ask, credentials } = await start({ clients: [someAuthzenClient(), unprotected] });
    await credentials.setStatus('credential_ann' as never, 'lost');
    expect(await ask(ONE, annAtMain)).toMatchObject({
      body: { decision: false, context: { reason_admin: { en: 'credential.not_enabled' } } },
    });
    const ben = { ...annAtMain, subject: { type: 'user', id: 'person_ben' } };
    expect(await ask(ONE, ben, { key: 'plain' })).toMatchObject({
      body: { decision: false, context: { reason_admin: { en: 'reader.not_secure' } } },
    });
  });
  const unprotected = someAuthzenClient({ id: 'plain', keySha256: sha256('plain'), hasSecureReaders: false });

  it('takes a sign-in from its own sessions only, and asks for a step-up when it is old', async () => {
    const { ask, signIns } = await start();
    const login = { subject: ann, action: { name: 'oidc.login' }, resource: { type: 'app', id: 'wiki' } };
    expect(await ask(ONE, login)).toMatchObject({ body: { decision: false, context: { reason_admin: { en: 'authentication.missing' } } } });
    signIns.set('person_ann', { amr: ['hwk', 'user'], acr: 'urn:gatehouse:acr:passkey', authenticatedAtMs: 1 });
    expect(await ask(ONE, login)).toMatchObject({ body: { decision: true } });
    await site?.people.changeStanding({ personId: 'person_ann' as never, to: 'restricted', nowMs: 1 });
    expect(await ask(ONE, login)).toMatchObject({
      body: {
        decision: true,
        context: {
          acr_values: 'urn:gatehouse:acr:passkey',
          obligations: [{ id: 'step_up', type: 'step-up', properties: { acr: 'urn:gatehouse:acr:passkey', max_age_s: 300 } }],
        },
      },
    });
  });

  it('denies what needs an obligation that the client cannot fulfil', async () => {
    const { ask, people } = await start({ clients: [someAuthzenClient({ fulfils: [] })] });
    const person = await people.find('person_ann' as never);
    if (person !== null) await people.save({ ...person, accessibility: true });
    expect(await ask(ONE, annAtMain)).toMatchObject({
      body: { decision: false, context: { reason_admin: { en: 'obligation.unsupported' } } },
    });
  });

  it('marks a network that an enforcement point states as stated', async () => {
    const { ask, records } = await start();
    await ask(ONE, { ...annAtMain, context: { network: { ip: '192.0.2.7' }, time: 'whenever' } });
    expect(await records()).toMatchObject([
      { input: { context: { network: { known: true, zone: 'site', source: 'pep', ip: '192.0.2.7' } } } },
    ]);
  });
});

describe('facts that an enforcement point may not state', () => {
  type Change = Readonly<Record<string, unknown>>;
  const stating = (field: string, change: Change): readonly [field: string, change: Change] => [field, change];
  const injections = [
    ...CONTEXT_OF_THE_GATEWAY.map((name) => stating(`context.${name}`, { context: { [name]: {} } })),
    ...SUBJECT_OF_THE_GATEWAY.map((name) => stating(`subject.properties.${name}`, { subject: { ...ann, properties: { [name]: true } } })),
    ...RESOURCE_OF_THE_GATEWAY.map((name) => stating(`resource.properties.${name}`, { resource: { ...main, properties: { [name]: 0 } } })),
    stating('context.network', { context: { network: { ip: 'here' } } }),
  ];
  it.each(injections)('refuses %s and records nothing', async (field, change) => {
    const { ask, records } = await start();
    const { status, text } = await ask(ONE, { ...annAtMain, ...change });
    expect(status).toBe(400);
    expect(text).toContain(field);
    expect(await records()).toEqual([]);
  });

  it('lets properties of the caller’s own stand for nothing', async () => {
    const { ask } = await start();
    const subject = { ...cyd, properties: { department: 'Sales', role: 'admin' } };
    expect(await ask(ONE, { ...annAtMain, subject, future: { a: 1 } })).toMatchObject({ status: 200, body: { decision: false } });
  });
});

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
    ['an empty id', { ...annAtMain, subject: { type: 'user', id: '' } }],
    ['a context of text', { ...annAtMain, context: 'now' }],
    ['a list', [annAtMain]],
    ['null', null],
    ['an empty body', ''],
    ['broken JSON', '{"subject":'],
    ['a name that is too long', { ...annAtMain, subject: { type: 'user', id: 'x'.repeat(NAME_CHARS_MAX + 1) } }],
  ])('answers 400 to %s, in text', async (_name, body) => {
    const { ask, records } = await start();
    expect(await ask(ONE, body)).toMatchObject({ status: 400, headers: { 'content-type': 'text/plain; charset=utf-8' } });
    expect(await records()).toEqual([]);
  });

  it('takes a name of the greatest length', async () => {
    const { ask } = await start();
    expect(await ask(ONE, { ...annAtMain, subject: { type: 'user', id: 'x'.repeat(NAME_CHARS_MAX) } })).toMatchObject({ status: 200 });
  });

  it.each([
    ['text/plain', 400],
    ['application/x-www-form-urlencoded', 400],
    ['application/json; charset=utf-8', 200],
    ['Application/JSON', 200],
  ])('answers %s with %i', async (type, status) => {
    const { ask } = await start();
    expect(await ask(ONE, annAtMain, { headers: { 'content-type': type } })).toMatchObject({ status });
  });

  it.each(['GET', 'PUT', 'DELETE', 'PATCH'])('does not take %s', async (method) => {
    const { ask } = await start();
    expect(await ask(ONE, annAtMain, { method })).toMatchObject({ status: 405, headers: { allow: 'POST' } });
  });

  it('reads a body of the greatest length and depth, and refuses a longer or deeper one', async () => {
    const { ask } = await start();
    const nested = (depth: number) => `${'['.repeat(depth)}${']'.repeat(depth)}`;
    const withFiller = (filler: string) => JSON.stringify({ ...annAtMain, filler: 0 }).replace('0}', `${filler}}`);
    const room = AUTHZEN_BODY_BYTES_MAX - withFiller('""').length;
    expect(await ask(ONE, withFiller(`"${'x'.repeat(room)}"`))).toMatchObject({ status: 200 });
    expect(await ask(ONE, withFiller(`"${'x'.repeat(room + 1)}"`))).toMatchObject({ status: 413 });
    expect(await ask(ONE, withFiller(nested(JSON_DEPTH_MAX - 1)))).toMatchObject({ status: 200 });
    expect(await ask(ONE, withFiller(nested(JSON_DEPTH_MAX)))).toMatchObject({ status: 400 });
  });

  it('does not answer under another host name, nor at other addresses', async () => {
    const { ask } = await start();
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
    const { ask, records } = await start();
    expect(await ask(ONE, 'nonsense', request)).toMatchObject({ status: 401, headers: { 'www-authenticate': challenge } });
    expect(await records()).toEqual([]);
  });

  it('answers 403 where the client may not ask about the action, the type or the resource', async () => {
    const onlyMain = someAuthzenClient({ actions: ['door.unlock'], resources: ['door:main'] });
    const { ask, records } = await start({ clients: [onlyMain] });
    expect(await ask(ONE, annAtMain)).toMatchObject({ status: 200 });
    expect(await ask(ONE, { ...annAtMain, resource: { type: 'door', id: 'servers-door' } })).toMatchObject({ status: 403 });
    expect(await ask(ONE, { ...annAtMain, resource: { type: 'app', id: 'wiki' } })).toMatchObject({ status: 403 });
    expect(await ask(ONE, { ...annAtMain, action: { name: 'app.login' } })).toMatchObject({ status: 403 });
    expect(await records()).toHaveLength(1);
  });

  it('is nobody without a configured client: the addresses do not exist', async () => {
    const { ask } = await start({ clients: [] });
    expect(await ask(ONE, annAtMain)).toMatchObject({ status: 404 });
  });
});

describe('X-Request-ID', () => {
  it('comes back with answers and errors, and joins the decision', async () => {
    const { ask, records } = await start();
    const id = 'r'.repeat(REQUEST_ID_CHARS_MAX);
    expect(await ask(ONE, annAtMain, { headers: { 'x-request-id': id } })).toMatchObject({ status: 200, headers: { 'x-request-id': id } });
    expect(await ask(ONE, 'x', { headers: { 'x-request-id': 'a b' } })).toMatchObject({ status: 400, headers: { 'x-request-id': 'a b' } });
    expect(await records()).toMatchObject([{ input: { context: { request: { correlation: id } } } }]);
  });

  it('is refused when it is longer than what may stand in the log', async () => {
    const { ask } = await start();
    expect(await ask(ONE, annAtMain, { headers: { 'x-request-id': 'r'.repeat(REQUEST_ID_CHARS_MAX + 1) } })).toMatchObject({ status: 400 });
  });
});

describe('several evaluations', () => {
  const decisions = (body: unknown) => (body as { evaluations: { decision: boolean }[] }).evaluations.map(({ decision }) => decision);
  const [permit, deny] = [{ subject: ann }, { subject: cyd }];

  it.each([
    ['execute_all', [permit, deny, permit], [true, false, true]],
    ['deny_on_first_deny', [permit, deny, permit], [true, false]],
    ['deny_on_first_deny', [permit, permit], [true, true]],
    ['permit_on_first_permit', [deny, permit, deny], [false, true]],
    ['permit_on_first_permit', [deny, deny], [false, false]],
    [undefined, [deny, permit], [false, true]],
  ])('under %s answers as far as needed, in order, and decides no further', async (semantic, evaluations, expected) => {
    const { ask, records } = await start();
    const options = semantic === undefined ? {} : { options: { evaluations_semantic: semantic } };
    const { status, body } = await ask(MANY, { action: unlock, resource: main, evaluations, ...options });
    expect(status).toBe(200);
    expect(decisions(body)).toEqual(expected);
    expect(body).not.toHaveProperty('decision');
    expect(await records()).toHaveLength(expected.length);
  });

  it('replaces a default as a whole, but for a type or id that an item leaves out', async () => {
    const { ask } = await start();
    const { body } = await ask(MANY, {
      ...annAtMain,
      evaluations: [{}, { subject: cyd }, { resource: { id: 'servers-door' } }, { action: { properties: {} } }],
    });
    expect(decisions(body)).toEqual([true, false, false, false]);
    expect(body).toMatchObject({ evaluations: [{}, {}, {}, { context: { error: { status: 400 } } }] });
  });

  it.each([[{}], [{ evaluations: [] }]])('is one evaluation with %j', async (none) => {
    const { ask } = await start();
    expect(await ask(MANY, { ...annAtMain, ...none })).toMatchObject({ status: 200, body: { decision: true } });
    expect(await ask(MANY, { subject: ann, ...none })).toMatchObject({ status: 400 });
  });

  it('makes an item that fails a deny of its own', async () => {
    const { ask } = await start({ clients: [someAuthzenClient({ resources: ['door'] })] });
    const { status, body } = await ask(MANY, {
      action: unlock,
      subject: ann,
      evaluations: [{ resource: main }, {}, 'x', { resource: { type: 'app', id: 'wiki' } }, { resource: main, context: { presence: {} } }],
    });
    expect(status).toBe(200);
    expect(body).toMatchObject({
      evaluations: [
        { decision: true },
        { decision: false, context: { error: { status: 400 } } },
        { decision: false, context: { error: { status: 400 } } },
        { decision: false, context: { error: { status: 403 } } },
        { decision: false, context: { error: { status: 400 } } },
      ],
    });
  });

  it.each([
    ['an unknown semantic', { options: { evaluations_semantic: 'bogus' } }],
    ['evaluations that are no list', { evaluations: {} }],
    ['options that are none', { options: 'fast' }],
  ])('answers 400 to %s', async (_name, change) => {
    const { ask } = await start();
    expect(await ask(MANY, { ...annAtMain, evaluations: [{}], ...change })).toMatchObject({ status: 400 });
  });

  it('takes as many as it may, and not one more', async () => {
    const { ask } = await start();
    const many = (count: number) => ({ ...annAtMain, evaluations: Array.from({ length: count }, () => ({})) });
    const { body } = await ask(MANY, many(EVALUATIONS_MAX));
    expect(decisions(body)).toHaveLength(EVALUATIONS_MAX);
    expect(await ask(MANY, many(EVALUATIONS_MAX + 1))).toMatchObject({ status: 400 });
  });
});

describe('failures', () => {
  it('denies when the decision cannot be recorded', async () => {
    const { ask } = await start({ audit: (log) => ({ ...log, append: () => Promise.reject(new Error('disk')) }) });
    expect(await ask(ONE, annAtMain)).toMatchObject({
      status: 200,
      body: { decision: false, context: { reason_admin: { en: 'audit.unavailable' } } },
    });
  });

  it('denies when the policy fails', async () => {
    const fail = (): never => {
      throw new Error('trap');
    };
    const { ask } = await start({
      policy: (engine) => ({ ...engine, revision: engine.revision, dataRevision: engine.dataRevision, evaluate: fail }),
    });
    expect(await ask(ONE, annAtMain)).toMatchObject({
      status: 200,
      body: { decision: false, context: { reason_admin: { en: 'pdp.unavailable' } } },
    });
  });

  it('denies when the facts cannot be read', async () => {
    const { ask, people } = await start();
    people.epoch = () => Promise.reject(new Error('gone'));
    expect(await ask(ONE, annAtMain)).toMatchObject({
      status: 200,
      body: { decision: false, context: { reason_admin: { en: 'store.unavailable' } } },
    });
  });
});
