import type { VpnDisconnect } from './vpn-disconnect.ts';

/** Somebody connects to a VPN server that asks the gateway itself. All text was written by whoever connects. */
export interface VpnClientAsk {
  readonly userName: string;
  readonly password: string;
  /** Where the server says that the device is; null = it does not say. */
  readonly ip: string | null;
  /** The client opens a page when it is told to. */
  readonly opensPages: boolean;
}

export type VpnClientVerdict = { readonly kind: 'accept' } | { readonly kind: 'deny'; readonly message: string };

export type VpnClientAnswer =
  | VpnClientVerdict
  | {
      readonly kind: 'page';
      readonly url: string;
      readonly timeoutS: number;
      /** Resolves when the person has decided on the page, or the time is over. */
      readonly verdict: Promise<VpnClientVerdict>;
      /** The connection is gone: whoever uses the page now lets nobody in. */
      readonly giveUp: () => void;
    };

export interface VpnTunnelSign {
  /** The server's name of the tunnel, unique over its restarts. */
  readonly serverSessionId: string;
  readonly userName: string;
  readonly ip: string | null;
}

/** What a VPN server asks and tells. Nothing of it throws. */
export interface VpnManagementHandler {
  connect(ask: VpnClientAsk): Promise<VpnClientAnswer>;
  /** A tunnel that is up renews its keys. */
  renew(tunnel: VpnTunnelSign): Promise<VpnClientVerdict>;
  up(tunnel: VpnTunnelSign): Promise<void>;
  down(serverSessionId: string): Promise<void>;
  /** Every tunnel that is up, now and then: what is not among them has ended. */
  listed(tunnels: readonly VpnTunnelSign[]): Promise<void>;
}

/** A VPN server under the gateway's management. While there is no connection to it, the server lets nobody in. */
export interface VpnManagement extends VpnDisconnect {
  close(): Promise<void>;
}
