/** RFC 8252 7.3: the person's own machine, by each of its names. */
export function isLoopbackHost(hostname: string): boolean {
  return hostname === 'localhost' || hostname.endsWith('.localhost') || hostname === '[::1]' || /^127(\.\d{1,3}){3}$/.test(hostname);
}

/** RFC 3986 2: what is none of it is read in one way by a browser and in another by a server, as `https://a\\@b` is; a line end is no header. */
const NO_URI = /[^\x21-\x7e]|[\\"<>^`{|}]/;

/** RFC 9700 section 2.1: exact URIs over TLS; plain HTTP only on loopback, and never with a fragment. */
export function isClientUri(text: string): boolean {
  const url = NO_URI.test(text) ? null : URL.parse(text);
  if (url === null || text.includes('#') || url.username !== '' || url.password !== '') return false;
  return url.protocol === 'https:' || (url.protocol === 'http:' && isLoopbackHost(url.hostname));
}

/** An origin and nothing more. Plain http on loopback only: what is shown there is a credential. */
export function isClientOrigin(text: string): boolean {
  const url = URL.parse(text);
  return url !== null && url.origin === text && isClientUri(`${text}/`);
}
