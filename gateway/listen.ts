import { chmodSync, rmSync } from 'node:fs';
import { createServer, type RequestListener, type Server } from 'node:http';
import { connect, type AddressInfo, type ListenOptions } from 'node:net';
import { limitConnections, type ConnectionLimit } from './connection-limit.ts';
import { GatewayError } from './domain/errors.ts';

/** A request's headers must arrive within this, and the whole request within the next, ms: slow clients do not hold sockets. */
export const HEADERS_TIMEOUT_MS = 10_000;
const REQUEST_TIMEOUT_MS = 30_000;
/** How often Node looks for requests beyond these limits, ms: its own 30 s would make three times as much of the first. */
export const REQUEST_CHECK_INTERVAL_MS = 1_000;
const HEADER_BYTES_MAX = 32_768;
const CONNECTIONS_MAX = 4_096;

/** How long a request that was being answered may still take when the gateway stops, ms: a suspension waits 2 s for slow apps. */
export const CLOSE_GRACE_MS = 3_000;

export interface Listener {
  readonly port: number;
  /** Ends idle connections at once and the others with their request, at the latest after CLOSE_GRACE_MS. */
  close(): Promise<void>;
}

/** @throws config.invalid the address is taken or not of this machine. */
export async function listenHttp(
  handle: RequestListener,
  address: { readonly host: string; readonly port: number },
  connections: ConnectionLimit = { isProxy: () => false },
): Promise<Listener> {
  const requests = trackRequests(handle);
  const server = createServer(
    {
      headersTimeout: HEADERS_TIMEOUT_MS,
      requestTimeout: REQUEST_TIMEOUT_MS,
      connectionsCheckingInterval: REQUEST_CHECK_INTERVAL_MS,
      maxHeaderSize: HEADER_BYTES_MAX,
    },
    requests.handle,
  );
  server.maxConnections = CONNECTIONS_MAX;
  limitConnections(server, connections);
  await listen(server, address, `listen: ${address.host}:${address.port}`);
  return { port: (server.address() as AddressInfo).port, close: () => close(server, requests) };
}

/**
 * The control socket, for its owner only (mode 0600 in a 0700 folder). It doubles as the lock of the data folder: two gateways on one
 * store would each believe that they alone drive the doors.
 * @throws config.invalid another gateway answers there.
 */
export async function listenControl(handle: RequestListener, path: string): Promise<Listener> {
  await assertNotRunning(path);
  rmSync(path, { force: true });
  const requests = trackRequests(handle);
  const server = createServer(requests.handle);
  await listen(server, { path }, `data_dir: ${path}`);
  chmodSync(path, 0o600);
  return { port: 0, close: () => close(server, requests) };
}

/** @throws config.invalid another gateway answers there. */
export async function assertNotRunning(path: string): Promise<void> {
  if (await isAnswering(path))
    throw new GatewayError(
      'config.invalid',
      `data_dir: another gateway runs on it (${path} answers). Stop that one, or name another folder with GATEHOUSE_DATA_DIR`,
    );
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
    server.once('error', (cause: NodeJS.ErrnoException) =>
      reject(new GatewayError('config.invalid', `${field} ${whyNot(cause)}`, { cause })),
    );
    server.listen(options, () => resolve());
  });
}

function whyNot({ code }: NodeJS.ErrnoException): string {
  if (code === 'EADDRINUSE') return 'is in use by another program (EADDRINUSE)';
  if (code === 'EACCES' || code === 'EPERM') return `is not permitted to this user (${code})`;
  if (code === 'EADDRNOTAVAIL') return 'is no address of this machine (EADDRNOTAVAIL)';
  return `cannot be listened on (${code ?? 'unknown failure'})`;
}

interface TrackedRequests {
  readonly handle: RequestListener;
  /** Resolves when no request is being answered. */
  idle(): Promise<void>;
}

/** Node calls a connection idle only between two requests: one that has not asked yet would hold a closing server. */
function trackRequests(handle: RequestListener): TrackedRequests {
  let answering = 0;
  let whenIdle: () => void = () => undefined;
  return {
    handle: (request, response) => {
      answering += 1;
      response.once('close', () => {
        answering -= 1;
        if (answering === 0) whenIdle();
      });
      handle(request, response);
    },
    idle: () =>
      new Promise((resolve) => {
        whenIdle = resolve;
        if (answering === 0) resolve();
      }),
  };
}

async function close(server: Server, requests: TrackedRequests): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  const grace = setTimeout(() => server.closeAllConnections(), CLOSE_GRACE_MS);
  void requests.idle().then(() => server.closeAllConnections());
  await closed;
  clearTimeout(grace);
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
    await new Promise((resolve) => probe.close(resolve));
    return found;
  }
  throw new GatewayError('config.invalid', 'no port of the loopback interface is free');
}
