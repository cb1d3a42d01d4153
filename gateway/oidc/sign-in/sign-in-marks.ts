import type { IncomingMessage } from 'node:http';
import type { KoaContextWithOIDC } from 'oidc-provider';
import { INTERACTION_TTL_S } from '../types.ts';

/** Sign-ins that one browser has under way; beyond them the oldest has to begin again. */
export const SIGN_INS_AT_ONCE_MAX = 10;

export interface SignInMarks {
  /** Marks the browser as the one in which the sign-in began. */
  set(ctx: KoaContextWithOIDC, uid: string): void;
  /** Whether it began in this browser. */
  has(request: IncomingMessage, uid: string): boolean;
}

/**
 * The provider's own cookies of a sign-in lie on narrow paths, so they cannot have the prefix `__Host-`, and any host beside the gateway
 * (a website that was broken into) can plant its own in somebody's browser: they would sign in, and the one who began it would be them.
 * The mark can be set by this host alone (RFC 6265bis 4.1.3.2). It is one cookie a sign-in, because two may begin at once in a browser that
 * has none yet.
 */
export function createSignInMarks(publicUrl: string): SignInMarks {
  const isSecure = publicUrl.startsWith('https:');
  const prefix = `${isSecure ? '__Host-' : ''}gatehouse-signin-`;
  const options = { path: '/', httpOnly: true, sameSite: 'lax', secure: isSecure, signed: false } as const;
  // Browsers send what they were given first before what they were given later (RFC 6265 5.4).
  const marksOf = (cookies: string): readonly string[] =>
    cookies.split(';').flatMap((pair) => {
      const [name = ''] = pair.trim().split('=', 1);
      return name.startsWith(prefix) ? [name] : [];
    });

  return {
    set: (ctx, uid) => {
      for (const name of marksOf(ctx.get('cookie')).slice(0, -(SIGN_INS_AT_ONCE_MAX - 1))) ctx.cookies.set(name, null, options);
      ctx.cookies.set(`${prefix}${uid}`, '1', { ...options, maxAge: INTERACTION_TTL_S * 1_000 });
    },
    has: ({ headers }, uid) => marksOf(headers.cookie ?? '').includes(`${prefix}${uid}`),
  };
}
