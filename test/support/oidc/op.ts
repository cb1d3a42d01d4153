import { randomBytes } from 'node:crypto';
import { createLocalJWKSet, jwtVerify, type JSONWebKeySet, type JWTPayload } from 'jose';
import { startHttpGateway, type HttpGateway, type HttpGatewayOptions } from '../http-gateway.ts';
import { APP_ORIGIN, CLIENT_SECRET } from './client.ts';
import { clientWith } from './flows.ts';
import { enrolPerson, presentPasskey, uidOf, type Enrolled } from './sign-in.ts';

/*
 * A relying party of our own over plain HTTP, for the modules of the OpenID Foundation's conformance suite. It knows nothing of the
 * gateway but its issuer, a client and a person with a passkey.
 */

export type ResponseMode = 'query' | 'form_post';

export interface OpClient {
  readonly clientId: string;
  readonly secret: string;
  readonly redirectUri: string;
  readonly auth: 'basic' | 'post';
}

export interface Op {
  readonly gateway: HttpGateway;
  readonly issuer: string;
  readonly metadata: Readonly<Record<string, unknown>>;
  readonly person: Enrolled;
  readonly client: OpClient;
  readonly mode: ResponseMode;
}

export const opClient: OpClient = {
  clientId: 'wiki-client',
  secret: CLIENT_SECRET,
  redirectUri: `${APP_ORIGIN}/callback`,
  auth: 'basic',
};

export async function startOp(options: Partial<HttpGatewayOptions> & { readonly mode?: ResponseMode } = {}): Promise<Op> {
  const { mode = 'query', ...rest } = options;
  // The suite's clients send no PKCE: registered with the named exception, they have to send a nonce.
  const gateway = await startHttpGateway({ clients: [clientWith({ mayOmitPkce: true })], ...rest });
  const issuer = `${gateway.publicUrl}/oidc`;
  const metadata = (await (await fetch(`${issuer}/.well-known/openid-configuration`)).json()) as Record<string, unknown>;
  return { gateway, issuer, metadata, person: await enrolPerson(gateway, 'ann'), client: opClient, mode };
}

export const endpoint = ({ metadata }: Pick<Op, 'metadata'>, name: string): string => String(metadata[`${name}_endpoint`]);

export type Parameters = Readonly<Record<string, string | null>>;

/** A request of the suite: code, with nonce and state. A parameter of null is left out. */
export function requestOf(op: Op, more: Parameters = {}): URLSearchParams {
  const all: Parameters = {
    client_id: op.client.clientId,
    response_type: 'code',
    redirect_uri: op.client.redirectUri,
    scope: 'openid',
    state: randomBytes(8).toString('hex'),
    nonce: randomBytes(8).toString('hex'),
    ...(op.mode === 'form_post' ? { response_mode: 'form_post' } : {}),
    ...more,
  };
  return new URLSearchParams(Object.entries(all).flatMap(([name, value]) => (value === null ? [] : [[name, value] as [string, string]])));
}

/** What came of a request: parameters at the redirect URI, or a page of the gateway. */
export interface Outcome {
  readonly response: URLSearchParams | null;
  readonly page: { readonly status: number; readonly text: string } | null;
  /** The person had to use the passkey. */
  readonly wasAsked: boolean;
}

/** What a browser would submit of a page that posts itself. */
function postedForm(html: string): { readonly action: string; readonly fields: URLSearchParams } | null {
  const action = /<form method="post" action="([^"]+)"/.exec(html)?.[1];
  if (action === undefined) return null;
  const inputs = [...html.matchAll(/<input type="hidden" name="([^"]+)" value="([^"]*)"\/>/g)];
  return {
    action: unescapeHtml(action),
    fields: new URLSearchParams(inputs.map(([, name = '', value = '']): [string, string] => [name, unescapeHtml(value)])),
  };
}

const unescapeHtml = (text: string): string =>
  text
    .replaceAll('&#x2F;', '/')
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&');

/** Follows an address until the app is reached or a page stays. The passkey is used wherever it is asked for. */
export async function follow(op: Op, url: string): Promise<Outcome> {
  const { gateway, person } = op;
  const isBack = (target: URL): boolean => !target.href.startsWith(gateway.publicUrl);
  let wasAsked = false;
  let next = url;
  for (let step = 0; step < 4; step += 1) {
    const at = await person.browser.navigate(next, isBack);
    if (at.response === null) return { response: at.url.searchParams, page: null, wasAsked };
    if (at.url.pathname.startsWith('/signin/')) {
      wasAsked = true;
      next = (await presentPasskey(gateway, person, uidOf(at.url))).body.redirectTo;
      continue;
    }
    const text = await at.response.text();
    const form = postedForm(text);
    if (form !== null && isBack(new URL(form.action))) return { response: form.fields, page: null, wasAsked };
    return { response: null, page: { status: at.response.status, text }, wasAsked };
  }
  throw new Error('the sign-in does not end');
}

export async function authorize(op: Op, parameters: URLSearchParams): Promise<Outcome> {
  return follow(op, `${endpoint(op, 'authorization')}?${parameters.toString()}`);
}

export interface TokenAnswer {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
}

export async function callToken(op: Op, fields: Record<string, string>): Promise<TokenAnswer> {
  const { auth, clientId, secret } = op.client;
  const headers: Record<string, string> = auth === 'basic' ? { authorization: `Basic ${btoa(`${clientId}:${secret}`)}` } : {};
  const body = new URLSearchParams(auth === 'basic' ? fields : { ...fields, client_id: clientId, client_secret: secret });
  const response = await fetch(endpoint(op, 'token'), { method: 'POST', headers, body });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}

export async function redeem(op: Op, response: URLSearchParams | null, more: Record<string, string> = {}): Promise<TokenAnswer> {
  return callToken(op, {
    grant_type: 'authorization_code',
    code: response?.get('code') ?? '',
    redirect_uri: op.client.redirectUri,
    ...more,
  });
}

export interface SignedIn {
  readonly outcome: Outcome;
  readonly accessToken: string;
  readonly refreshToken: string | null;
  readonly idToken: string;
  readonly claims: JWTPayload;
  readonly alg: string;
}

/** The checks of OpenID Connect Core 3.1.3.7 over an ID token. */
export async function verifyIdToken(op: Op, idToken: string, nonce: string | null): Promise<{ claims: JWTPayload; alg: string }> {
  const keys = (await (await fetch(String(op.metadata['jwks_uri']))).json()) as JSONWebKeySet;
  const { payload, protectedHeader } = await jwtVerify(idToken, createLocalJWKSet(keys), {
    issuer: op.issuer,
    audience: op.client.clientId,
    requiredClaims: ['sub', 'iat', 'exp'],
  });
  if ((payload['nonce'] ?? null) !== nonce) throw new Error('the nonce differs');
  if (protectedHeader.kid === undefined) throw new Error('the ID token names no key');
  return { claims: payload, alg: protectedHeader.alg };
}

/** The whole happy flow: request, sign-in, state and issuer of the answer, tokens, ID token. */
export async function signIn(op: Op, more: Parameters = {}): Promise<SignedIn> {
  const parameters = requestOf(op, more);
  const outcome = await authorize(op, parameters);
  const { response } = outcome;
  if (response?.get('error')) throw new Error(`${response.get('error') ?? ''}: ${response.get('error_description') ?? ''}`);
  if (response?.get('code') == null) throw new Error(`no code: ${outcome.page?.text ?? ''}`);
  if (response.get('state') !== parameters.get('state')) throw new Error('the state differs');
  if (response.get('iss') !== op.issuer) throw new Error('the issuer differs');
  const { status, body } = await redeem(op, response);
  if (status !== 200) throw new Error(JSON.stringify(body));
  const idToken = String(body['id_token']);
  return {
    outcome,
    accessToken: String(body['access_token']),
    refreshToken: typeof body['refresh_token'] === 'string' ? body['refresh_token'] : null,
    idToken,
    ...(await verifyIdToken(op, idToken, parameters.get('nonce'))),
  };
}

export async function userInfo(op: Op, accessToken: string): Promise<Record<string, unknown>> {
  const response = await fetch(endpoint(op, 'userinfo'), { headers: { authorization: `Bearer ${accessToken}` } });
  if (response.status !== 200) throw new Error(`userinfo answered ${String(response.status)}`);
  return (await response.json()) as Record<string, unknown>;
}

export interface LogoutPage {
  readonly status: number;
  readonly text: string;
  /** Where it led without asking; null = it stayed at the gateway. */
  readonly redirectedTo: URL | null;
}

export async function askLogout(op: Op, parameters: Record<string, string>): Promise<LogoutPage> {
  const url = `${endpoint(op, 'end_session')}?${new URLSearchParams(parameters).toString()}`;
  const at = await op.person.browser.navigate(url, (target) => !target.href.startsWith(op.gateway.publicUrl));
  if (at.response === null) return { status: 303, text: '', redirectedTo: at.url };
  return { status: at.response.status, text: await at.response.text(), redirectedTo: null };
}

/** Presses the button of the page, or lets the page press it. */
export async function confirmLogout(op: Op, { text }: LogoutPage): Promise<LogoutPage> {
  const action = /id="op\.logoutForm" method="post" action="([^"]+)"/.exec(text)?.[1] ?? '';
  const xsrf = /name="xsrf" value="([^"]+)"/.exec(text)?.[1] ?? '';
  const response = await op.person.browser.request(action, {
    method: 'POST',
    headers: { origin: op.gateway.publicUrl },
    body: new URLSearchParams({ xsrf, logout: 'yes' }),
  });
  const location = response.headers.get('location');
  if (location === null) return { status: response.status, text: await response.text(), redirectedTo: null };
  const target = new URL(location, op.gateway.publicUrl);
  if (!target.href.startsWith(op.gateway.publicUrl)) return { status: response.status, text: '', redirectedTo: target };
  const page = await op.person.browser.navigate(target.href);
  return { status: page.response?.status ?? 0, text: (await page.response?.text()) ?? '', redirectedTo: null };
}

/** prompt=none: whether the browser still has a session. */
export async function isSignedIn(op: Op): Promise<boolean> {
  const { response } = await authorize(op, requestOf(op, { prompt: 'none' }));
  return response?.get('code') != null;
}
