import { createHash } from 'node:crypto';
import * as client from 'openid-client';
import { someClient, type HttpGateway } from '../http-gateway.ts';
import { presentPasskey, uidOf, type Enrolled } from './sign-in.ts';

/** Nothing listens there: navigation stops when it reaches the app. */
export const APP_ORIGIN = 'http://localhost:9';
export const CLIENT_SECRET = 'test-client-secret';
/** A client with a secret, of the sample app `wiki`. */
export const confidential = (origin = APP_ORIGIN) =>
  someClient({ origin, clientSecretSha256: createHash('sha256').update(CLIENT_SECRET).digest('hex') });

/** What an app learns of the gateway. */
export async function discover(gateway: HttpGateway): Promise<client.Configuration> {
  return client.discovery(new URL(`${gateway.publicUrl}/oidc`), 'wiki-client', {}, client.ClientSecretBasic(CLIENT_SECRET), {
    execute: [client.allowInsecureRequests],
  });
}

export async function authorizationRequest(config: client.Configuration, more: Record<string, string> = {}) {
  const verifier = client.randomPKCECodeVerifier();
  const checks = { pkceCodeVerifier: verifier, expectedState: client.randomState(), expectedNonce: client.randomNonce() };
  const url = client.buildAuthorizationUrl(config, {
    redirect_uri: `${APP_ORIGIN}/callback`,
    scope: 'openid profile email groups',
    code_challenge: await client.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
    state: checks.expectedState,
    nonce: checks.expectedNonce,
    ...more,
  });
  return { url, checks };
}

/** Makes the person's provider sessions look as if they had begun earlier. */
export async function ageSessions(gateway: HttpGateway, personId: string, byS: number): Promise<void> {
  for (const artifact of await gateway.oidcStore.ofPerson('Session', personId, Date.now())) {
    const session = JSON.parse(artifact.payloadJson) as { loginTs: number };
    await gateway.oidcStore.upsert({ ...artifact, payloadJson: JSON.stringify({ ...session, loginTs: session.loginTs - byS }) });
  }
}

export const isApp = (url: URL): boolean => url.origin === APP_ORIGIN;

/** From the app's sign-in button to its tokens. */
export async function signInToApp(gateway: HttpGateway, person: Enrolled, config: client.Configuration, more: Record<string, string> = {}) {
  const { url, checks } = await authorizationRequest(config, more);
  const page = await person.browser.navigate(url.href);
  const { body } = await presentPasskey(gateway, person, uidOf(page.url));
  const back = await person.browser.navigate(body.redirectTo, isApp);
  return { callback: back.url, tokens: await client.authorizationCodeGrant(config, back.url, checks) };
}
