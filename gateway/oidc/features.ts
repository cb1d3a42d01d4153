import { errors, type Configuration, type KoaContextWithOIDC } from 'oidc-provider';
import { relianceMs } from '../app/access/relied-answers.ts';
import type { AuthorizeAppRequest } from '../app/access/types.ts';
import type { PersonId } from '../domain/site/ids.ts';
import { authenticationOf } from './decisions/access-check.ts';
import { lookOf } from './decisions/acr-check.ts';
import { holdsAcr, isAcr, PASSKEY_ACR } from './decisions/acr.ts';
import { createApiTargets } from './clients/apis.ts';
import { loginNetworkOf } from './sessions/app-sessions.ts';
import { toDistinguishedName } from './clients/client-certificate.ts';
import { denyOf } from './decisions/denial.ts';
import { authenticationBy, type RememberedSignIn } from './decisions/token-authentication.ts';
import { renderCodeConfirm, renderCodeInput, renderDeviceDone } from './pages/device-pages.ts';
import { renderLoggedOut, renderLogout } from './pages/pages.ts';
import type { ProviderParts } from './provider-parts.ts';

type Features = NonNullable<Configuration['features']>;

interface IntrospectedToken {
  readonly kind?: unknown;
  readonly clientId?: unknown;
  readonly accountId?: unknown;
  readonly sessionUid?: unknown;
  readonly grantId?: unknown;
  readonly scope?: unknown;
  readonly aud?: unknown;
  extra?: Record<string, unknown> | undefined;
}

/** Of a token without a browser's session, which alone says how its person signed in. */
function rememberedOf({ extra }: IntrospectedToken): RememberedSignIn {
  const { amr, auth_time: authTime } = extra ?? {};
  const methods = Array.isArray(amr) ? amr.filter((method) => typeof method === 'string') : undefined;
  return { amr: methods, authTime: typeof authTime === 'number' ? authTime : undefined };
}

/** An acr that has to do with where the person is ends when they leave: the token then says what the sign-in was, where that is known. */
async function refreshAcr(parts: ProviderParts, token: IntrospectedToken, authentication: ReturnType<typeof authenticationOf>) {
  const acr = token.extra?.['acr'];
  if (!isAcr(acr) || acr === PASSKEY_ACR || typeof token.accountId !== 'string') return;
  if (!holdsAcr(acr, await parts.acrCheck.factsOf(token.accountId, authentication, lookOf(token.sessionUid))))
    token.extra = { ...token.extra, acr: authentication?.acr };
}

/** A denied person's token is inactive, whoever asks about it; so is a machine's that the configuration no longer permits. */
function createIntrospectionPolicy(parts: ProviderParts) {
  return async (ctx: KoaContextWithOIDC, client: { readonly clientId: string }, token: IntrospectedToken): Promise<boolean> => {
    const isOwn = token.clientId === client.clientId;
    // An API asks about access tokens that were shown to it; a refresh token is shown to nobody but the provider.
    if (!isOwn && (token.kind === 'RefreshToken' || ctx.oidc.client?.['clientAuthMethod'] === 'none')) return false;
    if (typeof token.clientId !== 'string') return false;
    if (token.kind === 'ClientCredentials') {
      const scope = typeof token.scope === 'string' ? token.scope : '';
      return parts.machines.isPermitted({ clientId: token.clientId, scope, use: 'introspect' });
    }
    if (typeof token.accountId !== 'string') return false;
    const session = typeof token.sessionUid === 'string' ? await parts.seenSessions.of(ctx, token.sessionUid) : undefined;
    const authentication = session === undefined ? authenticationBy(rememberedOf(token), undefined) : authenticationOf(session);
    const question: AuthorizeAppRequest = {
      action: 'token.refresh',
      personId: token.accountId as PersonId,
      clientId: token.clientId,
      network: loginNetworkOf(session, token.clientId),
      authentication,
      sessionUid: session?.uid,
      correlation: String(token.grantId),
    };
    const decision = await parts.relyOn(question, async () => {
      const answer = await parts.authorizeApp(question);
      return { answer, goodForMs: relianceMs(answer) };
    });
    if (denyOf(decision) !== null) return false;
    await refreshAcr(parts, token, authentication);
    return true;
  };
}

/** RFC 7009 2.1: a token of another client is refused; a public one, which anybody can claim to be, learns not even that there is such a token. */
function isOwnToken(
  client: { readonly clientId: string; readonly clientAuthMethod?: unknown },
  token: { readonly clientId?: unknown },
): boolean {
  if (token.clientId === client.clientId) return true;
  if (client.clientAuthMethod === 'none') return false;
  throw new errors.InvalidRequest('this token is of another client');
}

function mtlsOf({ certificates }: ProviderParts): NonNullable<Features['mTLS']> {
  return {
    enabled: true,
    certificateBoundAccessTokens: true,
    selfSignedTlsClientAuth: true,
    tlsClientAuth: true,
    getCertificate: (ctx) => certificates.of(ctx.req) ?? undefined,
    certificateAuthorized: (ctx) => certificates.isVerified(ctx.req),
    certificateSubjectMatches: (ctx, property, expected) => {
      if (property !== 'tls_client_auth_subject_dn') return false;
      const certificate = certificates.of(ctx.req);
      return certificate !== null && toDistinguishedName(certificate.subject) === expected;
    },
  };
}

function deviceFlowOf(): NonNullable<Features['deviceFlow']> {
  return {
    enabled: true,
    // 20 consonants, eight of them: 2^34 codes that live ten minutes, behind the limit of requests (RFC 8628 5.1).
    charset: 'base-20',
    mask: '****-****',
    deviceInfo: () => ({}),
    userCodeInputSource: (ctx, _form, _out, problem) => renderCodeInput(ctx, problem),
    userCodeConfirmSource: (ctx, ...[, client, , userCode]) => renderCodeConfirm(ctx, client, userCode),
    successSource: (ctx) => renderDeviceDone(ctx),
  };
}

export function featuresOf(parts: ProviderParts): Features {
  const { ciba, fapi, findClient, registration, settings } = parts;
  return {
    devInteractions: { enabled: false },
    backchannelLogout: { enabled: true },
    claimsParameter: {
      enabled: true,
      // Claims are given by scope; the parameter is for acr and auth_time, and says which of the granted ones are wanted.
      assertClaimsParameter: (_ctx, claims) => {
        if (JSON.stringify(claims).length > CLAIMS_CHARS_MAX) throw new errors.InvalidRequest('claims is too long');
      },
    },
    ciba,
    clientCredentials: { enabled: true },
    deviceFlow: deviceFlowOf(),
    dPoP: { enabled: true, allowReplay: false },
    fapi: fapi.feature,
    introspection: { enabled: true, allowedPolicy: createIntrospectionPolicy(parts) },
    jwtUserinfo: { enabled: true },
    mTLS: mtlsOf(parts),
    pushedAuthorizationRequests: { enabled: true },
    registration,
    requestObjects: { enabled: true, assertJwtClaimsAndHeader: fapi.assertRequestObject },
    resourceIndicators: createApiTargets({ apis: settings.apis ?? [], findClient, accessTokenTtlS: settings.accessTokenTtlS }),
    revocation: { enabled: true, allowedPolicy: (_ctx, client, token) => isOwnToken(client, token) },
    rpInitiatedLogout: {
      enabled: true,
      logoutSource: (ctx, form) => renderLogout(ctx, form),
      postLogoutSuccessSource: (ctx) => renderLoggedOut(ctx),
    },
    userinfo: { enabled: true },
  };
}

/** Characters of the parameter `claims`. */
const CLAIMS_CHARS_MAX = 2_048;
