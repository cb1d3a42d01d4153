import { createRemoteJWKSet, customFetch } from 'jose';
import * as client from 'openid-client';
import { z } from 'zod';
import { hasAccountName } from '../app/upstream/account-name.ts';
import { tryParse } from '../domain/try-parse.ts';
import type { UpstreamConfig } from '../platform/config/upstream-config.ts';
import type { Logger } from '../platform/logger.ts';
import type { Clock } from '../ports/clock.ts';
import type { SecretStore } from '../ports/secret-store.ts';
import type { UpstreamEvidence } from './assurance.ts';
import { readCredentials } from './client-credentials.ts';
import { verifyLogoutToken, type LogoutSubject } from './logout-token.ts';
import { createUpstreamCalls, UPSTREAM_TIMEOUT_MS } from './upstream-fetch.ts';
import { UpstreamFailure } from './upstream-failure.ts';

/** How long the metadata of a provider are taken for true. */
export const METADATA_TTL_MS = 3_600_000;
/** Clocks here and there differ by this at most. */
export const UPSTREAM_SKEW_S = 30;

/** What one sign-in is held against. */
export interface SignInChecks {
  readonly state: string;
  readonly nonce: string;
  readonly verifier: string;
  /** The person must authenticate now, whatever session the provider has. */
  readonly isFresh: boolean;
  readonly startedAtMs: number;
}

/** Who signed in there, verified. */
export interface UpstreamIdentity extends UpstreamEvidence {
  readonly subject: string;
  readonly sid: string | null;
  readonly issuedAtMs: number;
  readonly claims: Readonly<Record<string, unknown>>;
}

export interface UpstreamClient {
  readonly config: UpstreamConfig;
  readonly redirectUri: string;
  /** Where the browser goes. @throws UpstreamFailure */
  begin(checks: SignInChecks): Promise<URL>;
  /** `answer`: the query with which the browser came back. @throws UpstreamFailure */
  finish(answer: URLSearchParams, checks: SignInChecks): Promise<UpstreamIdentity>;
  /** Null when it is not to be believed. @throws UpstreamFailure the provider's keys cannot be read */
  verifyLogout(token: string): Promise<LogoutSubject | null>;
}

interface Deps {
  readonly publicUrl: string;
  readonly secrets: SecretStore;
  readonly clock: Clock;
  readonly log: Logger;
}

const claimsSchema = z.looseObject({
  sub: z.string().min(1).max(255),
  iat: z.number(),
  auth_time: z.number().optional(),
  acr: z.string().max(256).optional().catch(undefined),
  // A list by the standard; some providers send one text.
  amr: z
    .union([
      z.array(z.string().max(256)).max(32),
      z
        .string()
        .max(256)
        .transform((value) => [value]),
    ])
    .optional()
    .catch(undefined),
  sid: z.string().min(1).max(256).optional().catch(undefined),
});

interface Found {
  readonly configuration: client.Configuration;
  readonly keys: ReturnType<typeof createRemoteJWKSet>;
  readonly version: string;
  readonly untilMs: number;
}

/** The gateway as a client of one identity provider. Every check of the protocol is the library's; what it leaves out is checked here. */
export function createUpstreamClient(config: UpstreamConfig, deps: Deps): UpstreamClient {
  const redirectUri = `${deps.publicUrl}/upstream/${config.id}/callback`;
  const find = createDiscovery(config, deps);

  return {
    config,
    redirectUri,
    begin: async ({ isFresh, nonce, state, verifier }) => {
      const { configuration } = await find();
      return client.buildAuthorizationUrl(configuration, {
        redirect_uri: redirectUri,
        response_type: 'code',
        scope: config.scopes.join(' '),
        state,
        nonce,
        code_challenge: await client.calculatePKCECodeChallenge(verifier),
        code_challenge_method: 'S256',
        ...(config.mode === 'instead_of_passkey' ? { max_age: String(config.maxAgeS) } : {}),
        ...(isFresh ? { prompt: 'login' } : {}),
      });
    },
    finish: async (answer, checks) => {
      const { configuration } = await find();
      const url = new URL(redirectUri);
      url.search = answer.toString();
      const { nonce: expectedNonce, state: expectedState, verifier: pkceCodeVerifier } = checks;
      const tokens = await client
        .authorizationCodeGrant(configuration, url, { expectedNonce, expectedState, pkceCodeVerifier, idTokenExpected: true })
        .catch(toFailure);
      const said = tryParse(claimsSchema, tokens.claims());
      if (!said.success) throw new UpstreamFailure('upstream.answer_invalid', said.error);
      const { acr, amr, auth_time: authTime, iat, sid, sub } = said.data;
      if (config.mode === 'instead_of_passkey') assertRecent(config, checks, { authTime, nowMs: deps.clock.nowMs() });
      const claims = hasAccountName(said.data, config.account)
        ? said.data
        : { ...(await readUserInfo(configuration, tokens.access_token, sub)), ...said.data };
      return {
        subject: sub,
        sid: sid ?? null,
        issuedAtMs: iat * 1_000,
        acr: acr ?? null,
        amr: amr ?? [],
        authenticatedAtMs: (authTime ?? iat) * 1_000,
        claims,
      };
    },
    verifyLogout: async (token) => {
      const { keys } = await find();
      const { clientId, idTokenAlg, issuer } = config;
      return verifyLogoutToken(token, { keys, issuer, clientId, alg: idTokenAlg, now: new Date(deps.clock.nowMs()) });
    },
  };
}

/** Discovery when it is first needed, and again when it is old or another secret was given. One at a time. */
function createDiscovery(config: UpstreamConfig, { clock, log, secrets }: Deps): () => Promise<Found> {
  let found: Found | null = null;
  let running: Promise<Found> | null = null;

  const discover = async (): Promise<Found> => {
    const { authentication, version } = await readCredentials(secrets, config);
    if (found !== null && found.version === version && clock.nowMs() < found.untilMs) return found;
    const calls = createUpstreamCalls({ upstreamId: config.id, issuer: config.issuer, log });
    const metadata = { id_token_signed_response_alg: config.idTokenAlg, [client.clockTolerance]: UPSTREAM_SKEW_S };
    const execute = [client.enableNonRepudiationChecks, ...(config.issuer.startsWith('http:') ? [client.allowInsecureRequests] : [])];
    const configuration = await client
      .discovery(new URL(config.issuer), config.clientId, metadata, authentication, {
        execute,
        timeout: UPSTREAM_TIMEOUT_MS / 1_000,
        [client.customFetch]: async (url, init) => calls.fetch(url, init as RequestInit),
      })
      .catch((cause: unknown) => {
        throw new UpstreamFailure('upstream.unreachable', cause);
      });
    const { issuer, jwks_uri, token_endpoint, userinfo_endpoint } = configuration.serverMetadata();
    // Letter by letter: another tenant of the same server is another provider.
    if (issuer !== config.issuer || jwks_uri === undefined || token_endpoint === undefined)
      throw new UpstreamFailure('upstream.unreachable');
    calls.allow('GET', jwks_uri);
    calls.allow('POST', token_endpoint);
    if (userinfo_endpoint !== undefined) calls.allow('GET', userinfo_endpoint);
    const keys = createRemoteJWKSet(new URL(jwks_uri), { [customFetch]: async (url, init) => calls.fetch(url, init) });
    found = { configuration, keys, version, untilMs: clock.nowMs() + METADATA_TTL_MS };
    return found;
  };

  return async () => {
    running ??= discover().finally(() => (running = null));
    return running;
  };
}

function assertRecent(
  { maxAgeS }: UpstreamConfig,
  { isFresh, startedAtMs }: SignInChecks,
  { authTime, nowMs }: { readonly authTime: number | undefined; readonly nowMs: number },
): void {
  const oldestS = isFresh ? startedAtMs / 1_000 - UPSTREAM_SKEW_S : nowMs / 1_000 - maxAgeS - UPSTREAM_SKEW_S;
  const newestS = nowMs / 1_000 + UPSTREAM_SKEW_S;
  // Without a time nobody knows whether the person was there today.
  if (authTime === undefined || authTime < oldestS || authTime > newestS) throw new UpstreamFailure('upstream.too_old');
}

/** For providers that say in the ID token only who it is. The library compares the subject. @throws UpstreamFailure */
async function readUserInfo(
  configuration: client.Configuration,
  accessToken: string,
  subject: string,
): Promise<Readonly<Record<string, unknown>>> {
  if (configuration.serverMetadata().userinfo_endpoint === undefined) return {};
  return client.fetchUserInfo(configuration, accessToken, subject).catch(toFailure);
}

const UNREACHABLE: ReadonlySet<string> = new Set([
  'OAUTH_TIMEOUT',
  'OAUTH_ABORT',
  'OAUTH_RESPONSE_IS_NOT_CONFORM',
  'OAUTH_RESPONSE_IS_NOT_JSON',
]);

function toFailure(cause: unknown): never {
  if (cause instanceof client.AuthorizationResponseError) throw new UpstreamFailure('upstream.refused', cause);
  if (cause instanceof client.ResponseBodyError) {
    const isOurs = cause.error === 'invalid_client' || cause.error === 'unauthorized_client';
    throw new UpstreamFailure(isOurs ? 'upstream.not_ready' : 'upstream.answer_invalid', cause);
  }
  const isUnreachable =
    (cause instanceof TypeError && cause.message === 'fetch failed') ||
    (cause instanceof client.ClientError && cause.code !== undefined && UNREACHABLE.has(cause.code));
  throw new UpstreamFailure(isUnreachable ? 'upstream.unreachable' : 'upstream.answer_invalid', cause);
}
