import { errors } from 'oidc-provider';
import { GatewayError } from '../domain/errors.ts';

/** What the store refuses, as the provider answers it. OAuth has no code of its own for length; the status says it (RFC 9126 2.3). */
export function toProviderError(failure: unknown): unknown {
  return failure instanceof GatewayError && failure.code === 'request.too_large'
    ? new errors.InvalidRequest('the request is too large', 413)
    : failure;
}

/** When a client that was told to try again may, s. */
export const TRY_AGAIN_S = 5;

/** A no for now, by which the client loses nothing: not even what it has shown. */
export function tryAgain(why: string, ctx?: { set(name: string, value: string): void }): Error {
  ctx?.set('retry-after', String(TRY_AGAIN_S));
  return Object.assign(new errors.CustomOIDCProviderError('temporarily_unavailable', why), { status: 503, statusCode: 503 });
}
