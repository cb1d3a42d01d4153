import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createHash, X509Certificate } from 'node:crypto';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { CERTIFICATE_HEADER_CHARS_MAX, createClientCertificates, toDistinguishedName } from '#gateway/oidc/clients/client-certificate.ts';
import type { ClientConfig } from '#gateway/platform/config/config.ts';
import { someClient, startHttpGateway } from '#test/support/http-gateway.ts';
import { APP_ORIGIN } from '#test/support/oidc/client.ts';

/* mTLS ends at a proxy; these are the requests that it makes. */

const folder = mkdtempSync(join(tmpdir(), 'gatehouse-mtls-'));
let certificate: X509Certificate;
let other: X509Certificate;

function makeCertificate(name: string): X509Certificate {
  const [key, file] = [join(folder, `${name}.key`), join(folder, `${name}.pem`)];
  const subject = `/C=DE/O=Example, Inc/CN=${name}`;
  execFileSync('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '1', '-keyout', key, '-out', file, '-subj', subject], { stdio: 'ignore' }); // prettier-ignore
  return new X509Certificate(readFileSync(file));
}

beforeAll(() => {
  certificate = makeCertificate('robot');
  other = makeCertificate('other');
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

const cleanUp: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const step of cleanUp.splice(0).reverse()) await step();
});

const machine = (options: ClientConfig['options']): ClientConfig =>
  someClient({
    origin: APP_ORIGIN,
    redirectUris: [],
    clientSecretSha256: null,
    options: { grants: ['client_credentials'], boundTokens: 'mtls', ...options },
  });

async function start(client: ClientConfig, trustedProxies: readonly string[] = ['127.0.0.0/8', '::1/128']) {
  const gateway = await startHttpGateway({ clients: [client], trustedProxies });
  cleanUp.push(() => gateway.close());
  return async (headers: Record<string, string>) => {
    const body = new URLSearchParams({ grant_type: 'client_credentials', client_id: 'wiki-client' });
    const response = await fetch(`${gateway.publicUrl}/oidc/token`, { method: 'POST', headers: { 'x-forwarded-for': '198.51.100.7', ...headers }, body }); // prettier-ignore
    return { status: response.status, body: (await response.json()) as Record<string, unknown>, gateway };
  };
}

const rfc9440 = (of: X509Certificate) => ({ 'client-cert': `:${of.raw.toString('base64')}:` });
const nginx = (of: X509Certificate) => ({ 'x-client-cert': encodeURIComponent(of.toString()), 'x-client-verify': 'SUCCESS' });

it('takes a certificate whose subject is the client’s, from a trusted proxy that has checked the chain', async () => {
  const dn = toDistinguishedName(certificate.subject);
  expect(dn).toBe('CN=robot,O=Example\\, Inc,C=DE');
  const call = await start(machine({ authMethod: 'tls_client_auth', tlsSubjectDn: dn }));

  expect((await call(nginx(certificate))).status).toBe(200);
  expect((await call(nginx(other))).status).toBe(401);
  expect((await call({ ...nginx(certificate), 'x-client-verify': 'FAILED' })).status).toBe(401);
  expect((await call({})).status).toBe(401);
});

it('takes a self-signed certificate that is among the client’s keys, and binds the token to it', async () => {
  const jwk = { ...certificate.publicKey.export({ format: 'jwk' }), kty: 'EC' as const, x5c: [certificate.raw.toString('base64')] };
  const call = await start(machine({ authMethod: 'self_signed_tls_client_auth', jwks: { keys: [jwk] } }));

  const { body, gateway, status } = await call(rfc9440(certificate));
  expect(status).toBe(200);
  expect((await call(rfc9440(other))).status).toBe(401);

  const answer = await fetch(`${gateway.publicUrl}/oidc/token/introspection`, {
    method: 'POST',
    headers: { 'x-forwarded-for': '198.51.100.7', ...rfc9440(certificate) },
    body: new URLSearchParams({ client_id: 'wiki-client', token: String(body['access_token']) }),
  });
  const thumbprint = createHash('sha256').update(certificate.raw).digest('base64url');
  expect(await answer.json()).toMatchObject({ active: true, cnf: { 'x5t#S256': thumbprint } });
});

it('believes no certificate of anybody but a trusted proxy', async () => {
  const dn = toDistinguishedName(certificate.subject);
  const call = await start(machine({ authMethod: 'tls_client_auth', tlsSubjectDn: dn }), []);

  expect((await call(nginx(certificate))).status).toBe(401);
});

it.each(['', ':', ':bm90IGEgY2VydGlmaWNhdGU=:', '%E0%A4%A', 'x'.repeat(CERTIFICATE_HEADER_CHARS_MAX + 1)])(
  'reads no certificate from what is none: %.20s',
  (header) => {
    const certificates = createClientCertificates(() => true);
    expect(certificates.of({ headers: { 'client-cert': header } } as never)).toBeNull();
    expect(certificates.of({ headers: { 'x-client-cert': header } } as never)).toBeNull();
  },
);
