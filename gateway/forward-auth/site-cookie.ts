import { EncryptJWT, jwtDecrypt } from 'jose';
import { z } from 'zod';
import type { AppId, PersonId } from '../domain/site/ids.ts';
import { tryParse } from '../domain/try-parse.ts';
import type { Clock } from '../ports/clock.ts';
import type { SiteSession } from '../oidc/sign-in/site-sign-in.ts';

/** Longest sealed text that is opened, characters. */
export const SEALED_CHARS_MAX = 8_192;
/** Time for a sign-in, from the first page to the last. */
export const ROUND_TTL_S = 900;

/** A sign-in under way. The browser carries it to the provider and back as `state`, unreadable and unchangeable. */
export interface SignInRound {
  readonly appId: AppId;
  readonly codeVerifier: string;
  /** Path and query to return to. */
  readonly target: string;
  /** SHA-256 of the cookie that marks the browser in which it began. */
  readonly browserSha256: string;
}

export interface SealedSession {
  readonly session: SiteSession;
  /** When the sign-in ended that made it. */
  readonly sealedAtMs: number;
}

/** Seals for one origin: what is made for one website opens nothing at another. */
export interface SiteSeals {
  sealRound(origin: string, round: SignInRound): Promise<string>;
  openRound(origin: string, text: string): Promise<SignInRound | null>;
  sealSession(origin: string, session: SiteSession, ttlS: number): Promise<string>;
  openSession(origin: string, text: string): Promise<SealedSession | null>;
}

const roundSchema = z.object({ app: z.string(), ver: z.string(), to: z.string(), brw: z.string() });
const sessionSchema = z.object({ sub: z.string(), ses: z.string(), gnt: z.string(), cli: z.string(), iat: z.int() });

/** `key`: 32 random bytes. Text of another key, purpose or origin, a changed or an expired one opens as null. */
export function createSiteSeals({ key, clock }: { readonly key: Uint8Array; readonly clock: Clock }): SiteSeals {
  const seal = async (purpose: string, origin: string, claims: Record<string, string>, ttlS: number): Promise<string> =>
    new EncryptJWT(claims)
      .setProtectedHeader({ alg: 'dir', enc: 'A256GCM' })
      .setAudience(`${purpose} ${origin}`)
      .setIssuedAt(Math.floor(clock.nowMs() / 1_000))
      .setExpirationTime(Math.floor(clock.nowMs() / 1_000) + ttlS)
      .encrypt(key);

  const open = async <Claims>(purpose: string, origin: string, text: string, schema: z.ZodType<Claims>): Promise<Claims | null> => {
    if (text === '' || text.length > SEALED_CHARS_MAX) return null;
    const opened = await jwtDecrypt(text, key, {
      audience: `${purpose} ${origin}`,
      currentDate: new Date(clock.nowMs()),
      requiredClaims: ['exp'],
      keyManagementAlgorithms: ['dir'],
      contentEncryptionAlgorithms: ['A256GCM'],
    }).catch(() => null);
    return opened === null ? null : (tryParse(schema, opened.payload).data ?? null);
  };

  return {
    sealRound: async (origin, { appId, browserSha256, codeVerifier, target }) =>
      seal('round', origin, { app: appId, ver: codeVerifier, to: target, brw: browserSha256 }, ROUND_TTL_S),
    openRound: async (origin, text) => {
      const claims = await open('round', origin, text, roundSchema);
      if (claims === null) return null;
      return { appId: claims.app as AppId, codeVerifier: claims.ver, target: claims.to, browserSha256: claims.brw };
    },
    sealSession: async (origin, { clientId, grantId, personId, sessionUid }, ttlS) =>
      seal('session', origin, { sub: personId, ses: sessionUid, gnt: grantId, cli: clientId }, ttlS),
    openSession: async (origin, text) => {
      const claims = await open('session', origin, text, sessionSchema);
      if (claims === null) return null;
      const session = { personId: claims.sub as PersonId, sessionUid: claims.ses, grantId: claims.gnt, clientId: claims.cli };
      return { session, sealedAtMs: claims.iat * 1_000 };
    },
  };
}

/** Names of the website's own cookies: one website of an origin does not overwrite another's. */
export function siteCookieNames(origin: string, appId: AppId): { readonly session: string; readonly round: string } {
  const prefix = origin.startsWith('https:') ? '__Host-' : '';
  return { session: `${prefix}gatehouse-site-${appId}`, round: `${prefix}gatehouse-site-round` };
}

/** Host-only, unreadable by scripts, sent on navigations from elsewhere (the way back from the sign-in is one). */
export function siteCookie(origin: string, name: string, value: string, maxAgeS: number | null): string {
  const secure = origin.startsWith('https:') ? '; Secure' : '';
  const age = maxAgeS === null ? '' : `; Max-Age=${String(maxAgeS)}`;
  return `${name}=${value}; Path=/; HttpOnly; SameSite=Lax${secure}${age}`;
}

/** The value of a cookie; null when it is absent, or there twice: one of them was set by somebody else. */
export function readCookie(header: string | undefined, name: string): string | null {
  const values = (header ?? '').split(';').flatMap((part) => {
    const [key, ...rest] = part.trim().split('=');
    return key === name ? [rest.join('=')] : [];
  });
  return values.length === 1 ? (values[0] ?? null) : null;
}
