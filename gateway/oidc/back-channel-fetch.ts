import { GatewayError } from '../domain/errors.ts';

/** Longest wait for a client's answer to a logout token. */
export const BACK_CHANNEL_TIMEOUT_MS = 2_000;

type Fetch = (input: string | URL | Request, init?: RequestInit) => Promise<Response>;

/**
 * The provider's only way out. It reaches the configured back-channel logout URIs and nothing else: internal apps live on private and
 * loopback addresses, which the provider's own fetch refuses, and no request may make the gateway call an address of its choice.
 */
export function createBackChannelFetch(logoutUris: ReadonlySet<string>): Fetch {
  return async (input, init) => {
    const url = input instanceof Request ? input.url : String(input);
    if (!logoutUris.has(url) || init?.method !== 'POST') {
      throw new GatewayError('request.forbidden', 'The gateway calls only the configured logout addresses.');
    }
    const timeout = AbortSignal.timeout(BACK_CHANNEL_TIMEOUT_MS);
    const response = await globalThis.fetch(url, {
      method: 'POST',
      redirect: 'manual',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      ...(init.body === undefined ? {} : { body: init.body }),
      signal: init.signal ? AbortSignal.any([init.signal, timeout]) : timeout,
    });
    // The status is the answer; a body is not read, only released.
    await response.body?.cancel();
    return response;
  };
}
