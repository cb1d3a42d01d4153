import type { IncomingMessage, ServerResponse } from 'node:http';
import type Provider from 'oidc-provider';
import type { AuthorizeApp } from '../app/access/types.ts';
import type { Person } from '../domain/people/person.ts';
import type { AppId, PersonId } from '../domain/site/ids.ts';
import type { SiteMap } from '../domain/site/site-map.ts';
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
import { createFindAccount, isClosed } from './accounts.ts';
import { createAppSessions } from './app-sessions.ts';
import { createSignInInteractions, type SignInInteractions } from './interactions.ts';
import { createLiveSessions } from './live-sessions.ts';
import { recordProviderEnds } from './logout-audit.ts';
import { createProvider } from './provider.ts';
import { createRefreshCheck } from './refresh-check.ts';
import { loadProviderKeys } from './signing-keys.ts';
import { createSiteSignIn, type SiteSignIn } from './site-sign-in.ts';
import { createStorageAdapter } from './storage-adapter.ts';
import type { ClientIp, ProviderSettings } from './types.ts';

export interface IdentityProviderDeps {
  readonly settings: ProviderSettings;
  readonly clients: readonly ClientConfig[];
  readonly authorizeApp: AuthorizeApp;
  readonly clientIp: ClientIp;
  readonly sites: Pick<SiteMap, 'appOfClient'>;
  readonly people: PeopleStore;
  readonly presence: PresenceStore;
  readonly oidcStore: OidcStore;
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
}

function isClosedPerson(person: Person | null): boolean {
  return person === null || isClosed(person);
}

/** The provider's own answer would be a bare "Not Found". */
function leaveUnknownRoutes(provider: Provider): void {
  provider.use(async (ctx, next) => {
    await next();
    // The provider's context is absent when none of its routes matched.
    if ((ctx as { readonly oidc?: unknown }).oidc === undefined && ctx.status === 404) ctx.respond = false;
  });
}

/** The OpenID provider with everything that belongs to it. @throws secret.unavailable a signing key exists and cannot be opened. */
export async function createIdentityProvider(deps: IdentityProviderDeps): Promise<IdentityProvider> {
  const { audit, authorizeApp, clientIp, clients, clock, oidcStore: store } = deps;
  const appIds = new Map(clients.map((client) => [client.clientId, client.appId]));
  const clientIds = new Map(clients.map((client) => [client.appId, client.clientId]));
  const appIdOf = (clientId: string): AppId | null => appIds.get(clientId) ?? null;
  const clientIdOf = (appId: AppId): string | null => clientIds.get(appId) ?? null;

  const isClosedId = async (id: string): Promise<boolean> => isClosedPerson(await deps.people.find(id as PersonId));

  // No scope is configured for a client. An app that asks for an area has a reason to know where its users are; any other has none.
  const maySeePresence = (clientId: string): boolean => (deps.sites.appOfClient(clientId)?.requiresAreaId ?? null) !== null;

  const appSessions = createAppSessions({ store, audit, clock, appIdOf });
  const refreshCheck = createRefreshCheck({ authorizeApp, appSessions, clientIp, appIdOf });
  const keys = await loadProviderKeys(deps);
  const provider = createProvider({
    settings: deps.settings,
    clients,
    keys,
    adapter: createStorageAdapter({ store, clock, isClosed: isClosedId }),
    findAccount: createFindAccount({ ...deps, store, refreshDecisionOf: (ctx) => refreshCheck.decisionOf(ctx) }),
    accessPrompt: createAccessPrompt({ authorizeApp, appSessions, clientIp, clock, maySeePresence }),
    refreshCheck,
    authorizeApp,
    clock,
  });
  leaveUnknownRoutes(provider);
  recordProviderEnds({ provider, appSessions, appIdOf });
  // The provider answers with a bare server_error; what went wrong is told to the operator alone.
  provider.on('server_error', (ctx, failure) => deps.log.error('oidc.failed', { path: ctx.path }, failure));
  return {
    handle: provider.callback(),
    interactions: createSignInInteractions(provider),
    siteSignIn: await createSiteSignIn({ provider, publicUrl: deps.settings.publicUrl, keys, store, appSessions, clock }),
    liveSessions: createLiveSessions({ provider, store, appSessions, clock, appIdOf, clientIdOf, isClosed: isClosedId }),
  };
}
