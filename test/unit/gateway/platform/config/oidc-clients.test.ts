import { describe, expect, it } from 'vitest';
import { APIS_PER_APP_MAX, KEYS_PER_CLIENT_MAX } from '#gateway/platform/config/client-schema.ts';
import { GatewayError } from '#gateway/domain/errors.ts';
import { parseConfig } from '#gateway/platform/config/load-config.ts';

const loadConfigOf = (file: object) => parseConfig(file);

function refusalOf(file: object): string {
  try {
    parseConfig(file);
  } catch (failure) {
    if (failure instanceof GatewayError) return failure.publicMessage;
    throw failure;
  }
  return 'accepted';
}

const SECRET = 'a'.repeat(64);
const KEY = { kty: 'EC', crv: 'P-256', x: 'x', y: 'y' };
const app = (change: Record<string, unknown>) => ({
  id: 'shop',
  name: 'Shop',
  client_id: 'shop',
  redirect_uris: ['https://shop.example.test/callback'],
  ...change,
});
const api = { id: 'orders', name: 'Orders', resource: 'https://orders.example.test/', scopes: ['orders.read'] };

describe('a client of the configuration', () => {
  it('is what it was before, when it says nothing new', () => {
    const [client] = loadConfigOf({ apps: [app({ client_secret_sha256: SECRET })] }).clients;
    expect(client?.options).toMatchObject({
      isEnabled: true,
      authMethod: 'client_secret_basic',
      grants: ['authorization_code', 'refresh_token'],
      boundTokens: 'none',
      isFapi: false,
      mayOmitPkce: false,
      idTokenAlg: 'ES256',
    });
  });

  it('may be a machine with an API and no return address', () => {
    const machine = app({
      redirect_uris: undefined,
      auth_method: 'private_key_jwt',
      jwks: { keys: [KEY] },
      grants: ['client_credentials'],
      apis: ['orders'],
      api_scopes: ['orders.read'],
    });
    const config = loadConfigOf({ apps: [machine], apis: [api] });
    expect(config.clients[0]?.options).toMatchObject({ authMethod: 'private_key_jwt', apis: ['orders'], apiScopes: ['orders.read'] });
    expect(config.oidc.apis).toEqual([{ ...api, audience: api.resource, token: 'jwt', acr: null }]);
  });

  it('pushes its requests when it is of the FAPI profile', () => {
    const fapi = app({ auth_method: 'private_key_jwt', jwks: { keys: [KEY] }, bound_tokens: 'dpop', fapi: true });
    expect(loadConfigOf({ apps: [fapi] }).clients[0]?.options).toMatchObject({ isFapi: true, requiresPar: true });
  });

  it.each([
    ['apps[0].auth_method', /public/, { public: true, auth_method: 'client_secret_basic' }],
    ['apps[0].jwks', /needed by private_key_jwt/, { auth_method: 'private_key_jwt' }],
    ['apps[0].jwks_uri', /exclude/, { auth_method: 'private_key_jwt', jwks: { keys: [KEY] }, jwks_uri: 'https://a.example.test/jwks' }],
    ['apps[0].jwks.keys[0]', /private key/, { auth_method: 'private_key_jwt', jwks: { keys: [{ ...KEY, d: 'd' }] } }],
    ['apps[0].jwks.keys[0].kty', /EC/, { auth_method: 'private_key_jwt', jwks: { keys: [{ kty: 'oct' }] } }],
    ['apps[0].tls_client_subject_dn', /belongs to tls_client_auth/, { auth_method: 'tls_client_auth' }],
    ['apps[0].grants', /public clients/, { public: true, grants: ['authorization_code', 'client_credentials'] }],
    ['apps[0].grants', /public clients/, { public: true, grants: ['authorization_code', 'ciba'] }],
    ['apps[0].ciba_badge', /grants must include ciba/, { client_secret_sha256: SECRET, ciba_badge: true }],
    ['apps[0].no_pkce_reason', /public/, { public: true, no_pkce_reason: 'an old library' }],
    ['apps[0].sector_identifier_uri', /pairwise/, { client_secret_sha256: SECRET, sector_identifier_uri: 'https://a.example.test/s' }],
    ['apps[0].ciba_notification_uri', /https/, { client_secret_sha256: SECRET, ciba_notification_uri: 'http://localhost:1/ping' }],
    ['apps[0].require_signed_request', /jwks/, { client_secret_sha256: SECRET, require_signed_request: true }],
    ['apps[0].apis[0]', /no API nowhere/, { client_secret_sha256: SECRET, apis: ['nowhere'] }],
    ['apps[0].api_scopes[0]', /no API of the app/, { client_secret_sha256: SECRET, api_scopes: ['orders.read'] }],
  ])('is refused with %s: %s', (path, message, change) => {
    const text = refusalOf({ apps: [app(change)], apis: [api] });
    expect(text).toContain(path);
    expect(text).toMatch(message);
  });

  it('holds as many keys and APIs as the limits say, and no more', () => {
    const keys = (count: number) => ({ auth_method: 'private_key_jwt', jwks: { keys: Array.from({ length: count }, () => KEY) } });
    expect(loadConfigOf({ apps: [app(keys(KEYS_PER_CLIENT_MAX))] }).clients).toHaveLength(1);
    expect(refusalOf({ apps: [app(keys(KEYS_PER_CLIENT_MAX + 1))] })).toContain('apps[0].jwks.keys');
    const many = Array.from({ length: APIS_PER_APP_MAX + 1 }, (_, i) => ({
      ...api,
      id: `a${String(i)}`,
      resource: `${api.resource}${String(i)}`,
    }));
    const named = (count: number) => app({ client_secret_sha256: SECRET, apis: many.slice(0, count).map(({ id }) => id) });
    expect(loadConfigOf({ apps: [named(APIS_PER_APP_MAX)], apis: many }).clients).toHaveLength(1);
    expect(refusalOf({ apps: [named(APIS_PER_APP_MAX + 1)], apis: many })).toContain('apps[0].apis');
  });

  it('is refused when two APIs are one', () => {
    expect(refusalOf({ apis: [api, { ...api, id: 'other' }] })).toContain('apis[1].resource');
    expect(refusalOf({ apis: [api, { ...api, resource: 'https://x.example.test/' }] })).toContain('apis[1].id');
  });
});
