import type { IncomingMessage } from 'node:http';

/** The token of `Authorization: Bearer`; empty when there is none. */
export function bearerOf({ headers }: Pick<IncomingMessage, 'headers'>): string {
  const { authorization = '' } = headers;
  return authorization.startsWith('Bearer ') ? authorization.slice('Bearer '.length).trim() : '';
}
