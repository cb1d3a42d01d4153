import { timingSafeEqual } from 'node:crypto';

/** In constant time. A wrong length is simply unequal. */
export function isSameSecret(left: Uint8Array, right: Uint8Array): boolean {
  return left.length === right.length && timingSafeEqual(left, right);
}
