import type { IncomingMessage, ServerResponse } from 'node:http';
import type Provider from 'oidc-provider';
import type { AddedApp } from '../domain/apps/added-app.ts';
import type { LiveSessions } from '../ports/live-sessions.ts';
import { refuseRemovedPasskeys } from './sign-in/removed-passkeys.ts';
import { createBackChannelSignIns, type BackChannelSignIns } from './sign-in/back-channel-sign-in.ts';
import { createCheckClient } from './clients/check-client.ts';
import { createCurrentProvider, type CurrentProvider } from './current-provider.ts';
import { createEndClient, type EndClient } from './clients/end-client.ts';
import { createIdentityParts, type IdentityProviderDeps } from './identity-parts.ts';
import { createSignInInteractions, type SignInInteractions } from './sign-in/interactions.ts';
import { createLiveSessions } from './sessions/live-sessions.ts';
import { recordProviderEnds } from './sessions/logout-audit.ts';
import { createRegisteredClientDesk, type RegisteredClientDesk } from './clients/registered-client-desk.ts';
import type { Registration } from './clients/registration.ts';
import { createProvider } from './provider.ts';
import { hasBadged } from './decisions/acr.ts';
import { createKeyRing, type ProviderKeys } from './keys/signing-keys.ts';
import { createSiteSignIn, type SiteSignIn } from './sign-in/site-sign-in.ts';
import { createGatewayStatements, type GatewayStatements } from './keys/statement-signer.ts';
import { traceSignIns } from './sign-in/trace-sign-ins.ts';
import { ID_TOKEN_TTL_S, KEY_PUBLISH_AHEAD_S, OIDC_PATH } from './types.ts';

export interface IdentityProvider {
  /**
   * Serves everything below OIDC_PATH; the server in front has checked Host and stripped the path. Leaves the response untouched where the
   * provider has no route.
   */
  readonly handle: (request: IncomingMessage, response: ServerResponse) => Promise<void>;
  /** False once it can keep nothing any more, until the gateway is started again. */
  readonly isWritable: () => boolean;
  readonly interactions: SignInInteractions;
  readonly liveSessions: LiveSessions;
  /** For websites behind a proxy. */
  readonly siteSignIn: SiteSignIn;
  readonly backChannel: BackChannelSignIns;
  /** For programs of the gateway's own, which verify them by the provider's keys. */
  readonly statements: GatewayStatements;
  readonly rotateKeys: CurrentProvider['rotateKeys'];
  readonly retireKey: CurrentProvider['retireKey'];
  readonly listKeys: CurrentProvider['listKeys'];
  /** The keys in force, for whoever signs beside the provider. */
  readonly keys: () => ProviderKeys;
  readonly offerRegistration: Registration['offer'];
  readonly registeredClients: RegisteredClientDesk;
  readonly endClient: EndClient;
  /** What the provider has against an app that is to be added; null = nothing. */
  readonly checkClient: (app: AddedApp) => Promise<string | null>;
}

/** The provider's own answer would be a bare "Not Found". */
function leaveUnknownRoutes(provider: Provider): void {
  provider.use(async (ctx, next) => {
    await next();
    // The provider's context is absent when none of its routes matched.
    if ((ctx as { readonly oidc?: unknown }).oidc === undefined && ctx.status === 404) ctx.respond = false;
  });
}

/** The provider puts its middleware together each time it is asked for its handler: done once for each provider. */
function createHandle(provider: () => Provider): (request: IncomingMessage, response: ServerResponse) => Promise<void> {
  const handlers = new WeakMap<Provider, ReturnType<Provider['callback']>>();
  return async (request, response) => {
    const current = provider();
    const handler = handlers.get(current) ?? current.callback();
    handlers.set(current, handler);
    await handler(request, response);
  };
}

/** The OpenID provider with everything that belongs to it. @throws secret.unavailable a signing key exists and cannot be opened. */
export async function createIdentityProvider(deps: IdentityProviderDeps): Promise<IdentityProvider> {
  const { audit, clock, oidcStore: store, settings } = deps;
  const identity = createIdentityParts(deps);
  const { appIdOf, appSessions, directory, endedSessions, isClosed, limits, parts, registered, registration, shownGrants } = identity;
  const { clients } = parts;
  const build = (keys: ProviderKeys): Provider => {
    const provider = createProvider(parts, keys);
    limits.watchSecrets(provider);
    leaveUnknownRoutes(provider);
    refuseRemovedPasskeys({ provider, credentials: deps.credentials, liveSessions: () => liveSessions });
    recordProviderEnds({ provider, appSessions, shownGrants, appIdOf, audit, clock });
    // The provider answers with a bare server_error; what went wrong is told to the operator alone.
    provider.on('server_error', (ctx, failure) => deps.log.error('oidc.failed', { path: ctx.path }, failure));
    if (deps.watch !== undefined) traceSignIns(provider, deps.watch, () => clock.nowMs());
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
  const liveSessions = createLiveSessions({ provider, outgoing, store, appSessions, clock, appIdOf, isClosed, endedSessions });
  const handle = createHandle(provider);
  const endClient = createEndClient({ store, liveSessions, directory, clock });
  return {
    handle: async (request, response) => {
      await current.renew();
      await handle(request, response);
    },
    isWritable: () => store.isWritable(),
    interactions: createSignInInteractions({
      provider,
      publicUrl: settings.publicUrl,
      before: deps.upstream?.before ?? null,
      hasBadged: async (personId, acr) => hasBadged(acr, await acrCheck.factsOf(personId, null)),
    }),
    siteSignIn: createSiteSignIn({ provider, publicUrl: settings.publicUrl, keys: current.keys, store, appSessions, endedSessions, clock }),
    liveSessions,
    backChannel: createBackChannelSignIns({ provider, store, authorizeApp, acrCheck, audit, clock, appIdOf, takesBadge, log: deps.log }),
    statements: createGatewayStatements(`${settings.publicUrl}${OIDC_PATH}`, current.keys),
    rotateKeys: current.rotateKeys,
    retireKey: current.retireKey,
    listKeys: current.listKeys,
    keys: current.keys,
    offerRegistration: registration.offer,
    registeredClients: createRegisteredClientDesk({ store, registered, endClient, audit, clock }),
    endClient,
    checkClient: createCheckClient(provider),
  };
}
