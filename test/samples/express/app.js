// Sign-in with Gatehouse in an Express app: openid-client for the flow, jose for logout tokens, nothing of Gatehouse's own.
import { randomBytes } from 'node:crypto';
import express from 'express';
import { createRemoteJWKSet, jwtVerify } from 'jose';
import * as client from 'openid-client';

const { ISSUER, CLIENT_ID, CLIENT_SECRET, BASE_URL, PORT } = process.env;
// Plain HTTP is for trying it on one machine only.
const insecure = ISSUER.startsWith('http://localhost') ? { execute: [client.allowInsecureRequests] } : {};
const config = await client.discovery(new URL(ISSUER), CLIENT_ID, {}, client.ClientSecretBasic(CLIENT_SECRET), insecure);
const keys = createRemoteJWKSet(new URL(config.serverMetadata().jwks_uri));

// A real app keeps these in its session store. By cookie: { checks } while signing in, then { claims, user, idToken }.
const sessions = new Map();
const sessionOf = (request) => /(?:^|; )app=([\w-]+)/.exec(request.headers.cookie ?? '')?.[1] ?? '';
const begin = (response, session) => {
  const id = randomBytes(32).toString('base64url');
  sessions.set(id, session);
  response.cookie('app', id, { httpOnly: true, sameSite: 'lax', secure: BASE_URL.startsWith('https:') });
};

const app = express();

app.get('/', (request, response) => {
  const { user } = sessions.get(sessionOf(request)) ?? {};
  response.json(user === undefined ? { signedIn: false } : { signedIn: true, sub: user.sub, name: user.name, groups: user.groups });
});

app.get('/login', async (request, response) => {
  const checks = {
    pkceCodeVerifier: client.randomPKCECodeVerifier(),
    expectedState: client.randomState(),
    expectedNonce: client.randomNonce(),
  };
  begin(response, { checks });
  const url = client.buildAuthorizationUrl(config, {
    redirect_uri: `${BASE_URL}/callback`,
    scope: 'openid profile email groups',
    state: checks.expectedState,
    nonce: checks.expectedNonce,
    code_challenge: await client.calculatePKCECodeChallenge(checks.pkceCodeVerifier),
    code_challenge_method: 'S256',
  });
  response.redirect(url.href);
});

app.get('/callback', async (request, response) => {
  const { checks } = sessions.get(sessionOf(request)) ?? {};
  sessions.delete(sessionOf(request));
  try {
    const tokens = await client.authorizationCodeGrant(config, new URL(request.originalUrl, BASE_URL), checks);
    const claims = tokens.claims();
    const user = await client.fetchUserInfo(config, tokens.access_token, claims.sub);
    begin(response, { claims, user, idToken: tokens.id_token });
    response.redirect('/');
  } catch (failure) {
    // A refused person comes back with error=access_denied; the description has the reason and the decision to quote.
    response.status(403).json({ error: failure.error ?? 'sign_in_failed', description: failure.error_description ?? null });
  }
});

app.get('/logout', (request, response) => {
  const { idToken } = sessions.get(sessionOf(request)) ?? {};
  sessions.delete(sessionOf(request));
  if (idToken === undefined) return response.redirect('/');
  response.redirect(client.buildEndSessionUrl(config, { id_token_hint: idToken, post_logout_redirect_uri: `${BASE_URL}/` }).href);
});

// OpenID Connect Back-Channel Logout 1.0: a session ended at Gatehouse, for instance because the person was suspended.
app.post('/backchannel-logout', express.urlencoded({ extended: false }), async (request, response) => {
  response.set('cache-control', 'no-store');
  try {
    const { payload } = await jwtVerify(request.body.logout_token, keys, { issuer: ISSUER, audience: CLIENT_ID, typ: 'logout+jwt' });
    if (payload.nonce !== undefined || !payload.events?.['http://schemas.openid.net/event/backchannel-logout'])
      throw new Error('no logout token');
    for (const [id, { claims }] of sessions)
      if (claims?.sid === payload.sid || (payload.sid === undefined && claims?.sub === payload.sub)) sessions.delete(id);
    response.sendStatus(200);
  } catch {
    response.status(400).json({ error: 'invalid_request' });
  }
});

app.listen(Number(PORT), '127.0.0.1', () => process.send?.('ready'));
