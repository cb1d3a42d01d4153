import type { VpnRealm } from '../../domain/site/site.ts';
import type { Approvals } from './approvals.ts';
import type { ApproveConnection } from './approve-connection.ts';
import type { PendingConnections } from './pending-connections.ts';
import type { IssueCode } from './types.ts';

/** What the pages of the VPN part need. */
export interface VpnPage {
  readonly realms: readonly (Pick<VpnRealm, 'id' | 'name'> & { readonly push: boolean })[];
  readonly issueCode: IssueCode;
  readonly approvals: Pick<Approvals, 'find'>;
  readonly approveConnection: ApproveConnection;
  readonly pending: PendingConnections;
}
