import type { Server } from 'node:net';
import { networkOf } from './http/middleware/client-network.ts';

/** Connections at once of one address, or of one IPv6 network of 64 bits: an eighth of all, which eighty browsers can fill. */
export const CONNECTIONS_PER_ADDRESS_MAX = 512;

export interface ConnectionLimit {
  /** Behind such a peer stand many. */
  readonly isProxy: (address: string) => boolean;
  readonly perAddressMax?: number;
}

/** Closes connections beyond the limit unread: one client with idle sockets cannot take every place. */
export function limitConnections(server: Server, { isProxy, perAddressMax = CONNECTIONS_PER_ADDRESS_MAX }: ConnectionLimit): void {
  // Bounded by the connections themselves: an entry goes with its last one.
  const open = new Map<string, number>();
  server.on('connection', (socket) => {
    const { remoteAddress } = socket;
    if (remoteAddress === undefined || isProxy(remoteAddress)) return;
    const network = networkOf(remoteAddress.replace(/^::ffff:(?=\d+\.)/i, '')) ?? remoteAddress;
    const count = (open.get(network) ?? 0) + 1;
    if (count > perAddressMax) {
      socket.destroy();
      return;
    }
    open.set(network, count);
    socket.once('close', () => {
      const left = (open.get(network) ?? 1) - 1;
      if (left === 0) open.delete(network);
      else open.set(network, left);
    });
  });
}
