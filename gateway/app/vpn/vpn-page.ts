import type { VpnRealm } from '../../domain/site/site.ts';
import type { Approvals } from './approvals.ts';
import type { ApproveConnection } from './approve-connection.ts';
import type { IssueCode } from './types.ts';

/** What the pages of the VPN part need. */
export interface VpnPage {
  readonly realms: readonly Pick<VpnRealm, 'id' | 'name'>[];
  readonly issueCode: IssueCode;
  readonly approvals: Pick<Approvals, 'find'>;
  readonly approveConnection: ApproveConnection;
}
