import { fileURLToPath } from 'node:url';
import type { RequestListener } from 'node:http';
import express, { type Express } from 'express';
import type { AuthorizeOperator } from '../app/access/types.ts';
import type { AskWhoCan } from '../app/authzen/who-can.ts';
import type { Desks } from '../app/desk/desks.ts';
import type { FaceGate } from '../app/face/face-gate.ts';
import type { ReaderTemplates } from '../app/face/reader-templates.ts';
import type { DoorStates } from '../app/doors/door-states.ts';
import { createReleaseDoor } from '../app/doors/release-door.ts';
import { createOrderReaderOperation } from '../app/readers/order-operation.ts';
import type { ExplainDecision } from '../app/policy/explain/explain-decision.ts';
import type { DataImpact } from '../app/policy-data/data-impact.ts';
import type { PolicyDataDesk } from '../app/policy-data/types.ts';
import type { FileData } from '../domain/policy/data/to-policy-data.ts';
import type { PolicyLife } from '../app/policy/life/types.ts';
import { createDirectoryReport } from '../app/reports/directory.ts';
import { createDoorsReport } from '../app/reports/doors.ts';
import { createPeopleReport, type PeopleReportDeps } from '../app/reports/people.ts';
import type { LiftRestriction } from '../app/revocation/restrict.ts';
import type { ReinstatePerson, SuspendPerson } from '../app/revocation/types.ts';
import type { ForwardAuthFace } from '../forward-auth/forward-auth-face.ts';
import type { IdentityProvider } from '../oidc/identity-provider.ts';
import { PAGE_ASSETS_PATH } from '../oidc/pages/pages.ts';
import { OIDC_PATH } from '../oidc/types.ts';
import type { Logger } from '../platform/logger.ts';
import type { AuditLog, AuditReader } from '../ports/audit-log.ts';
import type { DemoSite } from '../ports/demo-site.ts';
import type { DoorNode } from '../ports/door-node.ts';
import type { PolicyEngine } from '../ports/policy-engine.ts';
import type { Random } from '../ports/random.ts';
import type { RestrictionStore } from '../ports/restriction-store.ts';
import type { AuthenticationCeremonies } from '../webauthn/authentication.ts';
import type { EnrolmentCeremonies } from '../webauthn/enrolment.ts';
import { createApi } from './api.ts';
import type { AuthzenFace } from './authzen/authzen-face.ts';
import { createHostAuthenticate, createSessionAuthenticate } from './callers.ts';
import { createConsoleSessions } from './console-sessions.ts';
import { createDocsRoutes } from './docs/docs-routes.ts';
import { createEventFeed } from './event-feed.ts';
import type { LeanFace } from './lean/lean-face.ts';
import type { ClientAddresses } from './middleware/client-ip.ts';
import { createErrorHandler, unknownRoute } from './middleware/errors.ts';
import { createHostCheck, createOriginCheck } from './middleware/origin.ts';
import { createRateLimits } from './middleware/rate-limits.ts';
import { createSecurityHeaders } from './middleware/security-headers.ts';
import { unknownPage } from './middleware/unknown-page.ts';
import { createOidcFace } from './oidc-face.ts';
import { createDecideRead } from './read-decisions.ts';
import { createOwnCallers } from './own-callers.ts';
import type { Portal } from './portal.ts';
import { createHealthRoutes } from './routes/health.ts';
import type { AppsDeps } from './routes/apps-deps.ts';
import type { RouteDeps } from './routes/deps.ts';
import type { VpnPage } from '../app/vpn/vpn-page.ts';
import type { ScimFace } from '../scim/scim-face.ts';
import type { ImportDesk } from '../app/people/import-desk.ts';
import type { UpstreamFace } from '../upstream/upstream-face.ts';
import type { UpstreamSignIn } from '../upstream/upstream-sign-in.ts';
import type { VpnRadiusFace } from '../vpn/radius-face.ts';
import { cookieNameOf } from './session-cookie.ts';
import { createStaticFiles } from './static-files.ts';

export interface HttpServerDeps extends PeopleReportDeps {
  readonly publicUrl: string;
  /** Built admin UI: index.html and assets/. */
  readonly uiDir: string;
  readonly consoleSessionTtlS: number;
  readonly cliTokenTtlS: number;
  /** Origins that sign-out may redirect to: those of the clients' post-logout addresses. */
  readonly logoutOrigins: readonly string[];
  readonly addresses: ClientAddresses;
  readonly oidc: Pick<
    IdentityProvider,
    | 'handle'
    | 'isWritable'
    | 'interactions'
    | 'backChannel'
    | 'rotateKeys'
    | 'retireKey'
    | 'listKeys'
    | 'registeredClients'
    | 'offerRegistration'
  >;
  readonly authorizeOperator: AuthorizeOperator;
  /** Absent where no enforcement point elsewhere is configured to ask. */
  readonly authzen?: AuthzenFace | null;
  /** Absent where no website is configured. */
  readonly forwardAuth?: ForwardAuthFace | null;
  /** Absent where no VPN realm is configured. */
  readonly vpn?: { readonly page: VpnPage; readonly radius: VpnRadiusFace } | null;
  /** Absent where no directory is configured. */
  readonly scim?: ScimFace | null;
  /** Absent where no identity provider outside is configured. */
  readonly upstream?: { readonly signIn: UpstreamSignIn; readonly face: UpstreamFace } | null;
  readonly portal: Portal;
  readonly importTable: ImportDesk;
  readonly whoCan: AskWhoCan;
  readonly suspendPerson: SuspendPerson;
  readonly reinstatePerson: ReinstatePerson;
  readonly liftRestriction: LiftRestriction;
  readonly restrictions: Pick<RestrictionStore, 'find'>;
  readonly authentication: AuthenticationCeremonies;
  readonly enrolment: EnrolmentCeremonies;
  readonly doorStates: DoorStates;
  readonly doorNode: DoorNode;
  /** Absent where nobody keeps apps. */
  readonly apps?: AppsDeps | null;
  /** Absent where nobody keeps face terminals. */
  readonly face?: FaceGate | null;
  /** Absent where no reader compares itself. */
  readonly readerTemplateDesk?: ReaderTemplates | null;
  /** Absent where nobody keeps computers. */
  readonly desks?: Desks | null;
  readonly policyLife: PolicyLife;
  readonly explainDecision: ExplainDecision;
  readonly policyData: PolicyDataDesk;
  readonly policyDataFile: FileData;
  readonly dataImpact: DataImpact;
  readonly policy: Pick<PolicyEngine, 'revision' | 'dataRevision'>;
  readonly audit: AuditLog;
  readonly auditReader: AuditReader;
  readonly demo: DemoSite | null;
  readonly random: Random;
  readonly log: Logger;
}

/** By name; those that are not configured are absent. */
export type FaceName = 'oidc' | 'authzen' | 'forwardAuth' | 'radius' | 'scim' | 'upstream';

export interface HttpServer {
  /** For the public listener. */
  readonly handle: RequestListener;
  /** For the control socket only: whoever reaches it is operator `local`. */
  readonly handleControl: RequestListener;
  /** What answers behind `handle`: whoever describes the addresses takes them from here. */
  readonly parts: { readonly app: Express; readonly faces: Readonly<Record<FaceName, LeanFace | null>> };
  /** Ends the event streams, which would keep a closing server open. */
  close(): void;
}

function createRouteDeps(deps: HttpServerDeps): Omit<RouteDeps, 'authenticate'> {
  const ttlS = { console: deps.consoleSessionTtlS, cli: deps.cliTokenTtlS, portal: deps.portal.sessionTtlS };
  const ownCookieName = cookieNameOf(deps.publicUrl, 'me');
  const shared = {
    ...deps,
    cookieName: cookieNameOf(deps.publicUrl, 'console'),
    ownCookieName,
    startedAtMs: deps.clock.nowMs(),
    rateLimits: createRateLimits(deps.addresses, deps.clock),
    consoleSessions: createConsoleSessions({ ...deps, ttlS }),
    decideRead: createDecideRead(deps),
    eventFeed: createEventFeed({ audit: deps.audit, reader: deps.auditReader }),
    interactions: deps.oidc.interactions,
    identity: deps.oidc,
    vpn: deps.vpn?.page ?? null,
    upstream: deps.upstream?.signIn ?? null,
    apps: deps.apps ?? null,
    face: deps.face ?? null,
    readerTemplateDesk: deps.readerTemplateDesk ?? null,
    desks: deps.desks ?? null,
    releaseDoor: createReleaseDoor(deps),
    orderReaderOperation: createOrderReaderOperation(deps),
    peopleReport: createPeopleReport(deps),
    doorsReport: createDoorsReport(deps),
    directoryReport: createDirectoryReport(deps),
  };
  const { authorizeSelf } = deps.portal;
  return { ...shared, ownCallers: createOwnCallers({ ...shared, authorizeSelf, cookieName: ownCookieName }) };
}

function createApp(): Express {
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  app.enable('case sensitive routing');
  app.set('query parser', 'simple');
  return app;
}

/** The gateway's HTTP faces over one set of routes. */
export function createHttpServer(deps: HttpServerDeps): HttpServer {
  const routeDeps = createRouteDeps(deps);

  const app = createApp();
  app.use(createHealthRoutes(deps));
  app.use(createHostCheck(deps.publicUrl));
  app.use(
    createSecurityHeaders({
      publicUrl: deps.publicUrl,
      formOrigins: deps.logoutOrigins,
      agentOrigins: deps.desks ? [deps.desks.agentOrigin] : [],
    }),
  );
  // What the provider has no route for.
  app.use(OIDC_PATH, unknownPage);
  app.use(PAGE_ASSETS_PATH, express.static(fileURLToPath(new URL('../oidc/pages/files', import.meta.url)), { index: false, maxAge: '1h' }));
  app.use('/api', createOriginCheck(deps.publicUrl), createApi({ ...routeDeps, authenticate: createSessionAuthenticate(routeDeps) }));
  app.use(createDocsRoutes(deps.publicUrl));
  app.use(createStaticFiles(deps.uiDir));
  app.use(unknownPage);
  app.use(createErrorHandler(deps.log));

  const control = createApp();
  control.use(createHealthRoutes(deps));
  control.use('/api', createApi({ ...routeDeps, authenticate: createHostAuthenticate(deps.clock) }));
  control.use(unknownRoute);
  control.use(createErrorHandler(deps.log));

  const faces: Readonly<Record<FaceName, LeanFace | null>> = {
    oidc: createOidcFace({ ...deps, handle: deps.oidc.handle, rateLimits: routeDeps.rateLimits, otherwise: app }),
    authzen: deps.authzen ?? null,
    forwardAuth: deps.forwardAuth ?? null,
    radius: deps.vpn?.radius ?? null,
    scim: deps.scim ?? null,
    upstream: deps.upstream?.face ?? null,
  };
  const lean = Object.values(faces).filter((face) => face !== null);
  const handle: RequestListener = (request, response) => {
    const face = lean.find((one) => one.handles(request.url ?? '/'));
    (face?.handle ?? app)(request, response);
  };
  return { handle, handleControl: control, parts: { app, faces }, close: () => routeDeps.eventFeed.close() };
}
