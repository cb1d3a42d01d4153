import * as client from 'openid-client';
import { afterEach, expect, it } from 'vitest';
import { createHash } from 'node:crypto';
import { configFileSchema } from '#gateway/platform/config/file-schema.ts';
import { startHttpGateway } from '#test/support/http-gateway.ts';
import { isApp } from '#test/support/oidc/client.ts';
import { discoverAs, keyClient, passThrough, someKey, startRequest } from '#test/support/oidc/flows.ts';
import { enrolPerson } from '#test/support/oidc/sign-in.ts';

const cleanUp: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const step of cleanUp.splice(0).reverse()) await step();
});

/** FAPI 2.0: the audience of a client assertion is the issuer, as a string. */
const toIssuer = (issuer: string): client.ModifyAssertionOptions => ({
  [client.modifyAssertion]: (_header, payload) => {
    payload['aud'] = issuer;
  },
});

async function start(alg = 'ES256') {
  const key = await someKey(alg, 'k1');
  const gateway = await startHttpGateway({ clients: [keyClient(key, { isFapi: true, boundTokens: 'dpop', requiresPar: true })] });
  cleanUp.push(() => gateway.close());
  const person = await enrolPerson(gateway, 'ann');
  const issuer = `${gateway.publicUrl}/oidc`;
  const config = await discoverAs(gateway, client.PrivateKeyJwt({ key: key.privateKey, kid: 'k1' }, toIssuer(issuer)));
  return { gateway, person, config, key, issuer };
}

it('signs in a client of the profile: pushed request, key of the client, bound tokens', async () => {
  const { config, gateway, person } = await start();
  const { checks, parameters } = await startRequest();
  const DPoP = client.getDPoPHandle(config, await client.randomDPoPKeyPair('ES256'));

  const pushed = await client.buildAuthorizationUrlWithPAR(config, parameters, { DPoP });
  const back = await passThrough(gateway, person, pushed);
  const tokens = await client.authorizationCodeGrant(config, back, checks, undefined, { DPoP });

  expect(tokens.token_type).toBe('dpop');
  expect(back.searchParams.get('iss')).toBe(`${gateway.publicUrl}/oidc`);
});

it('refuses a request that was not pushed', async () => {
  const { config, person } = await start();
  const { parameters } = await startRequest();

  const back = await person.browser.navigate(client.buildAuthorizationUrl(config, parameters).href, isApp);

  expect(back.url.searchParams.get('error_description')).toContain('Pushed Authorization Request');
});

it('refuses a token without a proof of the key', async () => {
  const { config, gateway, person } = await start();
  const { checks, parameters } = await startRequest();
  const back = await passThrough(gateway, person, await client.buildAuthorizationUrlWithPAR(config, parameters));

  await expect(client.authorizationCodeGrant(config, back, checks)).rejects.toMatchObject({ error: 'invalid_grant' });
});

it.each(['RS256'])('refuses a client assertion that is signed with %s', async (alg) => {
  const { config } = await start(alg);
  const { parameters } = await startRequest();

  await expect(client.buildAuthorizationUrlWithPAR(config, parameters)).rejects.toThrow();
});

it('refuses a client assertion for the token endpoint instead of the issuer', async () => {
  const { gateway, issuer, key } = await start();
  const config = await discoverAs(gateway, client.PrivateKeyJwt({ key: key.privateKey, kid: 'k1' }, toIssuer(`${issuer}/token`)));

  await expect(client.buildAuthorizationUrlWithPAR(config, (await startRequest()).parameters)).rejects.toThrow();
});

it.each([
  [{ client_secret_sha256: createHash('sha256').update('x').digest('hex'), bound_tokens: 'dpop' }, 'auth_method'],
  [{ auth_method: 'private_key_jwt', jwks_uri: 'https://app.example.test/jwks' }, 'bound_tokens'],
  [
    { auth_method: 'private_key_jwt', jwks_uri: 'https://app.example.test/jwks', bound_tokens: 'dpop', id_token_alg: 'RS256' },
    'id_token_alg',
  ],
  [
    { auth_method: 'private_key_jwt', jwks_uri: 'https://app.example.test/jwks', bound_tokens: 'dpop', no_pkce_reason: 'an old library' },
    'no_pkce_reason',
  ],
])('refuses a configuration of the profile that lacks a part of it: %j', (change, field) => {
  const app = { id: 'a', name: 'A', client_id: 'a', redirect_uris: ['https://app.example.test/callback'], fapi: true, ...change };
  const parsed = configFileSchema.safeParse({ apps: [app] });

  expect(parsed.success).toBe(false);
  expect(parsed.error?.issues.map(({ path }) => path.join('.'))).toContain(`apps.0.${field}`);
});
