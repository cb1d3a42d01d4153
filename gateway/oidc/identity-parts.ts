import type { IncomingMessage } from 'node:http';
import Provider from 'oidc-provider';
import type { RelyOn } from '../app/access/relied-answers.ts';
import type { AuthorizeApp } from '../app/access/types.ts';
import type { SignInWatch } from '../app/apps/sign-in-watch.ts';
import type { FindDeskFacts } from '../app/desk/desk-facts.ts';
import type { Decision } from '../domain/access/decision.ts';
import type { Person } from '../domain/people/person.ts';
import type { AppId, PersonId } from '../domain/site/ids.ts';
import type { SiteMap } from '../domain/site/site-map.ts';
import type { App } from '../domain/site/site.ts';
import type { ClientConfig } from '../platform/config/config.ts';
import type { Logger } from '../platform/logger.ts';
import type { AuditLog } from '../ports/audit-log.ts';
import type { CredentialStore } from '../ports/credential-store.ts';
import type { Clock } from '../ports/clock.ts';
import type { OidcStore } from '../ports/oidc-store.ts';
import type { PeopleStore } from '../ports/people-store.ts';
import type { PresenceStore } from '../ports/presence-store.ts';
import type { Random } from '../ports/random.ts';
import type { SecretStore } from '../ports/secret-store.ts';
import type { BindUpstreamSession } from '../app/upstream/sessions.ts';
import { createAccessPrompt } from './decisions/access-check.ts';
import type { BeforePasskey } from './sign-in/passkey-result.ts';
import { createFindAccount, isClosed as isClosedStanding } from './claims/accounts.ts';
import { createAcrCheck } from './decisions/acr-check.ts';
import { createAppSessions } from './sessions/app-sessions.ts';
import { createCibaFeature } from './sign-in/back-channel-sign-in.ts';
import { createClientCertificates } from './clients/client-certificate.ts';
import { createClientDirectory, type AddedClients } from './clients/client-directory.ts';
import { createEndedSessions } from './sessions/ended-sessions.ts';
import { createExchanges } from './storage/exchanges.ts';
import { createFapiProfile } from './clients/fapi.ts';
import { createMachineCheck } from './decisions/machine-check.ts';
import { createOutgoingCalls, type OutgoingAddress } from './outgoing-fetch.ts';
import type { ProviderParts } from './provider-parts.ts';
import { createRefreshCheck } from './decisions/refresh-check.ts';
import { createRequestLimits } from './limits/request-limits.ts';
import { createRegisteredClients } from './clients/registered-clients.ts';
import { createRegistration } from './clients/registration.ts';
import { createSeenSessions } from './sessions/seen-sessions.ts';
import { createShownGrants } from './sessions/shown-grants.ts';
import { createStorageAdapter } from './storage/storage-adapter.ts';
import { FRESH_BADGE_S, type ClientIp, type ProviderSettings } from './types.ts';

export interface IdentityProviderDeps {
  readonly settings: ProviderSettings;
  /** Of the configuration file. */
  readonly clients: readonly ClientConfig[];
  /** Absent = none are. */
  readonly addedClients?: AddedClients;
  /** Absent = nobody connects apps. */
  readonly watch?: SignInWatch;
  readonly authorizeApp: AuthorizeApp;
  readonly relyOn: RelyOn<Decision>;
  readonly clientIp: ClientIp;
  readonly sites: Pick<SiteMap, 'app' | 'appOfClient'>;
  /** True for a proxy that is trusted by configuration: it may say which certificate its client showed. Absent = nobody. */
  readonly isTrustedPeer?: (request: IncomingMessage) => boolean;
  readonly people: PeopleStore;
  readonly credentials: Pick<CredentialStore, 'passkeysOf'>;
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

const NO_ADDED_CLIENTS: AddedClients = { ofClient: () => undefined, all: () => [] };

function isClosedPerson(person: Person | null): boolean {
  return person === null || isClosedStanding(person);
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

/** What providers are made of, whatever their keys. */
export function createIdentityParts(deps: IdentityProviderDeps) {
  const { audit, clientIp, clock, oidcStore: store, settings } = deps;
  const clients = deps.clients.filter(({ options }) => options?.isEnabled !== false);
  const directory = createClientDirectory(clients, deps.addedClients ?? NO_ADDED_CLIENTS);
  const findClient = (clientId: string): ClientConfig | undefined => directory.find(clientId);
  const added = () => directory.outgoingAddresses();
  const outgoing = createOutgoingCalls({ addresses: outgoingAddresses(clients), added, log: deps.log, clientInQuestion });
  const registered = createRegisteredClients(outgoing);
  const appIdOf = (clientId: string): AppId | null => directory.appIdOf(clientId) ?? registered.appIdOf(clientId);
  const isClosedId = async (id: string): Promise<boolean> => isClosedPerson(await deps.people.find(id as PersonId));
  const limits = createRequestLimits({ clock, clientIp });
  const authorizeApp: AuthorizeApp = async (request) => {
    limits.countPerson(request.personId);
    const appId = registered.appIdOf(request.clientId);
    return deps.authorizeApp(appId === null ? request : { ...request, appId });
  };
  // No scope is configured for a client. An app that asks for an area has a reason to know where its users are; any other has none.
  const maySeePresence = (clientId: string): boolean => (deps.sites.appOfClient(clientId)?.requiresAreaId ?? null) !== null;

  const endedSessions = createEndedSessions();
  const appSessions = createAppSessions({ store, audit, clock, appIdOf, endedSessions });
  const { freshBadgeS = FRESH_BADGE_S, apis = [] } = settings;
  const acrCheck = createAcrCheck({ presence: deps.presence, deskFacts: deps.deskFacts, clock, freshBadgeS, apis });
  const seenSessions = createSeenSessions();
  const shownGrants = createShownGrants();
  const exchanges = createExchanges({ store, clock, isClosed: isClosedId, endedSessions, shownGrants, appSessions });
  const refreshCheck = createRefreshCheck({ authorizeApp, appSessions, clientIp, appIdOf, acrCheck, seenSessions, exchanges });
  const stored = createStorageAdapter({ store, clock, isClosed: isClosedId, endedSessions, exchanges, seenSessions, shownGrants });
  const findApp = (id: AppId): App | undefined => deps.sites.app(id);
  const registration = createRegistration({ store, audit, clock, random: deps.random, registered, findApp });
  const parts: ProviderParts = {
    settings,
    clients,
    findClient,
    secretsOf: (clientId) => directory.secretsOf(clientId, clock.nowMs()),
    adapter: limits.wrap(directory.wrap(registered.wrap(stored))),
    findAccount: createFindAccount({ ...deps, seenSessions, refreshDecisionOf: (ctx) => refreshCheck.decisionOf(ctx) }),
    accessPrompt: createAccessPrompt({
      authorizeApp,
      appSessions,
      clientIp,
      clock,
      maySeePresence,
      bindUpstreamSession: deps.upstream?.bindSession,
    }),
    acrCheck,
    exchanges,
    refreshCheck,
    seenSessions,
    machines: limits.wrapMachines(createMachineCheck({ ...deps, findClient })),
    authorizeApp,
    relyOn: deps.relyOn,
    certificates: createClientCertificates(deps.isTrustedPeer ?? (() => false)),
    fapi: createFapiProfile(clients),
    ciba: createCibaFeature({ people: deps.people, store, clock }),
    registration: registration.feature,
    outgoing,
    clock,
  };
  return { parts, limits, appSessions, endedSessions, shownGrants, appIdOf, directory, registered, registration, isClosed: isClosedId };
}
