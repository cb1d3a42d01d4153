import { chmodSync, rmSync } from 'node:fs';
import { createServer, type RequestListener, type Server } from 'node:http';
import { connect, type AddressInfo, type ListenOptions } from 'node:net';
import { GatewayError } from './domain/errors.ts';

/** A request's headers must arrive within this, and the whole request within the next, ms: slow clients do not hold sockets. */
const HEADERS_TIMEOUT_MS = 10_000;
const REQUEST_TIMEOUT_MS = 30_000;
const HEADER_BYTES_MAX = 32_768;
const CONNECTIONS_MAX = 4_096;

export interface Listener {
  readonly port: number;
  /** Ends idle connections at once and the others with their request. */
  close(): Promise<void>;
}

/** @throws config.invalid the address is taken or not of this machine. */
export async function listenHttp(handle: RequestListener, address: { readonly host: string; readonly port: number }): Promise<Listener> {
  const server = createServer(
    { headersTimeout: HEADERS_TIMEOUT_MS, requestTimeout: REQUEST_TIMEOUT_MS, maxHeaderSize: HEADER_BYTES_MAX },
    handle,
  );
  server.maxConnections = CONNECTIONS_MAX;
  await listen(server, address, `listen: ${address.host}:${address.port}`);
  return { port: (server.address() as AddressInfo).port, close: () => close(server) };
}

/**
 * The control socket, for its owner only (mode 0600 in a 0700 folder). It doubles as the lock of the data folder: two gateways on one
 * store would each believe that they alone drive the doors.
 * @throws config.invalid another gateway answers there.
 */
export async function listenControl(handle: RequestListener, path: string): Promise<Listener> {
  await assertNotRunning(path);
  rmSync(path, { force: true });
  const server = createServer(handle);
  await listen(server, { path }, `data_dir: ${path}`);
  chmodSync(path, 0o600);
  return { port: 0, close: () => close(server) };
}

/** @throws config.invalid another gateway answers there. */
export async function assertNotRunning(path: string): Promise<void> {
  if (await isAnswering(path)) throw new GatewayError('config.invalid', `data_dir: another gateway runs on it (${path} answers)`);
}

function isAnswering(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ path });
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}

function listen(server: Server, options: ListenOptions, field: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (cause) => reject(new GatewayError('config.invalid', `${field} cannot be listened on`, { cause })));
    server.listen(options, () => resolve());
  });
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}

/** `preferred` when nobody listens there on loopback, else a port that was free a moment ago. */
export async function findFreePort(preferred: number): Promise<number> {
  for (const port of [preferred, 0]) {
    const probe = createServer();
    const taken = await listen(probe, { host: '127.0.0.1', port }, 'demo').then(
      () => false,
      () => true, // Taken is the answer.
    );
    if (taken) continue;
    const found = (probe.address() as AddressInfo).port;
    await close(probe);
    return found;
  }
  throw new GatewayError('config.invalid', 'no port of the loopback interface is free');
}
