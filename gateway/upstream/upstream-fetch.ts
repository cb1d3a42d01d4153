import { GatewayError } from '../domain/errors.ts';
import type { Logger } from '../platform/logger.ts';

/** Longest wait for one answer of an identity provider. */
export const UPSTREAM_TIMEOUT_MS = 5_000;
/** Longest answer: metadata, keys, tokens, user information. */
export const UPSTREAM_BODY_BYTES_MAX = 262_144;

export type UpstreamFetch = (url: string, init: RequestInit) => Promise<Response>;

interface Deps {
  readonly upstreamId: string;
  /** The provider's issuer: it says over which protocol anything of it may be called. */
  readonly issuer: string;
  readonly log: Pick<Logger, 'error'>;
}

export interface UpstreamCalls {
  readonly fetch: UpstreamFetch;
  /** Lets an address that the provider's metadata names be called. What is not of the issuer's protocol stays closed. */
  readonly allow: (method: 'GET' | 'POST', address: string) => void;
}

/**
 * The only way to an identity provider. It reaches the metadata of the configured issuer and what these name, and nothing else: no request
 * makes the gateway call an address of its choice.
 */
export function createUpstreamCalls({ issuer, log, upstreamId }: Deps): UpstreamCalls {
  const { protocol } = new URL(issuer);
  const metadata = new URL(issuer);
  metadata.pathname = `${metadata.pathname.replace(/\/$/, '')}/.well-known/openid-configuration`;
  const allowed = new Set([`GET ${metadata.href}`]);

  return {
    allow: (method, address) => {
      const url = URL.parse(address);
      if (url !== null && url.protocol === protocol && url.username === '') allowed.add(`${method} ${url.href}`);
    },
    fetch: async (address, init) => {
      const method = init.method ?? 'GET';
      const url = URL.parse(address);
      if (url === null || !allowed.has(`${method} ${url.href}`)) {
        log.error('upstream.outgoing_refused', { upstreamId, method, origin: url?.origin ?? 'invalid' });
        throw new GatewayError('request.forbidden', 'The gateway calls only what the metadata of an identity provider names.');
      }
      const response = await globalThis.fetch(url, { ...init, redirect: 'manual', signal: AbortSignal.timeout(UPSTREAM_TIMEOUT_MS) });
      const { headers, status } = response;
      return new Response(await readBody(response), { status, headers: new Headers(headers) });
    },
  };
}

/** Null where there is none. @throws request.too_large */
async function readBody({ body, status }: Response): Promise<Uint8Array<ArrayBuffer> | null> {
  // A Response of these must not be given a body.
  const isEmpty = status === 204 || status === 205 || status === 304;
  if (body === null || isEmpty) {
    await body?.cancel();
    return null;
  }
  const chunks: Uint8Array[] = [];
  let lengthBytes = 0;
  for await (const chunk of body as unknown as AsyncIterable<Uint8Array>) {
    lengthBytes += chunk.length;
    // Leaving the loop lets the rest go.
    if (lengthBytes > UPSTREAM_BODY_BYTES_MAX)
      throw new GatewayError('request.too_large', 'The answer of the identity provider is too long.');
    chunks.push(chunk);
  }
  return Uint8Array.from(Buffer.concat(chunks));
}
