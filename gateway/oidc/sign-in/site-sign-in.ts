import { createHash, timingSafeEqual } from 'node:crypto';
import { SignJWT } from 'jose';
import { errors, type AuthorizationCode } from 'oidc-provider';
import type Provider from 'oidc-provider';
import type { Authentication } from '../../app/access/types.ts';
import type { Person } from '../../domain/people/person.ts';
import type { PersonId } from '../../domain/site/ids.ts';
import type { Clock } from '../../ports/clock.ts';
import type { OidcStore } from '../../ports/oidc-store.ts';
import { authenticationOf } from '../decisions/access-check.ts';
import type { EndedSessions } from '../sessions/ended-sessions.ts';
import type { AppSessions, StoredSession } from '../sessions/app-sessions.ts';
import { createStatementSigner } from '../keys/statement-signer.ts';
import type { ProviderKeys } from '../keys/signing-keys.ts';
import { OIDC_PATH } from '../types.ts';

/** What a website's cookie points at: the part of a provider session that is the website's. */
export interface SiteSession {
  readonly personId: PersonId;
  readonly sessionUid: string;
  readonly grantId: string;
  readonly clientId: string;
}

export interface IdentityClaims {
  readonly person: Person;
  /** Origin of the website: whoever gets the token can show it nowhere else. */
  readonly audience: string;
  readonly decisionId: string;
  readonly ttlS: number;
}

/** How websites behind a proxy take part in the provider's sign-in, in the process, without a token that travels. */
export interface SiteSignIn {
  readonly issuer: string;
  /** Uses up a code as the token endpoint would. Null when it is unknown, used, another client's or another browser's. */
  redeem(request: { code: string; clientId: string; redirectUri: string; codeVerifier: string }): Promise<SiteSession | null>;
  /** How the person of a live session authenticated. Null when it ended, or the website's part of it did. */
  find(session: SiteSession): Promise<Authentication | null>;
  /** A JWT (ES256, a key of the provider's JWKS) that says who makes the request. */
  signIdentity(claims: IdentityClaims): Promise<string>;
}

interface Deps {
  readonly provider: () => Provider;
  readonly publicUrl: string;
  readonly keys: () => ProviderKeys;
  readonly store: OidcStore;
  readonly appSessions: AppSessions;
  readonly endedSessions: Pick<EndedSessions, 'has'>;
  readonly clock: Clock;
}

type Redeemed = AuthorizationCode & {
  readonly accountId?: string;
  readonly grantId?: string;
  readonly sessionUid?: string;
  readonly redirectUri?: string;
  readonly codeChallenge?: string;
  readonly codeChallengeMethod?: string;
  readonly consumed?: unknown;
};

/** RFC 7636 4.6. */
function isVerified(code: Redeemed, verifier: string): boolean {
  if (code.codeChallengeMethod !== 'S256' || code.codeChallenge === undefined) return false;
  const expected = Buffer.from(code.codeChallenge, 'base64url');
  const presented = createHash('sha256').update(verifier, 'ascii').digest();
  return expected.length === presented.length && timingSafeEqual(expected, presented);
}

export function createSiteSignIn(deps: Deps): SiteSignIn {
  const { appSessions, clock, endedSessions, keys, provider, store } = deps;
  const issuer = `${deps.publicUrl}${OIDC_PATH}`;
  const signer = createStatementSigner(keys);

  return {
    issuer,
    redeem: async ({ code: value, clientId, redirectUri, codeVerifier }) => {
      const code = (await provider().AuthorizationCode.find(value)) as Redeemed | undefined;
      if (code === undefined || code.isExpired || code.clientId !== clientId || code.redirectUri !== redirectUri) return null;
      const { accountId, grantId, sessionUid } = code;
      if (accountId === undefined || grantId === undefined || sessionUid === undefined || !isVerified(code, codeVerifier)) return null;
      const isFirst =
        code.consumed === undefined &&
        (await code.consume().then(
          () => true,
          (failure: unknown) => {
            if (failure instanceof errors.InvalidGrant) return false;
            throw failure;
          },
        ));
      if (!isFirst) {
        // RFC 6749 4.1.2: of a code that is shown twice somebody has a copy; what came of it ends.
        await appSessions.destroyGrant(grantId);
        return null;
      }
      return { personId: accountId as PersonId, sessionUid, grantId, clientId };
    },
    find: async ({ clientId, grantId, personId, sessionUid }) => {
      const nowMs = clock.nowMs();
      const [artifact, grant] = await Promise.all([store.findByUid('Session', sessionUid, nowMs), store.find('Grant', grantId, nowMs)]);
      if (artifact === null || grant === null || endedSessions.has(sessionUid)) return null;
      const session = JSON.parse(artifact.payloadJson) as StoredSession;
      if (session.accountId !== personId || session.authorizations?.[clientId]?.grantId !== grantId) return null;
      return authenticationOf({
        ...(session.acr === undefined ? {} : { acr: session.acr }),
        ...(session.loginTs === undefined ? {} : { loginTs: session.loginTs }),
        amr: [...(session.amr ?? [])],
      });
    },
    signIdentity: async ({ person, audience, decisionId, ttlS }) => {
      const nowS = Math.floor(clock.nowMs() / 1_000);
      const { jwk, key } = await signer();
      return new SignJWT({
        name: person.displayName,
        ...(person.email === null ? {} : { email: person.email }),
        groups: [...person.groups],
        gatehouse_decision: decisionId,
      })
        .setProtectedHeader({ alg: 'ES256', typ: 'gatehouse-identity+jwt', ...(jwk.kid === undefined ? {} : { kid: jwk.kid }) })
        .setIssuer(issuer)
        .setAudience(audience)
        .setSubject(person.id)
        .setIssuedAt(nowS)
        .setExpirationTime(nowS + ttlS)
        .sign(key);
    },
  };
}
