import { createPublicKey } from 'node:crypto';
import { decodeProtectedHeader, jwtVerify } from 'jose';
import { describe, expect, it } from 'vitest';
import { createMemorySecretStore } from '#adapters/memory/secret-store.ts';
import { createSystemRandom } from '#adapters/crypto/system-random.ts';
import { createSystemClock } from '#adapters/time/system-clock.ts';
import { loadProviderKeys } from '#gateway/oidc/keys/signing-keys.ts';
import { askAuthzen } from '#test/support/authzen/client.ts';
import { startAskedSite } from '#test/support/authzen/questions.ts';
import type { AuthzenSiteOptions } from '#test/support/authzen/site.ts';

async function start(options: AuthzenSiteOptions = {}) {
  const site = await startAskedSite(options);
  return { ...site, read: (path: string) => site.ask(path, '', { method: 'GET', key: null }) };
}

describe('metadata', () => {
  const plain = (origin: string) => ({
    policy_decision_point: origin,
    access_evaluation_endpoint: `${origin}/access/v1/evaluation`,
    access_evaluations_endpoint: `${origin}/access/v1/evaluations`,
    search_subject_endpoint: `${origin}/access/v1/search/subject`,
    search_resource_endpoint: `${origin}/access/v1/search/resource`,
    search_action_endpoint: `${origin}/access/v1/search/action`,
  });

  it('names the addresses to anybody', async () => {
    const { read, origin } = await start();
    const { status, headers, body } = await read('/.well-known/authzen-configuration');
    expect({ status, type: headers['content-type'] }).toEqual({ status: 200, type: 'application/json' });
    const { signed_metadata: signed, ...rest } = body as Record<string, unknown>;
    expect(rest).toEqual(plain(origin));
    expect(signed).toBeTypeOf('string');
    expect(await askAuthzen(origin, '/.well-known/authzen-configuration', '{}')).toMatchObject({ status: 405 });
  });

  it('says the same in a token signed by the key of the OpenID issuer', async () => {
    const { read, origin, secrets } = await start();
    const { body } = await read('/.well-known/authzen-configuration');
    const [key] = (await loadProviderKeys({ secrets, random: createSystemRandom(), clock: createSystemClock() })).signing;
    // Public halves are members of private ones: a public key is made of either.
    const publicKey = createPublicKey({ key: { ...key }, format: 'jwk' });
    const { payload, protectedHeader } = await jwtVerify((body as { signed_metadata: string }).signed_metadata, publicKey);
    expect(protectedHeader).toEqual({ alg: 'ES256', kid: key?.kid });
    expect(payload).toEqual({ ...plain(origin), iss: `${origin}/oidc`, iat: expect.any(Number) as unknown });
  });

  it('is signed by another key as soon as the one before is retired', async () => {
    const load = async () =>
      loadProviderKeys({ secrets: createMemorySecretStore(), random: createSystemRandom(), clock: createSystemClock() });
    const [before, after] = [await load(), await load()];
    let keys = before;
    const { read } = await start({ keys: () => keys });
    const kid = async () => {
      const { body } = await read('/.well-known/authzen-configuration');
      return decodeProtectedHeader((body as { signed_metadata: string }).signed_metadata).kid;
    };
    expect(await kid()).toBe(before.signing[0]?.kid);
    keys = after;
    expect(await kid()).toBe(after.signing[0]?.kid);
  });
});

describe('the description of the addresses', () => {
  it('is OpenAPI, told to anybody, with the limits that requests are read with', async () => {
    const { read, origin } = await start();
    const { status, body } = await read('/access/v1/openapi.json');
    expect(status).toBe(200);
    expect(body).toMatchObject({ openapi: '3.1.0', servers: [{ url: origin }], security: [{ client_key: [] }] });
    const { paths } = body as { paths: Record<string, { post: { requestBody: { content: Record<string, { schema: object }> } } }> };
    expect(Object.keys(paths).sort()).toEqual([
      '/access/v1/evaluation',
      '/access/v1/evaluations',
      '/access/v1/search/action',
      '/access/v1/search/resource',
      '/access/v1/search/subject',
    ]);
    const schemaOf = (path: string) => paths[path]?.post.requestBody.content['application/json']?.schema;
    expect(schemaOf('/access/v1/evaluation')).toMatchObject({
      required: ['subject', 'action', 'resource'],
      properties: { subject: { properties: { id: { minLength: 1, maxLength: 256 } } } },
    });
    expect(schemaOf('/access/v1/evaluations')).toMatchObject({ properties: { evaluations: { maxItems: 100 } } });
    expect(await askAuthzen(origin, '/access/v1/openapi.json', '{}')).toMatchObject({ status: 405 });
  });
});
