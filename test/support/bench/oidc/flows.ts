import { createHash, randomBytes } from 'node:crypto';
import { BENCH_CLIENT, BENCH_LOGIN_PATH, benchBasic, benchClientId } from './bench-client.ts';
import type { RawAnswer, RawConnection } from './raw-connection.ts';
import { BENCH_PERSON_IDS } from './servers.ts';

const VERIFIER = randomBytes(32).toString('base64url');
const CHALLENGE = createHash('sha256').update(VERIFIER).digest('base64url');

const authorizePath = (app: number): string =>
  `/oidc/auth?${new URLSearchParams({
    client_id: benchClientId(app),
    response_type: 'code',
    redirect_uri: BENCH_CLIENT.redirectUri,
    scope: BENCH_CLIENT.scope,
    state: 'some-state-of-the-app',
    nonce: 'some-nonce-of-the-app',
    code_challenge: CHALLENGE,
    code_challenge_method: 'S256',
  }).toString()}`;

/** A connection of one app's server. */
export interface AppConnection {
  readonly connection: RawConnection;
  readonly app: number;
}

export interface Tokens {
  readonly access: string;
  readonly refresh: string;
}

let counter = 0;
/** Another person at another address each time. */
function nextPerson(): { readonly personId: string; readonly address: string } {
  counter += 1;
  const personId = BENCH_PERSON_IDS[counter % BENCH_PERSON_IDS.length] ?? '';
  return { personId, address: `10.${String((counter >> 16) & 255)}.${String((counter >> 8) & 255)}.${String(counter & 255)}` };
}

function expectStatus(answer: RawAnswer, status: number, step: string): RawAnswer {
  if (answer.status !== status) throw new Error(`${step} was answered with ${String(answer.status)}: ${answer.body.slice(0, 300)}`);
  return answer;
}

const locationOf = ({ headers }: RawAnswer): string => headers.get('location')?.[0] ?? '';
const pathOf = (location: string): string => {
  const { pathname, search } = new URL(location, 'http://localhost');
  return `${pathname}${search}`;
};

function keepCookies(jar: Map<string, string>, { headers }: RawAnswer): string {
  for (const cookie of headers.get('set-cookie') ?? []) {
    const [pair = ''] = cookie.split(';');
    const at = pair.indexOf('=');
    jar.set(pair.slice(0, at), pair.slice(at + 1));
  }
  return [...jar].map(([name, value]) => `${name}=${value}`).join('; ');
}

/** From the app's sign-in button to its tokens, in a browser that was never here: four requests. */
export async function signIn({ app, connection }: AppConnection): Promise<Tokens> {
  const { address, personId } = nextPerson();
  const jar = new Map<string, string>();
  const from = { 'x-forwarded-for': address };
  const begun = expectStatus(
    await connection.send({ method: 'GET', path: authorizePath(app), headers: from }),
    303,
    'the authorization request',
  );
  const uid = pathOf(locationOf(begun)).split('/').at(-1) ?? '';
  const answer = await connection.send({
    method: 'POST',
    path: `${BENCH_LOGIN_PATH}${uid}/${personId}`,
    headers: { ...from, cookie: keepCookies(jar, begun) },
  });
  const resumed = await connection.send({
    method: 'GET',
    path: pathOf(locationOf(expectStatus(answer, 303, 'the sign-in'))),
    headers: { ...from, cookie: keepCookies(jar, answer) },
  });
  const code = new URL(locationOf(expectStatus(resumed, 303, 'the return'))).searchParams.get('code');
  if (code === null) throw new Error(`there is no code in ${locationOf(resumed)}`);
  return readTokens(
    await callForm({ app, connection }, '/oidc/token', {
      grant_type: 'authorization_code',
      code,
      redirect_uri: BENCH_CLIENT.redirectUri,
      code_verifier: VERIFIER,
    }),
  );
}

async function callForm({ app, connection }: AppConnection, path: string, fields: Record<string, string>): Promise<string> {
  const headers = {
    authorization: benchBasic(app),
    'content-type': 'application/x-www-form-urlencoded',
    'x-forwarded-for': `10.255.0.${String(app + 1)}`,
  };
  const answer = await connection.send({ method: 'POST', path, headers, body: new URLSearchParams(fields).toString() });
  return expectStatus(answer, 200, path).body;
}

function readTokens(body: string): Tokens {
  const { access_token: access, id_token: id, refresh_token: refresh } = JSON.parse(body) as Record<string, string | undefined>;
  if (access === undefined || refresh === undefined || id === undefined) throw new Error('a token is missing');
  return { access, refresh };
}

/** Rotates the refresh token. */
export async function refresh(from: AppConnection, token: string): Promise<Tokens> {
  return readTokens(await callForm(from, '/oidc/token', { grant_type: 'refresh_token', refresh_token: token }));
}

export async function askAsMachine(from: AppConnection): Promise<void> {
  const { apiScope, resource } = BENCH_CLIENT;
  const body = await callForm(from, '/oidc/token', { grant_type: 'client_credentials', scope: apiScope, resource });
  if (!body.includes('"access_token"')) throw new Error('the machine got no token');
}

export async function introspect(from: AppConnection, token: string): Promise<void> {
  const body = await callForm(from, '/oidc/token/introspection', { token });
  if (!body.includes('"active":true')) throw new Error('the token is not active');
}
