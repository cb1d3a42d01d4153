import type { IncomingMessage } from 'node:http';
import { SITE_HOST, SITE_TARGET_CHARS_MAX } from '../domain/site/website.ts';

/** How a proxy asks, which is also how it wants to be answered. */
export type ProxyStyle = 'auth_request' | 'forward_auth' | 'ext_authz' | 'oauth2_proxy';

/** Paths of the gateway at which proxies ask. What follows the one of Envoy is the path that the browser asked for. */
export const FORWARD_AUTH_PATHS = {
  auth_request: '/api/authz/auth-request',
  forward_auth: '/api/authz/forward-auth',
  ext_authz: '/api/authz/ext-authz',
  oauth2_proxy: '/oauth2/auth',
} as const satisfies Record<ProxyStyle, string>;

/** The same as routes; proxies ask with any method, nginx and Caddy with GET. */
export const FORWARD_AUTH_ROUTES: readonly string[] = Object.values(FORWARD_AUTH_PATHS).map((path) =>
  path === FORWARD_AUTH_PATHS.ext_authz ? `get ${path}/:path` : `get ${path}`,
);

export interface SiteQuestion {
  readonly style: ProxyStyle;
  readonly method: string;
  readonly origin: string;
  /** Path and query as the browser sent them. */
  readonly target: string;
  /** A person looks at the answer; otherwise a program does, which must not be sent to a page. */
  readonly isPage: boolean;
}

export interface Refusal {
  readonly refused: string;
}

export function styleOf(url: string): ProxyStyle | null {
  const path = url.split('?', 1)[0] ?? '';
  if (path === FORWARD_AUTH_PATHS.ext_authz || path.startsWith(`${FORWARD_AUTH_PATHS.ext_authz}/`)) return 'ext_authz';
  const styles = ['auth_request', 'forward_auth', 'oauth2_proxy'] as const;
  return styles.find((style) => path === FORWARD_AUTH_PATHS[style]) ?? null;
}

/** Exactly one: of two, the proxy may have routed by the one that is not looked at here. */
function only(request: IncomingMessage, name: string): string | null {
  const values = request.headersDistinct[name] ?? [];
  return values.length === 1 ? (values[0] ?? null) : null;
}

function toOrigin(scheme: string | null, host: string | null): string | null {
  if ((scheme !== 'https' && scheme !== 'http') || host === null || !SITE_HOST.test(host)) return null;
  return URL.parse(`${scheme}://${host}`)?.origin ?? null;
}

interface Asked {
  readonly origin: string | null;
  readonly target: string | null;
  readonly method: string | null;
}

function fromOriginalUrl(request: IncomingMessage): Asked {
  const [, scheme = null, host = null, target = '/'] = /^(https?):\/\/([^/?#]+)(\/.*)?$/.exec(only(request, 'x-original-url') ?? '') ?? [];
  return { origin: toOrigin(scheme, host), target, method: only(request, 'x-original-method') };
}

function fromForwarded(request: IncomingMessage): Asked {
  const origin = toOrigin(only(request, 'x-forwarded-proto'), only(request, 'x-forwarded-host'));
  return { origin, target: only(request, 'x-forwarded-uri'), method: only(request, 'x-forwarded-method') };
}

/** The path of the request itself: a proxy of this kind puts the browser's behind its own, and leaves the rest as it was. */
function fromRequest(request: IncomingMessage): Asked {
  const target = (request.url ?? '').slice(FORWARD_AUTH_PATHS.ext_authz.length);
  const origin = toOrigin(only(request, 'x-forwarded-proto'), only(request, 'host'));
  return { origin, target: target.startsWith('/') ? target : `/${target}`, method: request.method ?? null };
}

const saysOriginalUrl = ({ headers }: IncomingMessage): boolean => headers['x-original-url'] !== undefined;

/**
 * Where a proxy may say it in either of two ways, it writes one and passes the other on as the browser has made it up: a browser that names
 * a public path in the other one would be let through to any.
 */
function saysTwoAddresses(request: IncomingMessage): boolean {
  if (!saysOriginalUrl(request) || request.headers['x-forwarded-uri'] === undefined) return false;
  const [original, forwarded] = [fromOriginalUrl(request), fromForwarded(request)];
  return original.origin !== forwarded.origin || original.target !== forwarded.target;
}

const READERS: Readonly<Record<ProxyStyle, (request: IncomingMessage) => Asked>> = {
  auth_request: fromOriginalUrl,
  forward_auth: fromForwarded,
  ext_authz: fromRequest,
  oauth2_proxy: (request) => (saysOriginalUrl(request) ? fromOriginalUrl(request) : fromForwarded(request)),
};

/** Browsers ask for text/html when they go to a page, and for anything when a script fetches. */
function isPage(request: IncomingMessage, method: string): boolean {
  if (only(request, 'x-requested-with') !== null || request.headers.upgrade !== undefined) return false;
  return (method === 'GET' || method === 'HEAD' || method === 'POST') && (request.headers.accept ?? '').includes('text/html');
}

/** What the proxy asks about. A header that is absent, twice there or unreadable is a refusal that names it. */
export function readQuestion(request: IncomingMessage, style: ProxyStyle): SiteQuestion | Refusal {
  if (style === 'oauth2_proxy' && saysTwoAddresses(request)) {
    return { refused: 'x-original-url, x-forwarded-*: name two different addresses; let the proxy set one and clear the other' };
  }
  const { origin, target, method } = READERS[style](request);
  const inOriginalUrl = style === 'auth_request' || (style === 'oauth2_proxy' && saysOriginalUrl(request));
  if (origin === null) {
    const named = inOriginalUrl
      ? 'x-original-url'
      : style === 'ext_authz'
        ? 'host, x-forwarded-proto'
        : 'x-forwarded-proto, x-forwarded-host';
    return { refused: `${named}: must be there once and say which address was asked for` };
  }
  if (target === null || target.length > SITE_TARGET_CHARS_MAX) {
    return {
      refused: `${inOriginalUrl ? 'x-original-url' : 'x-forwarded-uri'}: must be there once, with ${SITE_TARGET_CHARS_MAX} characters at most`,
    };
  }
  // A proxy that does not say the method asks about the least harmless one.
  const stated = method !== null && /^[A-Z]{1,16}$/.test(method) ? method : 'POST';
  return { style, method: stated, origin, target, isPage: isPage(request, stated) };
}
