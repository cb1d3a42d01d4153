/** Ends tunnels at one VPN server. */
export interface VpnDisconnect {
  /**
   * Ends every tunnel of these users and resolves when the server has none of them any more. Returns how many it ended.
   * @throws vpn.unavailable the server did not answer in time, refused, or still has one
   */
  disconnect(userNames: readonly string[]): Promise<number>;
}
