import type { IncomingMessage } from 'node:http';
import { RateLimited, type RateLimitName, type RateLimits } from './rate-limits.ts';

/** Bytes of the parameters of one authorization request, query and body together: they are stored until the sign-in ends. */
export const AUTHORIZATION_BYTES_MAX = 4_096;
/** Characters of the two parameters whose length the client chooses freely. */
export const STATE_CHARS_MAX = 2_048;
export const NONCE_CHARS_MAX = 512;
/** The same of a request that a client's own server sends ahead: it may carry a signed request and a signed assertion. */
export const PUSHED_BYTES_MAX = 8_192;
/** Bytes of the parameters of any other request of the provider; the longest is an ID token as a hint. */
export const OIDC_REQUEST_BYTES_MAX = 16_384;

/** Documents that are made once and stored nowhere. */
const DOCUMENTS: ReadonlySet<string> = new Set(['/.well-known/openid-configuration', '/.well-known/oauth-authorization-server', '/jwks']);
/** Calls that show a credential first. */
const TOKEN_PATHS: ReadonlySet<string> = new Set(['/token', '/token/introspection', '/token/revocation', '/me']);
const SIGN_OUT = '/session/end';
/** Requests of a client's own server that are stored. */
const PUSHED_PATHS: ReadonlySet<string> = new Set(['/request', '/backchannel', '/device/auth']);
const REGISTRATION = '/reg';
const USER_CODE = '/device';

/** RFC 6749 5.2: what clients of the provider read. */
export interface OidcRefusal {
  readonly status: number;
  readonly error: string;
  readonly description: string;
  /** Of a 429. */
  readonly retryAfterS: number | null;
}

const refusal = (status: number, error: string, description: string): OidcRefusal => ({ status, error, description, retryAfterS: null });
const tooLarge = (description: string): OidcRefusal => refusal(413, 'invalid_request', description);

/** A request below the path of the provider. */
export interface OidcRequest {
  readonly request: IncomingMessage;
  /** Below the provider's own path. */
  readonly path: string;
  /** Without the question mark. */
  readonly query: string;
}

function checkSize({ query, request }: OidcRequest, bytesMax: number): OidcRefusal | null {
  if (request.headers['transfer-encoding'] !== undefined) return refusal(411, 'invalid_request', 'send a Content-Length');
  const bytes = Buffer.byteLength(query) + Number(request.headers['content-length'] ?? 0);
  return bytes > bytesMax ? tooLarge(`the parameters are longer than ${String(bytesMax)} bytes`) : null;
}

function checkParameters({ query }: OidcRequest): OidcRefusal | null {
  if (query.length <= NONCE_CHARS_MAX) return null;
  const parameters = new URLSearchParams(query);
  for (const [name, charsMax] of [
    ['state', STATE_CHARS_MAX],
    ['nonce', NONCE_CHARS_MAX],
  ] as const) {
    if ((parameters.get(name) ?? '').length > charsMax) return tooLarge(`${name} is longer than ${String(charsMax)} characters`);
  }
  return null;
}

/** Of an address. A path that is not known here, whatever its case or slashes, counts as one that stores. */
function kindOf({ path, request }: OidcRequest): RateLimitName {
  if (TOKEN_PATHS.has(path)) return 'token';
  if (PUSHED_PATHS.has(path)) return 'pushed';
  if (path === REGISTRATION || path.startsWith(`${REGISTRATION}/`)) return 'registration';
  return path === USER_CODE && request.method === 'POST' ? 'userCode' : 'authorization';
}

async function checkRate(limits: RateLimits, asked: OidcRequest, kind: RateLimitName): Promise<OidcRefusal | null> {
  try {
    await limits.count(kind, asked.request);
    return null;
  } catch (failure) {
    if (!(failure instanceof RateLimited)) throw failure;
    return { ...refusal(429, 'temporarily_unavailable', 'too many requests, come again later'), retryAfterS: failure.retryAfterS };
  }
}

function bytesMaxOf(kind: RateLimitName, isAuthorization: boolean): number {
  if (kind === 'pushed' || kind === 'registration') return PUSHED_BYTES_MAX;
  return isAuthorization ? AUTHORIZATION_BYTES_MAX : OIDC_REQUEST_BYTES_MAX;
}

/** Null = the provider may have it. */
export type CheckOidcRequest = (asked: OidcRequest) => Promise<OidcRefusal | null>;

/** Stands before the provider, which bounds a body at 56 KiB and counts nothing of an address. */
export function createOidcLimits(limits: RateLimits): CheckOidcRequest {
  return async (asked) => {
    if (DOCUMENTS.has(asked.path)) return null;
    const kind = kindOf(asked);
    const isAuthorization = (kind === 'authorization' || kind === 'userCode') && !asked.path.startsWith(SIGN_OUT);
    return (
      checkSize(asked, bytesMaxOf(kind, isAuthorization)) ??
      (isAuthorization ? checkParameters(asked) : null) ??
      (await checkRate(limits, asked, kind))
    );
  };
}
