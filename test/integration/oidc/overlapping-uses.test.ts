import * as client from 'openid-client';
import { afterEach, expect, it } from 'vitest';
import { INTERACTIONS_MAX, TRIM_INTERVAL_WRITES } from '#gateway/oidc/storage/storage-adapter.ts';
import { startHttpGateway, type HttpGateway } from '#test/support/http-gateway.ts';
import { CLIENT_SECRET, signInToApp } from '#test/support/oidc/client.ts';
import { clientWith, discoverAs, passThrough, startRequest } from '#test/support/oidc/flows.ts';
import { enrolPerson } from '#test/support/oidc/sign-in.ts';

/* What happens between two steps of one request, put there on purpose. */

const cleanUp: (() => unknown)[] = [];
afterEach(async () => {
  for (const step of cleanUp.splice(0).reverse()) await step();
});

async function start(options: Parameters<typeof clientWith>[0] = {}) {
  const gateway = await startHttpGateway({ clients: [clientWith(options)] });
  cleanUp.push(() => gateway.close());
  const person = await enrolPerson(gateway, 'ann');
  return { gateway, person, config: await discoverAs(gateway, client.ClientSecretBasic(CLIENT_SECRET)) };
}

/** Both uses have been read before either is written. */
function meetBeforeWriting(gateway: HttpGateway): void {
  const exchange = gateway.oidcStore.exchange.bind(gateway.oidcStore);
  const both = Promise.withResolvers<void>();
  let waiting = 0;
  gateway.oidcStore.exchange = async (...use) => {
    waiting += 1;
    if (waiting === 2) both.resolve();
    await both.promise;
    return exchange(...use);
  };
}

type Started = Awaited<ReturnType<typeof start>>;

async function expectOneDeadWinner(started: Started, uses: readonly Promise<client.TokenEndpointResponse>[]): Promise<void> {
  const { config, gateway, person } = started;
  const results = await Promise.allSettled(uses);
  const won = results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
  expect(won.length).toBeLessThanOrEqual(1);
  for (const { refresh_token: token = '' } of won)
    await expect(client.refreshTokenGrant(config, token)).rejects.toMatchObject({ error: 'invalid_grant' });
  expect(await gateway.oidcStore.ofPerson('Grant', person.personId, Date.now())).toEqual([]);
  await expectReuseRecorded(started);
}

/** What an operator sees of a code or token that somebody has a copy of. */
async function expectReuseRecorded({ gateway, person: { personId } }: Pick<Started, 'gateway' | 'person'>): Promise<void> {
  const records = await gateway.records();
  expect(records).toContainEqual(expect.objectContaining({ type: 'alarm', code: 'oidc.token_reused', personId }));
  expect(records).toContainEqual(
    expect.objectContaining({ type: 'session', event: 'ended', kind: 'app', cause: 'token_reused', personId }),
  );
}

it('ends what came of a refresh token that two show at the same moment', async () => {
  const started = await start();
  const { tokens } = await signInToApp(started.gateway, started.person, started.config);
  meetBeforeWriting(started.gateway);
  const use = () => client.refreshTokenGrant(started.config, tokens.refresh_token ?? '');
  await expectOneDeadWinner(started, [use(), use()]);
});

it('ends what came of a code that two show at the same moment', async () => {
  const started = await start();
  const { checks, parameters } = await startRequest();
  const back = await passThrough(started.gateway, started.person, client.buildAuthorizationUrl(started.config, parameters));
  meetBeforeWriting(started.gateway);
  const use = () => client.authorizationCodeGrant(started.config, back, checks);
  await expectOneDeadWinner(started, [use(), use()]);
});

it('records who was concerned when a code comes again after it was used', async () => {
  const { config, gateway, person } = await start();
  const { checks, parameters } = await startRequest();
  const back = await passThrough(gateway, person, client.buildAuthorizationUrl(config, parameters));
  const { refresh_token: token = '' } = await client.authorizationCodeGrant(config, back, checks);
  await expect(client.authorizationCodeGrant(config, back, checks)).rejects.toMatchObject({ error: 'invalid_grant' });
  await expect(client.refreshTokenGrant(config, token)).rejects.toMatchObject({ error: 'invalid_grant' });
  await expectReuseRecorded({ gateway, person });
});

it('remembers a DPoP proof for as long as it could be used again, however many come after it', async () => {
  const { config, gateway, person } = await start({ boundTokens: 'dpop' });
  const DPoP = client.getDPoPHandle(config, await client.randomDPoPKeyPair('ES256'));
  const { checks, parameters } = await startRequest();
  const back = await passThrough(gateway, person, client.buildAuthorizationUrl(config, parameters));
  const tokens = await client.authorizationCodeGrant(config, back, checks, undefined, { DPoP });
  let proof = '';
  config[client.customFetch] = (url, init) => {
    proof = new Headers(init.headers).get('dpop') ?? '';
    return fetch(url, init as RequestInit);
  };
  const ask = () => client.fetchUserInfo(config, tokens.access_token, person.personId, { DPoP });
  await ask();
  const taken = proof;
  const again = async () =>
    (await fetch(`${gateway.publicUrl}/oidc/me`, { headers: { authorization: `DPoP ${tokens.access_token}`, dpop: taken } })).status;
  expect(await again()).toBe(401);

  const [row] = await gateway.oidcStore.ofModel('ReplayDetection', { afterId: null, limit: 1 }, Date.now());
  if (row === undefined) expect.fail('the proof is stored');
  for (let other = 0; other < INTERACTIONS_MAX; other += 1)
    await gateway.oidcStore.upsert({ ...row, id: `proof-${String(other)}`, expiresAtMs: Date.now() + 600_000 });
  for (let write = 0; write < TRIM_INTERVAL_WRITES; write += 1) await ask();
  expect(await again()).toBe(401);
});

it('lets nobody into a website by a session whose end was cut off', async () => {
  const { config, gateway, person } = await start();
  await signInToApp(gateway, person, config);
  const [stored] = await gateway.oidcStore.ofPerson('Session', person.personId, Date.now());
  const { authorizations } = JSON.parse(stored?.payloadJson ?? '{}') as {
    readonly authorizations: Readonly<Record<string, { readonly grantId: string }>>;
  };
  const [[clientId, { grantId }] = ['', { grantId: '' }]] = Object.entries(authorizations);
  const find = () => gateway.provider.siteSignIn.find({ clientId, grantId, personId: person.personId, sessionUid: stored?.uid ?? '' });
  expect(await find()).not.toBeNull();
  const destroyByGrant = gateway.oidcStore.destroyByGrant.bind(gateway.oidcStore);
  gateway.oidcStore.destroyByGrant = () => Promise.reject(new Error('the disk is full'));
  await expect(gateway.liveSessions.endOne(person.personId, stored?.uid ?? '', 'test')).rejects.toThrow('the disk is full');
  gateway.oidcStore.destroyByGrant = destroyByGrant;
  expect(await find()).toBeNull();
});
