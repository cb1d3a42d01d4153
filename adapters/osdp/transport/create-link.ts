import type { Link } from './link.ts';
import { createSerialLink } from './serial-link.ts';
import { type TlsConfig, createTcpLink } from './tcp-link.ts';

export type LinkConfig =
  | { readonly kind: 'tcp'; readonly host: string; readonly port: number; readonly tls?: TlsConfig }
  | { readonly kind: 'serial'; readonly path: string; readonly baud: number };

export function createLink(config: LinkConfig): Link {
  return config.kind === 'tcp' ? createTcpLink(config) : createSerialLink(config);
}
