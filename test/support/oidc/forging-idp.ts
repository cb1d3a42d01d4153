import { createHash, randomBytes } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { exportJWK, generateKeyPair, SignJWT, UnsecuredJWT, type CryptoKey, type JWTPayload } from 'jose';
import type { UpstreamConfig } from '#gateway/platform/config/upstream-config.ts';
import { closeServer, listenLater } from '../listen-later.ts';

export const FORGING_SECRET = 'secret of the gateway';
const LOGOUT_EVENT = 'http://schemas.openid.net/event/backchannel-logout';

/** What the provider says next; each part may be a lie. */
export interface Forgery {
  readonly claims?: JWTPayload;
  /** Claims that are left out. */
  readonly without?: readonly string[];
  readonly key?: CryptoKey;
  readonly unsigned?: boolean;
  readonly header?: Readonly<Record<string, unknown>>;
  /** Over the parameters of the browser's way back; null = left out. */
  readonly answer?: Readonly<Record<string, string | null>>;
  readonly userInfo?: JWTPayload;
  readonly tokenStatus?: number;
  readonly tokenBody?: string;
}

/**
 * An identity provider that signs in whomever a test wants, without asking, and lies where it is told to. It says yes only to what a
 * client must show: PKCE, the client's secret, each code once.
 */
export async function startForgingIdp() {
  const listener = await listenLater();
  const issuer = listener.origin;
  const { privateKey, publicKey } = await generateKeyPair('RS256');
  const jwk = { ...(await exportJWK(publicKey)), kid: 'one', alg: 'RS256', use: 'sig' };
  const codes = new Map<string, URLSearchParams>();
  const requests: { readonly path: string; readonly parameters: URLSearchParams; readonly authorization: string | null }[] = [];
  let next: Forgery = {};
  let metadata: Readonly<Record<string, unknown>> = {};

  const sign = async (claims: JWTPayload, typ = 'JWT', { header, key = privateKey, unsigned = false }: Forgery = {}): Promise<string> =>
    unsigned
      ? new UnsecuredJWT(claims).encode()
      : new SignJWT(claims).setProtectedHeader({ alg: 'RS256', kid: 'one', typ, ...header }).sign(key);

  const idTokenOf = (asked: URLSearchParams): Promise<string> => {
    const nowS = Math.floor(Date.now() / 1_000);
    const claims: JWTPayload = {
      iss: issuer,
      aud: asked.get('client_id') ?? '',
      sub: 'sub-ann',
      iat: nowS,
      exp: nowS + 300,
      auth_time: nowS,
      nonce: asked.get('nonce') ?? '',
      sid: 'sid-1',
      email: 'ann@example.test',
      email_verified: true,
      name: 'Ann Example',
      ...next.claims,
    };
    const kept = Object.entries(claims).filter(([name]) => !(next.without ?? []).includes(name));
    return sign(Object.fromEntries(kept), 'JWT', next);
  };

  const authorize = (asked: URLSearchParams): string => {
    const code = randomBytes(16).toString('base64url');
    codes.set(code, asked);
    const back = new URL(asked.get('redirect_uri') ?? '');
    for (const [name, value] of Object.entries({ code, state: asked.get('state'), iss: issuer, ...next.answer })) {
      if (value !== null) back.searchParams.set(name, value);
    }
    return back.href;
  };

  const token = async (
    form: URLSearchParams,
    authorization: string | null,
  ): Promise<{ readonly status: number; readonly text: string }> => {
    const asked = codes.get(form.get('code') ?? '');
    codes.delete(form.get('code') ?? '');
    const challenge = createHash('sha256')
      .update(form.get('code_verifier') ?? '')
      .digest('base64url');
    const basic = `Basic ${btoa(`gatehouse:${encodeURIComponent(FORGING_SECRET).replaceAll('%20', '+')}`)}`;
    const refused = (error: string) => ({ status: 400, text: JSON.stringify({ error }) });
    if (asked === undefined || asked.get('code_challenge') !== challenge) return refused('invalid_grant');
    if (asked.get('redirect_uri') !== form.get('redirect_uri')) return refused('invalid_grant');
    if (authorization !== basic && !form.has('client_assertion')) return refused('invalid_client');
    if (next.tokenStatus !== undefined) return { status: next.tokenStatus, text: next.tokenBody ?? '' };
    const body = { access_token: 'opaque', token_type: 'Bearer', expires_in: 60, id_token: await idTokenOf(asked) };
    return { status: 200, text: JSON.stringify(body) };
  };

  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const url = new URL(request.url ?? '/', issuer);
    const form = new URLSearchParams(request.method === 'POST' ? await readText(request) : url.search);
    const authorization = request.headers.authorization ?? null;
    requests.push({ path: url.pathname, parameters: form, authorization });
    const json = (value: unknown, status = 200) =>
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value));
    switch (url.pathname) {
      case '/.well-known/openid-configuration':
        return void json({
          issuer,
          authorization_endpoint: `${issuer}/authorize`,
          token_endpoint: `${issuer}/token`,
          userinfo_endpoint: `${issuer}/userinfo`,
          jwks_uri: `${issuer}/jwks`,
          response_types_supported: ['code'],
          subject_types_supported: ['public'],
          id_token_signing_alg_values_supported: ['RS256'],
          authorization_response_iss_parameter_supported: true,
          ...metadata,
        });
      case '/jwks':
        return void json({ keys: [jwk] });
      case '/authorize':
        return void response.writeHead(303, { location: authorize(form) }).end();
      case '/token': {
        const { status, text } = await token(form, authorization);
        return void response.writeHead(status, { 'content-type': 'application/json' }).end(text);
      }
      case '/userinfo':
        return void json({ sub: 'sub-ann', ...next.userInfo });
      default:
        return void response.writeHead(404).end();
    }
  };
  listener.serve((request, response) => void answer(request, response).catch(() => response.destroy()));

  return {
    issuer,
    requests,
    sign,
    /** From now on. */
    say: (forgery: Forgery): void => {
      next = forgery;
    },
    describe: (more: Readonly<Record<string, unknown>>): void => {
      metadata = more;
    },
    logoutToken: (change: JWTPayload = {}, options: { readonly typ?: string; readonly without?: readonly string[] } & Forgery = {}) => {
      const nowS = Math.floor(Date.now() / 1_000);
      const claims: JWTPayload = {
        iss: issuer,
        aud: 'gatehouse',
        iat: nowS,
        exp: nowS + 120,
        jti: randomBytes(8).toString('hex'),
        sub: 'sub-ann',
        events: { [LOGOUT_EVENT]: {} },
        ...change,
      };
      const kept = Object.entries(claims).filter(([name]) => !(options.without ?? []).includes(name));
      return sign(Object.fromEntries(kept), options.typ ?? 'logout+jwt', options);
    },
    close: async () => closeServer(listener.server),
  };
}
export type ForgingIdp = Awaited<ReturnType<typeof startForgingIdp>>;

async function readText(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}

/** As a configuration has it. */
export function someUpstream(issuer: string, change: Partial<UpstreamConfig> = {}): UpstreamConfig {
  return {
    id: 'corp',
    name: 'Example Corp',
    issuer,
    clientId: 'gatehouse',
    clientAuth: 'secret_basic',
    idTokenAlg: 'RS256',
    scopes: ['openid', 'email', 'profile'],
    mode: 'instead_of_passkey',
    account: { claim: 'email', is: 'email', emailDomains: ['example.test'], create: false },
    ratings: [],
    maxAgeS: 3_600,
    ...change,
  };
}
