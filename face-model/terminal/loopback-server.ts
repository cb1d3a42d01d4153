import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

const CONNECTIONS_MAX = 16;
const REQUEST_TIMEOUT_MS = 10_000;
/** Whoever says nothing makes room this soon: any program of the machine can hold connections. */
const HEADERS_TIMEOUT_MS = 2_000;
const CHECK_EVERY_MS = 500;
const TIMES = { requestTimeout: REQUEST_TIMEOUT_MS, headersTimeout: HEADERS_TIMEOUT_MS, connectionsCheckingInterval: CHECK_EVERY_MS };

export interface LoopbackServer {
  /** With the address that browsers of this machine use. */
  readonly url: string;
  close(): Promise<void>;
}

/**
 * Serves pages of this machine's own browsers: on 127.0.0.1, and under that one name, since a name that was rebound to this machine is another
 * one (421, RFC 9110 15.5.20). A failed answer ends its connection. @throws Error the port is taken
 */
export async function startLoopbackServer(
  port: number,
  answer: (request: IncomingMessage, response: ServerResponse) => Promise<void>,
): Promise<LoopbackServer> {
  const server = createServer(TIMES, (request, response) => {
    const hosts = request.headersDistinct['host'] ?? [];
    if (hosts.length !== 1 || hosts[0] !== hostOf(server)) {
      response.writeHead(421).end();
      return;
    }
    answer(request, response).catch(() => response.destroy());
  });
  server.maxConnections = CONNECTIONS_MAX;
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

/** The body; null = it is longer. What came in pieces is zeroed: it may be a picture of somebody. */
export async function readBody(request: IncomingMessage, bytesMax: number): Promise<Uint8Array<ArrayBuffer> | null> {
  const parts: Uint8Array[] = [];
  let length = 0;
  for await (const part of request as AsyncIterable<Uint8Array>) {
    length += part.length;
    if (length > bytesMax) {
      for (const one of [part, ...parts]) one.fill(0);
      return null;
    }
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
