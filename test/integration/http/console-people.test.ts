import { describe, expect, it } from 'vitest';
import type { PersonDetail, PersonView, ReinstateResult, SuspendResult } from '#gateway/http/contract/admin.ts';
import type { ErrorBody } from '#gateway/http/contract/common.ts';
import { apiUrl, startGatewayOfTest, startWithOperator } from '#test/support/console/gateway.ts';
import type { HttpGateway } from '#test/support/http-gateway.ts';
import { personId, somePerson } from '#test/support/people.ts';
import { enrolPerson, signInToConsole } from '#test/support/oidc/sign-in.ts';
import { SoftwareAuthenticator } from '#test/support/oidc/software-authenticator.ts';
import { TestBrowser } from '#test/support/console/test-browser.ts';

describe('people', () => {
  it('pages through them, with presence and without', async () => {
    const { gateway, admin, api } = await startWithOperator();
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

    const first = await admin.browser.call<{ people: PersonView[]; next: string }>(api('/people?limit=1'));
    const second = await admin.browser.call<{ people: PersonView[] }>(api(`/people?limit=5&after=${first.body.next}`));

    expect(first.body.people.map(({ id }) => id)).toEqual([admin.personId]);
    expect(second.body.people).toMatchObject([{ id: personId('ann'), presence: { state: 'inside', areaName: 'Server room' } }]);
  });

  it('suspends at once, and reinstates only with a second operator', async () => {
    const { gateway, admin, api } = await startWithOperator();
    const second = await enrolPerson(gateway, 'bea', { roles: ['security_admin'] });
    await signInToConsole(gateway, second);
    await gateway.people.save(somePerson('ann'));
    const path = api(`/people/${personId('ann')}`);

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
    const { gateway, admin, api } = await startWithOperator();
    await gateway.people.save(somePerson('ann'));

    const { status, body } = await admin.browser.call<{ url: string }>(api(`/people/${personId('ann')}/enrolment`), {});

    expect(status).toBe(200);
    expect(new URL(body.url).pathname).toBe('/enrol');
    expect(new URL(body.url).hash).toMatch(/^#[A-Za-z0-9_-]{43}$/);
  });

  it('hides the card number of a badge', async () => {
    const { gateway, admin, api } = await startWithOperator();
    await gateway.people.save(somePerson('ann'));
    await gateway.credentials.saveBadge({
      id: 'badge_1' as never,
      personId: personId('ann'),
      badgeKey: 'H10301:12:34567',
      status: 'active',
      validFromMs: null,
      validUntilMs: null,
    });

    const { body } = await admin.browser.call<PersonDetail>(api(`/people/${personId('ann')}`));

    expect(body.credentials).toEqual([{ id: 'badge_1', kind: 'badge', label: 'H10301 12 …67', status: 'active' }]);
  });

  it('answers what a role does not allow with the recorded decision', async () => {
    const gateway = await startGatewayOfTest({
      judgeOperator: ({ action }) => (action === 'person.reinstate' ? 'operator.not_authorized' : 'permit'),
    });
    const guard = await enrolPerson(gateway, 'gus', { roles: ['guard'] });
    await signInToConsole(gateway, guard);
    await gateway.people.save(somePerson('ann'));
    const path = apiUrl(gateway, `/people/${personId('ann')}`);
    await guard.browser.call(`${path}/suspend`, { reason: 'please do' });

    const { status, body } = await guard.browser.call<ErrorBody>(`${path}/reinstate`, { reason: 'please do' });

    expect(status).toBe(403);
    expect(body.error).toMatchObject({ code: 'operator.not_authorized', decisionId: gateway.decisions.at(-1)?.decision.id });
  });

  it('shows nothing to a person whose role may not read', async () => {
    const gateway = await startGatewayOfTest();
    const person = await enrolPerson(gateway, 'eve', { roles: ['employee', 'host'] });
    await signInToConsole(gateway, person);

    expect((await person.browser.call(apiUrl(gateway, '/people'))).status).toBe(403);
  });
});

describe('enrolment', () => {
  async function link(gateway: HttpGateway): Promise<string> {
    await gateway.people.save(somePerson('ann'));
    const { url } = await gateway.enrolment.offer({ personId: personId('ann'), operatorId: 'local' as never });
    return new URL(url).hash.slice(1);
  }

  it('works once', async () => {
    const gateway = await startGatewayOfTest();
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
    const gateway = await startGatewayOfTest();
    expect(await enrolWith(gateway, 'A'.repeat(43))).toBe(410);
  });
});

async function enrolWith(gateway: HttpGateway, token: string): Promise<number> {
  const browser = new TestBrowser();
  const begin = await browser.call<{ ceremonyId: string; options: never }>(apiUrl(gateway, '/enrolment/options'), { token });
  if (begin.status !== 200) return begin.status;
  const authenticator = new SoftwareAuthenticator({ origin: gateway.publicUrl });
  const response = authenticator.create(begin.body.options);
  return (await browser.call(apiUrl(gateway, '/enrolment/verify'), { ceremonyId: begin.body.ceremonyId, response })).status;
}
