import type { AuthorizeOperator } from '../../app/access/types.ts';
import type { AskWhoCan } from '../../app/authzen/who-can.ts';
import type { Desks } from '../../app/desk/desks.ts';
import type { FaceGate } from '../../app/face/face-gate.ts';
import type { ReaderTemplates } from '../../app/face/reader-templates.ts';
import type { ReleaseDoor } from '../../app/doors/release-door.ts';
import type { OrderReaderOperation } from '../../app/readers/order-operation.ts';
import type { ExplainDecision } from '../../app/policy/explain/explain-decision.ts';
import type { PolicyLife } from '../../app/policy/life/types.ts';
import type { DataImpact } from '../../app/policy-data/data-impact.ts';
import type { PolicyDataDesk } from '../../app/policy-data/types.ts';
import type { DoorRow } from '../../app/reports/doors.ts';
import type { Directory } from '../../app/reports/directory.ts';
import type { PeopleReport } from '../../app/reports/people.ts';
import type { RestrictionStore } from '../../ports/restriction-store.ts';
import type { LiftRestriction } from '../../app/revocation/restrict.ts';
import type { ImportDesk } from '../../app/people/import-desk.ts';
import type { ReinstatePerson, SuspendPerson } from '../../app/revocation/types.ts';
import type { FileData } from '../../domain/policy/data/to-policy-data.ts';
import type { SiteMap } from '../../domain/site/site-map.ts';
import type { IdentityProvider } from '../../oidc/identity-provider.ts';
import type { SignInInteractions } from '../../oidc/sign-in/interactions.ts';
import type { Logger } from '../../platform/logger.ts';
import type { AuditLog, AuditReader } from '../../ports/audit-log.ts';
import type { Clock } from '../../ports/clock.ts';
import type { DemoSite } from '../../ports/demo-site.ts';
import type { DoorNode } from '../../ports/door-node.ts';
import type { PeopleStore } from '../../ports/people-store.ts';
import type { PolicyEngine } from '../../ports/policy-engine.ts';
import type { AuthenticationCeremonies } from '../../webauthn/authentication.ts';
import type { EnrolmentCeremonies } from '../../webauthn/enrolment.ts';
import type { Authenticate } from '../callers.ts';
import type { AppsDeps } from './apps-deps.ts';
import type { ConsoleSessions } from '../console-sessions.ts';
import type { OwnCallers } from '../own-callers.ts';
import type { Portal } from '../portal.ts';
import type { EventFeed } from '../event-feed.ts';
import type { ClientAddresses } from '../middleware/client-ip.ts';
import type { RateLimits } from '../middleware/rate-limits.ts';
import type { DecideRead } from '../read-decisions.ts';
import type { UpstreamSignIn } from '../../upstream/upstream-sign-in.ts';
import type { VpnPage } from '../../app/vpn/vpn-page.ts';

/** Everything that routes use; each takes what it needs of it. */
export interface RouteDeps {
  readonly publicUrl: string;
  readonly cookieName: string;
  readonly startedAtMs: number;
  readonly authenticate: Authenticate;
  readonly decideRead: DecideRead;
  /** People's own side, who is at it, and the name of its cookie. */
  readonly portal: Portal;
  readonly ownCallers: OwnCallers;
  readonly ownCookieName: string;
  readonly addresses: ClientAddresses;
  readonly rateLimits: RateLimits;
  readonly consoleSessions: ConsoleSessions;
  readonly eventFeed: EventFeed;
  readonly authorizeOperator: AuthorizeOperator;
  readonly whoCan: AskWhoCan;
  readonly releaseDoor: ReleaseDoor;
  readonly orderReaderOperation: OrderReaderOperation;
  readonly suspendPerson: SuspendPerson;
  readonly reinstatePerson: ReinstatePerson;
  readonly liftRestriction: LiftRestriction;
  readonly restrictions: Pick<RestrictionStore, 'find'>;
  readonly authentication: AuthenticationCeremonies;
  readonly enrolment: EnrolmentCeremonies;
  readonly interactions: SignInInteractions;
  readonly identity: Pick<
    IdentityProvider,
    'backChannel' | 'rotateKeys' | 'retireKey' | 'listKeys' | 'registeredClients' | 'offerRegistration'
  >;
  readonly peopleReport: PeopleReport;
  readonly doorsReport: () => readonly DoorRow[];
  readonly directoryReport: () => Promise<Directory>;
  readonly people: PeopleStore;
  readonly sites: SiteMap;
  readonly audit: AuditLog;
  readonly auditReader: AuditReader;
  readonly policyLife: PolicyLife;
  readonly explainDecision: ExplainDecision;
  readonly policyData: PolicyDataDesk;
  /** What the configuration file says, over which the policy data lies. */
  readonly policyDataFile: FileData;
  readonly dataImpact: DataImpact;
  readonly policy: Pick<PolicyEngine, 'revision' | 'dataRevision'>;
  readonly doorNode: DoorNode;
  /** Null where nobody keeps apps. */
  readonly apps: AppsDeps | null;
  /** Null where nobody keeps face terminals. */
  readonly face: FaceGate | null;
  /** Null where no reader compares itself. */
  readonly readerTemplateDesk: ReaderTemplates | null;
  /** Null where nobody keeps computers. */
  readonly desks: Desks | null;
  readonly demo: DemoSite | null;
  /** Null where no VPN realm is configured. */
  readonly vpn: VpnPage | null;
  /** Null where no identity provider outside is configured. */
  readonly upstream: UpstreamSignIn | null;
  /** Tables of people. */
  readonly importTable: ImportDesk;
  readonly clock: Clock;
  readonly log: Logger;
}
