import Provider, { interactionPolicy, type Configuration, type KoaContextWithOIDC, type Session } from 'oidc-provider';
import type { AuthorizeApp } from '../app/access/types.ts';
import type { PersonId } from '../domain/site/ids.ts';
import type { ClientConfig } from '../platform/config/config.ts';
import type { Clock } from '../ports/clock.ts';
import { authenticationOf } from './access-check.ts';
import { claimsByScope } from './accounts.ts';
import { loginNetworkOf } from './app-sessions.ts';
import { createBackChannelFetch } from './back-channel-fetch.ts';
import { compareHashedSecrets, isClientOrigin, toClientMetadata } from './clients.ts';
import { denyOf } from './denial.ts';
import { renderLoggedOut, renderLogout, renderOidcError } from './pages.ts';
import type { RefreshCheck } from './refresh-check.ts';
import type { ProviderKeys } from './signing-keys.ts';
import { AUTHORIZATION_CODE_TTL_S, ID_TOKEN_TTL_S, INTERACTION_TTL_S, OIDC_PATH, type ProviderSettings } from './types.ts';

export interface ProviderParts {
  readonly settings: ProviderSettings;
  readonly clients: readonly ClientConfig[];
  readonly keys: ProviderKeys;
  readonly adapter: NonNullable<Configuration['adapter']>;
  readonly findAccount: NonNullable<Configuration['findAccount']>;
  readonly accessPrompt: interactionPolicy.Prompt;
  readonly refreshCheck: RefreshCheck;
  readonly authorizeApp: AuthorizeApp;
  readonly clock: Clock;
}

function createPolicy(accessPrompt: interactionPolicy.Prompt): interactionPolicy.DefaultPolicy {
  const policy = interactionPolicy.base();
  // The organisation's own apps: access is granted by profile, not by the person's consent.
  policy.remove('consent');
  policy.add(accessPrompt);
  return policy;
}

function sessionTtlS(parts: ProviderParts, session: Session): number {
  if (session.loginTs === undefined) return INTERACTION_TTL_S;
  const ageS = Math.floor(parts.clock.nowMs() / 1_000) - session.loginTs;
  // Absolute, not rolling: using a session does not make it live longer.
  return Math.max(1, parts.settings.sessionTtlS - ageS);
}

function cookiesOf(settings: ProviderSettings, keys: ProviderKeys): NonNullable<Configuration['cookies']> {
  const isSecure = settings.publicUrl.startsWith('https:');
  const common = { httpOnly: true, sameSite: 'lax', signed: true, secure: isSecure } as const;
  return {
    keys: [...keys.cookies],
    names: {
      session: isSecure ? '__Host-gatehouse-sso' : 'gatehouse-sso',
      interaction: 'gatehouse-interaction',
      resume: 'gatehouse-resume',
    },
    long: { ...common, path: '/' },
    short: common,
  };
}

/** Each interaction has its cookie on its own paths (page and API), so that sign-ins in two tabs do not meet. */
function interactionUrl(ctx: KoaContextWithOIDC, uid: string): string {
  ctx.cookies.set(ctx.oidc.provider.cookieName('interaction'), uid, {
    path: `/api/interaction/${uid}`,
    httpOnly: true,
    sameSite: 'lax',
    signed: true,
    maxAge: INTERACTION_TTL_S * 1_000,
  });
  return `/signin/${uid}`;
}

/** A denied person's token is inactive, whoever asks about it. */
function createIntrospectionPolicy(parts: ProviderParts) {
  return async (
    ctx: KoaContextWithOIDC,
    client: { readonly clientId: string },
    token: { clientId?: unknown; accountId?: unknown; sessionUid?: unknown; grantId?: unknown },
  ): Promise<boolean> => {
    const isOwn = token.clientId === client.clientId;
    if (!isOwn && ctx.oidc.client?.['clientAuthMethod'] === 'none') return false;
    if (typeof token.accountId !== 'string' || typeof token.clientId !== 'string') return false;
    const session = typeof token.sessionUid === 'string' ? await ctx.oidc.provider.Session.findByUid(token.sessionUid) : undefined;
    const decision = await parts.authorizeApp({
      action: 'token.refresh',
      personId: token.accountId as PersonId,
      clientId: token.clientId,
      network: loginNetworkOf(session, token.clientId),
      authentication: session === undefined ? null : authenticationOf(session),
      correlation: String(token.grantId),
    });
    return denyOf(decision) === null;
  };
}

function featuresOf(parts: ProviderParts): NonNullable<Configuration['features']> {
  return {
    devInteractions: { enabled: false },
    resourceIndicators: { enabled: false },
    backchannelLogout: { enabled: true },
    rpInitiatedLogout: {
      enabled: true,
      logoutSource: (ctx, form) => renderLogout(ctx, form),
      postLogoutSuccessSource: (ctx) => renderLoggedOut(ctx),
    },
    introspection: { enabled: true, allowedPolicy: createIntrospectionPolicy(parts) },
    revocation: { enabled: true },
    userinfo: { enabled: true },
  };
}

function ttlOf(parts: ProviderParts): NonNullable<Configuration['ttl']> {
  const { settings } = parts;
  return {
    AccessToken: settings.accessTokenTtlS,
    AuthorizationCode: AUTHORIZATION_CODE_TTL_S,
    Grant: settings.sessionTtlS,
    IdToken: ID_TOKEN_TTL_S,
    Interaction: INTERACTION_TTL_S,
    RefreshToken: settings.refreshTokenTtlS,
    Session: (_ctx, session) => sessionTtlS(parts, session),
  };
}

/** The OpenID provider: authorization code with PKCE, opaque tokens that end with the session, decisions at every step. */
export function createProvider(parts: ProviderParts): Provider {
  const { settings, clients, keys } = parts;
  const logoutUris = clients.flatMap((client) => (client.backchannelLogoutUri === null ? [] : [client.backchannelLogoutUri]));
  const provider = new Provider(`${settings.publicUrl}${OIDC_PATH}`, {
    adapter: parts.adapter,
    clients: clients.map(toClientMetadata),
    clientDefaults: {
      id_token_signed_response_alg: 'ES256',
      grant_types: ['authorization_code', 'refresh_token'],
      response_types: ['code'],
    },
    jwks: { keys: keys.signing.map((key) => ({ ...key })) },
    cookies: cookiesOf(settings, keys),
    acrValues: ['urn:gatehouse:acr:passkey'],
    claims: claimsByScope,
    scopes: Object.keys(claimsByScope),
    responseTypes: ['code'],
    clientAuthMethods: ['client_secret_basic', 'none'],
    enabledJWA: { idTokenSigningAlgValues: ['ES256', 'EdDSA', 'RS256'] },
    pkce: { required: () => true },
    // OpenID Connect Core 3.1.2.1: the return address is stated and compared, never filled in.
    allowOmittingSingleRegisteredRedirectUri: false,
    features: featuresOf(parts),
    ttl: ttlOf(parts),
    findAccount: parts.findAccount,
    interactions: { policy: createPolicy(parts.accessPrompt), url: (ctx, interaction) => interactionUrl(ctx, interaction.uid) },
    issueRefreshToken: (_ctx, client) => client.grantTypeAllowed('refresh_token'),
    // No token outlives the provider session: ending the session is ending everything.
    expiresWithSession: () => true,
    rotateRefreshToken: async (ctx) => parts.refreshCheck.rotate(ctx),
    clientBasedCORS: (_ctx, origin, client) => isClientOrigin(client, origin),
    fetch: createBackChannelFetch(new Set(logoutUris)),
    renderError: (ctx, out) => renderOidcError(ctx, out),
  });
  // The HTTP server in front checks Host and states the public origin in the forwarding headers itself.
  provider.proxy = true;
  compareHashedSecrets(provider);
  return provider;
}
