import Provider, { interactionPolicy, type Configuration, type KoaContextWithOIDC, type Session } from 'oidc-provider';
import type { ClientConfig } from '../platform/config/config.ts';
import { claimsByScope } from './claims/accounts.ts';
import { ACR_VALUES } from './decisions/acr.ts';
import { turnPostIntoGet } from './pages/authorization-post.ts';
import { compareHashedSecrets, isClientOrigin, toClientMetadata } from './clients/clients.ts';
import { tellNoUserCode } from './discovery-document.ts';
import { featuresOf } from './features.ts';
import { allowFormTargets } from './pages/form-targets.ts';
import { OUTGOING_BODY_BYTES_MAX } from './outgoing-fetch.ts';
import { renderApprovals, renderOidcError } from './pages/pages.ts';
import { createPairwiseIdentifier } from './clients/pairwise.ts';
import type { ProviderParts } from './provider-parts.ts';
import { createSignInMarks, type SignInMarks } from './sign-in/sign-in-marks.ts';
import type { ProviderKeys } from './keys/signing-keys.ts';
import { createTokenClaims } from './claims/token-claims.ts';
import {
  ASYNC_REQUEST_TTL_S,
  AUTHORIZATION_CODE_TTL_S,
  ID_TOKEN_TTL_S,
  INTERACTION_TTL_S,
  OIDC_PATH,
  type ProviderSettings,
} from './types.ts';
import { leaveUnsavedSessions } from './sessions/unsaved-sessions.ts';

/**
 * The order is the order of questions: who is it, which account do they mean, do they want to, is the sign-in strong enough, may they.
 * The last one is asked of the policy, and never skipped.
 */
function createPolicy({ accessPrompt, acrCheck }: ProviderParts): interactionPolicy.DefaultPolicy {
  const policy = interactionPolicy.base();
  // The organisation's own apps: access is granted by profile. Consent is asked for where a client asks for it, and decides nothing.
  policy.remove('consent');
  // These compare with the acr of the session; what a person has reached is more than that, and judged by `acrCheck`.
  policy.get('login')?.checks.remove('essential_acr');
  policy.get('login')?.checks.remove('essential_acrs');
  policy.add(new interactionPolicy.Prompt({ name: 'select_account', requestable: true }));
  policy.add(new interactionPolicy.Prompt({ name: 'consent', requestable: true }));
  policy.add(acrCheck.prompt);
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
function interactionUrl(ctx: KoaContextWithOIDC, uid: string, marks: SignInMarks): string {
  marks.set(ctx, uid);
  ctx.cookies.set(ctx.oidc.provider.cookieName('interaction'), uid, {
    path: `/api/interaction/${uid}`,
    httpOnly: true,
    sameSite: 'lax',
    signed: true,
    maxAge: INTERACTION_TTL_S * 1_000,
  });
  return `/signin/${uid}`;
}

function ttlOf(parts: ProviderParts): NonNullable<Configuration['ttl']> {
  const { settings } = parts;
  return {
    AccessToken: settings.accessTokenTtlS,
    AuthorizationCode: AUTHORIZATION_CODE_TTL_S,
    BackchannelAuthenticationRequest: ASYNC_REQUEST_TTL_S,
    ClientCredentials: settings.accessTokenTtlS,
    DeviceCode: ASYNC_REQUEST_TTL_S,
    Grant: settings.sessionTtlS,
    IdToken: ID_TOKEN_TTL_S,
    Interaction: INTERACTION_TTL_S,
    RefreshToken: settings.refreshTokenTtlS,
    Session: (_ctx, session) => sessionTtlS(parts, session),
  };
}

/** RFC 9700 2.1.1: PKCE for everybody; a client with the named exception has to send a nonce instead, which it must compare. */
function createPkceRule(clients: readonly ClientConfig[]) {
  const exceptions = new Set(clients.flatMap(({ clientId, options }) => (options?.mayOmitPkce === true ? [clientId] : [])));
  return (ctx: KoaContextWithOIDC, client: { readonly clientId: string }): boolean =>
    !exceptions.has(client.clientId) || ctx.oidc.params?.['nonce'] === undefined;
}

/** Below the provider's own path: where people answer what apps ask over the back channel. */
const APPROVALS_PATH = '/approve';

/** No secret-based algorithm: only the hash of a secret is known here. */
const CLIENT_ALGS = ['ES256', 'PS256', 'RS256', 'EdDSA', 'Ed25519'] as const;

function clientRulesOf(parts: ProviderParts): Partial<Configuration> {
  return {
    clients: parts.clients.filter(({ options }) => options?.isEnabled !== false).map(toClientMetadata),
    clientDefaults: {
      id_token_signed_response_alg: 'ES256',
      grant_types: ['authorization_code', 'refresh_token'],
      response_types: ['code'],
    },
    clientAuthMethods: [
      'client_secret_basic',
      'client_secret_post',
      'private_key_jwt',
      'tls_client_auth',
      'self_signed_tls_client_auth',
      'none',
    ],
    enabledJWA: {
      idTokenSigningAlgValues: ['ES256', 'EdDSA', 'RS256'],
      userinfoSigningAlgValues: ['ES256', 'EdDSA', 'RS256'],
      clientAuthSigningAlgValues: [...CLIENT_ALGS],
      requestObjectSigningAlgValues: [...CLIENT_ALGS],
      dPoPSigningAlgValues: ['ES256', 'EdDSA', 'Ed25519'],
    },
    assertJwtClientAuthClaimsAndHeader: (ctx, claims, header, client) => parts.fapi.assertClientAssertion(ctx, claims, header, client),
    clientBasedCORS: (_ctx, origin, client) => isClientOrigin(client, origin),
    pkce: { required: createPkceRule(parts.clients) },
    extraClientMetadata: { properties: ['gatehouse_app'] },
  };
}

/** The OpenID provider: authorization code with PKCE, tokens that end with the session, decisions at every step. */
export function createProvider(parts: ProviderParts, keys: ProviderKeys): Provider {
  const { settings } = parts;
  const marks = createSignInMarks(settings.publicUrl);
  const provider = new Provider(`${settings.publicUrl}${OIDC_PATH}`, {
    ...clientRulesOf(parts),
    adapter: parts.adapter,
    jwks: { keys: keys.signing.map((key) => ({ ...key })) },
    cookies: cookiesOf(settings, keys),
    acrValues: [...ACR_VALUES],
    claims: claimsByScope,
    scopes: Object.keys(claimsByScope),
    responseTypes: ['code'],
    subjectTypes: ['public', 'pairwise'],
    pairwiseIdentifier: createPairwiseIdentifier(keys.pairwise),
    // OpenID Connect Core 3.1.2.1: the return address is stated and compared, never filled in.
    allowOmittingSingleRegisteredRedirectUri: false,
    features: featuresOf(parts),
    ttl: ttlOf(parts),
    findAccount: parts.findAccount,
    interactions: { policy: createPolicy(parts), url: (ctx, interaction) => interactionUrl(ctx, interaction.uid, marks) },
    issueRefreshToken: (_ctx, client) => client.grantTypeAllowed('refresh_token'),
    // No token outlives the provider session: ending the session is ending everything.
    // A back-channel sign-in has no session of a browser: its tokens end with the grant.
    expiresWithSession: () => true,
    extraTokenClaims: createTokenClaims(parts.machines, parts.exchanges),
    rotateRefreshToken: async (ctx) => parts.refreshCheck.rotate(ctx),
    fetch: parts.outgoing.fetch,
    fetchResponseBodyLimits: { jwks_uri: OUTGOING_BODY_BYTES_MAX, sector_identifier_uri: OUTGOING_BODY_BYTES_MAX },
    renderError: (ctx, out) => renderOidcError(ctx, out),
  });
  // The HTTP server in front checks Host and states the public origin in the forwarding headers itself.
  provider.proxy = true;
  compareHashedSecrets(provider, parts.secretsOf);
  leaveUnsavedSessions(provider);
  provider.use(async (ctx, next) => {
    if (ctx.method === 'GET' && ctx.path === APPROVALS_PATH) {
      ctx.type = 'html';
      ctx.set('cache-control', 'no-store');
      ctx.vary('Accept-Language');
      ctx.vary('Cookie');
      ctx.body = renderApprovals(ctx.headers);
    } else await next();
  });
  provider.use(async (ctx, next) => {
    try {
      await next();
      if (ctx.status < 400) await parts.exchanges.settle(ctx);
    } finally {
      await parts.exchanges.abandon(ctx);
    }
  });
  provider.use(async (ctx, next) => turnPostIntoGet(ctx as unknown as KoaContextWithOIDC, next));
  provider.use(async (ctx, next) => allowFormTargets(ctx, next));
  provider.use(async (ctx, next) => tellNoUserCode(ctx, next));
  return provider;
}
