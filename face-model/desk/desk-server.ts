import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { z } from 'zod';
import type { Asked, Desk } from './desk.ts';

const BODY_BYTES_MAX = 16_384;
const CONNECTIONS_MAX = 16;
const REQUEST_TIMEOUT_MS = 10_000;

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
 * Where a page of the gateway hands a challenge over: on loopback, under one name (a name that was rebound to this machine is another one),
 * and to pages of the gateway's origin alone. A browser says by itself which origin a page has; it neither lets another one read an answer
 * nor, because the body is JSON, send a request that was not allowed first. What other programs of the machine can do is no more: without
 * a challenge that the gateway signed nothing happens.
 */
export async function startDeskServer(
  desk: Pick<Desk, 'ask' | 'guidance'>,
  { origin, port }: { readonly origin: string; readonly port: number },
): Promise<{ readonly url: string; close(): Promise<void> }> {
  const server = createServer((request, response) => {
    answer(request, response).catch(() => response.destroy());
  });
  server.requestTimeout = REQUEST_TIMEOUT_MS;
  server.maxConnections = CONNECTIONS_MAX;
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const hosts = request.headersDistinct['host'] ?? [];
    if (hosts.length !== 1 || hosts[0] !== hostOf(server)) return end(response, 421);
    if (request.headers.origin !== origin) return end(response, 403);
    allow(response, origin);
    if (request.method === 'OPTIONS') return end(response, 204);
    if (request.method !== 'POST') return end(response, 405);
    if (request.headers['content-type'] !== 'application/json') return end(response, 415);
    const body = await readJson(request);
    if (body === undefined) return end(response, 413);
    if (request.url === '/look') return look(desk, body, response);
    return request.url === '/guidance' ? guide(desk, body, response) : end(response, 404);
  };
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  return {
    url: `http://${hostOf(server)}`,
    close: async () => {
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

function hostOf(server: Server): string {
  const { port } = server.address() as AddressInfo; // It listens on a TCP port.
  return `127.0.0.1:${String(port)}`;
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
  const parsed = lookSchema.safeParse(body);
  if (!parsed.success) return end(response, 400);
  const asked = await desk.ask(parsed.data.challenge);
  end(response, STATUS[asked], { state: asked });
}

function guide(desk: Pick<Desk, 'guidance'>, body: unknown, response: ServerResponse): void {
  const parsed = nonceSchema.safeParse(body);
  const say = parsed.success ? desk.guidance(parsed.data.nonce) : null;
  end(response, say === null ? 404 : 200, { say });
}

/** Undefined: it is longer. Null: it is no JSON. */
async function readJson(request: IncomingMessage): Promise<unknown> {
  const parts: Uint8Array[] = [];
  let length = 0;
  for await (const part of request as AsyncIterable<Uint8Array>) {
    length += part.length;
    if (length > BODY_BYTES_MAX) return undefined;
    parts.push(part);
  }
  try {
    return JSON.parse(Buffer.concat(parts).toString('utf8')) as unknown;
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
