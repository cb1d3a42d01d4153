import * as client from 'openid-client';
import { afterEach, expect, it } from 'vitest';
import { startHttpGateway, type HttpGateway } from '#test/support/http-gateway.ts';
import { authorizationRequest, confidential, discover, isApp, signInToApp } from '#test/support/oidc/client.ts';
import { enrolPerson, presentPasskey, uidOf } from '#test/support/oidc/sign-in.ts';

const cleanUp: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const step of cleanUp.splice(0).reverse()) await step();
});

async function start(): Promise<HttpGateway> {
  const gateway = await startHttpGateway({ clients: [confidential()] });
  cleanUp.push(() => gateway.close());
  return gateway;
}

it('gives no ID token for a code whose person is suspended while it is exchanged', async () => {
  const gateway = await start();
  const person = await enrolPerson(gateway, 'ann');
  const config = await discover(gateway);
  const { url, checks } = await authorizationRequest(config);
  const page = await person.browser.navigate(url.href);
  const { body } = await presentPasskey(gateway, person, uidOf(page.url));
  const back = await person.browser.navigate(body.redirectTo, isApp);
  // The last moment before anything of the answer is stored.
  const store = { ...gateway.oidcStore };
  gateway.oidcStore.exchange = async (used, given) => {
    if (given.some(({ model }) => model === 'AccessToken')) {
      await gateway.people.changeStanding({ personId: person.personId, to: 'suspended', nowMs: Date.now() });
    }
    return store.exchange(used, given);
  };

  await expect(client.authorizationCodeGrant(config, back.url, checks)).rejects.toMatchObject({ error: 'invalid_grant' });
  expect(await gateway.oidcStore.ofPerson('AccessToken', person.personId, Date.now())).toEqual([]);
});

it('leaves a session ended that a suspension ends while one of its apps is being withdrawn', async () => {
  const gateway = await start();
  const person = await enrolPerson(gateway, 'ann');
  await signInToApp(gateway, person, await discover(gateway));
  const store = { ...gateway.oidcStore };
  gateway.oidcStore.ofPerson = async (...asked) => {
    const found = await store.ofPerson(...asked);
    await gateway.oidcStore.destroyOfPerson(person.personId);
    return found;
  };

  await gateway.liveSessions.endAppOf(person.personId, 'wiki' as never, 'presence.required');

  expect(await store.ofPerson('Session', person.personId, Date.now())).toEqual([]);
});
