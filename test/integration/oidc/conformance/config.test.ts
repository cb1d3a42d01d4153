import * as client from 'openid-client';
import { afterEach, expect, it } from 'vitest';
import { startOp } from '#test/support/oidc/op.ts';

/* The one module of the plan "Config OP" of the OpenID Foundation's suite, under its name. */

const cleanUp: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const step of cleanUp.splice(0).reverse()) await step();
});

it('oidcc-discovery-endpoint-verification', async () => {
  const op = await startOp();
  cleanUp.push(() => op.gateway.close());
  const { issuer, metadata } = op;

  expect(metadata).toMatchObject({
    issuer,
    authorization_endpoint: `${issuer}/auth`,
    token_endpoint: `${issuer}/token`,
    userinfo_endpoint: `${issuer}/me`,
    jwks_uri: `${issuer}/jwks`,
    introspection_endpoint: `${issuer}/token/introspection`,
    revocation_endpoint: `${issuer}/token/revocation`,
    pushed_authorization_request_endpoint: `${issuer}/request`,
    device_authorization_endpoint: `${issuer}/device/auth`,
    backchannel_authentication_endpoint: `${issuer}/backchannel`,
    registration_endpoint: `${issuer}/reg`,
    response_types_supported: ['code'],
    subject_types_supported: expect.arrayContaining(['public', 'pairwise']) as unknown,
    id_token_signing_alg_values_supported: expect.arrayContaining(['RS256', 'ES256', 'EdDSA']) as unknown,
    scopes_supported: expect.arrayContaining(['openid']) as unknown,
    claims_supported: expect.arrayContaining(['sub', 'acr', 'auth_time']) as unknown,
    code_challenge_methods_supported: ['S256'],
    authorization_response_iss_parameter_supported: true,
    claims_parameter_supported: true,
    request_parameter_supported: true,
    request_uri_parameter_supported: false,
    tls_client_certificate_bound_access_tokens: true,
    dpop_signing_alg_values_supported: expect.arrayContaining(['ES256']) as unknown,
  });
  expect(metadata['grant_types_supported']).toEqual(
    expect.arrayContaining([
      'authorization_code',
      'refresh_token',
      'client_credentials',
      'urn:ietf:params:oauth:grant-type:device_code',
      'urn:openid:params:grant-type:ciba',
    ]),
  );
  expect(metadata['grant_types_supported']).not.toContain('implicit');
  expect(metadata['backchannel_user_code_parameter_supported']).toBe(false);
  const { keys } = (await (await fetch(String(metadata['jwks_uri']))).json()) as { keys: Readonly<Record<string, unknown>>[] };
  expect(keys.every((key) => typeof key['kid'] === 'string' && !('d' in key))).toBe(true);
});

it('tells clients of OAuth the same where RFC 8414 has them look for an issuer with a path', async () => {
  const op = await startOp();
  cleanUp.push(() => op.gateway.close());

  const config = await client.discovery(new URL(op.issuer), 'wiki-client', {}, client.None(), {
    algorithm: 'oauth2',
    execute: [client.allowInsecureRequests],
  });

  expect(config.serverMetadata()).toMatchObject({ issuer: op.issuer, token_endpoint: `${op.issuer}/token` });
});
