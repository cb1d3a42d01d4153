import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AuthzenClient, Evaluate, RunSearch } from '../../app/authzen/types.ts';
import type { Logger } from '../../platform/logger.ts';
import { createEvaluation, createEvaluations, createSearchEndpoint, type Endpoint, type Reply } from './endpoints.ts';
import { bearerKeyOf } from '../lean/bearer-key.ts';
import type { LeanFace } from '../lean/lean-face.ts';
import { AUTHZEN_PATHS } from './metadata.ts';
import { createOpenapi } from './openapi.ts';
import { readJson } from './read-json.ts';

/** Longest X-Request-ID that is taken, characters. */
export const REQUEST_ID_CHARS_MAX = 128;

export interface AuthzenFaceDeps {
  readonly publicUrl: string;
  /** What is told at the well-known address, under the key that signs now; see `createSignedMetadata`. */
  readonly metadata: () => Promise<Readonly<Record<string, unknown>>>;
  readonly findClient: (key: string) => AuthzenClient | null;
  readonly evaluate: Evaluate;
  readonly search: RunSearch;
  readonly log: Logger;
}

export type AuthzenFace = LeanFace;

/** What is answered before anything is asked. */
type Early = { readonly status: number; readonly message: string; readonly headers?: Readonly<Record<string, string>> };

const UNAUTHENTICATED = 'this needs the key of a configured client';

/**
 * AuthZEN 1.0 over plain node:http: remote enforcement points ask thousands of times a second, and need no cookies, pages or browser
 * headers. Answers 200 to every decision, deny included.
 */
export function createAuthzenFace(deps: AuthzenFaceDeps): AuthzenFace {
  const endpoints: ReadonlyMap<string, Endpoint> = new Map([
    [AUTHZEN_PATHS.evaluation, createEvaluation(deps.evaluate)],
    [AUTHZEN_PATHS.evaluations, createEvaluations(deps.evaluate)],
    [AUTHZEN_PATHS.subject, createSearchEndpoint('subject', deps.search)],
    [AUTHZEN_PATHS.resource, createSearchEndpoint('resource', deps.search)],
    [AUTHZEN_PATHS.action, createSearchEndpoint('action', deps.search)],
  ]);
  // Changes only with the configuration, hence with a start of the gateway.
  const openapi = JSON.stringify(createOpenapi(deps.publicUrl));
  const host = new URL(deps.publicUrl).host;

  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const path = pathOf(request);
    const early = checkHead(request, host);
    if (early !== null) return sendText(request, response, early);
    if (path === AUTHZEN_PATHS.openapi) return sendDocument(request, response, openapi);
    if (path === AUTHZEN_PATHS.metadata) return sendDocument(request, response, JSON.stringify(await deps.metadata()));
    const endpoint = endpoints.get(path);
    if (endpoint === undefined) return sendText(request, response, { status: 404, message: 'there is nothing at this address' });
    if (request.method !== 'POST') return sendText(request, response, notAllowed('POST'));
    const client = findCaller(request, deps.findClient);
    if ('status' in client) return sendText(request, response, client);
    const body = await readJson(request);
    if (body.kind === 'refused') return sendText(request, response, body);
    send(request, response, await endpoint({ client, body: body.value, requestId: requestIdOf(request) ?? '' }));
  };

  return {
    routes: [`get ${AUTHZEN_PATHS.metadata}`, `get ${AUTHZEN_PATHS.openapi}`, ...[...endpoints.keys()].map((path) => `post ${path}`)],
    handles: (url) => url.startsWith('/access/v1/') || url.split('?', 1)[0] === AUTHZEN_PATHS.metadata,
    handle: (request, response) => {
      answer(request, response).catch((failure: unknown) => {
        // A caller that broke off is no failure of ours.
        if (request.destroyed && !request.complete) return response.destroy();
        deps.log.error('authzen.failed', { path: pathOf(request) }, failure);
        if (response.headersSent) return response.destroy();
        sendText(request, response, { status: 500, message: 'something failed inside the gateway; nothing was granted' });
      });
    },
  };
}

function pathOf({ url = '/' }: IncomingMessage): string {
  const mark = url.indexOf('?');
  return mark === -1 ? url : url.slice(0, mark);
}

function requestIdOf({ headers }: IncomingMessage): string | null {
  const header = headers['x-request-id'];
  return typeof header === 'string' && header !== '' ? header : null;
}

/** The name under which the gateway is asked, exactly once, and a request id that may stand in a header and in the log. */
function checkHead(request: IncomingMessage, host: string): Early | null {
  if (request.headers.host?.toLowerCase() !== host || !isOnce(request.rawHeaders, 'host')) {
    return { status: 400, message: 'host: this gateway does not answer under this name' };
  }
  const id = requestIdOf(request);
  if (id !== null && (id.length > REQUEST_ID_CHARS_MAX || !/^[\x20-\x7e]+$/.test(id))) {
    return { status: 400, message: `x-request-id: is longer than ${String(REQUEST_ID_CHARS_MAX)} characters, or no plain text` };
  }
  return null;
}

/** Of a header that comes twice, `headers` has the first. Names and values take turns. */
function isOnce(rawHeaders: readonly string[], name: string): boolean {
  let times = 0;
  for (let at = 0; at < rawHeaders.length; at += 2) if (rawHeaders[at]?.toLowerCase() === name) times += 1;
  return times === 1;
}

/** RFC 6750: without credentials only the scheme is named. */
function findCaller(request: IncomingMessage, findClient: AuthzenFaceDeps['findClient']): AuthzenClient | Early {
  const key = bearerKeyOf(request);
  const client = key === null ? null : findClient(key);
  if (client !== null) return client;
  const challenge = request.headers.authorization === undefined ? 'Bearer' : 'Bearer error="invalid_token"';
  return { status: 401, message: UNAUTHENTICATED, headers: { 'www-authenticate': challenge } };
}

const notAllowed = (allow: string): Early => ({ status: 405, message: `this address takes ${allow} only`, headers: { allow } });

function sendDocument(request: IncomingMessage, response: ServerResponse, document: string): void {
  if (request.method !== 'GET' && request.method !== 'HEAD') return sendText(request, response, notAllowed('GET'));
  write(request, response, { status: 200, type: 'application/json', text: document, headers: { 'cache-control': 'public, max-age=300' } });
}

function send(request: IncomingMessage, response: ServerResponse, reply: Reply): void {
  if (reply.status === 200) write(request, response, { status: 200, type: 'application/json', text: JSON.stringify(reply.body) });
  else sendText(request, response, { ...reply, ...(reply.status === 429 ? { headers: { 'retry-after': '1' } } : {}) });
}

/** An error is a status and a message (AuthZEN 1.0 section 10.1.3). */
function sendText(request: IncomingMessage, response: ServerResponse, { status, message, headers }: Early): void {
  write(request, response, { status, type: 'text/plain; charset=utf-8', text: message, ...(headers === undefined ? {} : { headers }) });
}

interface Written {
  readonly status: number;
  readonly type: string;
  readonly text: string;
  readonly headers?: Readonly<Record<string, string>>;
}

function write(request: IncomingMessage, response: ServerResponse, { status, type, text, headers = {} }: Written): void {
  const requestId = requestIdOf(request);
  const isEchoed = requestId !== null && requestId.length <= REQUEST_ID_CHARS_MAX && /^[\x20-\x7e]+$/.test(requestId);
  response.writeHead(status, {
    'content-type': type,
    'content-length': Buffer.byteLength(text),
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    ...(isEchoed ? { 'x-request-id': requestId } : {}),
    // What was not read to its end cannot be followed by another request.
    ...(request.complete || request.method === 'GET' || request.method === 'HEAD' ? {} : { connection: 'close' }),
    ...headers,
  });
  response.end(request.method === 'HEAD' ? undefined : text);
}
