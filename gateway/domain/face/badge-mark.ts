import { createHmac } from 'node:crypto';

const MARK_BYTES = 16;

/**
 * How a badge stands in a lease: HMAC-SHA-256 of its key under the lease's salt, the first 16 bytes, base64url. Whoever reads a lease sees no
 * number; one of 26 bits can still be found by trying all.
 */
export function markBadge(badgeKey: string, salt: string): string {
  return createHmac('sha256', Buffer.from(salt, 'hex')).update(badgeKey, 'utf8').digest().subarray(0, MARK_BYTES).toString('base64url');
}
