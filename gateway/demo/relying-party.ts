import { fileURLToPath } from 'node:url';
import type { RequestListener } from 'node:http';
import express, { type NextFunction, type Request, type Response } from 'express';
import helmet from 'helmet';
import * as client from 'openid-client';
import { verifyLogoutToken } from './logout-token.ts';
import { renderError, renderHome, type AppLook } from './relying-party-pages.ts';
import { createAppSessionTable, type AppSession, type AppSessionTable, type PendingSignIn } from './relying-party-sessions.ts';

export interface RelyingPartyOptions extends AppLook {
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** Origin of this app, without a trailing slash. */
  readonly baseUrl: string;
}

export interface RelyingParty {
  readonly handle: RequestListener;
  /** Ends the open streams of the pages. */
  close(): void;
}

const SCOPE = 'openid profile email groups presence';
const FORM_BYTES_MAX = 16_384;
const FILES = fileURLToPath(new URL('./relying-party-files', import.meta.url));
/** The gateway's plain pages and its demo apps look alike; an app of its own has its own. */
const SHARED_STYLES = fileURLToPath(new URL('../oidc/pages/files/plain-pages.css', import.meta.url));
/** For a logout token without a reason: somebody signed out elsewhere, or an older gateway. */
const ENDED_BY_GATEWAY = 'The gateway has ended your session. Sign in again: it says there what has changed, and what you can do.';

interface Context {
  readonly options: RelyingPartyOptions;
  readonly sessions: AppSessionTable;
  /** Discovery is repeated until the gateway answers: the app may start first. */
  readonly config: () => Promise<client.Configuration>;
}

function createDiscovery(options: RelyingPartyOptions): () => Promise<client.Configuration> {
  let found: client.Configuration | null = null;
  return async () => {
    const execute = options.issuer.startsWith('http:') ? [client.allowInsecureRequests] : [];
    const authentication = client.ClientSecretBasic(options.clientSecret);
    found ??= await client.discovery(new URL(options.issuer), options.clientId, {}, authentication, { execute });
    return found;
  };
}

function cookieName({ options }: Context): string {
  // Cookies do not keep ports apart: apps on one host need names of their own.
  return `demo-${options.clientId}`;
}

function readCookie(context: Context, request: Request): string | null {
  const prefix = `${cookieName(context)}=`;
  const pair = (request.headers.cookie ?? '').split(';').find((part) => part.trim().startsWith(prefix));
  return pair === undefined ? null : pair.trim().slice(prefix.length);
}

function writeCookie(context: Context, response: Response, id: string): void {
  const secure = context.options.baseUrl.startsWith('https:');
  // Lax, not Strict: the browser comes back from the gateway by a cross-site navigation.
  response.cookie(cookieName(context), id, { httpOnly: true, sameSite: 'lax', secure, path: '/' });
}

function sessionOf(context: Context, request: Request): AppSession | null {
  const id = readCookie(context, request);
  return id === null ? null : context.sessions.find(id);
}

async function signIn(context: Context, response: Response): Promise<void> {
  const config = await context.config();
  const verifier = client.randomPKCECodeVerifier();
  const pending: PendingSignIn = { verifier, state: client.randomState(), nonce: client.randomNonce() };
  writeCookie(context, response, context.sessions.begin(pending));
  const url = client.buildAuthorizationUrl(config, {
    redirect_uri: `${context.options.baseUrl}/callback`,
    scope: SCOPE,
    state: pending.state,
    nonce: pending.nonce,
    code_challenge: await client.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
  });
  response.redirect(303, url.href);
}

async function finishSignIn(context: Context, request: Request, response: Response): Promise<void> {
  const id = readCookie(context, request);
  const pending = id === null ? null : context.sessions.takePending(id);
  if (pending === null) {
    response.redirect(303, '/');
    return;
  }
  const config = await context.config();
  const callback = new URL(request.originalUrl, context.options.baseUrl);
  const checks = { pkceCodeVerifier: pending.verifier, expectedState: pending.state, expectedNonce: pending.nonce };
  const tokens = await client.authorizationCodeGrant(config, callback, checks);
  const claims = tokens.claims();
  if (claims === undefined) throw new TypeError('the gateway sent no ID token');
  const userinfo = await client.fetchUserInfo(config, tokens.access_token, claims.sub);
  writeCookie(
    context,
    response,
    context.sessions.start({ tokens, claims: { ...userinfo, ...claims }, sub: claims.sub, sid: claims['sid'] }),
  );
  response.redirect(303, '/');
}

/** Refreshing asks the gateway's policy again: a refusal ends the session here as well. */
async function refresh(context: Context, request: Request, response: Response): Promise<void> {
  const session = sessionOf(context, request);
  const refreshToken = session?.tokens.refresh_token;
  if (session === null || refreshToken === undefined) {
    response.status(401).json({ error: 'signed_out', description: 'You are not signed in.' });
    return;
  }
  try {
    const tokens = await client.refreshTokenGrant(await context.config(), refreshToken);
    const claims = { ...session.claims, ...tokens.claims() };
    context.sessions.renew(session, { ...session.tokens, ...tokens }, claims);
    response.json({ claims, refreshedAtMs: Date.now() });
  } catch (failure) {
    if (!(failure instanceof client.ResponseBodyError)) throw failure;
    const description = failure.error_description ?? failure.error;
    context.sessions.end(session, description);
    response.status(403).json({ error: failure.error, description });
  }
}

async function signOut(context: Context, request: Request, response: Response): Promise<void> {
  const session = sessionOf(context, request);
  if (session === null) {
    response.redirect(303, '/');
    return;
  }
  context.sessions.leave(session);
  const { id_token: hint } = session.tokens;
  const url = client.buildEndSessionUrl(await context.config(), {
    post_logout_redirect_uri: `${context.options.baseUrl}/`,
    ...(hint === undefined ? {} : { id_token_hint: hint }),
  });
  response.redirect(303, url.href);
}

/** OpenID Connect Back-Channel Logout 1.0, 2.5 to 2.8. */
async function endByLogoutToken(context: Context, request: Request, response: Response): Promise<void> {
  response.set('cache-control', 'no-store');
  const { logout_token: token } = (request.body ?? {}) as { logout_token?: unknown };
  const metadata = (await context.config()).serverMetadata();
  const verified = typeof token === 'string' ? await verifyLogoutToken(token, metadata, context.options.clientId) : null;
  if (verified === null) {
    response.status(400).json({ error: 'invalid_request' });
    return;
  }
  context.sessions.endWhere(verified, verified.reason ?? ENDED_BY_GATEWAY);
  response.status(200).end();
}

function listen(context: Context, request: Request, response: Response): void {
  const session = sessionOf(context, request);
  if (session === null) {
    response.status(204).end();
    return;
  }
  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
  response.write(': listening\n\n');
  const stop = context.sessions.onEnd(session, (reason) => {
    response.end(`event: ended\ndata: ${JSON.stringify({ reason })}\n\n`);
  });
  response.on('close', stop);
}

function sendError(context: Context, failure: unknown, response: Response): void {
  const isRefused = failure instanceof client.AuthorizationResponseError || failure instanceof client.ResponseBodyError;
  const code = isRefused ? failure.error : 'unavailable';
  const description = isRefused
    ? (failure.error_description ?? failure.error)
    : 'The gateway could not be reached, or its answer was not understood.';
  response
    .status(isRefused ? 403 : 502)
    .type('html')
    .send(renderError(context.options, code, description));
}

/** Unsafe methods need our own Origin, or none at all on the back channel, which carries a signed token instead. */
function checkOrigin({ options }: Context) {
  return (request: Request, response: Response, next: NextFunction): void => {
    const isOurs = request.headers.origin === options.baseUrl || request.path === '/backchannel-logout';
    if (request.method === 'POST' && !isOurs) response.status(403).end();
    else next();
  };
}

/**
 * An ordinary OpenID Connect app, as an app team would write it: it knows the gateway by its discovery document alone. It exists to be
 * looked at: its page shows the claims, renews its tokens every minute, and says at once when the session has ended.
 */
export function createRelyingParty(options: RelyingPartyOptions): RelyingParty {
  const context: Context = { options, sessions: createAppSessionTable(), config: createDiscovery(options) };
  const issuerOrigin = new URL(options.issuer).origin;
  const app = express();
  app.disable('x-powered-by');
  app.use(
    helmet({
      contentSecurityPolicy: {
        useDefaults: false,
        directives: {
          'default-src': ["'none'"],
          'script-src': ["'self'"],
          'style-src': ["'self'"],
          'connect-src': ["'self'"],
          'img-src': ["'self'"],
          // A form here ends, by redirects, at the gateway and comes back.
          'form-action': ["'self'", issuerOrigin],
          'base-uri': ["'none'"],
          'frame-ancestors': ["'none'"],
          'require-trusted-types-for': ["'script'"],
          'trusted-types': ["'none'"],
        },
      },
      // Not `no-referrer`: a browser would then send `Origin: null` with this app's own forms.
      referrerPolicy: { policy: 'same-origin' },
      strictTransportSecurity: options.baseUrl.startsWith('https:'),
    }),
  );
  app.use('/files', express.static(FILES, { index: false, maxAge: '1h' }));
  app.get('/files/plain-pages.css', (_request, response) => response.sendFile(SHARED_STYLES, { maxAge: '1h' }));
  app.use(checkOrigin(context));
  app.get('/', (request, response) => {
    const id = readCookie(context, request);
    const claims = sessionOf(context, request)?.claims ?? null;
    const endReason = id === null ? null : context.sessions.endReasonOf(id);
    response
      .set('cache-control', 'no-store')
      .type('html')
      .send(renderHome(options, claims, endReason));
  });
  app.post('/sign-in', async (_request, response) => signIn(context, response));
  app.get('/callback', async (request, response) => finishSignIn(context, request, response));
  app.post('/refresh', async (request, response) => refresh(context, request, response));
  app.post('/sign-out', async (request, response) => signOut(context, request, response));
  app.get('/events', (request, response) => listen(context, request, response));
  app.post('/backchannel-logout', express.urlencoded({ extended: false, limit: FORM_BYTES_MAX }), async (request, response) =>
    endByLogoutToken(context, request, response),
  );
  app.use((failure: unknown, _request: Request, response: Response, next: NextFunction) => {
    if (response.headersSent) next(failure);
    else sendError(context, failure, response);
  });
  return { handle: app, close: () => context.sessions.close() };
}
