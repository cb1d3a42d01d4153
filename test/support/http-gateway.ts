import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createSystemRandom } from '#adapters/crypto/system-random.ts';
import { createMemoryAppStore } from '#adapters/memory/app-store.ts';
import { createMemoryPolicyDataStore } from '#adapters/memory/policy-data-store.ts';
import { createAddedApps } from '#gateway/app/apps/added-apps.ts';
import { createSignInWatch } from '#gateway/app/apps/sign-in-watch.ts';
import { createPolicyDataDesk } from '#gateway/app/policy-data/policy-data-desk.ts';
import { composeApps } from '#gateway/compose-apps.ts';
import { createMemoryAuditLog } from '#adapters/memory/audit-log.ts';
import { createMemoryCredentialStore } from '#adapters/memory/credential-store.ts';
import { createMemoryDeskDeviceStore } from '#adapters/memory/desk-device-store.ts';
import { createMemoryDeskSessionStore } from '#adapters/memory/desk-session-store.ts';
import { createMemoryFaceDeviceStore } from '#adapters/memory/face-device-store.ts';
import { createMemoryFaceTemplateStore } from '#adapters/memory/face-template-store.ts';
import { createMemoryRestrictionStore } from '#adapters/memory/restriction-store.ts';
import { createMemoryGrantStore } from '#adapters/memory/grant-store.ts';
import { createMemoryOidcStore } from '#adapters/memory/oidc-store.ts';
import { createMemoryOneTimeStore } from '#adapters/memory/one-time-store.ts';
import { createMemoryPeopleStore } from '#adapters/memory/people-store.ts';
import { createMemoryPresenceStore } from '#adapters/memory/presence-store.ts';
import { createMemorySecretStore } from '#adapters/memory/secret-store.ts';
import { createMemoryDirectoryStore } from '#adapters/memory/directory-store.ts';
import { createMemoryUpstreamStore } from '#adapters/memory/upstream-store.ts';
import { createMemorySessionStore } from '#adapters/memory/session-store.ts';
import { createSystemClock } from '#adapters/time/system-clock.ts';
import type {
  AuthorizeApp,
  AuthorizeAppRequest,
  AuthorizeOperator,
  AuthorizeOperatorRequest,
  NetworkEvidence,
} from '#gateway/app/access/types.ts';
import { composeImport } from '#gateway/compose-import.ts';
import { composeDirectory } from '#gateway/compose-directory.ts';
import { composeUpstream, composeUpstreamState } from '#gateway/compose-upstream.ts';
import { composeForwardAuth, websiteClients } from '#gateway/compose-forward-auth.ts';
import { createRefuse } from '#gateway/app/access/refuse.ts';
import { createFindDeskFacts, type DeskFacts } from '#gateway/app/desk/desk-facts.ts';
import { composeDesks } from '#gateway/compose-desks.ts';
import type { ExplainDecision } from '#gateway/app/policy/explain/explain-decision.ts';
import type { PolicyLifeDeps } from '#gateway/app/policy/life/life-deps.ts';
import type { PolicyLife } from '#gateway/app/policy/life/types.ts';
import { FaceGate } from '#gateway/app/face/face-gate.ts';
import { createDoorStates } from '#gateway/app/doors/door-states.ts';
import { createLiftRestriction } from '#gateway/app/revocation/restrict.ts';
import { createReinstatePerson } from '#gateway/app/revocation/reinstate.ts';
import { createSuspendPerson } from '#gateway/app/revocation/suspend.ts';
import { denyBecause, type Decision } from '#gateway/domain/access/decision.ts';
import type { Obligation } from '#gateway/domain/access/obligation.ts';
import type { ReasonCode } from '#gateway/domain/access/reason-code.ts';
import { createLiveSiteMap } from '#gateway/domain/site/live-site-map.ts';
import type { AppId, DecisionId } from '#gateway/domain/site/ids.ts';
import type { Website } from '#gateway/domain/site/website.ts';
import type { AuthzenFace, AuthzenFaceDeps } from '#gateway/http/authzen/authzen-face.ts';
import { createClientAddresses } from '#gateway/http/middleware/client-ip.ts';
import { createHttpServer } from '#gateway/http/server.ts';
import { createIdentityProvider } from '#gateway/oidc/identity-provider.ts';
import type { ProviderSettings } from '#gateway/oidc/types.ts';
import type { ClientConfig } from '#gateway/platform/config/config.ts';
import type { UpstreamConfig } from '#gateway/platform/config/upstream-config.ts';
import { createLogger } from '#gateway/platform/logger.ts';
import type { Clock } from '#gateway/ports/clock.ts';
import type { DemoSite } from '#gateway/ports/demo-site.ts';
import type { PeopleStore } from '#gateway/ports/people-store.ts';
import type { PolicyEngine } from '#gateway/ports/policy-engine.ts';
import type { FaceDeviceStore } from '#gateway/ports/face-device-store.ts';
import type { FacePoint } from '#gateway/ports/face-point.ts';
import type { DoorNode } from '#gateway/ports/door-node.ts';
import { createAuthenticationCeremonies } from '#gateway/webauthn/authentication.ts';
import { createEnrolmentCeremonies } from '#gateway/webauthn/enrolment.ts';
import { sampleInstallation } from './sample-installation.ts';
import { createSampleReaderOperations } from './sample-reader-operations.ts';
import { sampleReaderWatch } from './sample-reader-watch.ts';
import { composeOwnSide, judgesBy, type OwnSideOptions } from './own-side.ts';
import { noFacePoint } from './no-face-point.ts';
import { noPolicyPoint } from './no-policy-point.ts';
import { noPolicyLife } from './no-policy-life.ts';

/** What the policy of a test answers to one question. */
export type Verdict = 'permit' | ReasonCode | readonly Obligation[];

const PROVIDER_TTLS = { accessTokenTtlS: 300, refreshTokenTtlS: 3_600, sessionTtlS: 3_600 };

export interface HttpGatewayOptions {
  readonly clients: readonly ClientConfig[];
  readonly judgeApp?: (request: AuthorizeAppRequest, desk: DeskFacts) => Verdict;
  readonly judgeOperator?: (request: AuthorizeOperatorRequest) => Verdict;
  readonly demo?: DemoSite;
  readonly authzen?: (deps: Pick<AuthzenFaceDeps, 'publicUrl' | 'log'>) => AuthzenFace;
  readonly uiDir?: string;
  readonly logoutOrigins?: readonly string[];
  readonly trustedProxies?: readonly string[];
  /** Behind proxies that ask about each request. */
  readonly websites?: readonly Website[];
  /** In place of one that no test may ask. */
  readonly policyLife?: (deps: Pick<PolicyLifeDeps, 'authorizeOperator' | 'audit' | 'clock' | 'random'>) => Promise<PolicyLife>;
  /** Where terminals ask for tasks. */
  readonly faces?: FacePoint;
  readonly faceDevices?: FaceDeviceStore;
  readonly deskAgentPort?: number;
  readonly explainDecision?: ExplainDecision;
  /** A real policy, in place of the judges. */
  readonly engine?: PolicyEngine;
  /** People's own side. */
  readonly ownSide?: Pick<OwnSideOptions, 'portal' | 'vpn'>;
  /** Over the provider's settings. */
  readonly provider?: Partial<ProviderSettings>;
  /** Identity providers outside. */
  readonly upstreams?: readonly UpstreamConfig[];
}

/** Listens on a port of the system's choice. Handlers may be set later: the address must be known before they exist. */
export async function listenLater(): Promise<{ readonly server: Server; readonly origin: string; serve(handle: RequestListener): void }> {
  let handler: RequestListener = (_request, response) => response.writeHead(503).end();
  const server = createServer((request, response) => handler(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    server,
    // WebAuthn needs a host name: browsers take localhost for a secure context.
    origin: `http://localhost:${String(port)}`,
    serve: (handle) => {
      handler = handle;
    },
  };
}

export async function closeServer(server: Server): Promise<void> {
  server.closeAllConnections();
  await new Promise<void>((resolve) => server.close(() => resolve()));
}

function createDoorNode(faces: FacePoint): DoorNode & { readonly released: string[] } {
  const released: string[] = [];
  let epoch = 0;
  return {
    released,
    watch: sampleReaderWatch,
    operations: createSampleReaderOperations(),
    release: async (doorId) => {
      released.push(doorId);
      return { ok: true };
    },
    applyEpoch: async (next) => {
      epoch = next;
      return { epoch, doors: sampleInstallation.doors.length };
    },
    policyPoint: noPolicyPoint,
    faces,
    reloadGrants: async () => undefined,
    status: () => ({ state: 'online', epoch }),
    stop: async () => undefined,
  };
}

function createStores(clock: Clock) {
  return {
    people: createMemoryPeopleStore(),
    presence: createMemoryPresenceStore(),
    credentials: createMemoryCredentialStore(),
    deskDevices: createMemoryDeskDeviceStore(),
    deskSessions: createMemoryDeskSessionStore(),
    apps: createMemoryAppStore(),
    grants: createMemoryGrantStore(),
    policyData: createMemoryPolicyDataStore(),
    sessions: createMemorySessionStore(),
    oneTime: createMemoryOneTimeStore(),
    oidcStore: createMemoryOidcStore(),
    secrets: createMemorySecretStore(),
    audit: createMemoryAuditLog({ clock }),
  };
}

const createUpstreamStores = (people: PeopleStore) => ({
  directory: createMemoryDirectoryStore(people),
  upstream: createMemoryUpstreamStore(),
});

/**
 * The HTTP half of the gateway on memory adapters and a real port. Only the policy is a function of the test; it denies the suspended
 * and the departed first, as the subject gate does.
 */
export async function startHttpGateway(options: HttpGatewayOptions) {
  const clock = createSystemClock();
  const random = createSystemRandom();
  const records = createStores(clock);
  const faceStores = {
    faceDevices: options.faceDevices ?? createMemoryFaceDeviceStore(),
    faceTemplates: createMemoryFaceTemplateStore(),
    restrictions: createMemoryRestrictionStore(records.people),
  };
  const stores = { ...records, ...createUpstreamStores(records.people), ...faceStores };
  const deskFacts = createFindDeskFacts({ devices: stores.deskDevices, sessions: stores.deskSessions });
  const sites = createLiveSiteMap(sampleInstallation);
  const addedApps = createAddedApps({ store: stores.apps, sites });
  const watch = createSignInWatch(clock);
  const listener = await listenLater();
  const publicUrl = listener.origin;
  const { websites = [] } = options;
  const decisions: {
    readonly decision: Decision;
    readonly action: string;
    readonly personId: string;
    readonly ip: string | null;
    readonly networkSource: NetworkEvidence['source'];
  }[] = [];

  const decide = async (personId: string, verdict: Verdict): Promise<Decision> => {
    const stamp = { id: random.id('decision') as DecisionId, policyRevision: 'test', epoch: await stores.people.epoch() };
    const person = personId === 'local' ? null : await stores.people.find(personId as never);
    if (person?.standing === 'suspended') return denyBecause(stamp, 'subject.suspended');
    if (verdict !== 'permit' && typeof verdict === 'string') return denyBecause(stamp, verdict);
    const obligations = verdict === 'permit' ? [] : verdict;
    return { ...stamp, effect: 'permit', permits: ['app.granted'], obligations, ttlS: 300 };
  };
  const real = options.engine === undefined ? null : judgesBy(options.engine, { ...stores, sites, clock, random });
  const authorizeApp: AuthorizeApp = async (request) => {
    if (real !== null) return real.authorizeApp(request);
    const decision = await decide(
      request.personId,
      options.judgeApp?.(request, await deskFacts(request.sessionUid ?? null, request.personId, clock.nowMs())) ?? 'permit',
    );
    decisions.push({
      decision,
      action: request.action,
      personId: request.personId,
      ip: request.network.source === 'none' ? null : request.network.ip,
      networkSource: request.network.source,
    });
    return decision;
  };
  const authorizeOperator: AuthorizeOperator = async (request) => {
    if (real !== null) return real.authorizeOperator(request);
    const decision = await decide(request.operator.id, options.judgeOperator?.(request) ?? 'permit');
    decisions.push({ decision, action: request.action, personId: request.operator.id, ip: request.operator.ip, networkSource: 'request' });
    return decision;
  };

  const logLines: string[] = [];
  const log = createLogger({ level: 'warn', write: (line) => logLines.push(line) });
  const addresses = createClientAddresses(options.trustedProxies ?? []);
  const { upstreams = [] } = options;
  const upstreamConfig = { upstreams, oidc: PROVIDER_TTLS, publicUrl };
  const upstreamState = composeUpstreamState({ ...stores, config: upstreamConfig, clock, random });
  const provider = await createIdentityProvider({
    ...stores,
    upstream: upstreamState,
    deskFacts,
    sites,
    settings: { publicUrl, ...PROVIDER_TTLS, ...options.provider },
    clients: [...options.clients, ...websiteClients(websites, random)],
    addedClients: addedApps,
    watch,
    authorizeApp,
    clientIp: (request) => addresses.clientIp(request),
    isTrustedPeer: ({ socket }) => socket.remoteAddress !== undefined && addresses.isProxy(socket.remoteAddress),
    clock,
    random,
    log,
  });
  const { liveSessions } = provider;
  const doorNode = createDoorNode(options.faces ?? noFacePoint);
  const shared = { ...stores, clock, random, authorizeOperator, liveSessions, doorNode, sites };
  const directory = composeDirectory({ ...shared, revoking: shared, endLapsedSessions: async () => 0 });
  const upstream = composeUpstream({ ...shared, ...directory, ...provider, upstreamState, addresses, config: upstreamConfig, log });
  const settings = { publicUrl, enrolmentLinkTtlS: 900 };
  const enrolment = createEnrolmentCeremonies({ ...shared, settings });
  const doorStates = createDoorStates(sites);
  stores.audit.subscribe((entry) => doorStates.apply(entry));
  const desks = composeDesks({
    ...shared,
    refuse: createRefuse({ policy: { revision: 'test', dataRevision: 'test' }, audit: stores.audit, clock, random }),
    statements: provider.statements,
    settings: { ...PROVIDER_TTLS, deskAgentPort: options.deskAgentPort ?? 7_421 },
  });
  const http = createHttpServer({
    ...shared,
    publicUrl,
    uiDir: options.uiDir ?? '/nonexistent',
    consoleSessionTtlS: 28_800,
    cliTokenTtlS: 28_800,
    logoutOrigins: options.logoutOrigins ?? [],
    addresses,
    oidc: provider,
    suspendPerson: createSuspendPerson(shared),
    reinstatePerson: createReinstatePerson({ ...shared, requestTtlMs: 600_000 }),
    authentication: createAuthenticationCeremonies({ ...shared, settings }),
    enrolment,
    portal: composeOwnSide(
      { ...shared, ...desks, enrolment },
      { publicUrl, clients: options.clients, websites, ...options.ownSide },
      options.engine ?? null,
    ),
    upstream,
    importTable: composeImport({ ...shared, directory, config: { installation: sampleInstallation, schedules: {} } }),
    authzen: options.authzen?.({ publicUrl, log }) ?? null,
    apps: composeApps({
      ...shared,
      config: { publicUrl, websites, clients: options.clients, oidc: options.provider ?? {} },
      records: stores,
      addedApps,
      watch,
      policyData: createPolicyDataDesk({
        ...shared,
        store: stores.policyData,
        file: { schedules: {}, holidays: new Map() },
        apply: async () => undefined,
      }),
      idp: provider,
      reload: () => addedApps.reload(),
    }),
    forwardAuth: await composeForwardAuth({
      ...shared,
      config: { websites, oidc: PROVIDER_TTLS },
      addedApps,
      watch,
      siteSignIn: provider.siteSignIn,
      authorizeApp,
      policy: { revision: 'test-policy', dataRevision: 'test-data' },
      addresses,
      log,
    }),
    whoCan: () => Promise.resolve({ kind: 'refused', status: 429, message: 'this gateway has no policy to ask' }),
    doorStates,
    desks,
    face: new FaceGate({ ...shared, devices: stores.faceDevices, templates: stores.faceTemplates, faces: doorNode.faces }),
    liftRestriction: createLiftRestriction(shared),
    policy: { revision: 'test-policy', dataRevision: 'test-data' },
    ...noPolicyLife,
    ...(options.explainDecision === undefined ? {} : { explainDecision: options.explainDecision }),
    ...(options.policyLife === undefined
      ? {}
      : { policyLife: await options.policyLife({ authorizeOperator, audit: stores.audit, clock, random }) }),
    auditReader: stores.audit,
    demo: options.demo ?? null,
    log,
  });
  listener.serve(http.handle);

  return {
    publicUrl,
    http,
    clock,
    ...stores,
    enrolment,
    liveSessions,
    provider,
    doorNode,
    decisions,
    logLines,
    records: async () => (await stores.audit.read({ from: { afterSeq: 0 }, limit: 1_000 })).map(({ record }) => record),
    close: async () => {
      http.close();
      await closeServer(listener.server);
    },
  };
}
export type HttpGateway = Awaited<ReturnType<typeof startHttpGateway>>;

/** A confidential client of the sample app `wiki`, unless told otherwise. */
export function someClient(change: Partial<ClientConfig> & { readonly origin: string }): ClientConfig {
  const { origin, ...rest } = change;
  return {
    appId: 'wiki' as AppId,
    clientId: 'wiki-client',
    name: 'Wiki',
    clientSecretSha256: null,
    redirectUris: [`${origin}/callback`],
    postLogoutRedirectUris: [`${origin}/`],
    backchannelLogoutUri: null,
    ...rest,
  };
}
