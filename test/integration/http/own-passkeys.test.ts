import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { CredentialId } from '#gateway/domain/site/ids.ts';
import { PASSKEY_NAME_CHARS_MAX, PASSKEYS_MAX, type MeView, type PasskeysView, type PasskeyView } from '#gateway/http/contract/me.ts';
import { CREDENTIALS_PER_PERSON_MAX } from '#gateway/ports/credential-store.ts';
import type { HttpGateway } from '#test/support/http-gateway.ts';
import { startOwnSideGateway } from '#test/support/oidc/own-side-gateway.ts';
import { addPasskey, confirmWith, signInToOwnSide, type Answer } from '#test/support/oidc/own-side-client.ts';
import { someBadge, somePasskey } from '#test/support/people.ts';
import { enrolPerson, signInToConsole, type Enrolled } from '#test/support/oidc/sign-in.ts';
import { TestBrowser } from '#test/support/console/test-browser.ts';

/** Of the policy: a change of credentials takes a passkey used within this, seconds. */
const CHANGE_AGE_MAX_S = 300;

let gateway: HttpGateway;
let ann: Enrolled;

beforeEach(async () => {
  gateway = await startOwnSideGateway();
  ann = await enrolPerson(gateway, 'ann');
});
afterEach(() => gateway.close());

const api = (path: string): string => `${gateway.publicUrl}/api${path}`;
const me = ({ browser }: Pick<Enrolled, 'browser'>) => browser.call<MeView>(api('/me'));
const passkeys = async ({ browser }: Pick<Enrolled, 'browser'>) => (await browser.call<Answer<PasskeysView>>(api('/me/passkeys'))).body;
const remove = ({ browser }: Pick<Enrolled, 'browser'>, id: string, because: 'unused' | 'lost' = 'unused') =>
  browser.call<Answer<object>>(api(`/me/passkeys/${id}/remove`), { because });
/** As if the passkey of the session had been shown that long ago. */
async function age({ browser }: Enrolled, seconds: number): Promise<void> {
  const { body } = await browser.call<MeView>(api('/me'));
  const [session] = (await gateway.sessions.ofPerson(ann.personId, Date.now())).filter(({ id }) => id === body.session?.id);
  if (session === undefined) expect.fail('nobody is signed in');
  await gateway.sessions.end(session.id);
  await gateway.sessions.create({ ...session, authenticatedAtMs: Date.now() - seconds * 1_000 });
}

describe('signing in to the own side', () => {
  it('takes a passkey and nothing else, and says who it is', async () => {
    expect((await me(ann)).body).toEqual({ person: null, language: null, session: null, console: false });
    const { status, body } = await signInToOwnSide(gateway, ann);
    expect(status).toBe(200);
    expect(body).toMatchObject({ person: { id: ann.personId, displayName: 'Person ann' }, language: null, console: false });
    expect((await me(ann)).body).toEqual(body);
  });

  it('is decided and recorded with the session that it began', async () => {
    await signInToOwnSide(gateway, ann);
    const records = await gateway.records();
    const decision = records.find((record) => record.type === 'decision');
    expect(decision).toMatchObject({
      action: 'self.sign_in',
      channel: 'portal',
      effect: 'permit',
      personId: ann.personId,
      resourceType: 'portal',
    });
    expect(records.find((record) => record.type === 'session')).toMatchObject({
      kind: 'portal',
      event: 'started',
      decisionId: decision?.type === 'decision' ? decision.decisionId : '',
    });
  });

  it('offers a passkey without a name typed: the challenge names no credential, so that it tells nobody who is known', async () => {
    const { body } = await new TestBrowser().call<{ options: Record<string, unknown> }>(api('/me/session/options'), {});
    expect(body.options['allowCredentials'] ?? []).toEqual([]);
    expect(body.options['userVerification']).toBe('required');
  });

  it('refuses the suspended with the reason, and ends their session at once', async () => {
    await signInToOwnSide(gateway, ann);
    await gateway.people.changeStanding({ personId: ann.personId, to: 'suspended', nowMs: Date.now() });
    expect((await me(ann)).body.person).toBeNull();
    const again = await signInToOwnSide(gateway, ann);
    expect(again).toMatchObject({ status: 403, body: { error: { code: 'subject.suspended' } } });
    expect(again.body.error?.decisionId).toBeDefined();
  });

  it('is neither the console nor gives it: each has a session of its own', async () => {
    const ada = await enrolPerson(gateway, 'ada', { roles: ['security_admin'] });
    const { body } = await signInToOwnSide(gateway, ada);
    expect(body.console).toBe(true);
    expect((await ada.browser.call<{ person: object | null }>(api('/session'))).body.person).toBeNull();
    expect((await ada.browser.call(api('/people'))).status).toBe(401);

    // The secret of one side under the cookie or the header of the other.
    const cookie = (await ada.browser.request(api('/me'))).headers;
    expect(cookie.get('set-cookie')).toBeNull();
    const { secret } = await stolenSecret(ada);
    expect((await fetch(api('/people'), { headers: { cookie: `gatehouse-console=${secret}` } })).status).toBe(401);
    expect((await fetch(api('/people'), { headers: { authorization: `Bearer ${secret}` } })).status).toBe(401);
    expect((await fetch(api('/me/passkeys'), { headers: { authorization: `Bearer ${secret}` } })).status).toBe(401);

    await signInToConsole(gateway, ada);
    await ada.browser.call(api('/me/session'), {}, 'DELETE');
    expect((await ada.browser.call(api('/people'))).status).toBe(200);
    expect((await me(ada)).body.person).toBeNull();
  });

  it('gives its session another secret with every sign-in and confirmation: a planted cookie is worth nothing', async () => {
    await signInToOwnSide(gateway, ann);
    const first = await stolenSecret(ann);
    await confirmWith(gateway, ann);
    expect((await fetch(api('/me/passkeys'), { headers: { cookie: `gatehouse-me=${first.secret}` } })).status).toBe(401);
    expect((await me(ann)).body.person).not.toBeNull();
    expect(await gateway.sessions.ofPerson(ann.personId, Date.now())).toHaveLength(1);
  });

  it('ends with the browser’s word, which the log tells', async () => {
    await signInToOwnSide(gateway, ann);
    await ann.browser.call(api('/me/session'), {}, 'DELETE');
    expect((await ann.browser.call(api('/me/passkeys'))).status).toBe(401);
    expect(await gateway.records()).toContainEqual(expect.objectContaining({ type: 'session', event: 'ended', cause: 'signed_out' }));
  });
});

/** The cookie as a thief on the wire would have it. */
async function stolenSecret({ browser, authenticator }: Omit<Enrolled, 'personId'>): Promise<{ readonly secret: string }> {
  const { body } = await browser.call<{ ceremonyId: string; options: { challenge: string } }>(api('/me/session/options'), {});
  const response = await browser.request(api('/me/session'), {
    method: 'POST',
    headers: { origin: gateway.publicUrl, 'content-type': 'application/json' },
    body: JSON.stringify({ ceremonyId: body.ceremonyId, response: authenticator.get(body.options) }),
  });
  const [cookie = ''] = response.headers.getSetCookie();
  expect(cookie).toMatch(/^gatehouse-me=[A-Za-z0-9_-]{43}; .*Path=\/; .*HttpOnly; SameSite=Strict/);
  return { secret: /=([^;]+)/.exec(cookie)?.[1] ?? '' };
}

describe('own passkeys', () => {
  beforeEach(async () => void (await signInToOwnSide(gateway, ann)));

  it('are listed with name, kind, first and last use', async () => {
    const [only] = (await passkeys(ann)).passkeys;
    expect(only).toMatchObject({ name: 'Passkey 1', kind: 'device', backedUp: false, current: true, notRemovable: 'passkey.last_way_in' });
    expect(only?.lastUsedAtMs).toBeGreaterThanOrEqual(only?.createdAtMs ?? Infinity);
    expect(PASSKEYS_MAX).toBe(CREDENTIALS_PER_PERSON_MAX);
  });

  it('are added, used from another browser, renamed and removed, and the own log tells each', async () => {
    const { status, body: phone, authenticator } = await addPasskey(gateway, ann, 'Phone', true);
    expect([status, phone]).toMatchObject([201, { name: 'Phone', backedUp: true, current: false, lastUsedAtMs: null }]);

    const elsewhere = { browser: new TestBrowser(), authenticator };
    expect((await signInToOwnSide(gateway, elsewhere)).status).toBe(200);
    const renamed = await ann.browser.call<PasskeyView>(api(`/me/passkeys/${phone.id}`), { name: 'Work phone' }, 'PATCH');
    expect(renamed).toMatchObject({ status: 200, body: { name: 'Work phone', notRemovable: null } });
    expect(renamed.body.lastUsedAtMs).not.toBeNull();

    expect(await remove(ann, phone.id)).toMatchObject({ status: 200, body: { closed: { sessions: 1, residual: [] } } });
    expect((await me(elsewhere)).body.person).toBeNull();
    expect((await signInToOwnSide(gateway, elsewhere)).status).toBe(401);
    expect((await passkeys(ann)).passkeys).toHaveLength(1);

    const { body } = await ann.browser.call<{ entries: readonly { kind: string; event?: string; by?: string; name?: string }[] }>(
      api('/me/log'),
    );
    const told = body.entries.filter(({ kind }) => kind === 'credential').map(({ event, by, name }) => [event, by, name]);
    expect(told).toEqual([
      ['authentication_failed', 'gateway', 'Work phone'],
      ['revoked', 'self', 'Work phone'],
      ['renamed', 'self', 'Work phone'],
      ['enrolled', 'self', 'Work phone'],
      ['enrolled', 'operator', 'Passkey 1'],
      ['enrolment_offered', 'operator', null],
    ]);
  });

  it.each([
    ['empty', ' '],
    ['too long', 'x'.repeat(PASSKEY_NAME_CHARS_MAX + 1)],
    ['written against the direction', 'phone \u202eenohp'],
    ['on two lines', 'a\nb'],
  ])('have no name that is %s', async (_what, name) => {
    const [only] = (await passkeys(ann)).passkeys;
    const answer = await ann.browser.call(api(`/me/passkeys/${only?.id ?? ''}`), { name }, 'PATCH');
    expect(answer).toMatchObject({ status: 400, body: { error: { field: 'name' } } });
    const longest = 'é'.repeat(PASSKEY_NAME_CHARS_MAX);
    expect((await ann.browser.call(api(`/me/passkeys/${only?.id ?? ''}`), { name: longest }, 'PATCH')).status).toBe(200);
  });

  it('may be registered again once removed', async () => {
    const { body: phone, authenticator } = await addPasskey(gateway, ann, 'Phone');
    await remove(ann, phone.id);
    const { body: start } = await ann.browser.call<{ options: { excludeCredentials: readonly object[] } }>(api('/me/passkeys/options'), {});
    expect(start.options.excludeCredentials).toHaveLength(1);
    expect(authenticator).toBeDefined();
  });

  it('never lose the last one, unless a badge at a staffed reader lets the person in again', async () => {
    const [only] = (await passkeys(ann)).passkeys;
    expect(await remove(ann, only?.id ?? '')).toMatchObject({ status: 409, body: { error: { code: 'passkey.last_way_in' } } });
    await gateway.credentials.saveBadge(someBadge('1', { personId: ann.personId }));
    // No reader is staffed: a badge alone is no way in.
    expect((await remove(ann, only?.id ?? '')).status).toBe(409);
  });

  describe('that were added with one that is lost', () => {
    const idOf = async (name: string) => (await passkeys(ann)).passkeys.find((one) => one.name === name)?.id ?? expect.fail(name);
    let phone: Pick<Enrolled, 'browser' | 'authenticator'>;
    let thief: Pick<Enrolled, 'browser' | 'authenticator'>;
    beforeEach(async () => {
      phone = { browser: ann.browser, authenticator: (await addPasskey(gateway, ann, 'Phone')).authenticator };
      await addPasskey(gateway, ann, 'Drawer key');
      // Whoever has the laptop adds a key of their own, and another one with that.
      thief = { browser: new TestBrowser(), authenticator: ann.authenticator };
      await signInToOwnSide(gateway, thief);
      const { authenticator } = await addPasskey(gateway, thief, 'Thief 1');
      thief = { browser: thief.browser, authenticator };
      await signInToOwnSide(gateway, thief);
      await addPasskey(gateway, thief, 'Thief 2');
      await signInToOwnSide(gateway, phone);
    });

    it('go with it, those that were added with them too, but for what the person keeps and has in the hand', async () => {
      const lost = await idOf('Passkey 1');
      const shown = (await passkeys(ann)).passkeys.find(({ id }) => id === lost);
      const ids = await Promise.all(['Drawer key', 'Thief 1', 'Thief 2'].map(idOf));
      expect(new Set(shown?.addedWithIt)).toEqual(new Set(ids));
      const body = { because: 'lost', keep: [ids[0]] };
      expect((await ann.browser.call(api(`/me/passkeys/${lost}/remove`), body)).status).toBe(200);
      expect((await passkeys(ann)).passkeys.map(({ name }) => name)).toEqual(['Phone', 'Drawer key']);
      expect((await signInToOwnSide(gateway, { ...thief, browser: new TestBrowser() })).status).toBe(401);
      const told = (await gateway.records()).filter((record) => record.type === 'credential' && record.event === 'revoked');
      expect(told.map((record) => (record.type === 'credential' ? record.cause : ''))).toEqual([
        'own:lost',
        'own:added_with_lost',
        'own:added_with_lost',
      ]);
    });

    it('all go where the person keeps none, and stay when the passkey is only not used any more', async () => {
      const thiefs = await idOf('Thief 1');
      expect((await remove(ann, thiefs, 'unused')).status).toBe(200);
      expect((await passkeys(ann)).passkeys.map(({ name }) => name)).toContain('Thief 2');
      expect((await remove(ann, await idOf('Passkey 1'), 'lost')).status).toBe(200);
      expect((await passkeys(ann)).passkeys.map(({ name }) => name)).toEqual(['Phone']);
    });

    it('leave no way to add another while the loss is reported', async () => {
      const late = { browser: new TestBrowser(), authenticator: ann.authenticator };
      await signInToOwnSide(gateway, late);
      const lost = await idOf('Passkey 1');
      const add = gateway.credentials.addPasskey.bind(gateway.credentials);
      const store = gateway.credentials as { addPasskey: typeof add };
      store.addPasskey = async (passkey) => {
        store.addPasskey = add;
        expect((await remove(ann, lost, 'lost')).status).toBe(200);
        await add(passkey);
      };
      expect(await addPasskey(gateway, late, 'Too late')).toMatchObject({ status: 410, body: { error: { code: 'enrolment.invalid' } } });
      expect((await passkeys(ann)).passkeys.map(({ name }) => name)).toEqual(['Phone']);
    });
  });

  it('are not both removed by two requests at once', async () => {
    const { body: phone } = await addPasskey(gateway, ann);
    const [first] = (await passkeys(ann)).passkeys;
    const answers = await Promise.all([remove(ann, phone.id), remove(ann, first?.id ?? '')]);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409]);
    expect((await passkeys(ann)).passkeys).toHaveLength(1);
  });

  it('change only with a passkey of the last five minutes; a confirmation is one', async () => {
    await age(ann, CHANGE_AGE_MAX_S + 2);
    const [only] = (await passkeys(ann)).passkeys;
    const old = { status: 403, body: { error: { code: 'authentication.too_old' } } };
    expect(await addPasskey(gateway, ann)).toMatchObject(old);
    expect(await ann.browser.call(api(`/me/passkeys/${only?.id ?? ''}`), { name: 'x' }, 'PATCH')).toMatchObject(old);
    expect(await remove(ann, only?.id ?? '')).toMatchObject(old);
    // What closes asks for no newer proof.
    expect((await ann.browser.call(api('/me/sessions/close-others'), {})).status).toBe(200);

    expect((await confirmWith(gateway, ann)).status).toBe(200);
    expect((await addPasskey(gateway, ann)).status).toBe(201);
    const decided = (await gateway.records()).flatMap((record) =>
      record.type === 'decision' && record.action === 'self.change' ? [record.effect] : [],
    );
    expect(decided).toEqual(['deny', 'deny', 'deny', 'permit']);
  });

  it('are confirmed by their owner alone, and for one session', async () => {
    const bob = await enrolPerson(gateway, 'bob');
    expect(await confirmWith(gateway, { browser: ann.browser, authenticator: bob.authenticator })).toMatchObject({
      status: 401,
      body: { error: { code: 'authentication.failed' } },
    });
    expect((await me(ann)).body.person?.id).toBe(ann.personId);

    const { body: start } = await ann.browser.call<{ ceremonyId: string; options: { challenge: string } }>(api('/me/confirm/options'), {});
    await signInToOwnSide(gateway, bob);
    const stolen = { ceremonyId: start.ceremonyId, response: bob.authenticator.get(start.options) };
    expect((await bob.browser.call(api('/me/confirm'), stolen)).status).toBe(401);
  });

  it('are changed by no restricted person', async () => {
    await gateway.people.changeStanding({ personId: ann.personId, to: 'restricted', nowMs: Date.now() });
    expect((await passkeys(ann)).passkeys).toHaveLength(1);
    expect(await addPasskey(gateway, ann)).toMatchObject({ status: 403, body: { error: { code: 'subject.not_active' } } });
  });

  it('of somebody else are as unknown as none, and a challenge serves the session that it was made for', async () => {
    const bob = await enrolPerson(gateway, 'bob');
    await signInToOwnSide(gateway, bob);
    const [theirs] = (await passkeys(bob)).passkeys;
    const unknown = await remove(ann, 'passkey_nowhere');
    expect(await remove(ann, theirs?.id ?? '')).toEqual(unknown);
    expect(unknown.status).toBe(404);
    expect(await ann.browser.call(api(`/me/passkeys/${theirs?.id ?? ''}`), { name: 'mine' }, 'PATCH')).toMatchObject({ status: 404 });

    const { body: start } = await ann.browser.call<{ ceremonyId: string; options: never }>(api('/me/passkeys/options'), {});
    const answer = { ceremonyId: start.ceremonyId, response: ann.authenticator.clone().create(start.options) };
    expect(await bob.browser.call(api('/me/passkeys'), answer)).toMatchObject({
      status: 410,
      body: { error: { code: 'enrolment.invalid' } },
    });
    // Used up by the attempt.
    expect((await ann.browser.call(api('/me/passkeys'), answer)).status).toBe(410);
  });

  it('are as many as one may have, and not one more; a removed one makes room', async () => {
    for (let index = 1; index < PASSKEYS_MAX; index += 1) {
      await gateway.credentials.addPasskey(somePasskey(String(index), { personId: ann.personId, createdAtMs: index }));
    }
    expect(await addPasskey(gateway, ann)).toMatchObject({ status: 409, body: { error: { code: 'passkey.too_many' } } });
    await gateway.credentials.setStatus('credential_1' as CredentialId, 'revoked');
    expect((await addPasskey(gateway, ann)).status).toBe(201);
  });

  it('refuse a second registration of the same authenticator', async () => {
    const { body: start } = await ann.browser.call<{ ceremonyId: string; options: never }>(api('/me/passkeys/options'), {});
    const response = ann.authenticator.clone().create(start.options);
    const { body: again } = await ann.browser.call<{ ceremonyId: string; options: never }>(api('/me/passkeys/options'), {});
    expect((await ann.browser.call(api('/me/passkeys'), { ceremonyId: start.ceremonyId, response })).status).toBe(201);
    // The answer to another challenge is no answer to this one.
    expect((await ann.browser.call(api('/me/passkeys'), { ceremonyId: again.ceremonyId, response })).status).toBe(410);
  });

  it('that are lost end everything that may have been begun with them, but this session', async () => {
    const { body: phone, authenticator } = await addPasskey(gateway, ann, 'Phone');
    const [here, there] = [new TestBrowser(), new TestBrowser()];
    await signInToOwnSide(gateway, { browser: here, authenticator });
    await signInToOwnSide(gateway, { browser: there, authenticator: ann.authenticator });
    expect(await remove(ann, phone.id, 'lost')).toMatchObject({ status: 200, body: { closed: { sessions: 2 } } });
    expect((await me(ann)).body.person).not.toBeNull();
    expect((await me({ browser: there })).body.person).toBeNull();
    expect((await gateway.credentials.passkeysOf(ann.personId)).map(({ status }) => status).sort()).toEqual(['active', 'lost']);
  });

  it('raise an alarm when an operator adds one: a second key is a second operator', async () => {
    const ada = await enrolPerson(gateway, 'ada', { roles: ['guard'] });
    await signInToOwnSide(gateway, ada);
    await addPasskey(gateway, ada);
    await addPasskey(gateway, ann);
    const alarms = (await gateway.records()).filter(({ type }) => type === 'alarm');
    expect(alarms).toMatchObject([{ code: 'operator.passkey_added', personId: ada.personId }]);
  });
});

it('says in which language a person wants to be spoken to', async () => {
  await signInToOwnSide(gateway, ann);
  const put = (language: unknown) => ann.browser.call<object>(api('/me/language'), { language }, 'PUT');
  expect(await put('de')).toMatchObject({ status: 200, body: { language: 'de' } });
  expect((await me(ann)).body.language).toBe('de');
  expect((await put('fr')).status).toBe(400);
  await put(null);
  expect((await me(ann)).body.language).toBeNull();
});

it.each([
  ['/me/session', 'DELETE'],
  ['/me/language', 'PUT'],
  ['/me/passkeys/options', 'POST'],
  ['/me/sessions/close-others', 'POST'],
])('takes %s %s from its own pages alone', async (path, method) => {
  await signInToOwnSide(gateway, ann);
  for (const origin of ['https://evil.example', 'null', '']) {
    const headers = { 'content-type': 'application/json', ...(origin === '' ? {} : { origin }) };
    const answer = await ann.browser.request(api(path), { method, headers, body: '{}' });
    expect(answer.status).toBe(403);
  }
  expect((await me(ann)).body.person).not.toBeNull();
});
