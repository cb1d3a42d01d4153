import { isIP } from 'node:net';
import { isLoopbackHost } from '../../../domain/apps/client-address.ts';

/** Where the gateway listens: in plain http, whatever stands before it. Port 0 = one that the system chooses. */
export interface ListenAddress {
  readonly host: string;
  readonly port: number;
}

/** Stand where only the operator knows the address. */
const GATEWAY_HOST_PLACEHOLDER = 'GATEWAY-HOST';
const GATEWAY_PORT_PLACEHOLDER = 'GATEWAY-PORT';

/** Every address of the computer, none of which a proxy could be told. */
const ANY_ADDRESS: ReadonlySet<string> = new Set(['0.0.0.0', '::']);

export interface GatewayAddress {
  /** Host and port, as in a URL. */
  readonly host: string;
  readonly notes: readonly string[];
}

/** Where a proxy asks. Never the issuer's address: TLS may end in front of it, at the very proxy that asks. */
export function gatewayAddressFor({ host, port }: ListenAddress): GatewayAddress {
  const isAny = ANY_ADDRESS.has(host);
  const name = isAny ? GATEWAY_HOST_PLACEHOLDER : isIP(host) === 6 ? `[${host}]` : host;
  const address = `${name}:${port === 0 ? GATEWAY_PORT_PLACEHOLDER : String(port)}`;
  if (isAny || port === 0) {
    const note = `Write for ${address} where the proxy reaches the gateway itself, in plain http: not the address that browsers use.`;
    return { host: address, notes: [note] };
  }
  const isLocal = isLoopbackHost(host) || host === '::1';
  return {
    host: address,
    notes: isLocal ? ['The gateway listens on its own computer only (listen.host): the proxy must run there too.'] : [],
  };
}
