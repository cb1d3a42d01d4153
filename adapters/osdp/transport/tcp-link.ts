import { connect } from 'node:net';
import type { Connection, ConnectionHandlers, Link } from './link.ts';
import { createReconnectingLink } from './reconnecting-link.ts';

const CONNECT_TIMEOUT_MS = 3_000;
const KEEP_ALIVE_AFTER_MS = 5_000;
/** One frame is on its way at a time: more than this unsent means that nobody takes it. */
const UNSENT_BYTES_MAX = 16_384;

/** A serial server, or a reader with an address of its own. */
export function createTcpLink(options: { readonly host: string; readonly port: number }): Link {
  return createReconnectingLink({ connect: (handlers) => openSocket(options, handlers), byteTimeMs: 0 });
}

function openSocket(options: { readonly host: string; readonly port: number }, handlers: ConnectionHandlers): Connection {
  const socket = connect({ ...options, noDelay: true, keepAlive: true, keepAliveInitialDelay: KEEP_ALIVE_AFTER_MS });
  socket.setTimeout(CONNECT_TIMEOUT_MS, () => socket.destroy());
  socket.once('connect', () => {
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
