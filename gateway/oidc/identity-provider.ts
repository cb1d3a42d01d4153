import type { IncomingMessage, ServerResponse } from 'node:http';
import Provider from 'oidc-provider';
import type { AuthorizeApp } from '../app/access/types.ts';
import type { FindDeskFacts } from '../app/desk/desk-facts.ts';
import type { BindUpstreamSession } from '../app/upstream/sessions.ts';
import type { Person } from '../domain/people/person.ts';
import type { AppId, PersonId } from '../domain/site/ids.ts';
import type { SiteMap } from '../domain/site/site-map.ts';
import type { App } from '../domain/site/site.ts';
import type { ClientConfig } from '../platform/config/config.ts';
import type { Logger } from '../platform/logger.ts';
import type { AuditLog } from '../ports/audit-log.ts';
import type { Clock } from '../ports/clock.ts';
import type { LiveSessions } from '../ports/live-sessions.ts';
import type { OidcStore } from '../ports/oidc-store.ts';
import type { PeopleStore } from '../ports/people-store.ts';
import type { PresenceStore } from '../ports/presence-store.ts';
import type { Random } from '../ports/random.ts';
import type { SecretStore } from '../ports/secret-store.ts';
import { createAccessPrompt } from './access-check.ts';
import { createFindAccount, isClosed as isClosedStanding } from './accounts.ts';
import { createAcrCheck } from './acr-check.ts';
import { createAppSessions } from './app-sessions.ts';
import { createBackChannelSignIns, createCibaFeature, type BackChannelSignIns } from './back-channel-sign-in.ts';
import { createClientCertificates } from './client-certificate.ts';
import { createCurrentProvider, type CurrentProvider } from './current-provider.ts';
import { createFapiProfile } from './fapi.ts';
import { createSignInInteractions, type BeforePasskey, type SignInInteractions } from './interactions.ts';
import { createLiveSessions } from './live-sessions.ts';
import { recordProviderEnds } from './logout-audit.ts';
import { createMachineCheck } from './machine-check.ts';
import { createOutgoingCalls, type OutgoingAddress } from './outgoing-fetch.ts';
import type { ProviderParts } from './provider-parts.ts';
import { createProvider } from './provider.ts';
import { createRefreshCheck } from './refresh-check.ts';
import { createRegisteredClients } from './registered-clients.ts';
import { createRegistration, type Registration } from './registration.ts';
import { createRequestLimits } from './request-limits.ts';
import { createKeyRing, type ProviderKeys } from './signing-keys.ts';
import { createSiteSignIn, type SiteSignIn } from './site-sign-in.ts';
import { createGatewayStatements, type GatewayStatements } from './statement-signer.ts';
import { createStorageAdapter } from './storage-adapter.ts';
import { FRESH_BADGE_S, ID_TOKEN_TTL_S, KEY_PUBLISH_AHEAD_S, OIDC_PATH, type ClientIp, type ProviderSettings } from './types.ts';

export interface IdentityProviderDeps {
  readonly settings: ProviderSettings;
  readonly clients: readonly ClientConfig[];
  readonly authorizeApp: AuthorizeApp;
  readonly clientIp: ClientIp;
  readonly sites: Pick<SiteMap, 'app' | 'appOfClient'>;
  /** True for a proxy that is trusted by configuration: it may say which certificate its client showed. Absent = nobody. */
  readonly isTrustedPeer?: (request: IncomingMessage) => boolean;
  readonly people: PeopleStore;
  readonly presence: PresenceStore;
  /** Absent where nobody keeps computers. */
  readonly deskFacts?: FindDeskFacts;
  readonly oidcStore: OidcStore;
  /** Absent where no identity provider outside is configured. `before`: it comes before the passkey. */
  readonly upstream?: { readonly before: BeforePasskey | null; readonly bindSession: BindUpstreamSession } | null;
  readonly secrets: SecretStore;
  readonly audit: AuditLog;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Logger;
}

export interface IdentityProvider {
  /**
   * Serves everything below OIDC_PATH; the server in front has checked Host and stripped the path. Leaves the response untouched where the
   * provider has no route.
   */
  readonly handle: (request: IncomingMessage, response: ServerResponse) => Promise<void>;
  readonly interactions: SignInInteractions;
  readonly liveSessions: LiveSessions;
  /** For websites behind a proxy. */
  readonly siteSignIn: SiteSignIn;
  readonly backChannel: BackChannelSignIns;
  /** For programs of the gateway's own, which verify them by the provider's keys. */
  readonly statements: GatewayStatements;
  readonly rotateKeys: CurrentProvider['rotateKeys'];
  readonly offerRegistration: Registration['offer'];
}

function isClosedPerson(person: Person | null): boolean {
  return person === null || isClosedStanding(person);
}

/** The provider's own answer would be a bare "Not Found". */
function leaveUnknownRoutes(provider: Provider): void {
  provider.use(async (ctx, next) => {
    await next();
    // The provider's context is absent when none of its routes matched.
    if ((ctx as { readonly oidc?: unknown }).oidc === undefined && ctx.status === 404) ctx.respond = false;
  });
}

/** Addresses of configured clients that the gateway may call. */
function outgoingAddresses(clients: readonly ClientConfig[]): readonly OutgoingAddress[] {
  return clients.flatMap(({ backchannelLogoutUri, clientId, options }) =>
    (
      [
        ['backchannel_logout_uri', backchannelLogoutUri],
        ['jwks_uri', options?.jwksUri],
        ['sector_identifier_uri', options?.sectorIdentifierUri],
        ['ciba_notification_uri', options?.cibaNotificationUri],
      ] as const
    ).flatMap(([field, uri]) => (uri ? [{ clientId, field, uri }] : [])),
  );
}

/** Whom the provider works for when it wants to call out, and which of the client's addresses it is, for the log. */
function clientInQuestion(url: string): { readonly clientId: string; readonly field: string } | null {
  const client = Provider.ctx?.oidc.client;
  if (client === undefined) return null;
  const metadata: Readonly<Record<string, unknown>> = client.metadata();
  const [field = 'unknown'] =
    Object.entries(metadata).find(([, value]) => typeof value === 'string' && URL.parse(value)?.href === url) ?? [];
  return { clientId: client.clientId, field };
}

function createParts(deps: IdentityProviderDeps, clients: readonly ClientConfig[]) {
  const { audit, clientIp, clock, oidcStore: store, settings } = deps;
  const outgoing = createOutgoingCalls({ addresses: outgoingAddresses(clients), log: deps.log, clientInQuestion });
  const registered = createRegisteredClients(outgoing);
  const appIds = new Map(clients.map((client) => [client.clientId, client.appId]));
  const appIdOf = (clientId: string): AppId | null => appIds.get(clientId) ?? registered.appIdOf(clientId);
  const isClosedId = async (id: string): Promise<boolean> => isClosedPerson(await deps.people.find(id as PersonId));
  const limits = createRequestLimits({ clock, clientIp });
  const authorizeApp: AuthorizeApp = async (request) => {
    limits.countPerson(request.personId);
    const appId = registered.appIdOf(request.clientId);
    return deps.authorizeApp(appId === null ? request : { ...request, appId });
  };
  // No scope is configured for a client. An app that asks for an area has a reason to know where its users are; any other has none.
  const maySeePresence = (clientId: string): boolean => (deps.sites.appOfClient(clientId)?.requiresAreaId ?? null) !== null;

  const appSessions = createAppSessions({ store, audit, clock, appIdOf });
  const { freshBadgeS = FRESH_BADGE_S, apis = [] } = settings;
  const acrCheck = createAcrCheck({ presence: deps.presence, deskFacts: deps.deskFacts, clock, freshBadgeS, apis });
  const refreshCheck = createRefreshCheck({ authorizeApp, appSessions, clientIp, appIdOf, acrCheck });
  const findApp = (id: AppId): App | undefined => deps.sites.app(id);
  const registration = createRegistration({ store, audit, clock, random: deps.random, registered, findApp });
  const parts: ProviderParts = {
    settings,
    clients,
    adapter: limits.wrap(registered.wrap(createStorageAdapter({ store, clock, isClosed: isClosedId }))),
    findAccount: createFindAccount({ ...deps, store, refreshDecisionOf: (ctx) => refreshCheck.decisionOf(ctx) }),
    accessPrompt: createAccessPrompt({
      authorizeApp,
      appSessions,
      clientIp,
      clock,
      maySeePresence,
      bindUpstreamSession: deps.upstream?.bindSession,
    }),
    acrCheck,
    refreshCheck,
    machines: limits.wrapMachines(createMachineCheck({ ...deps, clients })),
    authorizeApp,
    certificates: createClientCertificates(deps.isTrustedPeer ?? (() => false)),
    fapi: createFapiProfile(clients),
    ciba: createCibaFeature(deps.people),
    registration: registration.feature,
    outgoing,
    clock,
  };
  return { parts, limits, appSessions, appIdOf, registration, isClosed: isClosedId };
}

/** The OpenID provider with everything that belongs to it. @throws secret.unavailable a signing key exists and cannot be opened. */
export async function createIdentityProvider(deps: IdentityProviderDeps): Promise<IdentityProvider> {
  const { audit, clock, oidcStore: store, settings } = deps;
  const clients = deps.clients.filter(({ options }) => options?.isEnabled !== false);
  const { appIdOf, appSessions, isClosed, limits, parts, registration } = createParts(deps, clients);
  const build = (keys: ProviderKeys): Provider => {
    const provider = createProvider(parts, keys);
    limits.watchSecrets(provider);
    leaveUnknownRoutes(provider);
    recordProviderEnds({ provider, appSessions, appIdOf, audit, clock });
    // The provider answers with a bare server_error; what went wrong is told to the operator alone.
    provider.on('server_error', (ctx, failure) => deps.log.error('oidc.failed', { path: ctx.path }, failure));
    return provider;
  };
  const ring = createKeyRing({
    ...deps,
    publishAheadMs: (settings.keyPublishAheadS ?? KEY_PUBLISH_AHEAD_S) * 1_000,
    // An ID token is shown again as a hint as long as its session lives.
    keepMs: (settings.sessionTtlS + ID_TOKEN_TTL_S) * 1_000,
  });
  const current = await createCurrentProvider({ ring, clock, build });
  const { provider } = current;
  const { authorizeApp, acrCheck, outgoing } = parts;
  const badgeClients = new Set(clients.filter(({ options }) => options?.takesBadge === true).map(({ clientId }) => clientId));
  const takesBadge = (clientId: string): boolean => badgeClients.has(clientId);
  return {
    handle: async (request, response) => {
      await current.renew();
      await provider().callback()(request, response);
    },
    interactions: createSignInInteractions(provider, deps.upstream?.before ?? null),
    siteSignIn: createSiteSignIn({ provider, publicUrl: settings.publicUrl, keys: current.keys, store, appSessions, clock }),
    liveSessions: createLiveSessions({ provider, outgoing, store, appSessions, clock, appIdOf, isClosed }),
    backChannel: createBackChannelSignIns({ provider, store, authorizeApp, acrCheck, audit, clock, appIdOf, takesBadge }),
    statements: createGatewayStatements(`${settings.publicUrl}${OIDC_PATH}`, current.keys),
    rotateKeys: current.rotateKeys,
    offerRegistration: registration.offer,
  };
}
