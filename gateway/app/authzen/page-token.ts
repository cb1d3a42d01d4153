import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import { tryParse } from '../../domain/try-parse.ts';
import type { Search } from './types.ts';

/** Longest token that is read, characters. */
export const PAGE_TOKEN_CHARS_MAX = 1_024;
/** A search that is not gone on with for this long begins anew: the answer would be of two different times. */
export const PAGE_TOKEN_TTL_MS = 10 * 60_000;

const payloadSchema = z.strictObject({ after: z.string().max(256), limit: z.int(), query: z.string(), untilMs: z.int() });

/** Where a search goes on. */
export interface PagePlace {
  /** Key of the last result of the page before. */
  readonly after: string;
  readonly limit: number;
}

export interface PageTokens {
  issue(place: PagePlace, query: string, nowMs: number): string;
  /** Null for a token that was altered, is of another search or client, or is too old. */
  read(token: string, query: string, nowMs: number): PagePlace | null;
}

/** What a token is bound to: the client and everything that was asked, as it was written, but for the page. */
export function queryOf(clientId: string, search: Search): string {
  return createHash('sha256')
    .update(JSON.stringify([clientId, search]))
    .digest('base64url');
}

/** Signed, so that nobody begins in the middle of somebody else's search. It holds nothing that the page before did not show. */
export function createPageTokens(key: Uint8Array): PageTokens {
  const sign = (payload: string): Buffer => createHmac('sha256', key).update(payload).digest();
  return {
    issue: (place, query, nowMs) => {
      const payload = Buffer.from(JSON.stringify({ ...place, query, untilMs: nowMs + PAGE_TOKEN_TTL_MS })).toString('base64url');
      return `${payload}.${sign(payload).toString('base64url')}`;
    },
    read: (token, query, nowMs) => {
      if (token.length > PAGE_TOKEN_CHARS_MAX) return null;
      const [payload = '', signature = '', ...rest] = token.split('.');
      const presented = Buffer.from(signature, 'base64url');
      const expected = sign(payload);
      if (rest.length > 0 || presented.length !== expected.length || !timingSafeEqual(presented, expected)) return null;
      const parsed = tryParse(payloadSchema, JSON.parse(Buffer.from(payload, 'base64url').toString('utf8')));
      if (!parsed.success || parsed.data.query !== query || nowMs > parsed.data.untilMs) return null;
      return { after: parsed.data.after, limit: parsed.data.limit };
    },
  };
}
