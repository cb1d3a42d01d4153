import type { Request, RequestHandler, Response } from 'express';
import { z } from 'zod';
import { GatewayError } from '../../domain/errors.ts';
import type { RateLimits } from './rate-limits.ts';
import { respond } from './respond.ts';

/** Bytes of the parameters of one authorization request, query and body together: they are stored until the sign-in ends. */
export const AUTHORIZATION_BYTES_MAX = 4_096;
/** Characters of the two parameters whose length the client chooses freely. */
export const STATE_CHARS_MAX = 2_048;
export const NONCE_CHARS_MAX = 512;
/** The same of a request that a client's own server sends ahead: it may carry a signed request and a signed assertion. */
export const PUSHED_BYTES_MAX = 8_192;
/** Bytes of the parameters of any other request of the provider; the longest is an ID token as a hint. */
export const OIDC_REQUEST_BYTES_MAX = 16_384;

/** RFC 6749 5.2: what clients of the provider read. */
const oauthErrorSchema = z.strictObject({ error: z.string(), error_description: z.string() });

/** Documents that are made once and stored nowhere. */
const DOCUMENTS: ReadonlySet<string> = new Set(['/.well-known/openid-configuration', '/jwks']);
/** Calls that show a credential first. */
const TOKEN_PATHS: ReadonlySet<string> = new Set(['/token', '/token/introspection', '/token/revocation', '/me']);
const SIGN_OUT = '/session/end';
/** Requests of a client's own server that are stored. */
const PUSHED_PATHS: ReadonlySet<string> = new Set(['/request', '/backchannel', '/device/auth', '/reg']);

interface Refusal {
  readonly status: number;
  readonly error: string;
  readonly description: string;
}

const tooLarge = (description: string): Refusal => ({ status: 413, error: 'invalid_request', description });

function checkSize(request: Request, bytesMax: number): Refusal | null {
  if (request.headers['transfer-encoding'] !== undefined) {
    return { status: 411, error: 'invalid_request', description: 'send a Content-Length' };
  }
  const mark = request.originalUrl.indexOf('?');
  const query = mark === -1 ? '' : request.originalUrl.slice(mark + 1);
  const bytes = Buffer.byteLength(query) + Number(request.headers['content-length'] ?? 0);
  return bytes > bytesMax ? tooLarge(`the parameters are longer than ${String(bytesMax)} bytes`) : null;
}

function checkParameters({ query }: Request): Refusal | null {
  for (const [name, charsMax] of [
    ['state', STATE_CHARS_MAX],
    ['nonce', NONCE_CHARS_MAX],
  ] as const) {
    const value = query[name];
    if (typeof value === 'string' && value.length > charsMax) return tooLarge(`${name} is longer than ${String(charsMax)} characters`);
  }
  return null;
}

async function checkRate(limits: RateLimits, kind: 'token' | 'authorization', request: Request): Promise<Refusal | null> {
  try {
    await limits.count(kind, request);
    if (kind === 'authorization') await limits.countTotal(kind);
    return null;
  } catch (failure) {
    if (!(failure instanceof GatewayError) || failure.code !== 'request.rate_limited') throw failure;
    return { status: 429, error: 'temporarily_unavailable', description: 'too many requests, wait a minute' };
  }
}

function refuse(response: Response, { status, error, description }: Refusal): void {
  respond(response, oauthErrorSchema, { error, error_description: description }, status);
}

function bytesMaxOf(path: string, isAuthorization: boolean): number {
  if (PUSHED_PATHS.has(path)) return PUSHED_BYTES_MAX;
  return isAuthorization ? AUTHORIZATION_BYTES_MAX : OIDC_REQUEST_BYTES_MAX;
}

/**
 * Stands before the provider, which bounds a body at 56 KiB and counts nothing. A path that is not known here, whatever its case or
 * slashes, counts as one that stores.
 */
export function createOidcLimits(limits: RateLimits): RequestHandler {
  return async (request, response, next) => {
    const { path } = request;
    if (DOCUMENTS.has(path)) {
      next();
      return;
    }
    const kind = TOKEN_PATHS.has(path) ? 'token' : 'authorization';
    const isAuthorization = kind === 'authorization' && !path.startsWith(SIGN_OUT) && !PUSHED_PATHS.has(path);
    const refusal =
      checkSize(request, bytesMaxOf(path, isAuthorization)) ??
      (isAuthorization ? checkParameters(request) : null) ??
      (await checkRate(limits, kind, request));
    if (refusal === null) next();
    else refuse(response, refusal);
  };
}
