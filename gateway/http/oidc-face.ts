import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import type { IdentityProvider } from '../oidc/identity-provider.ts';
import { OIDC_PATH } from '../oidc/types.ts';
import type { Logger } from '../platform/logger.ts';
import type { LeanFace } from './lean/lean-face.ts';
import { createOidcLimits, type OidcRefusal } from './middleware/oidc-limits.ts';
import { createAdmitHost } from './middleware/origin.ts';
import type { RateLimits } from './middleware/rate-limits.ts';
import { createSetSecurityHeaders } from './middleware/security-headers.ts';

export interface OidcFaceDeps {
  readonly publicUrl: string;
  readonly logoutOrigins: readonly string[];
  readonly handle: IdentityProvider['handle'];
  readonly rateLimits: RateLimits;
  /** Answers what the provider has no route for. */
  readonly otherwise: RequestListener;
  readonly log: Logger;
}

export type OidcFace = LeanFace;

const METADATA_PATH = '/.well-known/oauth-authorization-server';
/** RFC 8414 3.1: where clients of OAuth look for the metadata of an issuer that has a path. */
export const ROOT_METADATA_PATH = `${METADATA_PATH}${OIDC_PATH}`;

const pathOf = (url: string): string => url.split('?', 1)[0] ?? '';

/**
 * The OpenID provider below its path, without the router of the pages: every token passes here. The provider reads its own bodies;
 * whatever it throws outside its own handling is a 500 of ours, and what it has no route for is as unknown as any other address.
 */
export function createOidcFace(deps: OidcFaceDeps): OidcFace {
  const admitHost = createAdmitHost(deps.publicUrl);
  const setSecurityHeaders = createSetSecurityHeaders({ publicUrl: deps.publicUrl, formOrigins: deps.logoutOrigins });
  const check = createOidcLimits(deps.rateLimits);

  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    if (!admitHost(request)) return deps.otherwise(request, response);
    setSecurityHeaders(response);
    const asked = request.url ?? '/';
    const original = pathOf(asked) === ROOT_METADATA_PATH ? `${OIDC_PATH}${METADATA_PATH}` : asked;
    const below = original.slice(OIDC_PATH.length);
    const mark = below.indexOf('?');
    const [path, query] = mark === -1 ? [below, ''] : [below.slice(0, mark), below.slice(mark + 1)];
    const refusal = await check({ request, path, query });
    if (refusal !== null) return refuse(response, refusal);
    // The provider makes its own addresses of the difference of the two.
    Object.assign(request, { url: below, originalUrl: original });
    await deps.handle(request, response);
    if (response.headersSent || response.writableEnded) return undefined;
    Object.assign(request, { url: asked });
    return deps.otherwise(request, response);
  };

  return {
    routes: null,
    handles: (url) => url.startsWith(`${OIDC_PATH}/`) || pathOf(url) === ROOT_METADATA_PATH,
    handle: (request, response) => {
      answer(request, response).catch((failure: unknown) => {
        deps.log.error('oidc.failed', { path: pathOf(request.url ?? '/') }, failure);
        if (response.headersSent) response.destroy();
        else refuse(response, { status: 500, error: 'server_error', description: 'nothing was granted', retryAfterS: null });
      });
    },
  };
}

function refuse(response: ServerResponse, { description, error, retryAfterS, status }: OidcRefusal): void {
  const body = JSON.stringify({ error, error_description: description });
  response.writeHead(status, {
    'content-type': 'application/json; charset=utf-8',
    'content-length': Buffer.byteLength(body),
    'cache-control': 'no-store',
    ...(retryAfterS === null ? {} : { 'retry-after': String(retryAfterS) }),
    // What was not read to its end cannot be followed by another request.
    ...(response.req.complete ? {} : { connection: 'close' }),
  });
  response.end(body);
}
