import { createHash, timingSafeEqual } from 'node:crypto';
import { findWebsite, readSitePath, type Website } from '../domain/site/website.ts';
import type { Random } from '../ports/random.ts';
import type { SiteSignIn } from '../oidc/sign-in/site-sign-in.ts';
import { readCookie, ROUND_TTL_S, siteCookie, siteCookieNames, type SiteSeals } from './site-cookie.ts';
import type { SiteQuestion } from './question.ts';

/** Paths of the website's own host that belong to the gateway. */
export const ROUND_PREFIX = '/.gatehouse/';
export const CALLBACK_PATH = `${ROUND_PREFIX}callback`;
const SIGN_IN_PATH = `${ROUND_PREFIX}sign-in`;
const SIGN_OUT_PATH = `${ROUND_PREFIX}sign-out`;
/** Longest address to return to, characters: it travels in the state. Of a longer one only the website's start is left. */
export const RETURN_CHARS_MAX = 2_048;
const SECRET_BYTES = 32;
const SECRET_SHAPE = /^[A-Za-z0-9_-]{43}$/;

/** An answer for the browser itself. */
export interface BrowserAnswer {
  readonly kind: 'browser';
  readonly status: 302 | 400 | 403 | 404;
  readonly location?: string;
  readonly cookies?: readonly string[];
  readonly message?: string;
}

export interface SignInRounds {
  /** Where a browser that is not signed in goes: an address of the website itself. */
  signInUrl(origin: string, target: string): string;
  /** For a path below ROUND_PREFIX. */
  answer(question: SiteQuestion, cookie: string | undefined): Promise<BrowserAnswer>;
}

interface Deps {
  readonly websites: () => readonly Website[];
  readonly signIn: SiteSignIn;
  readonly seals: SiteSeals;
  readonly random: Random;
  readonly sessionTtlS: number;
}

const sha256 = (text: string): string => createHash('sha256').update(text, 'ascii').digest('base64url');

function isSame(left: string, right: string): boolean {
  const [a, b] = [Buffer.from(left), Buffer.from(right)];
  return a.length === b.length && timingSafeEqual(a, b);
}

/** A path of this origin and nothing else: `//other.example` is an address of another one. */
function safeTarget(target: string | null): string {
  if (target === null || target.length > RETURN_CHARS_MAX) return '/';
  const path = readSitePath(target);
  return path === null || path.startsWith(ROUND_PREFIX) || /[^\x21-\x7e]/.test(target) ? '/' : target;
}

const SCOPE = 'openid profile email groups';

type Turn = (question: SiteQuestion, query: URLSearchParams, cookie: string | undefined) => Promise<BrowserAnswer>;

function createBegin({ random, seals, signIn, websites }: Deps): Turn {
  const secret = (): string => Buffer.from(random.bytes(SECRET_BYTES)).toString('base64url');
  return async ({ origin }, query, cookie) => {
    const target = safeTarget(query.get('to'));
    const website = findWebsite(websites(), origin, readSitePath(target) ?? '/');
    if (website === null) return { kind: 'browser', status: 404, message: 'No website of this gateway is at this address.' };
    const { round: name } = siteCookieNames(origin, website.appId);
    // Sign-ins of several tabs share the mark: each has its own state.
    const known = readCookie(cookie, name);
    const mark = known !== null && SECRET_SHAPE.test(known) ? known : secret();
    const codeVerifier = secret();
    const state = await seals.sealRound(origin, { appId: website.appId, codeVerifier, target, browserSha256: sha256(mark) });
    const parameters = new URLSearchParams({
      client_id: website.clientId,
      redirect_uri: `${origin}${CALLBACK_PATH}`,
      response_type: 'code',
      scope: SCOPE,
      state,
      code_challenge: sha256(codeVerifier),
      code_challenge_method: 'S256',
    });
    const location = `${signIn.issuer}/auth?${parameters.toString()}`;
    return { kind: 'browser', status: 302, location, cookies: [siteCookie(origin, name, mark, ROUND_TTL_S)] };
  };
}

const EXPIRED: BrowserAnswer = {
  kind: 'browser',
  status: 400,
  message: 'This sign-in has expired or began in another browser. Open the website again.',
};

function createEnd({ seals, sessionTtlS, signIn, websites }: Deps): Turn {
  return async ({ origin }, query, cookie) => {
    const round = await seals.openRound(origin, query.get('state') ?? '');
    const website = round === null ? undefined : websites().find((one) => one.appId === round.appId && one.origin === origin);
    if (round === null || website === undefined) return EXPIRED;
    const names = siteCookieNames(origin, website.appId);
    const mark = readCookie(cookie, names.round);
    if (mark === null || !isSame(sha256(mark), round.browserSha256)) return EXPIRED;
    // RFC 9207: an answer of another provider is none of ours.
    if (query.get('iss') !== signIn.issuer) return EXPIRED;
    if (query.get('error') !== null) return { kind: 'browser', status: 403, message: refusalText(query) };
    const session = await signIn.redeem({
      code: query.get('code') ?? '',
      clientId: website.clientId,
      redirectUri: `${origin}${CALLBACK_PATH}`,
      codeVerifier: round.codeVerifier,
    });
    if (session === null) return EXPIRED;
    const sealed = await seals.sealSession(origin, session, sessionTtlS);
    const cookies = [siteCookie(origin, names.session, sealed, null)];
    return { kind: 'browser', status: 302, location: `${origin}${round.target}`, cookies };
  };
}

function leave({ signIn, websites }: Deps, origin: string): BrowserAnswer {
  const own = websites().filter((website) => website.origin === origin);
  const cookies = own.map(({ appId }) => siteCookie(origin, siteCookieNames(origin, appId).session, '', 0));
  const [first] = own;
  const client = first === undefined ? '' : `?client_id=${encodeURIComponent(first.clientId)}`;
  return { kind: 'browser', status: 302, location: `${signIn.issuer}/session/end${client}`, cookies };
}

export function createSignInRounds(deps: Deps): SignInRounds {
  const begin = createBegin(deps);
  const end = createEnd(deps);
  return {
    signInUrl: (origin, target) => `${origin}${SIGN_IN_PATH}?to=${encodeURIComponent(safeTarget(target))}`,
    answer: async (question, cookie) => {
      const [path = '', search = ''] = question.target.split('?', 2);
      const query = new URLSearchParams(search);
      if (path === SIGN_IN_PATH) return begin(question, query, cookie);
      if (path === CALLBACK_PATH) return end(question, query, cookie);
      if (path === SIGN_OUT_PATH) return leave(deps, question.origin);
      return { kind: 'browser', status: 404, message: 'There is nothing at this address.' };
    },
  };
}

/** The provider's own words, as plain as a header may be. */
function refusalText(query: URLSearchParams): string {
  const text = (query.get('error_description') ?? query.get('error') ?? '').replaceAll(/[^\x20-\x7e]/g, ' ').slice(0, 200);
  return `The sign-in ended without access: ${text}.`;
}
