import { createSystemRandom } from '#adapters/crypto/system-random.ts';
import { createMemoryAuditLog } from '#adapters/memory/audit-log.ts';
import { createMemoryStores } from '#adapters/memory/create-memory-stores.ts';
import { createAddedApps } from '#gateway/app/apps/added-apps.ts';
import { createSignInWatch } from '#gateway/app/apps/sign-in-watch.ts';
import { createPolicyDataDesk } from '#gateway/app/policy-data/policy-data-desk.ts';
import { composeApps } from '#gateway/compose-apps.ts';
import { createSystemClock } from '#adapters/time/system-clock.ts';
import { composeImport } from '#gateway/compose-import.ts';
import { composeDirectory } from '#gateway/compose-directory.ts';
import { composeUpstream, composeUpstreamState } from '#gateway/compose-upstream.ts';
import { composeForwardAuth, websiteClients } from '#gateway/compose-forward-auth.ts';
import { createReliedAnswers } from '#gateway/app/access/relied-answers.ts';
import { createRefuse } from '#gateway/app/access/refuse.ts';
import { createFindDeskFacts } from '#gateway/app/desk/desk-facts.ts';
import { composeDesks } from '#gateway/compose-desks.ts';
import type { ExplainDecision } from '#gateway/app/policy/explain/explain-decision.ts';
import type { PolicyLifeDeps } from '#gateway/app/policy/life/life-deps.ts';
import type { PolicyLife } from '#gateway/app/policy/life/types.ts';
import { CarriedFaces } from '#gateway/app/face/carried-faces.ts';
import { FaceGate } from '#gateway/app/face/face-gate.ts';
import { createLeaseKey } from '#gateway/app/face/lease-key.ts';
import { ReaderTemplates } from '#gateway/app/face/reader-templates.ts';
import { createDoorStates } from '#gateway/app/doors/door-states.ts';
import { createLiftRestriction } from '#gateway/app/revocation/restrict.ts';
import { createReinstatePerson } from '#gateway/app/revocation/reinstate.ts';
import { createSuspendPerson } from '#gateway/app/revocation/suspend.ts';
import { createLiveSiteMap } from '#gateway/domain/site/live-site-map.ts';
import type { SiteMap } from '#gateway/domain/site/site-map.ts';
import type { AppId } from '#gateway/domain/site/ids.ts';
import type { Website } from '#gateway/domain/site/website.ts';
import type { AuthzenFace, AuthzenFaceDeps } from '#gateway/http/authzen/authzen-face.ts';
import { createClientAddresses } from '#gateway/http/middleware/client-ip.ts';
import { createHttpServer } from '#gateway/http/server.ts';
import { createIdentityProvider } from '#gateway/oidc/identity-provider.ts';
import type { ProviderSettings } from '#gateway/oidc/types.ts';
import type { ClientConfig } from '#gateway/platform/config/config.ts';
import type { UpstreamConfig } from '#gateway/platform/config/upstream-config.ts';
import { createLogger } from '#gateway/platform/logger.ts';
import type { DemoSite } from '#gateway/ports/demo-site.ts';
import type { PolicyEngine } from '#gateway/ports/policy-engine.ts';
import type { FaceDeviceStore } from '#gateway/ports/face-device-store.ts';
import type { FacePoint } from '#gateway/ports/face-point.ts';
import type { DoorNode } from '#gateway/ports/door-node.ts';
import { createAuthenticationCeremonies } from '#gateway/webauthn/authentication.ts';
import { createEnrolmentCeremonies } from '#gateway/webauthn/enrolment.ts';
import { judgedBy, type Judges } from './policy/judged-by.ts';
import { closeServer, listenLater } from './listen-later.ts';
import { sampleInstallation } from './sample-installation.ts';
import { createSampleReaderOperations } from './readers/sample-reader-operations.ts';
import { sampleReaderWatch } from './readers/sample-reader-watch.ts';
import { composeOwnSide, judgesBy, type OwnSideOptions } from './oidc/own-side.ts';
import { noFacePoint } from './face/no-face-point.ts';
import { noPolicyPoint } from './policy/no-policy-point.ts';
import { noPolicyLife } from './policy/no-policy-life.ts';

const TEST_POLICY = { revision: 'test-policy', dataRevision: 'test-data' };
const PROVIDER_TTLS = { accessTokenTtlS: 300, refreshTokenTtlS: 3_600, sessionTtlS: 3_600 };

export interface HttpGatewayOptions extends Judges {
  readonly clients: readonly ClientConfig[];
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

/** The reader of the server room compares fingers itself. */
function withScanner(sites: SiteMap): Pick<SiteMap, 'reader'> {
  const biometrics = { type: 2, format: 2, qualityMin: 0, scores: { standard: 150, high: 220 }, liveness: 'none' } as const;
  return {
    reader: (id) => {
      const reader = sites.reader(id);
      return reader?.id === 'servers-door-in' ? { ...reader, biometrics } : reader;
    },
  };
}

/**
 * The HTTP half of the gateway on memory adapters and a real port. Only the policy is a function of the test; it denies the suspended
 * and the departed first, as the subject gate does.
 */
export async function startHttpGateway(options: HttpGatewayOptions) {
  const clock = createSystemClock();
  const random = createSystemRandom();
  const { oidc: oidcStore, presences: presence, ...records } = createMemoryStores();
  const { faceDevices = records.faceDevices } = options;
  const stores = { ...records, faceDevices, oidcStore, presence, audit: createMemoryAuditLog({ clock }) };
  const deskFacts = createFindDeskFacts({ devices: stores.deskDevices, sessions: stores.deskSessions });
  const sites = createLiveSiteMap(sampleInstallation);
  const addedApps = createAddedApps({ store: stores.apps, sites });
  const watch = createSignInWatch(clock);
  const listener = await listenLater();
  const publicUrl = listener.origin;
  const { websites = [] } = options;
  const { authorizeApp, authorizeOperator, decisions } =
    options.engine === undefined
      ? judgedBy({ ...options, people: stores.people, deskFacts, clock, random })
      : { ...judgesBy(options.engine, { ...stores, sites, clock, random }), decisions: [] };

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
    relyOn: createReliedAnswers({ ...stores, policy: TEST_POLICY, clock }),
    clientIp: (request) => addresses.clientIp(request),
    isTrustedPeer: ({ socket }) => socket.remoteAddress !== undefined && addresses.isProxy(socket.remoteAddress),
    clock,
    random,
    log,
  });
  const { liveSessions } = provider;
  const doorNode = createDoorNode(options.faces ?? noFacePoint);
  const faceStores = { devices: stores.faceDevices, templates: stores.faceTemplates };
  const key = createLeaseKey({ ...stores, random });
  const shared = { ...stores, clock, random, authorizeOperator, liveSessions, doorNode, sites };
  const directory = composeDirectory({ ...shared, revoking: shared, endLapsedSessions: async () => 0 });
  const upstream = composeUpstream({ ...shared, ...directory, ...provider, upstreamState, addresses, config: upstreamConfig, log });
  const settings = { publicUrl, enrolmentLinkTtlS: 900 };
  const enrolment = createEnrolmentCeremonies({ ...shared, settings });
  const doorStates = createDoorStates(sites);
  stores.audit.subscribe((entry) => doorStates.apply(entry));
  const desks = composeDesks({
    ...shared,
    refuse: createRefuse({ policy: TEST_POLICY, audit: stores.audit, clock, random }),
    statements: provider.statements,
    tunnels: null,
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
      config: {
        publicUrl,
        listen: { host: '127.0.0.1', port: Number(new URL(publicUrl).port) },
        websites,
        clients: options.clients,
        oidc: options.provider ?? {},
      },
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
      policy: TEST_POLICY,
      addresses,
      log,
    }),
    whoCan: () => Promise.resolve({ kind: 'refused', status: 429, message: 'this gateway has no policy to ask' }),
    doorStates,
    desks,
    face: new FaceGate({ ...shared, ...faceStores, faces: doorNode.faces, carried: new CarriedFaces({ ...shared, ...faceStores, key }) }),
    readerTemplateDesk: new ReaderTemplates({
      ...shared,
      templates: stores.readerTemplates,
      faces: doorNode.faces,
      sites: withScanner(sites),
    }),
    liftRestriction: createLiftRestriction(shared),
    policy: TEST_POLICY,
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
