import { createHash } from 'node:crypto';
import { exportJWK, generateKeyPair, type JWK } from 'jose';
import * as client from 'openid-client';
import type { Continue, InteractionView } from '#gateway/http/contract/sign-in.ts';
import type { ClientOptions, PublicJwk } from '#gateway/platform/config/client-config.ts';
import type { ClientConfig } from '#gateway/platform/config/config.ts';
import { someClient, type HttpGateway } from '../http-gateway.ts';
import { APP_ORIGIN, CLIENT_SECRET, isApp } from './client.ts';
import { presentPasskey, uidOf, type Enrolled } from './sign-in.ts';

export const hashOf = (secret: string): string => createHash('sha256').update(secret).digest('hex');

/** The sample app's client with its secret and more. */
export function clientWith(options: ClientOptions = {}, change: Partial<ClientConfig> = {}): ClientConfig {
  return someClient({ origin: APP_ORIGIN, clientSecretSha256: hashOf(CLIENT_SECRET), options, ...change });
}

export interface KeyPair {
  readonly privateKey: Awaited<ReturnType<typeof generateKeyPair>>['privateKey'];
  readonly publicJwk: PublicJwk;
}

export async function someKey(alg: string, kid: string): Promise<KeyPair> {
  const { privateKey, publicKey } = await generateKeyPair(alg, { extractable: true });
  const jwk: JWK = await exportJWK(publicKey);
  return { privateKey, publicJwk: { ...jwk, kid, alg } as PublicJwk };
}

/** A client that shows who it is by a key. */
export function keyClient({ publicJwk }: KeyPair, options: ClientOptions = {}, change: Partial<ClientConfig> = {}): ClientConfig {
  return someClient({
    origin: APP_ORIGIN,
    clientSecretSha256: null,
    options: { authMethod: 'private_key_jwt', jwks: { keys: [publicJwk] }, ...options },
    ...change,
  });
}

export async function discoverAs(gateway: HttpGateway, auth: client.ClientAuth, clientId = 'wiki-client'): Promise<client.Configuration> {
  return client.discovery(new URL(`${gateway.publicUrl}/oidc`), clientId, {}, auth, { execute: [client.allowInsecureRequests] });
}

/** A request with PKCE, state and nonce, by a plain link. */
export async function startRequest(params: Readonly<Record<string, string>> = {}) {
  const verifier = client.randomPKCECodeVerifier();
  const checks = { pkceCodeVerifier: verifier, expectedState: client.randomState(), expectedNonce: client.randomNonce() };
  const parameters: Record<string, string> = {
    redirect_uri: `${APP_ORIGIN}/callback`,
    scope: 'openid profile email groups',
    code_challenge: await client.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
    state: checks.expectedState,
    nonce: checks.expectedNonce,
    ...params,
  };
  return { parameters, checks };
}

/** Follows an authorization URL through the passkey page to the app. */
export async function passThrough(gateway: HttpGateway, person: Enrolled, url: URL): Promise<URL> {
  const page = await person.browser.navigate(url.href, isApp);
  if (isApp(page.url)) return page.url;
  if (!page.url.pathname.startsWith('/signin/')) throw new Error(`no sign-in page: ${(await page.response?.text()) ?? page.url.href}`);
  const { body } = await presentPasskey(gateway, person, uidOf(page.url));
  return (await person.browser.navigate(body.redirectTo, isApp)).url;
}

export async function interactionAt(gateway: HttpGateway, person: Enrolled, page: URL): Promise<InteractionView> {
  return (await person.browser.call<InteractionView>(`${gateway.publicUrl}/api/interaction/${uidOf(page)}`)).body;
}

/** Back to the app without a sign-in. */
export async function abortAt(gateway: HttpGateway, person: Pick<Enrolled, 'browser'>, page: URL): Promise<URL> {
  const { body } = await person.browser.call<Continue>(`${gateway.publicUrl}/api/interaction/${uidOf(page)}/abort`, {});
  return (await person.browser.navigate(body.redirectTo, isApp)).url;
}

export async function retryAt(gateway: HttpGateway, person: Enrolled, page: URL): Promise<URL> {
  const { body } = await person.browser.call<Continue>(`${gateway.publicUrl}/api/interaction/${uidOf(page)}/retry`, {});
  return (await person.browser.navigate(body.redirectTo, isApp)).url;
}
