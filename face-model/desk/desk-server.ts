import type { IncomingMessage, ServerResponse } from 'node:http';
import { z } from 'zod';
import { tryParse } from '#gateway/domain/try-parse.ts';
import { readBody, startLoopbackServer, type LoopbackServer } from '../terminal/loopback-server.ts';
import type { Asked, Desk } from './desk.ts';

const BODY_BYTES_MAX = 16_384;

const lookSchema = z.strictObject({ challenge: z.string().max(8_192) });
const nonceSchema = z.strictObject({ nonce: z.string().max(64) });

const STATUS: Readonly<Record<Asked, number>> = {
  begun: 202,
  busy: 409,
  not_from_our_gateway: 403,
  not_for_this_computer: 403,
  too_old: 403,
  used: 403,
};

/**
 * Where a page of the gateway hands a challenge over: on loopback, and to pages of the gateway's origin alone. A browser says by itself which
 * origin a page has; it neither lets another one read an answer nor, because the body is JSON, send a request that was not allowed first.
 * What other programs of the machine can do is no more: without a challenge that the gateway signed nothing happens.
 */
export async function startDeskServer(
  desk: Pick<Desk, 'ask' | 'guidance'>,
  { origin, port }: { readonly origin: string; readonly port: number },
): Promise<LoopbackServer> {
  return startLoopbackServer(port, async (request, response) => {
    if (request.headers.origin !== origin) return end(response, 403);
    allow(response, origin);
    if (request.method === 'OPTIONS') return end(response, 204);
    if (request.method !== 'POST') return end(response, 405);
    if (request.headers['content-type'] !== 'application/json') return end(response, 415);
    const body = await readJson(request);
    if (body === undefined) return end(response, 413);
    if (request.url === '/look') return look(desk, body, response);
    return request.url === '/guidance' ? guide(desk, body, response) : end(response, 404);
  });
}

/** Fetch standard, CORS; the last header is for browsers that ask before a page may talk to the machine it is shown on. */
function allow(response: ServerResponse, origin: string): void {
  response.setHeader('access-control-allow-origin', origin);
  response.setHeader('vary', 'origin');
  response.setHeader('access-control-allow-methods', 'POST');
  response.setHeader('access-control-allow-headers', 'content-type');
  response.setHeader('access-control-allow-private-network', 'true');
}

async function look(desk: Pick<Desk, 'ask'>, body: unknown, response: ServerResponse): Promise<void> {
  const parsed = tryParse(lookSchema, body);
  if (!parsed.success) return end(response, 400);
  const asked = await desk.ask(parsed.data.challenge);
  end(response, STATUS[asked], { state: asked });
}

function guide(desk: Pick<Desk, 'guidance'>, body: unknown, response: ServerResponse): void {
  const parsed = tryParse(nonceSchema, body);
  const say = parsed.success ? desk.guidance(parsed.data.nonce) : null;
  end(response, say === null ? 404 : 200, { say });
}

/** Undefined: it is longer. Null: it is no JSON. */
async function readJson(request: IncomingMessage): Promise<unknown> {
  const body = await readBody(request, BODY_BYTES_MAX);
  if (body === null) return undefined;
  try {
    return JSON.parse(Buffer.from(body).toString('utf8')) as unknown;
  } catch {
    return null;
  }
}

function end(response: ServerResponse, status: number, body: object | null = null): void {
  const headers = { 'cache-control': 'no-store', 'content-type': 'application/json', 'x-content-type-options': 'nosniff' };
  response
    .writeHead(status, { ...headers, ...(status === 413 ? { connection: 'close' } : {}) })
    .end(body === null ? '' : JSON.stringify(body));
}
