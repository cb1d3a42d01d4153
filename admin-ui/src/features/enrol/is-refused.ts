import { toApiError } from '../../shared/api/api-error.ts';

/** The link or code is worth nothing; anything else, also too many tries, may pass. */
export function isRefused(error: unknown): boolean {
  const { status } = toApiError(error);
  return status >= 400 && status < 500 && status !== 429;
}
