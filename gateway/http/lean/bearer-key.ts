import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

/** Longest key that is looked at, characters: 64 hex digits and whatever else somebody may have chosen. */
export const BEARER_KEY_CHARS_MAX = 512;

/** RFC 6750 2.1; null where there is none, or what is there is no key. */
export function bearerKeyOf({ headers }: IncomingMessage): string | null {
  const [, key] = /^bearer +([\x21-\x7e]+) *$/i.exec(headers.authorization ?? '') ?? [];
  return key === undefined || key.length > BEARER_KEY_CHARS_MAX ? null : key;
}

/** Keys are random, so that a plain hash (lower-case hex) is enough; compared in constant time. */
export function isKeyOf(key: string, sha256: string): boolean {
  return timingSafeEqual(createHash('sha256').update(key).digest(), Buffer.from(sha256, 'hex'));
}
