import { describe, expect, it } from 'vitest';
import { CONTEXT_OF_THE_GATEWAY, RESOURCE_OF_THE_GATEWAY, SUBJECT_OF_THE_GATEWAY } from '#gateway/app/authzen/stated-facts.ts';
import { sha256, someAuthzenClient } from '#test/support/authzen/client.ts';
import { ann, annAtMain, cyd, main, ONE, startAskedSite } from '#test/support/authzen/questions.ts';

describe('one evaluation', () => {
  it('permits what the policy permits, recorded with the facts that the gateway resolved', async () => {
    const { ask, records } = await startAskedSite();
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
    const { ask } = await startAskedSite();
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
    const { ask, records } = await startAskedSite();
    const { status, body } = await ask(ONE, { ...annAtMain, ...change });
    expect({ status, body }).toMatchObject({ status: 200, body: { decision: false, context: { reason_admin: { en: reason } } } });
    expect(await records()).toMatchObject([{ type: 'decision', effect: 'deny', channel: 'authzen' }]);
  });

  it('denies a suspended person at once', async () => {
    const { ask, people } = await startAskedSite();
    await people.changeStanding({ personId: 'person_ann' as never, to: 'suspended', nowMs: 1 });
    expect(await ask(ONE, annAtMain)).toMatchObject({ body: { decision: false, context: { reason_admin: { en: 'subject.suspended' } } } });
  });

  it('denies a lost badge, and one over unprotected lines', async () => {
    const { ask, credentials } = await startAskedSite({ clients: [someAuthzenClient(), unprotected] });
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
    const { ask, people, signIns } = await startAskedSite();
    const login = { subject: ann, action: { name: 'oidc.login' }, resource: { type: 'app', id: 'wiki' } };
    expect(await ask(ONE, login)).toMatchObject({ body: { decision: false, context: { reason_admin: { en: 'authentication.missing' } } } });
    signIns.set('person_ann', { amr: ['hwk', 'user'], acr: 'urn:gatehouse:acr:passkey', authenticatedAtMs: 1 });
    expect(await ask(ONE, login)).toMatchObject({ body: { decision: true } });
    await people.changeStanding({ personId: 'person_ann' as never, to: 'restricted', nowMs: 1 });
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
    const { ask, people } = await startAskedSite({ clients: [someAuthzenClient({ fulfils: [] })] });
    const person = await people.find('person_ann' as never);
    if (person !== null) await people.save({ ...person, accessibility: true });
    expect(await ask(ONE, annAtMain)).toMatchObject({
      body: { decision: false, context: { reason_admin: { en: 'obligation.unsupported' } } },
    });
  });

  it('marks a network that an enforcement point states as stated', async () => {
    const { ask, records } = await startAskedSite();
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
    const { ask, records } = await startAskedSite();
    const { status, text } = await ask(ONE, { ...annAtMain, ...change });
    expect(status).toBe(400);
    expect(text).toContain(field);
    expect(await records()).toEqual([]);
  });

  it('lets properties of the caller’s own stand for nothing', async () => {
    const { ask } = await startAskedSite();
    const subject = { ...cyd, properties: { department: 'Sales', role: 'admin' } };
    expect(await ask(ONE, { ...annAtMain, subject, future: { a: 1 } })).toMatchObject({ status: 200, body: { decision: false } });
  });
});

describe('failures', () => {
  it('denies when the decision cannot be recorded', async () => {
    const { ask } = await startAskedSite({ audit: (log) => ({ ...log, append: () => Promise.reject(new Error('disk')) }) });
    expect(await ask(ONE, annAtMain)).toMatchObject({
      status: 200,
      body: { decision: false, context: { reason_admin: { en: 'audit.unavailable' } } },
    });
  });

  it('denies when the policy fails', async () => {
    const fail = (): never => {
      throw new Error('trap');
    };
    const { ask } = await startAskedSite({
      policy: (engine) => ({ ...engine, revision: engine.revision, dataRevision: engine.dataRevision, evaluate: fail }),
    });
    expect(await ask(ONE, annAtMain)).toMatchObject({
      status: 200,
      body: { decision: false, context: { reason_admin: { en: 'pdp.unavailable' } } },
    });
  });

  it('denies when the facts cannot be read', async () => {
    const { ask, people } = await startAskedSite();
    people.epoch = () => Promise.reject(new Error('gone'));
    expect(await ask(ONE, annAtMain)).toMatchObject({
      status: 200,
      body: { decision: false, context: { reason_admin: { en: 'store.unavailable' } } },
    });
  });
});
