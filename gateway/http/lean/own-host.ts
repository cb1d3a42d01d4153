import type { IncomingMessage } from 'node:http';

/**
 * Whether the request names this host, exactly once (RFC 9112 3.2): node keeps the first of several, and a proxy in front may have routed
 * by the last. `host` is in lower case, as in a URL.
 */
export function namesHost({ headersDistinct }: IncomingMessage, host: string): boolean {
  const claimed = headersDistinct['host'] ?? [];
  return claimed.length === 1 && claimed[0]?.toLowerCase() === host;
}
