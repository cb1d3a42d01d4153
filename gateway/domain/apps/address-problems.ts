import { findDuplicates, type FieldProblem } from '../field-problem.ts';
import { isSitePrefix, SITE_HOST } from '../site/website.ts';
import type { AppDraft, AppKind } from './added-app.ts';
import { isClientOrigin, isClientUri, isLoopbackHost } from './client-address.ts';

/** Anything a browser, a server or a person could read in another way than the gateway compares it. */
const UNCLEAR = /[\s\\*"'`<>{}|^\u0000-\u001f\u007f-\u{10ffff}]/u;
/** RFC 8252 7.1: a scheme of the app's own is a domain name of its maker, turned round. */
const OWN_SCHEME = /^[a-z][a-z0-9+-]*(\.[a-z0-9+-]+)+:$/;

/** Why this may not be an address that codes are sent to; null = it may. RFC 9700 2.1, RFC 8252 7 and 8. */
export function findRedirectProblem(text: string, kind: AppKind, gatewayOrigin: string): string | null {
  if (text.includes('*')) return 'has a wildcard: write out each address';
  if (UNCLEAR.test(text)) return 'has a character that does not belong into an address';
  if (text.includes('#')) return 'has a fragment (#), which no redirect reaches';
  const url = URL.parse(text);
  if (url === null) return 'is not an address such as https://app.example.com/callback';
  if (url.username !== '' || url.password !== '') return 'has a user name in it';
  if (/\/\.{1,2}(\/|$)/.test(new URL(text).pathname) || /\/\.{1,2}(\/|\?|$)/.test(text)) return 'has dots as a part of its path';
  if (url.origin === gatewayOrigin) return 'is an address of the gateway itself';
  if (url.protocol === 'https:') return null;
  if (url.protocol === 'http:') return isLoopbackHost(url.hostname) ? null : 'is not https (http is for this computer itself only)';
  if (kind !== 'native') return 'is not https';
  return OWN_SCHEME.test(url.protocol) ? null : 'has a scheme that is nobody’s: use com.example.app:/callback';
}

type Report = (path: string, message: string) => void;

/** What is wrong with the addresses of an app, by its kind. */
export function findAddressProblems(draft: AppDraft, gatewayOrigin: string): readonly FieldProblem[] {
  const problems: FieldProblem[] = [];
  const report: Report = (path, message) => problems.push({ path, message });
  checkRedirects(draft, gatewayOrigin, report);
  checkWebsite(draft, gatewayOrigin, report);
  const { backchannelLogoutUri, kind } = draft;
  if (backchannelLogoutUri !== null) {
    if (kind !== 'web') report('backchannelLogoutUri', 'is for apps with a server');
    else if (UNCLEAR.test(backchannelLogoutUri) || !isClientUri(backchannelLogoutUri)) {
      report('backchannelLogoutUri', 'is not an https address without fragment (http is for this computer itself only)');
    } else if (new URL(backchannelLogoutUri).origin === gatewayOrigin)
      report('backchannelLogoutUri', 'is an address of the gateway itself');
  }
  for (const list of ['redirectUris', 'postLogoutRedirectUris', 'paths', 'publicPaths'] as const) {
    problems.push(...findDuplicates(draft[list].map((value, index) => ({ value, path: `${list}.${index}` }))));
  }
  return problems;
}

function checkRedirects({ kind, postLogoutRedirectUris, redirectUris }: AppDraft, gatewayOrigin: string, report: Report): void {
  const hasAddresses = kind === 'web' || kind === 'browser' || kind === 'native';
  if (hasAddresses && redirectUris.length === 0) report('redirectUris', 'is empty: where does the person come back to?');
  for (const [name, list] of [
    ['redirectUris', redirectUris],
    ['postLogoutRedirectUris', postLogoutRedirectUris],
  ] as const) {
    if (!hasAddresses && list.length > 0) report(name, 'are not for this kind of app');
    list.forEach((uri, index) => {
      const problem = findRedirectProblem(uri, kind, gatewayOrigin);
      if (problem !== null) report(`${name}.${index}`, problem);
    });
  }
}

function checkWebsite({ kind, origin, paths, publicPaths }: AppDraft, gatewayOrigin: string, report: Report): void {
  if (kind !== 'website') {
    if (origin !== null) report('origin', 'is for websites behind a proxy');
    if (paths.length + publicPaths.length > 0) report('paths', 'are for websites behind a proxy');
    return;
  }
  if (origin === null || !isClientOrigin(origin) || !SITE_HOST.test(new URL(origin).host))
    report('origin', 'is not an origin such as https://wiki.example.com (http on loopback only)');
  else if (origin === gatewayOrigin) report('origin', 'is the gateway itself');
  if (paths.length === 0) report('paths', 'is empty: / is the whole website');
  for (const [name, list] of [
    ['paths', paths],
    ['publicPaths', publicPaths],
  ] as const) {
    list.forEach((path, index) => {
      if (!isSitePrefix(path))
        report(
          `${name}.${index}`,
          'is not a path such as /admin, without query, dots, double slashes, spaces or escapes that it does not need',
        );
    });
  }
}
