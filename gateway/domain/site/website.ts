import type { AppId } from './ids.ts';

/** A web application behind a proxy that asks the gateway about each request (forward-auth). */
export interface Website {
  readonly appId: AppId;
  readonly name: string;
  /** The OIDC client under which people sign in to it. */
  readonly clientId: string;
  /** Scheme, host and port as browsers know it. */
  readonly origin: string;
  /** What of the origin it is: `/`, or path prefixes in whole segments. */
  readonly paths: readonly string[];
  /** Prefixes below which nobody is asked. */
  readonly publicPaths: readonly string[];
}

/** Longest request target that is looked at, characters. */
export const SITE_TARGET_CHARS_MAX = 8_192;

/**
 * What proxies, frameworks and file systems read in different ways, escapes of characters that need none (`%61` for `a`) included. A path
 * that holds any of it could be one thing here and another at the application, so it is nobody's public path and belongs to no website.
 */
const AMBIGUOUS = /%(?:00|25|2d|2f|2e|3[0-9]|[46][1-9a-f]|[57][0-9a]|5c|5f|7e)|%(?![0-9a-f]{2})|\\|\/\/|;|[^\x21-\x7e]/i;
const DOT_SEGMENT = /\/\.{1,2}(?:\/|$)/;

/** The path of a request target such as `/a/b?c=d`. Null when it is not one, or can be read in two ways. */
export function readSitePath(target: string): string | null {
  if (!target.startsWith('/') || target.length > SITE_TARGET_CHARS_MAX) return null;
  // No browser sends a fragment, and servers disagree about what of such a target is the path.
  if (target.includes('#')) return null;
  const [path = ''] = target.split('?', 1);
  if (AMBIGUOUS.test(path) || DOT_SEGMENT.test(path)) return null;
  // RFC 3986 6.2.2.1: the case of an escape means nothing.
  return path.replaceAll(/%[0-9a-f]{2}/gi, (escape) => escape.toUpperCase());
}

/** A host as browsers write it in an address; a browser's parser also takes `a{b` and `a;b`, which no certificate and no proxy does. */
export const SITE_HOST = /^[A-Za-z0-9.\-:[\]]+$/;

/** What a proxy can be told of in its configuration: a path of one reading, without control characters and in UTF-8. */
export function isSitePrefix(path: string): boolean {
  const plain = readSitePath(path) === path ? decodePath(path) : null;
  return plain !== null && !/[\u0000-\u001f\u007f]/.test(plain);
}

/** As proxies compare it: without escapes. Null when it is not UTF-8. */
export function decodePath(path: string): string | null {
  try {
    return decodeURIComponent(path);
  } catch {
    return null;
  }
}

/** Browsers escape some of these by themselves and leave others, and servers read `/%7Bx` as `/{x`: websites are told apart without it. */
const NEEDLESS_ESCAPE = /%(?:2[12467-9a-c]|3[acde]|40|5[bde]|60|7[b-d])/gi;

const withoutNeedless = (path: string): string =>
  path.includes('%') ? path.replace(NEEDLESS_ESCAPE, (escape) => String.fromCharCode(Number.parseInt(escape.slice(1), 16))) : path;

/** Whole segments: `/admin` covers `/admin` and `/admin/users`, not `/administration`. Case counts. */
function covers(prefix: string, path: string): boolean {
  if (prefix === '/' || path === prefix) return true;
  return path.startsWith(prefix.endsWith('/') ? prefix : `${prefix}/`);
}

/**
 * The website at a path of an origin: the one whose prefix says most. Many applications serve `/ADMIN` as `/admin`, others do not: where that
 * makes a difference between two websites, the path belongs to neither.
 */
export function findWebsite(websites: readonly Website[], origin: string, path: string): Website | null {
  const ofOrigin = websites.filter((website) => website.origin === origin);
  const plain = withoutNeedless(path);
  const exact = findCovering(ofOrigin, plain, withoutNeedless);
  const inAnyCase = findCovering(ofOrigin, plain.toLowerCase(), (prefix) => withoutNeedless(prefix).toLowerCase());
  return exact === inAnyCase ? exact : null;
}

function findCovering(websites: readonly Website[], path: string, toPrefix: (prefix: string) => string): Website | null {
  let best: Website | null = null;
  let bestLength = -1;
  for (const website of websites) {
    for (const prefix of website.paths) {
      if (prefix.length > bestLength && covers(toPrefix(prefix), path)) {
        best = website;
        bestLength = prefix.length;
      }
    }
  }
  return best;
}

/** As it is written: what an application may read in another way is asked about. */
export function isPublicPath(website: Website, path: string): boolean {
  return website.publicPaths.some((prefix) => covers(prefix, path));
}
