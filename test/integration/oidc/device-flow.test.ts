import * as client from 'openid-client';
import { afterEach, describe, expect, it } from 'vitest';
import { startHttpGateway, type HttpGateway } from '#test/support/http-gateway.ts';
import { CLIENT_SECRET } from '#test/support/oidc/client.ts';
import { clientWith, discoverAs } from '#test/support/oidc/flows.ts';
import { enrolPerson, presentPasskey, uidOf } from '#test/support/oidc/sign-in.ts';

const cleanUp: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const step of cleanUp.splice(0).reverse()) await step();
});

async function start(options: Parameters<typeof startHttpGateway>[0]): Promise<HttpGateway> {
  const gateway = await startHttpGateway(options);
  cleanUp.push(() => gateway.close());
  return gateway;
}

const basic = client.ClientSecretBasic(CLIENT_SECRET);

describe('the device flow', () => {
  const device = clientWith({ grants: ['device_code', 'refresh_token'] }, { clientId: 'tv', redirectUris: [] });

  const xsrfOf = (html: string): string => /name="xsrf" value="([^"]+)"/.exec(html)?.[1] ?? '';

  async function begin(options: Partial<Parameters<typeof startHttpGateway>[0]> = {}) {
    const gateway = await start({ clients: [device], ...options });
    const person = await enrolPerson(gateway, 'ann');
    const config = await discoverAs(gateway, basic, 'tv');
    const asked = await client.initiateDeviceAuthorization(config, { scope: 'openid profile' });
    return { gateway, person, config, asked };
  }
  type Begun = Awaited<ReturnType<typeof begin>>;

  const post = ({ gateway, person }: Begun, fields: Record<string, string>) =>
    person.browser.request(`${gateway.publicUrl}/oidc/device`, {
      method: 'POST',
      headers: { origin: gateway.publicUrl },
      body: new URLSearchParams(fields),
    });

  /** Enters the code and compares it; the answer to "this is my device". */
  async function confirm(begun: Begun, answer: 'confirm' | 'abort' = 'confirm'): Promise<Response> {
    const page = await begun.person.browser.request(`${begun.gateway.publicUrl}/oidc/device`);
    const entered = await post(begun, { xsrf: xsrfOf(await page.text()), user_code: begun.asked.user_code.toLowerCase() });
    const html = await entered.text();
    expect(html).toContain(begun.asked.user_code);
    return post(begun, { xsrf: xsrfOf(html), user_code: begun.asked.user_code, [answer]: 'yes' });
  }

  it('signs a device in after the person compared the code, used the passkey and was permitted', async () => {
    const begun = await begin();
    const { asked, config, gateway, person } = begun;
    await expect(
      client.genericGrantRequest(config, 'urn:ietf:params:oauth:grant-type:device_code', { device_code: asked.device_code }),
    ).rejects.toMatchObject({ error: 'authorization_pending' });

    const toPasskey = await confirm(begun);
    const page = await person.browser.navigate(new URL(toPasskey.headers.get('location') ?? '', gateway.publicUrl).href);
    const { body } = await presentPasskey(gateway, person, uidOf(page.url));
    const done = await person.browser.navigate(body.redirectTo);
    expect(await done.response?.text()).toContain('The device is signed in');

    const tokens = await client.pollDeviceAuthorizationGrant(config, { ...asked, interval: 0.01 });
    expect(tokens.claims()?.sub).toBe(person.personId);
    expect(gateway.decisions.map(({ action }) => action)).toEqual(['app.login']);
  });

  it.each([
    ['no cookie', {}],
    ['a cookie that is not of this gateway', { cookie: 'gatehouse-sso=made-up; gatehouse-sso.sig=made-up' }],
  ])('answers a code that comes with %s with a page that leads back to where codes are entered', async (_name, cookie) => {
    const { gateway, asked } = await begin();
    const send = (headers: Record<string, string>) =>
      fetch(`${gateway.publicUrl}/oidc/device`, {
        method: 'POST',
        headers: { origin: gateway.publicUrl, ...cookie, ...headers },
        body: new URLSearchParams({ xsrf: 'guessed', user_code: asked.user_code, confirm: 'yes' }),
      });
    const answer = await send({ accept: 'text/html', 'accept-language': 'de' });
    expect([answer.status, answer.headers.get('content-type')]).toEqual([400, 'text/html; charset=utf-8']);
    const html = await answer.text();
    expect(html).toContain('Code noch einmal eingeben');
    expect(html).toContain(`href="${gateway.publicUrl}/oidc/device"`);
    expect(html).not.toContain('<form');
    expect(await gateway.oidcStore.findByUserCode('DeviceCode', asked.user_code.replace('-', ''), Date.now())).not.toBeNull();
  });

  it('gives a device nothing when the policy denies', async () => {
    const begun = await begin({ judgeApp: () => 'grant.missing' });
    const { asked, config, gateway, person } = begun;
    const toPasskey = await confirm(begun);
    const page = await person.browser.navigate(new URL(toPasskey.headers.get('location') ?? '', gateway.publicUrl).href);
    const { body } = await presentPasskey(gateway, person, uidOf(page.url));
    const denied = await person.browser.navigate(body.redirectTo);
    await person.browser.call(`${gateway.publicUrl}/api/interaction/${uidOf(denied.url)}/abort`, {}).then(async ({ body: next }) => {
      await person.browser.navigate((next as { redirectTo: string }).redirectTo);
    });

    await expect(client.pollDeviceAuthorizationGrant(config, { ...asked, interval: 0.01 })).rejects.toMatchObject({
      error: 'access_denied',
    });
  });

  it('tells the device when the person does not know it', async () => {
    const begun = await begin();

    expect(await (await confirm(begun, 'abort')).text()).toContain('Nothing was granted');

    await expect(client.pollDeviceAuthorizationGrant(begun.config, { ...begun.asked, interval: 0.01 })).rejects.toMatchObject({
      error: 'access_denied',
    });
  });

  it('says that a code is unknown, and takes no code without the form’s own token', async () => {
    const begun = await begin();
    const page = await begun.person.browser.request(`${begun.gateway.publicUrl}/oidc/device`);
    const xsrf = xsrfOf(await page.text());

    const unknown = await post(begun, { xsrf, user_code: 'BBBB-BBBB' });
    expect(await unknown.text()).toContain('There is no sign-in with this code');
    expect((await post(begun, { user_code: begun.asked.user_code })).status).toBe(400);
  });

  it('does not take the stored hash of a device code for the code', async () => {
    const begun = await begin();
    const { asked, gateway } = begun;
    const artifact = await gateway.oidcStore.findByUserCode('DeviceCode', asked.user_code.replace('-', ''), Date.now());
    expect(JSON.stringify(artifact)).not.toContain(asked.device_code);

    const stolen = client.genericGrantRequest(begun.config, 'urn:ietf:params:oauth:grant-type:device_code', {
      device_code: artifact?.id ?? '',
    });
    await expect(stolen).rejects.toMatchObject({ error: 'invalid_grant' });
  });
});
