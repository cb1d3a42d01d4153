import type { IncomingMessage } from 'node:http';
import { createAddressMatch, parseAddress } from '../../domain/site/address-range.ts';

/** Proxies in a row that are looked through. */
export const PROXY_HOPS_MAX = 8;

/** An IPv4-mapped IPv6 address is the IPv4 address that it is. */
function plainAddress(address: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address.trim());
  return mapped?.[1] ?? address.trim();
}

export interface ClientAddresses {
  /**
   * The nearest address that is not a trusted proxy. Null when there is none: at a Unix socket, or when a proxy says nothing or something
   * unreadable. A proxy's own address is never the client's: it would lend everybody the proxy's network zone.
   */
  clientIp(request: IncomingMessage): string | null;
  /** Whether many people may stand behind this peer. */
  isProxy(address: string): boolean;
}

/**
 * X-Forwarded-For is read from the right, as long as the speaker is a trusted proxy: what stands further left was written by the
 * client and is worth nothing.
 */
export function createClientAddresses(trustedProxies: readonly string[]): ClientAddresses {
  const isProxyAddress = createAddressMatch(trustedProxies);
  const isTrusted = (text: string): boolean => {
    const address = parseAddress(text);
    return address !== null && isProxyAddress(address);
  };

  const read = (request: IncomingMessage): string | null => {
    const peer = request.socket.remoteAddress;
    if (peer === undefined) return null;
    let address = plainAddress(peer);
    const header = request.headers['x-forwarded-for'];
    const forwarded = (Array.isArray(header) ? header.join(',') : (header ?? '')).split(',').filter((part) => part.trim() !== '');
    for (let hop = 0; hop < PROXY_HOPS_MAX && isTrusted(address); hop += 1) {
      const next = forwarded.pop();
      if (next === undefined) return null;
      address = plainAddress(next);
    }
    return parseAddress(address) === null || isTrusted(address) ? null : address;
  };
  // Asked several times for one request, by limits and by decisions.
  const known = new WeakMap<IncomingMessage, string | null>();

  return {
    isProxy: (address) => isTrusted(plainAddress(address)),
    clientIp: (request) => {
      const found = known.get(request);
      if (found !== undefined) return found;
      const address = read(request);
      known.set(request, address);
      return address;
    },
  };
}
