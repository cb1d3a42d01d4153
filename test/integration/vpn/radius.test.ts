import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { personDetailSchema } from '#gateway/http/contract/admin.ts';
import { startFreeradius, type FreeradiusServer } from '#test/support/peers/freeradius-server.ts';
import { readLog, untilLogged } from '#test/support/gateway-log.ts';
import { until } from '#test/support/running-gateway.ts';
import type { Enrolled } from '#test/support/oidc/sign-in.ts';
import type { RequestOptions } from '#test/support/oidc/software-authenticator.ts';
import { layOutVpnSite, REALM, type VpnSite } from '#test/support/vpn-site.ts';

/** Debian's FreeRADIUS with the shipped files in front of the whole gateway with the shipped policy. The tests follow one another. */
let site: VpnSite;
let radius: FreeradiusServer;
let ann: Enrolled;
let ben: Enrolled;

beforeAll(async () => {
  site = await layOutVpnSite(() => ({ push: true }));
  radius = await startFreeradius({ folder: site.folder, gatewayUrl: site.gateway.url, realm: REALM, key: site.key });
  ann = await site.enrol('usr_ann');
  ben = await site.enrol('usr_ben');
});
afterAll(async () => {
  await radius?.end();
  await site?.remove();
});

const login = (userName: string, code: string, from = '203.0.113.9') =>
  radius.ask('auth', { 'User-Name': userName, 'User-Password': code, 'Calling-Station-Id': from });
const account = (status: 'Start' | 'Interim-Update' | 'Stop', session: string, userName = 'ann@example.test') =>
  radius.ask('acct', {
    'User-Name': userName,
    'Acct-Session-Id': session,
    'Acct-Status-Type': status,
    'Calling-Station-Id': '203.0.113.9',
  });

const WRONG = /^The code is wrong, was used or has expired\. Get a new one at http:\/\/localhost:\d+\/vpn$/;

describe('a login over RADIUS', () => {
  it('accepts a code once, by e-mail address and however it is written, and says how long the session may last', async () => {
    const code = await site.code(ann);
    const first = await login('Ann@example.test', `${code.slice(0, 4)} ${code.slice(4)}`);
    expect(first).toMatchObject({ packet: 'Access-Accept', attributes: { 'Session-Timeout': '43200', 'Acct-Interim-Interval': '60' } });
    const again = await login('ann@example.test', code);
    expect(again.packet).toBe('Access-Reject');
    expect(again.attributes['Reply-Message']).toMatch(WRONG);
  });

  it('takes a person without an e-mail address by id', async () => {
    expect((await login('usr_ben', await site.code(ben))).packet).toBe('Access-Accept');
  });

  it('records the decision with what the VPN server said about the device', async () => {
    const { record } = await untilLogged(site.gateway, 'decision', (one) => one.type === 'decision' && one.personId === 'usr_ben');
    expect(record).toMatchObject({
      channel: 'vpn',
      action: 'vpn.connect',
      resourceType: 'vpn_realm',
      resourceId: REALM,
      effect: 'permit',
      permits: ['vpn.granted'],
    });
  });

  it.each([
    ['a wrong code', 'usr_ben', '00000000'],
    ['nobody’s name', 'usr_nobody', '12345678'],
    ['text that would end a JSON string', 'x","User-Password":{"value":["', '{"}%{User-Name}`id`'],
  ])('tells %s the same', async (_what, userName, code) => {
    const answer = await login(userName, code);
    expect(answer.packet).toBe('Access-Reject');
    expect(answer.attributes['Reply-Message']).toMatch(WRONG);
  });

  it('refuses a person without access on the page, with the reason, and has no code for them', async () => {
    const cleo = await site.enrol('usr_cleo');
    const view = await site.requestCode(cleo);
    expect(view).toMatchObject({ outcome: 'denied', reasons: [{ code: 'grant.missing' }] });
    expect((await login('cleo@example.test', '12345678')).attributes['Reply-Message']).toMatch(WRONG);
  });

  it('takes no assertion that was made for another realm', async () => {
    const { authenticator, browser } = ann;
    const path = `${site.gateway.url}/api/vpn/realms`;
    const { body } = await browser.call<{ ceremonyId: string; options: { challenge: string } }>(`${path}/labs/options`, {});
    const answer = { ceremonyId: body.ceremonyId, response: authenticator.get(body.options) };
    expect((await browser.call(`${path}/${REALM}/code`, answer)).status).toBe(401);
  });

  it('stops listening to a name after too many refusals, and to nobody else', async () => {
    for (let attempt = 0; attempt < 10; attempt += 1) await login('usr_noisy', '00000000', '203.0.113.50');
    expect((await login('usr_noisy', '00000000', '203.0.113.50')).attributes['Reply-Message']).toBe(
      'Too many attempts. Wait a minute and try again.',
    );
    expect((await login('ann@example.test', await site.code(ann))).packet).toBe('Access-Accept');
  });
});

describe('a login without a code', () => {
  interface Pending {
    readonly requests: readonly { readonly id: string; readonly appName: string; readonly bindingMessage: string }[];
  }
  const byPasskey = async <Body>(
    { authenticator, browser }: Enrolled,
    path: { readonly options: string; readonly to: string },
    body = {},
  ) => {
    const api = `${site.gateway.url}/api/approvals`;
    const { body: begun } = await browser.call<{ ceremonyId: string; options: RequestOptions }>(`${api}${path.options}`, body);
    const answer = { ceremonyId: begun.ceremonyId, response: authenticator.get(begun.options) };
    return (await browser.call<Body>(`${api}${path.to}`, answer)).body;
  };
  const waiting = (person: Enrolled) =>
    until('the connection waits for its person', 10_000, async () => {
      const { requests } = await byPasskey<Pending>(person, { options: '/options', to: '' });
      return requests[0] ?? null;
    });
  const answer = (person: Enrolled, id: string, kind: 'approve' | 'refuse') =>
    byPasskey<{ outcome: string }>(person, { options: `/${id}/options`, to: `/${id}/${kind}` }, { answer: kind });

  it('is let in when its person says yes with a passkey, and begins a session of theirs', async () => {
    const asked = login('ann@example.test', 'push 42');
    const { appName, bindingMessage, id } = await waiting(ann);
    expect([appName, bindingMessage]).toEqual(['Staff VPN', expect.stringMatching(/^Connection from 203\.0\.113\.9 · .*42$/)]);
    expect((await byPasskey<Pending>(ben, { options: '/options', to: '' })).requests).toEqual([]);
    expect((await answer(ann, id, 'approve')).outcome).toBe('approved');
    expect(await asked).toMatchObject({ packet: 'Access-Accept', attributes: { 'Session-Timeout': '43200' } });
    await account('Start', 'pushed');
    const { sessions } = await site.gateway.api.get('/api/people/usr_ann', personDetailSchema);
    expect(sessions.filter(({ kind }) => kind === 'vpn')).toHaveLength(1);
    await account('Stop', 'pushed');
  });

  it('is refused when they say no, and reads so; nothing typed is the same as push', async () => {
    const asked = login('usr_ben', '');
    await answer(ben, (await waiting(ben)).id, 'refuse');
    expect(await asked).toMatchObject({
      packet: 'Access-Reject',
      attributes: { 'Reply-Message': expect.stringMatching(/^You refused this/) as string },
    });
  });
});

describe('accounting', () => {
  const sessionsOf = async (personId: string) => (await site.gateway.api.get(`/api/people/${personId}`, personDetailSchema)).sessions;

  it('shows a session from its start to its stop, in the person’s sessions and in the log', async () => {
    await login('ann@example.test', await site.code(ann));
    expect((await account('Start', 'one')).packet).toBe('Accounting-Response');
    await account('Start', 'one');
    await account('Interim-Update', 'one');
    expect((await sessionsOf('usr_ann')).filter(({ kind }) => kind === 'vpn')).toMatchObject([{ appName: 'Staff VPN' }]);
    await account('Stop', 'one');
    expect((await sessionsOf('usr_ann')).filter(({ kind }) => kind === 'vpn')).toEqual([]);
    const records = (await readLog(site.gateway, 'session'))
      .map(({ record }) => record)
      .filter((one) => one.type === 'session' && one.kind === 'vpn');
    expect(records.slice(-2)).toMatchObject([
      { event: 'started', personId: 'usr_ann', realmId: REALM, cause: 'permit' },
      { event: 'ended', personId: 'usr_ann', realmId: REALM, cause: expect.stringMatching(/^server:/) as string },
    ]);
  });

  it('answers a stop without a start, and has no session then', async () => {
    expect((await account('Stop', 'never started')).packet).toBe('Accounting-Response');
    expect((await sessionsOf('usr_ann')).filter(({ kind }) => kind === 'vpn')).toEqual([]);
  });
});

describe('a person who was suspended after the code was made', () => {
  it('reads why at the VPN client', async () => {
    const code = await site.code(ann);
    await site.suspend('usr_ann');
    const answer = await login('ann@example.test', code);
    expect(answer.packet).toBe('Access-Reject');
    expect(answer.attributes['Reply-Message']).toMatch(
      /^Your access is suspended, at doors and systems alike\. Contact the security desk and quote the decision number\. \[dec_[a-z2-7]+\]$/,
    );
  });
});

describe('without the gateway', () => {
  it('nobody is let in, and the client is told so', async () => {
    const code = await site.code(ben);
    await site.gateway.stop();
    const answer = await login('usr_ben', code);
    expect(answer).toMatchObject({
      packet: 'Access-Reject',
      attributes: { 'Reply-Message': 'Your access could not be checked, so it is a no. Try again in a minute.' },
    });
  });
});
