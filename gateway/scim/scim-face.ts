import type { IncomingMessage, ServerResponse } from 'node:http';
import type { DirectoryGroups } from '../app/directory/groups.ts';
import type { DirectoryUsers } from '../app/directory/users.ts';
import type { DirectoryClient } from '../app/directory/types.ts';
import { GatewayError } from '../domain/errors.ts';
import { toBudgets, type RequestBudget } from '../domain/request-budget.ts';
import { bearerKeyOf } from '../http/lean/bearer-key.ts';
import type { LeanFace } from '../http/lean/lean-face.ts';
import { namesHost } from '../http/lean/own-host.ts';
import { networkOf } from '../http/middleware/client-network.ts';
import type { Logger } from '../platform/logger.ts';
import type { Clock } from '../ports/clock.ts';
import { readIfMatch } from './endpoint.ts';
import { readBody } from './read-body.ts';
import { createRouter, SCIM_ROUTES } from './router.ts';
import { SCIM_PATH } from './schemas.ts';
import { ScimError, toErrorReply, type ScimReply } from './scim-error.ts';

/** Requests of one client in SCIM_WINDOW_S; Entra sends 25 a second at most. */
export const SCIM_REQUESTS_MAX = 6_000;
/** Requests of one address whose key was none. */
export const SCIM_GUESSES_MAX = 60;
export const SCIM_WINDOW_S = 60;
/** Addresses that are remembered. */
export const SCIM_KEYS_MAX = 50_000;
/** Longest address of a request, characters: node takes 16 KB of headers in all. */
export const SCIM_URL_CHARS_MAX = 8_192;

export interface ScimFaceDeps {
  readonly publicUrl: string;
  readonly users: DirectoryUsers;
  readonly groups: DirectoryGroups;
  readonly findClient: (key: string) => DirectoryClient | null;
  readonly clientIp: (request: IncomingMessage) => string | null;
  readonly clock: Pick<Clock, 'nowMs'>;
  readonly log: Logger;
  readonly requestsMax?: number;
}

export type ScimFace = LeanFace;

/** SCIM 2.0 (RFC 7643, RFC 7644) for directories outside, over plain node:http: no cookies, no pages. */
export function createScimFace(deps: ScimFaceDeps): ScimFace {
  const host = new URL(deps.publicUrl).host;
  const base = `${deps.publicUrl}${SCIM_PATH}`;
  const route = createRouter({ ...deps, base });
  const { requests, guesses } = toBudgets(
    { requests: deps.requestsMax ?? SCIM_REQUESTS_MAX, guesses: SCIM_GUESSES_MAX },
    { windowMs: SCIM_WINDOW_S * 1_000, keysMax: SCIM_KEYS_MAX },
  );
  const count = (budget: RequestBudget, key: string): void => {
    if (budget.take(key, deps.clock.nowMs()) > 0) throw new ScimError(429, null, 'Too many requests. Wait and try again.');
  };

  const authenticate = (request: IncomingMessage): DirectoryClient => {
    const key = bearerKeyOf(request);
    const client = key === null ? null : deps.findClient(key);
    if (client !== null) {
      count(requests, client.id);
      return client;
    }
    count(guesses, networkOf(deps.clientIp(request)) ?? 'unknown');
    throw new ScimError(401, null, 'This needs the key of a configured client.');
  };

  const answer = async (request: IncomingMessage): Promise<ScimReply> => {
    if (!namesHost(request, host)) throw new ScimError(400, null, 'This gateway does not answer under this name.');
    const { method = 'GET', url = '/' } = request;
    if (url.length > SCIM_URL_CHARS_MAX) throw new ScimError(414, null, 'The address is too long.');
    const client = authenticate(request);
    const hasBody = method === 'POST' || method === 'PUT' || method === 'PATCH';
    const body = hasBody ? await readBody(request) : {};
    const { pathname, searchParams } = new URL(url, deps.publicUrl);
    const path = pathname.slice(SCIM_PATH.length);
    const reply = await route({
      client,
      method: method === 'HEAD' ? 'GET' : method,
      path,
      query: searchParams,
      body,
      ifMatch: readIfMatch(request.headers['if-match']),
    });
    const isKnown = method === 'GET' && reply.headers?.['etag'] !== undefined && request.headers['if-none-match'] === reply.headers['etag'];
    return isKnown ? { ...reply, status: 304, body: null } : reply;
  };

  return {
    routes: SCIM_ROUTES.map((route) => route.replace(' ', ` ${SCIM_PATH}`)),
    handles: (url) => url === SCIM_PATH || url.startsWith(`${SCIM_PATH}/`) || url.startsWith(`${SCIM_PATH}?`),
    handle: (request, response) => {
      answer(request)
        .catch((failure: unknown) => toFailure(deps.log, request, failure))
        .then((reply) => send(request, response, reply))
        .catch(() => response.destroy());
    },
  };
}

function toFailure(log: Logger, { method = '' }: IncomingMessage, failure: unknown): ScimReply {
  if (failure instanceof ScimError) return toErrorReply(failure);
  if (failure instanceof GatewayError && failure.code === 'request.rate_limited')
    return toErrorReply({ status: 429, scimType: null, message: failure.publicMessage });
  if (failure instanceof GatewayError && failure.code === 'store.conflict')
    return toErrorReply({ status: 409, scimType: 'uniqueness', message: failure.publicMessage });
  log.error('scim.failed', { method }, failure);
  return toErrorReply({
    status: 500,
    scimType: null,
    message: 'Something failed inside the gateway; ask what it has done before you go on.',
  });
}

function send(request: IncomingMessage, response: ServerResponse, { body, headers = {}, status }: ScimReply): void {
  const text = body === null ? '' : JSON.stringify(body);
  response.writeHead(status, {
    ...(body === null ? {} : { 'content-type': 'application/scim+json', 'content-length': Buffer.byteLength(text) }),
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    ...(status === 401 ? { 'www-authenticate': 'Bearer' } : {}),
    ...(status === 429 ? { 'retry-after': String(SCIM_WINDOW_S) } : {}),
    // What was not read to its end cannot be followed by another request.
    ...(request.complete || request.method === 'GET' || request.method === 'HEAD' ? {} : { connection: 'close' }),
    ...headers,
  });
  response.end(request.method === 'HEAD' ? undefined : text);
}
