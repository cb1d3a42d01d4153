import type { IncomingMessage, ServerResponse } from 'node:http';
import { RequestBudget } from '../domain/request-budget.ts';
import { networkOf } from '../http/middleware/client-network.ts';
import type { LeanFace } from '../http/lean/lean-face.ts';
import { namesHost } from '../http/lean/own-host.ts';
import { readBytes } from '../http/lean/read-bytes.ts';
import type { Logger } from '../platform/logger.ts';
import type { Clock } from '../ports/clock.ts';
import type { SecretStore } from '../ports/secret-store.ts';
import { publicKeys } from './client-credentials.ts';
import type { LogoutReceived } from './receive-logout.ts';
import type { Transactions } from './transactions.ts';
import type { UpstreamClient } from './upstream-client.ts';
import { UpstreamFailure } from './upstream-failure.ts';

export const UPSTREAM_PATH = '/upstream';
/** Requests of one address in UPSTREAM_WINDOW_S; a provider that signs out everybody sends one a person. */
export const UPSTREAM_REQUESTS_MAX = 1_200;
export const UPSTREAM_WINDOW_S = 60;
/** Addresses that are remembered. */
export const UPSTREAM_KEYS_MAX = 50_000;
/** Longest form of a back-channel logout, bytes. */
export const LOGOUT_FORM_BYTES_MAX = 32_768;
/** Longest query with which a browser comes back, characters. */
export const ANSWER_CHARS_MAX = 8_192;

export interface UpstreamFaceDeps {
  readonly publicUrl: string;
  readonly clients: ReadonlyMap<string, UpstreamClient>;
  readonly transactions: Pick<Transactions, 'peek'>;
  readonly receiveLogout: (client: UpstreamClient, token: string) => Promise<LogoutReceived>;
  readonly secrets: SecretStore;
  readonly clientIp: (request: IncomingMessage) => string | null;
  readonly clock: Pick<Clock, 'nowMs'>;
  readonly log: Logger;
  readonly requestsMax?: number;
}

export type UpstreamFace = LeanFace;

interface Reply {
  readonly status: number;
  readonly location?: string;
  readonly body?: Readonly<Record<string, unknown>>;
}

const PATHS = /^\/upstream\/([a-z0-9][a-z0-9_-]{0,62})\/(callback|backchannel-logout|jwks\.json)$/;
const METHODS = { callback: 'GET', 'backchannel-logout': 'POST', 'jwks.json': 'GET' } as const;
/** A page of a sign-in that is not there: it says so, with the way home. */
const EXPIRED_PAGE = '/signin/expired';

const invalid = (description: string): Reply => ({ status: 400, body: { error: 'invalid_request', error_description: description } });

/** The addresses that identity providers outside know: without cookies, and each provider has its own. */
export function createUpstreamFace(deps: UpstreamFaceDeps): UpstreamFace {
  const { host } = new URL(deps.publicUrl);
  const requests = new RequestBudget({
    max: deps.requestsMax ?? UPSTREAM_REQUESTS_MAX,
    windowMs: UPSTREAM_WINDOW_S * 1_000,
    keysMax: UPSTREAM_KEYS_MAX,
  });
  const actions = {
    callback: (client: UpstreamClient, request: IncomingMessage) => passOn(deps, client, request),
    'backchannel-logout': (client: UpstreamClient, request: IncomingMessage) => logOut(deps, client, request),
    'jwks.json': async ({ config }: UpstreamClient): Promise<Reply> =>
      config.clientAuth === 'private_key_jwt' ? { status: 200, body: await publicKeys(deps.secrets, config.id) } : { status: 404 },
  };

  const answer = async (request: IncomingMessage): Promise<Reply> => {
    if (!namesHost(request, host)) return invalid('This gateway does not answer under this name.');
    const [, id = '', name] = PATHS.exec(pathOf(request)) ?? [];
    const client = deps.clients.get(id);
    if (client === undefined || name === undefined) return { status: 404 };
    const action = name as keyof typeof actions;
    if (request.method !== METHODS[action]) return { status: 405 };
    if (requests.take(networkOf(deps.clientIp(request)) ?? 'unknown', deps.clock.nowMs()) > 0) return { status: 429 };
    return actions[action](client, request);
  };

  return {
    routes: Object.entries(METHODS).map(([name, method]) => `${method.toLowerCase()} ${UPSTREAM_PATH}/:id/${name}`),
    handles: (url) => PATHS.test(url.split('?', 1)[0] ?? ''),
    handle: (request, response) => {
      answer(request)
        .catch((failure: unknown): Reply => {
          deps.log.error('upstream.failed', { path: pathOf(request) }, failure);
          return { status: failure instanceof UpstreamFailure ? 503 : 500 };
        })
        .then((reply) => send(request, response, reply))
        .catch(() => response.destroy());
    },
  };
}

/**
 * The browser comes back without the cookie of its sign-in, which lives at that sign-in's own address: it is sent there with the whole
 * answer. An answer at another provider's address than that of its transaction belongs to nobody (RFC 9700 4.4).
 */
async function passOn({ transactions }: UpstreamFaceDeps, { config }: UpstreamClient, request: IncomingMessage): Promise<Reply> {
  const { search, searchParams } = new URL(request.url ?? '/', 'http://gateway.invalid');
  if (search.length > ANSWER_CHARS_MAX) return { status: 303, location: EXPIRED_PAGE };
  const transaction = await transactions.peek(searchParams.get('state') ?? '');
  if (transaction?.upstreamId !== config.id) return { status: 303, location: EXPIRED_PAGE };
  return { status: 303, location: `/api/interaction/${encodeURIComponent(transaction.uid)}/upstream/callback${search}` };
}

async function logOut({ receiveLogout }: UpstreamFaceDeps, client: UpstreamClient, request: IncomingMessage): Promise<Reply> {
  const [type = ''] = (request.headers['content-type'] ?? '').split(';');
  if (type.trim().toLowerCase() !== 'application/x-www-form-urlencoded') return invalid('Send a form.');
  const bytes = await readBytes(request, LOGOUT_FORM_BYTES_MAX);
  if (bytes === null) return { status: 413 };
  const tokens = new URLSearchParams(Buffer.from(bytes).toString('utf8')).getAll('logout_token');
  const [token] = tokens;
  if (token === undefined || tokens.length > 1) return invalid('The form has one logout_token.');
  const received = await receiveLogout(client, token);
  return received.ok ? { status: 200 } : invalid('The logout token is not valid here.');
}

const pathOf = ({ url = '/' }: IncomingMessage): string => url.split('?', 1)[0] ?? '/';

function send(request: IncomingMessage, response: ServerResponse, { body, location, status }: Reply): void {
  const text = body === undefined ? '' : JSON.stringify(body);
  response.writeHead(status, {
    'cache-control': 'no-store',
    'content-length': Buffer.byteLength(text),
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
    ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    ...(location === undefined ? {} : { location }),
    ...(status === 429 ? { 'retry-after': String(UPSTREAM_WINDOW_S) } : {}),
    // What was not read to its end cannot be followed by another request.
    ...(request.complete || request.method === 'GET' ? {} : { connection: 'close' }),
  });
  response.end(text);
}
