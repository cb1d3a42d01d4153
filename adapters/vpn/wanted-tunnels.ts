import type { TunnelName } from '#gateway/ports/vpn-disconnect.ts';

/** A tunnel as a server lists it. */
interface ListedTunnel {
  readonly userName: string;
  /** Undefined where the server does not tell its tunnels apart: then all of the user end, better one too many than the one that must not stay. */
  readonly serverSessionId: string | undefined;
}

/** Whether a tunnel is one of those that must end: of one of the users, or one of the tunnels. Names are compared in any case. */
export function createIsWanted(userNames: readonly string[], tunnels: readonly TunnelName[]): (listed: ListedTunnel) => boolean {
  const names = new Set(userNames.map((name) => name.toLowerCase()));
  const sessions = new Set(tunnels.map(({ serverSessionId }) => serverSessionId));
  const users = new Set(tunnels.map(({ userName }) => userName.toLowerCase()));
  return ({ serverSessionId, userName }) => {
    const name = userName.toLowerCase();
    return names.has(name) || (serverSessionId === undefined ? users.has(name) : sessions.has(serverSessionId));
  };
}
