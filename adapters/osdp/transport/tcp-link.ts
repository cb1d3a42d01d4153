import { readFileSync } from 'node:fs';
import { type Socket, connect } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { GatewayError } from '#gateway/domain/errors.ts';
import type { Connection, ConnectionHandlers, Link } from './link.ts';
import { createReconnectingLink } from './reconnecting-link.ts';

const CONNECT_TIMEOUT_MS = 3_000;
const KEEP_ALIVE_AFTER_MS = 5_000;
/** One frame is on its way at a time: more than this unsent means that nobody takes it. */
const UNSENT_BYTES_MAX = 16_384;

/** A serial server behind TLS. Only who is signed by this authority is believed: those of the system are not asked. */
export interface TlsConfig {
  /** File with the authority's certificates (PEM). */
  readonly caFile: string;
  /** The name in the server's certificate; its host when left out. */
  readonly serverName?: string;
  /** Files with the gateway's own certificate and key (PEM), for a server that asks for them. */
  readonly certificateFile?: string;
  readonly keyFile?: string;
}

export interface TcpLinkOptions {
  readonly host: string;
  readonly port: number;
  readonly tls?: TlsConfig;
}

/** A serial server, or a reader with an address of its own. @throws config.invalid when a file of the TLS configuration cannot be read. */
export function createTcpLink(options: TcpLinkOptions): Link {
  const open = options.tls === undefined ? () => openTcp(options) : openTls(options, options.tls);
  return createReconnectingLink({ connect: (handlers) => attend(open(), handlers), byteTimeMs: 0 });
}

interface OpeningSocket {
  readonly socket: Socket;
  /** Only then may it be spoken to. */
  readonly openEvent: 'connect' | 'secureConnect';
}

function openTcp({ host, port }: TcpLinkOptions): OpeningSocket {
  const socket = connect({ host, port, noDelay: true, keepAlive: true, keepAliveInitialDelay: KEEP_ALIVE_AFTER_MS });
  return { socket, openEvent: 'connect' };
}

function openTls({ host, port }: TcpLinkOptions, tls: TlsConfig): () => OpeningSocket {
  const trusted = {
    ca: readPem(tls.caFile),
    servername: tls.serverName ?? host,
    ...(tls.certificateFile === undefined ? {} : { cert: readPem(tls.certificateFile) }),
    ...(tls.keyFile === undefined ? {} : { key: readPem(tls.keyFile) }),
    minVersion: 'TLSv1.2',
    rejectUnauthorized: true,
  } as const;
  return () => {
    const socket = connectTls({ host, port, ...trusted });
    socket.setNoDelay(true);
    socket.setKeepAlive(true, KEEP_ALIVE_AFTER_MS);
    return { socket, openEvent: 'secureConnect' };
  };
}

function readPem(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (cause) {
    throw new GatewayError('config.invalid', `cannot read ${path}`, { cause });
  }
}

function attend({ socket, openEvent }: OpeningSocket, handlers: ConnectionHandlers): Connection {
  socket.setTimeout(CONNECT_TIMEOUT_MS, () => socket.destroy());
  socket.once(openEvent, () => {
    socket.setTimeout(0);
    handlers.onOpen();
  });
  socket.on('data', (chunk) => {
    handlers.onBytes(chunk);
  });
  // Every error is followed by 'close', which is what the link acts on.
  socket.on('error', () => undefined);
  socket.once('close', () => {
    handlers.onClosed();
  });
  return {
    write(bytes) {
      if (socket.writableLength > UNSENT_BYTES_MAX) socket.destroy();
      else socket.write(bytes);
    },
    destroy: () => {
      socket.destroy();
    },
  };
}
