import { errors } from 'oidc-provider';
import { GatewayError } from '../domain/errors.ts';

/** What the store refuses, as the provider answers it. OAuth has no code of its own for length; the status says it (RFC 9126 2.3). */
export function toProviderError(failure: unknown): unknown {
  return failure instanceof GatewayError && failure.code === 'request.too_large'
    ? new errors.InvalidRequest('the request is too large', 413)
    : failure;
}

/** What a client is told when to come again by. */
type Answer = { set(name: string, value: string): void } | undefined;

/**
 * Not now. RFC 6749 4.1.2.1 has the name, which a redirect carries; the status is RFC 6585 4's for too many, and 503 where the gateway cannot.
 */
export function comeAgain(status: 429 | 503, why: string, { ctx, afterS }: { readonly ctx: Answer; readonly afterS: number }): Error {
  ctx?.set('retry-after', String(afterS));
  return Object.assign(new errors.CustomOIDCProviderError('temporarily_unavailable', why), { status, statusCode: status });
}

/** When a client that was told to try again may, s. */
export const TRY_AGAIN_S = 5;

/** A no for now, by which the client loses nothing: not even what it has shown. */
export const tryAgain = (why: string, ctx: Answer = undefined): Error => comeAgain(503, why, { ctx, afterS: TRY_AGAIN_S });
