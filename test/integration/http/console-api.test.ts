import { afterEach, describe, expect, it } from 'vitest';
import type { PersonDetail, PersonView, ReinstateResult, SuspendResult } from '#gateway/http/contract/admin.ts';
import type { ErrorBody } from '#gateway/http/contract/common.ts';
import { startHttpGateway, type HttpGateway } from '#test/support/http-gateway.ts';
import { closeServer, listenLater } from '#test/support/listen-later.ts';
import { personId, somePerson } from '#test/support/people.ts';
import { enrolPerson, signInToConsole } from '#test/support/sign-in.ts';
import { SoftwareAuthenticator } from '#test/support/software-authenticator.ts';
import { TestBrowser } from '#test/support/test-browser.ts';

const cleanUp: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const step of cleanUp.splice(0).reverse()) await step();
});

async function start(options: Partial<Parameters<typeof startHttpGateway>[0]> = {}): Promise<HttpGateway> {
  const gateway = await startHttpGateway({ clients: [], ...options });
  cleanUp.push(() => gateway.close());
  return gateway;
}

async function startSignedIn(role = 'security_admin', name = 'ada') {
  const gateway = await start();
  const admin = await enrolPerson(gateway, name, { roles: [role] });
  const session = await signInToConsole(gateway, admin);
  expect(session.status).toBe(200);
  return { gateway, admin };
}

const api = (gateway: HttpGateway, path: string): string => `${gateway.publicUrl}/api${path}`;

describe('console session', () => {
  it('is nobody’s before the sign-in and the person’s after it', async () => {
    const gateway = await start();
    const admin = await enrolPerson(gateway, 'ada', { roles: ['security_admin'] });
    expect((await admin.browser.call(api(gateway, '/session'))).body).toEqual({ person: null, actions: [], demo: false });

    const { status, body } = await signInToConsole(gateway, admin);

    expect(status).toBe(200);
    expect(body).toMatchObject({ person: { id: admin.personId, displayName: 'Person ada' } });
    expect(body.actions).toContain('person.reinstate');
    expect((await admin.browser.call(api(gateway, '/session'))).body).toEqual(body);
  });

  it('is refused with the decision when the policy denies the sign-in', async () => {
    const gateway = await start({ judgeOperator: () => 'operator.not_authorized' });
    const person = await enrolPerson(gateway, 'eve');

    const { status, body } = await signInToConsole(gateway, person);

    expect(status).toBe(403);
    expect(body).toMatchObject({ error: { code: 'operator.not_authorized', decisionId: gateway.decisions[0]?.decision.id } });
    expect((await person.browser.call(api(gateway, '/people'))).status).toBe(401);
  });

  it('ends with a sign-out, and is recorded from start to end', async () => {
    const { gateway, admin } = await startSignedIn();

    await admin.browser.call(api(gateway, '/session'), undefined, 'DELETE');

    expect((await admin.browser.call(api(gateway, '/people'))).status).toBe(401);
    const sessions = (await gateway.records()).filter((record) => record.type === 'session');
    expect(sessions).toMatchObject([
      { event: 'started', kind: 'console' },
      { event: 'ended', kind: 'console', cause: 'signed_out' },
    ]);
  });

  it('gives a command line token that works as bearer without an Origin', async () => {
    const { gateway, admin } = await startSignedIn();
    const { body } = await admin.browser.call<{ token: string }>(api(gateway, '/session/cli-token'), {});
    const headers = { authorization: `Bearer ${body.token}`, 'content-type': 'application/json' };

    expect((await fetch(api(gateway, '/people'), { headers })).status).toBe(200);
    await gateway.people.save(somePerson('ann'));
    const suspended = await fetch(api(gateway, `/people/${personId('ann')}/suspend`), {
      method: 'POST',
      headers,
      body: JSON.stringify({ reason: 'lost laptop' }),
    });
    expect(suspended.status).toBe(200);
  });

  it('is worth nothing once its person is suspended', async () => {
    const { gateway, admin } = await startSignedIn();
    await gateway.people.changeStanding({ personId: admin.personId, to: 'suspended', nowMs: Date.now() });

    expect((await admin.browser.call(api(gateway, '/people'))).status).toBe(401);
  });

  it('keeps only the hash of its secret', async () => {
    const { gateway, admin } = await startSignedIn();
    const [session] = await gateway.sessions.ofPerson(admin.personId, Date.now());

    expect(session?.secretSha256).toMatch(/^[0-9a-f]{64}$/);
    const headers = { authorization: `Bearer ${session?.secretSha256 ?? ''}` };
    expect((await fetch(api(gateway, '/people'), { headers })).status).toBe(401);
  });
});

describe('console session of a person who is suspended meanwhile', () => {
  it.each(['console', 'cli'] as const)('is refused, and gone, when it is of kind %s', async (kind) => {
    const gateway = await start();
    const admin = await enrolPerson(gateway, 'ada', { roles: ['security_admin'] });
    if (kind === 'cli') await signInToConsole(gateway, admin);
    const store = { ...gateway.sessions };
    gateway.sessions.create = async (session) => {
      await gateway.people.changeStanding({ personId: admin.personId, to: 'suspended', nowMs: Date.now() });
      await store.create(session);
    };

    const { status } =
      kind === 'cli' ? await admin.browser.call(api(gateway, '/session/cli-token'), {}) : await signInToConsole(gateway, admin);

    expect(status).toBe(403);
    expect((await gateway.sessions.ofPerson(admin.personId, Date.now())).map((session) => session.kind)).not.toContain(kind);
    expect((await gateway.records()).filter((record) => record.type === 'session' && record.kind === kind)).toMatchObject([
      { event: 'started' },
      { event: 'ended', cause: 'subject.suspended' },
    ]);
  });
});

describe('reading', () => {
  const reads = ['/people', '/people/x', '/doors', '/log', '/decisions/x', '/directory', '/status', '/events'];

  it.each(['subject.employment_ended', 'subject.not_active'] as const)('is refused with the decision when it says %s', async (reason) => {
    const gateway = await start({ judgeOperator: ({ action }) => (action === 'console.read' ? reason : 'permit') });
    const admin = await enrolPerson(gateway, 'ada', { roles: ['security_admin'] });
    await signInToConsole(gateway, admin);

    for (const target of reads) {
      const { status, body } = await admin.browser.call<ErrorBody>(api(gateway, target));
      expect([target, status, body.error.code]).toEqual([target, 403, reason]);
    }
    // One decision, and one record, for all of them.
    expect(gateway.decisions.filter(({ action }) => action === 'console.read')).toHaveLength(1);
  });
});

describe('people', () => {
  it('pages through them, with presence and without', async () => {
    const { gateway, admin } = await startSignedIn();
    await gateway.people.save(somePerson('ann'));
    await gateway.presence.put({
      personId: personId('ann'),
      state: 'inside',
      siteId: 'hq' as never,
      areaId: 'servers' as never,
      confidence: 'high',
      observedAtMs: Date.now(),
      sourceSeq: 1,
    });

    const first = await admin.browser.call<{ people: PersonView[]; next: string }>(api(gateway, '/people?limit=1'));
    const second = await admin.browser.call<{ people: PersonView[] }>(api(gateway, `/people?limit=5&after=${first.body.next}`));

    expect(first.body.people.map(({ id }) => id)).toEqual([admin.personId]);
    expect(second.body.people).toMatchObject([{ id: personId('ann'), presence: { state: 'inside', areaName: 'Server room' } }]);
  });

  it('suspends at once, and reinstates only with a second operator', async () => {
    const { gateway, admin } = await startSignedIn();
    const second = await enrolPerson(gateway, 'bea', { roles: ['security_admin'] });
    await signInToConsole(gateway, second);
    await gateway.people.save(somePerson('ann'));
    const path = api(gateway, `/people/${personId('ann')}`);

    const suspended = await admin.browser.call<SuspendResult>(`${path}/suspend`, { reason: 'badge found on the street' });
    expect(suspended.body.receipt).toMatchObject({ state: 'contained', personId: personId('ann') });
    const detail = await admin.browser.call<PersonDetail>(path);
    expect(detail.body.person.standing).toBe('suspended');

    const asked = await admin.browser.call<ReinstateResult>(`${path}/reinstate`, { reason: 'badge returned' });
    expect(asked.body.state).toBe('waiting_for_second_operator');
    expect((await second.browser.call<PersonDetail>(path)).body.reinstatement).toMatchObject({
      requestedBy: 'Person ada',
      reason: 'badge returned',
    });
    const done = await second.browser.call<ReinstateResult>(`${path}/reinstate`, { reason: 'checked with the person' });
    expect(done.body.state).toBe('reinstated');
  });

  it('offers an enrolment link with the token in the fragment, once', async () => {
    const { gateway, admin } = await startSignedIn();
    await gateway.people.save(somePerson('ann'));

    const { status, body } = await admin.browser.call<{ url: string }>(api(gateway, `/people/${personId('ann')}/enrolment`), {});

    expect(status).toBe(200);
    expect(new URL(body.url).pathname).toBe('/enrol');
    expect(new URL(body.url).hash).toMatch(/^#[A-Za-z0-9_-]{43}$/);
  });

  it('hides the card number of a badge', async () => {
    const { gateway, admin } = await startSignedIn();
    await gateway.people.save(somePerson('ann'));
    await gateway.credentials.saveBadge({
      id: 'badge_1' as never,
      personId: personId('ann'),
      badgeKey: 'H10301:12:34567',
      status: 'active',
      validFromMs: null,
      validUntilMs: null,
    });

    const { body } = await admin.browser.call<PersonDetail>(api(gateway, `/people/${personId('ann')}`));

    expect(body.credentials).toEqual([{ id: 'badge_1', kind: 'badge', label: 'H10301 12 …67', status: 'active' }]);
  });

  it('answers what a role does not allow with the recorded decision', async () => {
    const gateway = await start({ judgeOperator: ({ action }) => (action === 'person.reinstate' ? 'operator.not_authorized' : 'permit') });
    const guard = await enrolPerson(gateway, 'gus', { roles: ['guard'] });
    await signInToConsole(gateway, guard);
    await gateway.people.save(somePerson('ann'));
    const path = api(gateway, `/people/${personId('ann')}`);
    await guard.browser.call(`${path}/suspend`, { reason: 'please do' });

    const { status, body } = await guard.browser.call<ErrorBody>(`${path}/reinstate`, { reason: 'please do' });

    expect(status).toBe(403);
    expect(body.error).toMatchObject({ code: 'operator.not_authorized', decisionId: gateway.decisions.at(-1)?.decision.id });
  });

  it('shows nothing to a person whose role may not read', async () => {
    const gateway = await start();
    const person = await enrolPerson(gateway, 'eve', { roles: ['employee', 'host'] });
    await signInToConsole(gateway, person);

    expect((await person.browser.call(api(gateway, '/people'))).status).toBe(403);
  });
});

describe('doors, log and status', () => {
  it('shows doors as unknown until the door node speaks', async () => {
    const { gateway, admin } = await startSignedIn();

    const { body } = await admin.browser.call(api(gateway, '/doors'));

    expect(body).toMatchObject({ doors: [{ id: 'main', status: { lock: 'unknown' }, statusSinceMs: null }, { id: 'servers-door' }] });
  });

  it('releases a door by decision', async () => {
    const { gateway, admin } = await startSignedIn();

    const { body } = await admin.browser.call(api(gateway, '/doors/main/release'), { reason: 'delivery at the gate' });

    expect(body).toMatchObject({ released: true, decisionId: gateway.decisions.at(-1)?.decision.id });
    expect(gateway.doorNode.released).toEqual(['main']);
    expect((await admin.browser.call(api(gateway, '/doors/nowhere/release'), { reason: 'delivery' })).status).toBe(404);
  });

  it('pages the log from the newest back', async () => {
    const { gateway, admin } = await startSignedIn();

    const first = await admin.browser.call<{ entries: { seq: number }[]; next: number }>(api(gateway, '/log?limit=2'));
    const second = await admin.browser.call<{ entries: { seq: number }[]; next: number | null }>(
      api(gateway, `/log?limit=2&before=${String(first.body.next)}`),
    );

    expect([...first.body.entries, ...second.body.entries].map(({ seq }) => seq)).toEqual([3, 2, 1]);
    expect(second.body.next).toBeNull();
  });

  it('answers directory and status', async () => {
    const { gateway, admin } = await startSignedIn();

    expect((await admin.browser.call(api(gateway, '/directory'))).body).toMatchObject({
      people: { [admin.personId]: 'Person ada' },
      areas: { servers: 'Server room' },
    });
    expect((await admin.browser.call(api(gateway, '/status'))).body).toMatchObject({ policyRevision: 'test-policy', doorNode: 'online' });
    expect((await admin.browser.call(api(gateway, '/decisions/none'))).status).toBe(404);
  });

  it('needs a sign-in for every one of them', async () => {
    const gateway = await start();
    const browser = new TestBrowser();
    const targets = ['/people', '/people/x', '/doors', '/log', '/decisions/x', '/directory', '/status', '/events'];

    for (const target of targets) {
      const { status, body } = await browser.call<ErrorBody>(api(gateway, target));
      expect([target, status, body.error.code]).toEqual([target, 401, 'request.unauthenticated']);
    }
  });
});

describe('enrolment', () => {
  async function link(gateway: HttpGateway): Promise<string> {
    await gateway.people.save(somePerson('ann'));
    const { url } = await gateway.enrolment.offer({ personId: personId('ann'), operatorId: 'local' as never });
    return new URL(url).hash.slice(1);
  }

  it('works once', async () => {
    const gateway = await start();
    const token = await link(gateway);
    const person = await enrolPerson(gateway, 'ann');
    expect(person.personId).toBe(personId('ann'));
    const used = (await gateway.enrolment.offer({ personId: personId('ann'), operatorId: 'local' as never })).url;
    expect(used).not.toContain(token);

    const first = await enrolWith(gateway, token);
    const second = await enrolWith(gateway, token);

    expect([first, second]).toEqual([200, 410]);
    expect(await gateway.credentials.passkeysOf(personId('ann'))).toHaveLength(2);
  });

  it('refuses a token that was never given out', async () => {
    const gateway = await start();
    expect(await enrolWith(gateway, 'A'.repeat(43))).toBe(410);
  });
});

async function enrolWith(gateway: HttpGateway, token: string): Promise<number> {
  const browser = new TestBrowser();
  const begin = await browser.call<{ ceremonyId: string; options: never }>(api(gateway, '/enrolment/options'), { token });
  if (begin.status !== 200) return begin.status;
  const authenticator = new SoftwareAuthenticator({ origin: gateway.publicUrl });
  const response = authenticator.create(begin.body.options);
  return (await browser.call(api(gateway, '/enrolment/verify'), { ceremonyId: begin.body.ceremonyId, response })).status;
}

describe('demo routes', () => {
  it('do not exist outside demo mode', async () => {
    const gateway = await start();
    expect((await new TestBrowser().call(api(gateway, '/demo'))).status).toBe(404);
  });

  it('badge at a simulated reader and press an exit button without a sign-in', async () => {
    const badges: unknown[] = [];
    const gateway = await start({
      demo: {
        view: async () => ({ people: [], readers: [], exitDoorIds: [], startPersonId: null, apps: [], networkZone: null }),
        badge: async (badge) => {
          badges.push(badge);
          return { outcome: 'granted', decisionId: 'decision_1', reasons: [] };
        },
        pressKeys: async (keys) => {
          badges.push(keys);
          return { outcome: 'denied', decisionId: 'decision_2', reasons: ['pin.invalid'] };
        },
        pressExit: async ({ doorId }) => {
          badges.push(doorId);
          return { outcome: 'released' };
        },
        setNetworkZone: async () => undefined,
      },
    });
    const badge = { personId: 'person_ann', readerId: 'main', walkThrough: true };

    const { body } = await new TestBrowser().call(api(gateway, '/demo/badge'), badge);

    expect(body).toEqual({ outcome: 'granted', decisionId: 'decision_1', reasons: [] });
    const exit = await new TestBrowser().call(api(gateway, '/demo/exit'), { doorId: 'main', walkThrough: false });
    expect(exit.body).toEqual({ outcome: 'released' });
    expect(badges).toEqual([badge, 'main']);
  });
});

describe('control socket', () => {
  it('acts as operator local, whose role is host', async () => {
    const gateway = await start();
    await gateway.people.save(somePerson('ann'));
    const control = await listenLater();
    cleanUp.push(() => closeServer(control.server));
    control.serve(gateway.http.handleControl);

    const suspended = await fetch(`${control.origin}/api/people/${personId('ann')}/suspend`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ reason: 'from the host' }),
    });
    expect(suspended.status).toBe(200);
    expect(gateway.decisions.at(-1)).toMatchObject({ personId: 'local', action: 'person.suspend' });
    const release = await fetch(`${control.origin}/api/doors/main/release`, { method: 'POST', body: '{}' });
    expect(release.status).toBe(415);
  });
});
