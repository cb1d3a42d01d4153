import { fileURLToPath } from 'node:url';
import { openCountryDatabase } from '#adapters/geo/country-database.ts';
import { openAuditLog, type OpenedAuditLog } from '#adapters/sqlite/audit/open-audit-log.ts';
import { createSystemClock } from '#adapters/time/system-clock.ts';
import { checkLogHead, keepLogHead } from './app/audit/log-head.ts';
import { createAuthorizeApp } from './app/access/authorize-app.ts';
import { createAuthorizeOperator } from './app/access/authorize-operator.ts';
import { createNetworkPosture, type NetworkPosture, type ZoneOverride } from './app/access/network-posture.ts';
import type { AuthorizeApp, AuthorizeOperator } from './app/access/types.ts';
import { createSignInWatch, type SignInWatch } from './app/apps/sign-in-watch.ts';
import { createFindDeskFacts } from './app/desk/desk-facts.ts';
import type { Desks } from './app/desk/desks.ts';
import { createDoorStates } from './app/doors/door-states.ts';
import { createEndLapsedSessions } from './app/presence/end-lapsed-sessions.ts';
import { createLogFollower } from './app/presence/follow-log.ts';
import { recordPendingChanges } from './app/people/record-pending-changes.ts';
import { catchUpPresence } from './app/presence/project-presence.ts';
import { createReinstatePerson } from './app/revocation/reinstate.ts';
import { resumeRevocations } from './app/revocation/resume.ts';
import { createSuspendPerson } from './app/revocation/suspend.ts';
import { composeApps } from './compose-apps.ts';
import { composeAuthzen, type Authzen } from './compose-authzen.ts';
import { startChores } from './compose-chores.ts';
import { composeDecisions } from './compose-decisions.ts';
import { composeDesks } from './compose-desks.ts';
import { composeFaces } from './compose-faces.ts';
import { composePolicyData } from './compose-policy-data.ts';
import { composePolicyLife, composeShippedPolicy } from './compose-policy-life.ts';
import { composeForwardAuth, websiteClients } from './compose-forward-auth.ts';
import { composeImport } from './compose-import.ts';
import { composeDirectory } from './compose-directory.ts';
import { composePortal } from './compose-portal.ts';
import { composeScim } from './compose-scim.ts';
import { composeUpstream, composeUpstreamState, type Upstream, type UpstreamState } from './compose-upstream.ts';
import { composeVpn, type Vpn } from './compose-vpn.ts';
import { startDoorThread } from './compose-door-thread.ts';
import { dataFiles, openServingRecords, type Records } from './compose-records.ts';
import type { ImportDesk } from './app/people/import-desk.ts';
import type { ScimFace } from './scim/scim-face.ts';
import type { ForwardAuthFace } from './forward-auth/forward-auth-face.ts';
import { createClientAddresses, type ClientAddresses } from './http/middleware/client-ip.ts';
import type { AppsDeps } from './http/routes/apps-deps.ts';
import { createHttpServer, type HttpServer } from './http/server.ts';
import { BadgeAnswers } from './oidc/badge-answers.ts';
import { createIdentityProvider, type IdentityProvider } from './oidc/identity-provider.ts';
import type { SignInInteractions } from './oidc/interactions.ts';
import type { Config } from './platform/config/config.ts';
import type { Logger } from './platform/logger.ts';
import type { DemoSite } from './ports/demo-site.ts';
import { createAuthenticationCeremonies } from './webauthn/authentication.ts';
import { createEnrolmentCeremonies, type EnrolmentCeremonies } from './webauthn/enrolment.ts';

export interface ComposeOptions {
  readonly config: Config;
  readonly log: Logger;
  /** Set when the gateway runs the demo site. */
  readonly demo: { readonly site: (log: OpenedAuditLog) => DemoSite; readonly zone: ZoneOverride } | null;
  /** The gateway can no longer do its work in this process: whoever supervises it should start another. */
  readonly onFatal: () => void;
}

export interface Gateway {
  readonly http: HttpServer;
  readonly records: Records;
  readonly enrolment: EnrolmentCeremonies;
  readonly interactions: SignInInteractions;
  /**
   * Closes what an earlier run left open, and tells the apps. Called once, when the gateway listens: an app that is sent a logout token
   * asks for the signing keys before it believes it. Until then whoever is suspended is denied everything all the same.
   * @throws store.unavailable
   */
  catchUp(): Promise<void>;
  close(): Promise<void>;
}

const UI_DIR = fileURLToPath(new URL('../admin-ui/dist', import.meta.url));
/** Builds the gateway. The order is the order of trust: records, log, policy, decisions, doors, then the faces. */
export async function composeGateway(options: ComposeOptions): Promise<Gateway> {
  const { config, log } = options;
  // From then on nobody signs in, tokens are refused and /readyz fails. The process stays all the same: doors go on.
  const records = await openServingRecords(config.dataDir, { onFailure: (failure) => log.error('store.unavailable', {}, failure) });
  const audit = await openLog(options, records);
  await recordPendingChanges({ pendingRecords: records.pendingRecords, audit });
  const moved = await catchUpPresence({ presence: records.presences, log: audit });
  // Read before the grants themselves: a change in between is then loaded twice rather than missed.
  const grantsVersion = await records.grants.version();
  await composeShippedPolicy(records, audit);
  const asking = await composeAsking(options, records, audit);
  const vpn = await composeVpn({ ...asking, ...records, config, audit, log });
  const doors = await composeDoors(options, { ...asking, records, audit, vpn });
  const policies = await composePolicyLife({ ...asking, config, records, audit, doorNode: doors.doorNode });
  const reload = (): Promise<void> => Promise.all([asking.reloadPolicyData(), doors.doorNode.reloadGrants()]).then(() => undefined);
  const data = await composePolicyData({ ...asking, ...policies, records, audit, reload });
  const apps = composeApps({ ...asking, ...data, config, records, audit, reload });
  const enrolment = createEnrolmentCeremonies(ceremonyDeps(asking, { config, records, audit }));
  const authzen = await composeAuthzen({ ...asking, ...asking.idp, ...policies, ...records, config, audit, log });
  const forwardAuth = await composeForwardAuth({ ...asking, ...records, siteSignIn: asking.idp.siteSignIn, config, log });
  const directory = composeDirectory({ ...asking, ...doors, directory: records.directory });
  const scim = composeScim({ ...asking, directory, config, log });
  const importTable = composeImport({ ...asking, ...records, directory, config });
  const upstream = composeUpstream({ ...asking, ...asking.idp, ...records, ...directory, config, log });
  const faces = { apps, forwardAuth, scim, upstream, importTable, vpn, enrolment };
  const { liveSessions, statements } = asking.idp;
  const desks = composeDesks({ ...asking, ...records, audit, liveSessions, statements, settings: config.oidc });
  const http = composeHttp(options, { ...asking, ...doors, ...policies, ...data, ...authzen, ...faces, desks, records, audit });
  const { clock } = asking;
  const absorbImport = (): Promise<boolean> => data.policyData.absorbImport();
  const stopChores = startChores({ records, audit, clock, log, grantsVersion, policy: asking.policy, reload, absorbImport });
  await audit.append({ type: 'system', occurredAtMs: clock.nowMs(), event: 'started', detail: `policy ${asking.policy.revision}` });
  return {
    http,
    records,
    enrolment,
    interactions: asking.idp.interactions,
    catchUp: async () => {
      await resumeRevocations(doors.revoking);
      // Somebody may have left an area just before the gateway ended.
      for (const personId of moved) await doors.endLapsedSessions(personId, 'presence:caught_up');
      await desks.revokeDesk.resume();
    },
    close: async () => {
      http.close();
      await doors.doorNode.stop();
      doors.unfollow();
      await vpn?.close();
      // Closing either way: a log that fails here has said so already.
      await audit.append({ type: 'system', occurredAtMs: clock.nowMs(), event: 'stopping', detail: '' }).catch(() => undefined);
      await stopChores();
      await audit.close();
      await records.close();
    },
  };
}

/** Opens the log. One that ended before its kept head was deleted or replaced: an alarm, and where people are is not known any more. */
async function openLog({ config, log }: ComposeOptions, records: Records): Promise<OpenedAuditLog> {
  const audit = await openAuditLog({
    file: dataFiles(config.dataDir).audit,
    // Every ingress is denied from then on and /readyz fails. The process stays all the same: it releases doors for those who leave.
    onFailure: (failure) => log.error('audit.unavailable', {}, failure),
  });
  if ((await checkLogHead({ log: audit, secrets: records.secrets })) === 'whole') return audit;
  log.error('audit.rolled_back');
  await records.presences.clear();
  const occurredAtMs = createSystemClock().nowMs();
  await audit.append({ type: 'alarm', occurredAtMs, code: 'audit.rolled_back', sourceType: 'audit', sourceId: 'log', active: true });
  await keepLogHead({ log: audit, secrets: records.secrets });
  return audit;
}

type Deciding = Awaited<ReturnType<typeof composeDecisions>>;

interface Asking extends Deciding {
  readonly network: NetworkPosture;
  readonly authorizeApp: AuthorizeApp;
  readonly authorizeOperator: AuthorizeOperator;
  readonly addresses: ClientAddresses;
  readonly watch: SignInWatch;
  readonly upstreamState: UpstreamState | null;
  readonly idp: IdentityProvider;
}

interface Stores {
  readonly records: Records;
  readonly audit: OpenedAuditLog;
}

/** Everything that asks the policy from the main thread, the identity provider included. */
async function composeAsking({ config, demo, log }: ComposeOptions, records: Records, audit: OpenedAuditLog): Promise<Asking> {
  const countryOf = config.countryDatabase === null ? undefined : await openCountryDatabase(config.countryDatabase);
  const deciding = {
    ...(await composeDecisions(config, records, audit)),
    network: createNetworkPosture(config.networks, demo?.zone, countryOf),
    deskFacts: createFindDeskFacts({ devices: records.deskDevices, sessions: records.deskSessions }),
  };
  const authorizeApp = createAuthorizeApp(deciding);
  const addresses = createClientAddresses(config.trustedProxies);
  const watch = createSignInWatch(deciding.clock);
  const upstreamState = composeUpstreamState({ ...deciding, ...records, config });
  const idp = await createIdentityProvider({
    ...deciding,
    upstream: upstreamState,
    settings: { publicUrl: config.publicUrl, ...config.oidc },
    clients: [...config.clients, ...websiteClients(config.websites, deciding.random)],
    addedClients: deciding.addedApps,
    watch,
    authorizeApp,
    clientIp: (request) => addresses.clientIp(request),
    isTrustedPeer: ({ socket }) => socket.remoteAddress !== undefined && addresses.isProxy(socket.remoteAddress),
    oidcStore: records.oidc,
    secrets: records.secrets,
    audit,
    log,
  });
  return { ...deciding, authorizeApp, authorizeOperator: createAuthorizeOperator(deciding), addresses, watch, upstreamState, idp };
}

/** The door thread, the projections of the log, and what a revocation closes. */
async function composeDoors({ config, log, onFatal }: ComposeOptions, deps: Asking & Stores & { readonly vpn: Vpn | null }) {
  const { audit, clock, idp, people, records, sites } = deps;
  const doorStates = createDoorStates(sites);
  const endLapsedSessions = createEndLapsedSessions({ sites, liveSessions: idp.liveSessions, authorizeApp: deps.authorizeApp });
  const unfollowLog = createLogFollower({
    audit,
    doorStates,
    presence: records.presences,
    endLapsedSessions,
    onFailure: (event, failure) => log.error(event, {}, failure),
  });
  const badgeReaders = config.installation.readers.filter(({ answersSignIns }) => answersSignIns === true).map(({ id }) => id);
  const badgeAnswers = new BadgeAnswers({ audit, backChannel: idp.backChannel, readers: new Set(badgeReaders), log });
  const unfollowBadges = badgeAnswers.follow();
  const doorNode = await startDoorThread({ config, audit, doorStates, clock, log, onGivenUp: onFatal });
  const { stopFaces, ...faces } = await composeFaces({ ...deps, doorNode, endLapsedSessions, log });
  const unfollow = (): void => {
    unfollowBadges();
    unfollowLog();
    stopFaces();
  };
  const { liveSessions } = idp;
  const revoking = {
    people,
    clock,
    sessions: records.sessions,
    oneTime: records.oneTime,
    liveSessions,
    doorNode,
    audit,
    vpn: deps.vpn?.sessions ?? null,
  };
  const { authorizeOperator } = deps;
  return { ...faces, doorStates, doorNode, unfollow, endLapsedSessions, revoking: { ...revoking, authorizeOperator } };
}

type Doors = Awaited<ReturnType<typeof composeDoors>>;

function ceremonyDeps({ people, clock, random }: Deciding, { config, records, audit }: Stores & { readonly config: Config }) {
  const settings = { publicUrl: config.publicUrl, enrolmentLinkTtlS: config.console.enrolmentLinkTtlS };
  return { settings, people, clock, random, audit, credentials: records.credentials, oneTime: records.oneTime };
}

function composeHttp(
  { config, demo, log }: ComposeOptions,
  deps: Asking &
    Doors &
    Stores &
    Awaited<ReturnType<typeof composePolicyLife>> &
    Awaited<ReturnType<typeof composePolicyData>> &
    Authzen & {
      readonly apps: AppsDeps;
      readonly enrolment: EnrolmentCeremonies;
      readonly forwardAuth: ForwardAuthFace | null;
      readonly scim: ScimFace | null;
      readonly upstream: Upstream | null;
      readonly importTable: ImportDesk;
      readonly vpn: Vpn | null;
      readonly desks: Desks;
    },
): HttpServer {
  const { audit, idp, records, revoking } = deps;
  return createHttpServer({
    ...deps,
    publicUrl: config.publicUrl,
    uiDir: UI_DIR,
    consoleSessionTtlS: config.console.sessionTtlS,
    cliTokenTtlS: config.console.cliTokenTtlS,
    logoutOrigins: config.clients.flatMap(({ postLogoutRedirectUris }) => postLogoutRedirectUris.map((uri) => new URL(uri).origin)),
    oidc: idp,
    suspendPerson: createSuspendPerson(revoking),
    reinstatePerson: createReinstatePerson({ ...revoking, requestTtlMs: config.console.reinstatementTtlS * 1_000 }),
    authentication: createAuthenticationCeremonies(ceremonyDeps(deps, { config, records, audit })),
    portal: composePortal({ ...deps, ...records, ...deps.desks, config, liveSessions: idp.liveSessions, auditReader: audit }),
    auditReader: audit,
    demo: demo?.site(audit) ?? null,
    log,
    credentials: records.credentials,
    grants: records.grants,
    sessions: records.sessions,
    vpnSessions: records.vpnSessions,
    liveSessions: idp.liveSessions,
    oneTime: records.oneTime,
  });
}
