import type { IncomingMessage, ServerResponse } from 'node:http';
import { findWebsite, isPublicPath, readSitePath, type Website } from '../domain/site/website.ts';
import type { LeanFace } from '../http/lean/lean-face.ts';
import type { Logger } from '../platform/logger.ts';
import type { Clock } from '../ports/clock.ts';
import { toAnswer, type HttpAnswer, type Outcome } from './answers.ts';
import type { CheckSite } from './check-site.ts';
import { FORWARD_AUTH_ROUTES, readQuestion, styleOf, type ProxyStyle, type SiteQuestion } from './question.ts';
import type { SiteTrace } from './trace-sites.ts';
import { readCookie, siteCookieNames, type SiteSeals } from './site-cookie.ts';
import { ROUND_PREFIX, type SignInRounds } from './sign-in-round.ts';

export interface ForwardAuthFaceDeps {
  /** Those of now. */
  readonly websites: () => readonly Website[];
  readonly checkSite: CheckSite;
  readonly rounds: SignInRounds;
  readonly seals: SiteSeals;
  readonly addresses: {
    clientIp(request: IncomingMessage): string | null;
    isProxy(address: string): boolean;
  };
  readonly clock: Clock;
  /** Absent = nobody connects websites. */
  readonly trace?: SiteTrace;
  readonly log: Logger;
}

/** What these proxies get goes to the browser as it is. The others hear yes or no: they cannot carry a sign-in. */
const isPassedOn = (style: ProxyStyle): boolean => style === 'forward_auth' || style === 'ext_authz';

/** Whoever is denied this soon after a sign-in that was permitted is told so, and not sent round again. */
export const ROUND_AGAIN_MS = 30_000;

export type ForwardAuthFace = LeanFace;

/** For proxies, hence without cookies of the console, pages and browser headers, and before the check of Host: many proxies keep the browser's. */
export function createForwardAuthFace(deps: ForwardAuthFaceDeps): ForwardAuthFace {
  const { addresses, checkSite, rounds, seals, trace, websites } = deps;

  const decide = async (request: IncomingMessage, question: SiteQuestion): Promise<Outcome> => {
    const { origin, style, target } = question;
    // A path that can be read in two ways belongs to no website: the application may read the other one.
    const path = readSitePath(target);
    if (path === null) return { kind: 'refused', status: 400, message: 'The address can be read in more than one way.' };
    if (path.startsWith(ROUND_PREFIX)) {
      if (isPassedOn(style)) return rounds.answer(question, request.headers.cookie);
      trace?.roundsNotPassed(websites().filter((one) => one.origin === origin));
      return { kind: 'refused', status: 403, message: `The proxy has to pass ${ROUND_PREFIX} on to the gateway, not to ask about it.` };
    }
    const website = findWebsite(websites(), origin, path);
    if (website === null) {
      trace?.unknownWebsite(origin);
      return { kind: 'refused', status: 403, message: `No website of this gateway is at ${origin}${path}.` };
    }
    if (isPublicPath(website, path)) return { kind: 'public' };
    const sealed = readCookie(request.headers.cookie, siteCookieNames(origin, website.appId).session);
    const opened = sealed === null ? null : await seals.openSession(origin, sealed);
    const answer = await checkSite({ website, session: opened?.session ?? null, ip: addresses.clientIp(request) });
    trace?.answered(website, answer);
    // What follows a form that was sent cannot be sent again by coming back to it.
    const url = rounds.signInUrl(origin, question.method === 'GET' || question.method === 'HEAD' ? target : '/');
    if (answer.kind === 'permit') return answer;
    if (answer.kind === 'sign_in') return { kind: 'sign_in', url };
    const isFresh = opened !== null && deps.clock.nowMs() - opened.sealedAtMs < ROUND_AGAIN_MS;
    return { kind: 'denied', url: isFresh ? null : url, reasons: answer.deny.reasons, decisionId: answer.deny.id };
  };

  const answer = async (request: IncomingMessage, style: ProxyStyle): Promise<HttpAnswer> => {
    // Anybody else could say any address of a browser.
    if (!addresses.isProxy(request.socket.remoteAddress ?? '')) {
      trace?.untrustedProxy(request.socket.remoteAddress ?? '');
      const message = 'Only a proxy named in trusted_proxies may ask here.';
      return toAnswer({ kind: 'refused', status: 403, message }, style, null);
    }
    const question = readQuestion(request, style);
    if ('refused' in question) return toAnswer({ kind: 'refused', status: 400, message: question.refused }, style, null);
    return toAnswer(await decide(request, question), style, question);
  };

  return {
    routes: FORWARD_AUTH_ROUTES,
    handles: (url) => styleOf(url) !== null && websites().length > 0,
    handle: (request, response) => {
      const style = styleOf(request.url ?? '/') ?? 'forward_auth';
      answer(request, style)
        .catch((failure: unknown) => {
          deps.log.error('forward_auth.failed', { style }, failure);
          const message = 'Something failed inside the gateway; nothing was granted.';
          return toAnswer({ kind: 'refused', status: 500, message }, style, null);
        })
        .then((answered) => send(request, response, answered))
        .catch(() => response.destroy());
    },
  };
}

function send(request: IncomingMessage, response: ServerResponse, { body, headers, status }: HttpAnswer): void {
  response.writeHead(status, {
    'cache-control': 'no-store',
    'content-length': Buffer.byteLength(body),
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
    // A body that a proxy passed on is not read.
    ...(hasBody(request) ? { connection: 'close' } : {}),
    ...Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, typeof value === 'string' ? value : [...value]])),
  });
  response.end(request.method === 'HEAD' ? undefined : body);
}

function hasBody({ headers }: IncomingMessage): boolean {
  return headers['transfer-encoding'] !== undefined || (headers['content-length'] ?? '0') !== '0';
}
