import { describe, expect, it } from 'vitest';
import { apiUrl, startGatewayOfTest, startWithOperator } from '#test/support/console/gateway.ts';
import { personId, somePerson } from '#test/support/people.ts';
import { enrolPerson, signInToConsole } from '#test/support/oidc/sign-in.ts';

describe('console session', () => {
  it('is nobody’s before the sign-in and the person’s after it', async () => {
    const gateway = await startGatewayOfTest();
    const admin = await enrolPerson(gateway, 'ada', { roles: ['security_admin'] });
    expect((await admin.browser.call(apiUrl(gateway, '/session'))).body).toEqual({ person: null, actions: [], demo: false });

    const { status, body } = await signInToConsole(gateway, admin);

    expect(status).toBe(200);
    expect(body).toMatchObject({ person: { id: admin.personId, displayName: 'Person ada' } });
    expect(body.actions).toContain('person.reinstate');
    expect((await admin.browser.call(apiUrl(gateway, '/session'))).body).toEqual(body);
  });

  it('is refused with the decision when the policy denies the sign-in', async () => {
    const gateway = await startGatewayOfTest({ judgeOperator: () => 'operator.not_authorized' });
    const person = await enrolPerson(gateway, 'eve');

    const { status, body } = await signInToConsole(gateway, person);

    expect(status).toBe(403);
    expect(body).toMatchObject({ error: { code: 'operator.not_authorized', decisionId: gateway.decisions[0]?.decision.id } });
    expect((await person.browser.call(apiUrl(gateway, '/people'))).status).toBe(401);
  });

  it('ends with a sign-out, and is recorded from start to end', async () => {
    const { gateway, admin, api } = await startWithOperator();

    await admin.browser.call(api('/session'), undefined, 'DELETE');

    expect((await admin.browser.call(api('/people'))).status).toBe(401);
    const sessions = (await gateway.records()).filter((record) => record.type === 'session');
    expect(sessions).toMatchObject([
      { event: 'started', kind: 'console' },
      { event: 'ended', kind: 'console', cause: 'signed_out' },
    ]);
  });

  it('gives a command line token that works as bearer without an Origin', async () => {
    const { gateway, admin, api } = await startWithOperator();
    const { body } = await admin.browser.call<{ token: string }>(api('/session/cli-token'), {});
    const headers = { authorization: `Bearer ${body.token}`, 'content-type': 'application/json' };

    expect((await fetch(api('/people'), { headers })).status).toBe(200);
    await gateway.people.save(somePerson('ann'));
    const suspended = await fetch(api(`/people/${personId('ann')}/suspend`), {
      method: 'POST',
      headers,
      body: JSON.stringify({ reason: 'lost laptop' }),
    });
    expect(suspended.status).toBe(200);
  });

  it('is worth nothing once its person is suspended', async () => {
    const { gateway, admin, api } = await startWithOperator();
    await gateway.people.changeStanding({ personId: admin.personId, to: 'suspended', nowMs: Date.now() });

    expect((await admin.browser.call(api('/people'))).status).toBe(401);
  });

  it('keeps only the hash of its secret', async () => {
    const { gateway, admin, api } = await startWithOperator();
    const [session] = await gateway.sessions.ofPerson(admin.personId, Date.now());

    expect(session?.secretSha256).toMatch(/^[0-9a-f]{64}$/);
    const headers = { authorization: `Bearer ${session?.secretSha256 ?? ''}` };
    expect((await fetch(api('/people'), { headers })).status).toBe(401);
  });
});

describe('console session of a person who is suspended meanwhile', () => {
  it.each(['console', 'cli'] as const)('is refused, and gone, when it is of kind %s', async (kind) => {
    const gateway = await startGatewayOfTest();
    const admin = await enrolPerson(gateway, 'ada', { roles: ['security_admin'] });
    if (kind === 'cli') await signInToConsole(gateway, admin);
    const store = { ...gateway.sessions };
    gateway.sessions.create = async (session) => {
      await gateway.people.changeStanding({ personId: admin.personId, to: 'suspended', nowMs: Date.now() });
      await store.create(session);
    };

    const { status } =
      kind === 'cli' ? await admin.browser.call(apiUrl(gateway, '/session/cli-token'), {}) : await signInToConsole(gateway, admin);

    expect(status).toBe(403);
    expect((await gateway.sessions.ofPerson(admin.personId, Date.now())).map((session) => session.kind)).not.toContain(kind);
    expect((await gateway.records()).filter((record) => record.type === 'session' && record.kind === kind)).toMatchObject([
      { event: 'started' },
      { event: 'ended', cause: 'subject.suspended' },
    ]);
  });
});
