import type { CookieOptions, Request } from 'express';

/** The names of the two cookies: one browser may be an operator's console and its person's own side at once, and neither is the other. */
export type SessionCookie = 'console' | 'me';

/** `__Host-` (RFC 6265bis 4.1.3.2): only this host sets it, over TLS, for all of it. Plain HTTP is for loopback. */
export function cookieNameOf(publicUrl: string, cookie: SessionCookie): string {
  return publicUrl.startsWith('https:') ? `__Host-gatehouse-${cookie}` : `gatehouse-${cookie}`;
}

export function cookieOptions(publicUrl: string): CookieOptions {
  return { httpOnly: true, sameSite: 'strict', secure: publicUrl.startsWith('https:'), path: '/' };
}

/** Null when the browser sent none of this name. */
export function readCookie(request: Request, name: string): string | null {
  const pair = (request.headers.cookie ?? '').split(';').find((part) => part.trim().startsWith(`${name}=`));
  return pair === undefined ? null : pair.trim().slice(name.length + 1);
}
