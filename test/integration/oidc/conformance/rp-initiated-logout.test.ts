import { generateKeyPair, SignJWT, UnsecuredJWT } from 'jose';
import { afterEach, expect, it } from 'vitest';
import { APP_ORIGIN } from '#test/support/oidc/client.ts';
import { askLogout, confirmLogout, isSignedIn, signIn, startOp, type Op, type SignedIn } from '#test/support/oidc/op.ts';

/* The modules of the plan "RP-Initiated Logout OP" of the OpenID Foundation's suite, under their names. */

const cleanUp: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const step of cleanUp.splice(0).reverse()) await step();
});

const AFTER = `${APP_ORIGIN}/`;

async function start(): Promise<{ op: Op; signedIn: SignedIn }> {
  const op = await startOp();
  cleanUp.push(() => op.gateway.close());
  return { op, signedIn: await signIn(op) };
}

/** The gateway shows an error, or asks the person; it never leads back on its own. */
async function expectNoWayBack(op: Op, parameters: Record<string, string>): Promise<void> {
  const page = await askLogout(op, parameters);
  expect(page.redirectedTo).toBeNull();
  expect(page.status === 400 || page.text.includes('Sign out everywhere')).toBe(true);
  expect(await isSignedIn(op)).toBe(true);
}

async function expectSignedOut(op: Op, parameters: Record<string, string>): Promise<URL | null> {
  const { redirectedTo, text } = await confirmLogout(op, await askLogout(op, parameters));
  if (redirectedTo === null) expect(text).toContain('Your session has ended');
  expect(await isSignedIn(op)).toBe(false);
  return redirectedTo;
}

it('oidcc-rp-initiated-logout-discovery-endpoint-verification', async () => {
  const { op } = await start();
  expect(op.metadata['end_session_endpoint']).toBe(`${op.issuer}/session/end`);
});

it('oidcc-rp-initiated-logout', async () => {
  const { op, signedIn } = await start();
  const back = await expectSignedOut(op, { id_token_hint: signedIn.idToken, post_logout_redirect_uri: AFTER, state: 'xyz' });
  expect(back?.href).toBe(`${AFTER}?state=xyz`);
});

it('oidcc-rp-initiated-logout-bad-post-logout-redirect-uri', async () => {
  const { op, signedIn } = await start();
  await expectNoWayBack(op, { id_token_hint: signedIn.idToken, post_logout_redirect_uri: 'https://elsewhere.example.test/', state: 'x' });
});

it('oidcc-rp-initiated-logout-modified-id-token-hint', async () => {
  const { op, signedIn } = await start();
  const unsigned = new UnsecuredJWT(signedIn.claims).encode();
  await expectNoWayBack(op, { id_token_hint: unsigned, post_logout_redirect_uri: AFTER, state: 'x' });
});

it('oidcc-rp-initiated-logout-no-id-token-hint', async () => {
  const { op } = await start();
  await expectNoWayBack(op, { post_logout_redirect_uri: AFTER, state: 'x' });
});

it('oidcc-rp-initiated-logout-no-params', async () => {
  const { op } = await start();
  expect(await expectSignedOut(op, {})).toBeNull();
});

it('oidcc-rp-initiated-logout-no-post-logout-redirect-uri', async () => {
  const { op, signedIn } = await start();
  expect(await expectSignedOut(op, { id_token_hint: signedIn.idToken, state: 'x' })).toBeNull();
});

it('oidcc-rp-initiated-logout-no-state', async () => {
  const { op, signedIn } = await start();
  const back = await expectSignedOut(op, { id_token_hint: signedIn.idToken, post_logout_redirect_uri: AFTER });
  expect(back?.href).toBe(AFTER);
});

it('oidcc-rp-initiated-logout-only-state', async () => {
  const { op } = await start();
  expect(await expectSignedOut(op, { state: 'x' })).toBeNull();
});

it('oidcc-rp-initiated-logout-query-added-to-post-logout-redirect-uri', async () => {
  const { op, signedIn } = await start();
  await expectNoWayBack(op, { id_token_hint: signedIn.idToken, post_logout_redirect_uri: `${AFTER}?foo=bar`, state: 'x' });
});

it('oidcc-rp-initiated-logout-bad-id-token-hint', async () => {
  const { op, signedIn } = await start();
  const { privateKey } = await generateKeyPair('ES256');
  const forged = await new SignJWT(signedIn.claims).setProtectedHeader({ alg: 'ES256' }).sign(privateKey);
  await expectNoWayBack(op, { id_token_hint: forged, post_logout_redirect_uri: AFTER, state: 'x' });
});

it('takes the request by POST as well (RP-Initiated Logout 2)', async () => {
  const { op, signedIn } = await start();
  const endpoint = String(op.metadata['end_session_endpoint']);
  const body = new URLSearchParams({ id_token_hint: signedIn.idToken, post_logout_redirect_uri: AFTER });

  const posted = await op.person.browser.request(endpoint, { method: 'POST', body });

  expect(posted.status).toBe(303);
  expect(new URL(posted.headers.get('location') ?? '', endpoint).href).toBe(`${endpoint}?${body.toString()}`);
});
