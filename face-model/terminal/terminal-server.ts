import { createHash, timingSafeEqual } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { IMAGE_BYTES_MAX } from '../image/decode-image.ts';
import type { TerminalView } from './terminal.ts';

/** The page opens its camera only where frames are wanted of it. */
export type ShownView = Omit<TerminalView, 'wantsFrames'> & { readonly wantsFrames: boolean };

/** The terminal as its page sees it. */
export interface TerminalPage {
  view(): ShownView;
  /** Resolves when the frame was looked at; `bytes` are handed over. */
  frame(bytes: Uint8Array<ArrayBuffer>): Promise<void>;
  consent(agrees: boolean): void;
  /** The browser has no camera, or may not use it. */
  cameraFailed(): void;
}

const FILES = { '/': ['kiosk.html', 'text/html; charset=utf-8'], '/kiosk.js': ['kiosk.js', 'text/javascript; charset=utf-8'] } as const;
const HEADERS = {
  'cache-control': 'no-store',
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'unsafe-inline'; connect-src 'self'; media-src 'self' blob:; base-uri 'none'; frame-ancestors 'none'",
  'permissions-policy': 'camera=(self)',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
};
const sha256 = (text: string): Buffer => createHash('sha256').update(text, 'utf8').digest();

/**
 * Serves the page to a browser on this machine alone: loopback address, our host name, and for everything but the page itself the token of this
 * run. Another page in the same browser has no token, and cannot send the header that carries it.
 */
export async function startTerminalServer(
  terminal: TerminalPage,
  { port, token }: { readonly port: number; readonly token: string },
): Promise<{ readonly url: string; close(): Promise<void> }> {
  const expected = sha256(token);
  const server = createServer((request, response) => {
    answer(request, response).catch(() => response.destroy());
  });
  server.requestTimeout = 10_000;
  server.maxConnections = 16;
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { host, authorization = '' } = request.headers;
    if (host !== hostOf(server)) return end(response, 421);
    const path = request.url ?? '';
    const file = request.method === 'GET' && Object.hasOwn(FILES, path) ? FILES[path as keyof typeof FILES] : null;
    if (file !== null) return end(response, 200, await readFile(new URL(`./page/${file[0]}`, import.meta.url)), file[1]);
    const given = authorization.startsWith('Bearer ') ? authorization.slice('Bearer '.length) : '';
    if (!timingSafeEqual(sha256(given), expected)) return end(response, 401);
    return answerCall(terminal, request, response);
  };
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  return {
    url: `http://${hostOf(server)}/#${token}`,
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

async function answerCall(terminal: TerminalPage, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const call = `${request.method ?? ''} ${request.url ?? ''}`;
  if (call === 'GET /view') return endView(terminal, response);
  if (call === 'POST /consent') {
    const body = await readBody(request, 100);
    if (body === null) return end(response, 413);
    const said = Buffer.from(body).toString('utf8');
    if (said !== 'yes' && said !== 'no') return end(response, 400);
    terminal.consent(said === 'yes');
    return endView(terminal, response);
  }
  if (call === 'POST /no-camera') {
    terminal.cameraFailed();
    return endView(terminal, response);
  }
  if (call !== 'POST /frame') return end(response, 404);
  const bytes = await readBody(request, IMAGE_BYTES_MAX);
  if (bytes === null) return end(response, 413);
  // A frame that nobody asked for is looked at by nobody.
  if (terminal.view().wantsFrames) await terminal.frame(bytes);
  else bytes.fill(0);
  return endView(terminal, response);
}

/** Null: it is longer. */
async function readBody(request: IncomingMessage, bytesMax: number): Promise<Uint8Array<ArrayBuffer> | null> {
  const parts: Uint8Array[] = [];
  let length = 0;
  for await (const part of request as AsyncIterable<Uint8Array>) {
    length += part.length;
    if (length > bytesMax) return null;
    parts.push(part);
  }
  const body = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    body.set(part, at);
    part.fill(0);
    at += part.length;
  }
  return body;
}

function endView(terminal: TerminalPage, response: ServerResponse): void {
  end(response, 200, JSON.stringify(terminal.view()), 'application/json');
}

function end(response: ServerResponse, status: number, body: string | Uint8Array = '', type = 'text/plain'): void {
  response.writeHead(status, { ...HEADERS, 'content-type': type, ...(status === 413 ? { connection: 'close' } : {}) }).end(body);
}
