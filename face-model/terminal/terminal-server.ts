import { createHash, timingSafeEqual } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { IMAGE_BYTES_MAX } from '../image/decode-image.ts';
import { CARRIERS } from './carrier.ts';
import { readBody, startLoopbackServer, type LoopbackServer } from './loopback-server.ts';
import type { Consent, TerminalView } from './terminal-view.ts';

/** The page opens its camera only where frames are wanted of it. */
export type ShownView = Omit<TerminalView, 'wantsFrames'> & { readonly wantsFrames: boolean };

/** The terminal as its page sees it. */
export interface TerminalPage {
  view(): ShownView;
  /** Resolves when the frame was looked at; `bytes` are handed over. */
  frame(bytes: Uint8Array<ArrayBuffer>): Promise<void>;
  consent(said: Consent): void;
  /** The browser has no camera, or may not use it. */
  cameraFailed(): void;
}

const CONSENTS: readonly Consent[] = ['yes', 'no', ...CARRIERS];
const SCRIPT = 'text/javascript; charset=utf-8';
const FILES = {
  '/': ['kiosk.html', 'text/html; charset=utf-8'],
  '/kiosk.js': ['kiosk.js', SCRIPT],
  '/language.js': ['language.js', SCRIPT],
  '/texts/en.js': ['texts/en.js', SCRIPT],
  '/texts/de.js': ['texts/de.js', SCRIPT],
  '/texts/es.js': ['texts/es.js', SCRIPT],
} as const;
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
): Promise<LoopbackServer> {
  const expected = sha256(token);
  const server = await startLoopbackServer(port, async (request, response) => {
    const { authorization = '' } = request.headers;
    const path = request.url ?? '';
    const file = request.method === 'GET' && Object.hasOwn(FILES, path) ? FILES[path as keyof typeof FILES] : null;
    if (file !== null) return end(response, 200, await readFile(new URL(`./page/${file[0]}`, import.meta.url)), file[1]);
    const given = authorization.startsWith('Bearer ') ? authorization.slice('Bearer '.length) : '';
    if (!timingSafeEqual(sha256(given), expected)) return end(response, 401);
    return answerCall(terminal, request, response);
  });
  return { ...server, url: `${server.url}/#${token}` };
}

async function answerCall(terminal: TerminalPage, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const call = `${request.method ?? ''} ${request.url ?? ''}`;
  if (call === 'GET /view') return endView(terminal, response);
  if (call === 'POST /consent') {
    const body = await readBody(request, 100);
    if (body === null) return end(response, 413);
    const text = Buffer.from(body).toString('utf8');
    const said = CONSENTS.find((word) => word === text);
    if (said === undefined) return end(response, 400);
    terminal.consent(said);
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

function endView(terminal: TerminalPage, response: ServerResponse): void {
  end(response, 200, JSON.stringify(terminal.view()), 'application/json');
}

function end(response: ServerResponse, status: number, body: string | Uint8Array = '', type = 'text/plain'): void {
  response.writeHead(status, { ...HEADERS, 'content-type': type, ...(status === 413 ? { connection: 'close' } : {}) }).end(body);
}
