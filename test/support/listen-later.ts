import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Listens on a port of the system's choice. Handlers may be set later: the address must be known before they exist. */
export async function listenLater(): Promise<{ readonly server: Server; readonly origin: string; serve(handle: RequestListener): void }> {
  let handler: RequestListener = (_request, response) => response.writeHead(503).end();
  const server = createServer((request, response) => handler(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    server,
    // WebAuthn needs a host name: browsers take localhost for a secure context.
    origin: `http://localhost:${String(port)}`,
    serve: (handle) => {
      handler = handle;
    },
  };
}

export async function closeServer(server: Server): Promise<void> {
  server.closeAllConnections();
  await new Promise<void>((resolve) => server.close(() => resolve()));
}
