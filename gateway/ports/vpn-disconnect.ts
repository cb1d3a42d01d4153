import type { VpnSession } from './vpn-session-store.ts';

/** What a server calls a tunnel of its own, and itself. */
export type TunnelName = Pick<VpnSession, 'serverSessionId' | 'userName' | 'nas'>;

/** Ends tunnels at the servers of one realm. */
export interface VpnDisconnect {
  /**
   * Ends every tunnel of these users, and these tunnels, and resolves when no server has one of them any more. Returns how many it ended.
   * Other tunnels of a tunnel's user stay.
   * @param tunnels those that the gateway knows: a server that ends tunnels by their own names alone is told of no others
   * @throws vpn.unavailable a server did not answer in time, refused, or still has one
   */
  disconnect(userNames: readonly string[], tunnels: readonly TunnelName[]): Promise<number>;
}
