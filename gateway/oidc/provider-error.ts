import { errors } from 'oidc-provider';
import { GatewayError } from '../domain/errors.ts';

/** What the store refuses, as the provider answers it. OAuth has no code of its own for length; the status says it (RFC 9126 2.3). */
export function toProviderError(failure: unknown): unknown {
  return failure instanceof GatewayError && failure.code === 'request.too_large'
    ? new errors.InvalidRequest('the request is too large', 413)
    : failure;
}
