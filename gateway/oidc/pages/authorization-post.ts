import type { KoaContextWithOIDC } from 'oidc-provider';

/** Bytes of a posted request. The server in front bounds it as well, an authorization request at less. */
export const POSTED_REQUEST_BYTES_MAX = 16_384;

/** Endpoints that must take both; a browser goes on to the same one, wherever the issuer is mounted. */
const TARGETS: Readonly<Record<string, string>> = { '/auth': 'auth', '/session/end': 'end' };

async function readBody(request: AsyncIterable<Buffer>): Promise<string | null> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request) {
    bytes += chunk.length;
    if (bytes > POSTED_REQUEST_BYTES_MAX) return null;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

/**
 * OpenID Connect Core 3.1.2.1 wants POST at the authorization endpoint, RP-Initiated Logout 2 at the end of the session. The provider's own way needs SameSite=None for the session
 * cookie; here the posted request is answered with the same request by GET, which a browser sends with Lax cookies.
 */
export async function turnPostIntoGet(ctx: KoaContextWithOIDC, next: () => Promise<void>): Promise<void> {
  const target = TARGETS[ctx.path];
  if (ctx.method !== 'POST' || target === undefined) {
    await next();
    return;
  }
  if (ctx.get('content-type').split(';')[0]?.trim().toLowerCase() !== 'application/x-www-form-urlencoded') {
    ctx.status = 415;
    return;
  }
  const body = await readBody(ctx.req);
  if (body === null) {
    ctx.status = 413;
    return;
  }
  ctx.status = 303;
  ctx.set('cache-control', 'no-store');
  ctx.set('location', `${target}?${new URLSearchParams(body).toString()}`);
}
