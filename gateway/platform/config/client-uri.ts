import { z } from 'zod';

export function isLoopbackHost(hostname: string): boolean {
  return hostname === 'localhost' || hostname.endsWith('.localhost') || hostname === '[::1]' || /^127(\.\d{1,3}){3}$/.test(hostname);
}

/** RFC 9700 section 2.1: exact URIs over TLS; plain HTTP only on loopback, and never with a fragment. */
export function isClientUri(text: string): boolean {
  const url = URL.parse(text);
  if (url === null || text.includes('#') || url.username !== '' || url.password !== '') return false;
  return url.protocol === 'https:' || (url.protocol === 'http:' && isLoopbackHost(url.hostname));
}

export const clientUri = z.string().max(2_048).refine(isClientUri, 'is not an https URI without fragment (http only on loopback)');

/** Where the standard knows no exception for loopback (CIBA Core 4, OpenID Connect Registration 5). */
export const httpsClientUri = clientUri.refine(
  (text) => text.startsWith('https:'),
  'is not https, which the standard wants even on loopback',
);
