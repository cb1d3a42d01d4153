import type { DecisionId, VpnRealmId } from '../../domain/site/ids.ts';

/** A tunnel as a VPN server tells of it. */
export interface Tunnel {
  readonly realmId: VpnRealmId;
  readonly serverSessionId: string;
  readonly userName: string;
  readonly ip: string | null;
  /** `start` = it says that the tunnel has just come up. */
  readonly sign: 'start' | 'interim';
  /** The number of the permit that it was let in with, where it gives it back (RADIUS Class); else null. */
  readonly decisionId: DecisionId | null;
  /** What the server calls itself; null = it does not say. */
  readonly nas: string | null;
}
