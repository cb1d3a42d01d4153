import { GatewayError } from '../domain/errors.ts';
import type { Logger } from '../platform/logger.ts';

/** Longest wait for the answer of a client's server. */
export const OUTGOING_TIMEOUT_MS = 2_000;
/** Longest document of a client: its keys, its redirect URIs. */
export const OUTGOING_BODY_BYTES_MAX = 65_536;

type Fetch = (input: string | URL | Request, init?: RequestInit) => Promise<Response>;

/** What a client has an address for. */
export type OutgoingField = 'jwks_uri' | 'sector_identifier_uri' | 'backchannel_logout_uri' | 'ciba_notification_uri';

export interface OutgoingAddress {
  readonly clientId: string;
  readonly field: OutgoingField;
  readonly uri: string;
}

const METHODS: Readonly<Record<OutgoingField, 'GET' | 'POST'>> = {
  jwks_uri: 'GET',
  sector_identifier_uri: 'GET',
  backchannel_logout_uri: 'POST',
  ciba_notification_uri: 'POST',
};

export interface OutgoingCalls {
  readonly fetch: Fetch;
  /** Lets a client's address be called from now on: of the configuration, or of a registration that an operator has allowed. */
  readonly allow: (address: OutgoingAddress) => void;
}

/** Addresses that registrations may add to those of the configuration; the oldest give way and are added again at the client's next use. */
export const OUTGOING_ADDRESSES_MAX = 10_000;

interface Deps {
  readonly addresses: readonly OutgoingAddress[];
  /** Of clients that come and go while the gateway runs. */
  readonly added?: () => readonly OutgoingAddress[];
  readonly log: Pick<Logger, 'error'>;
  /** The client of the request under way and its field that holds the address, for the log. */
  readonly clientInQuestion: (url: string) => { readonly clientId: string; readonly field: string } | null;
}

/**
 * The provider's only way out. It reaches the addresses of known clients and nothing else: internal apps live on private and loopback
 * addresses, which the provider's own fetch refuses in silence, and no request may make the gateway call an address of its choice.
 */
export function createOutgoingCalls({ added = () => [], addresses, clientInQuestion, log }: Deps): OutgoingCalls {
  const allowed = new Map<string, OutgoingField>();
  const keyOf = (method: string, uri: string): string => `${method} ${uri}`;
  const keyOfAddress = ({ field, uri }: OutgoingAddress): string => keyOf(METHODS[field], new URL(uri).href);
  const allow = (address: OutgoingAddress): void => {
    const { field } = address;
    const key = keyOfAddress(address);
    if (allowed.has(key)) return;
    if (allowed.size >= OUTGOING_ADDRESSES_MAX) {
      const [oldest] = allowed.keys();
      if (oldest !== undefined) allowed.delete(oldest);
    }
    allowed.set(key, field);
  };
  for (const address of addresses) allow(address);

  const fetch: Fetch = async (input, init) => {
    const url = input instanceof Request ? input.url : String(input);
    const method = init?.method ?? 'GET';
    if (!allowed.has(keyOf(method, url)) && !added().some((address) => keyOfAddress(address) === keyOf(method, url))) {
      const { clientId, field } = clientInQuestion(url) ?? { clientId: 'unknown', field: 'unknown' };
      log.error('oidc.outgoing_refused', { clientId, field, method, origin: URL.parse(url)?.origin ?? 'invalid' });
      throw new GatewayError('request.forbidden', 'The gateway calls only the configured addresses of its clients.');
    }
    const timeout = AbortSignal.timeout(OUTGOING_TIMEOUT_MS);
    // Built anew: the provider's own options carry a dispatcher that refuses private addresses.
    const response = await globalThis.fetch(url, {
      method,
      redirect: 'manual',
      headers: new Headers(init?.headers),
      ...(init?.body === undefined ? {} : { body: init.body }),
      signal: init?.signal ? AbortSignal.any([init.signal, timeout]) : timeout,
    });
    if (method === 'GET') return response;
    // The status is the answer; a body is not read, only released.
    await response.body?.cancel();
    return response;
  };
  return { fetch, allow };
}
