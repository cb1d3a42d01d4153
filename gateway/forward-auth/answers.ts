import type { Visitor } from './check-site.ts';
import type { ProxyStyle, SiteQuestion } from './question.ts';
import type { BrowserAnswer } from './sign-in-round.ts';

export interface HttpAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | readonly string[]>>;
  readonly body: string;
}

export type Outcome =
  | { readonly kind: 'permit'; readonly visitor: Visitor }
  | { readonly kind: 'public' }
  | { readonly kind: 'sign_in'; readonly url: string }
  /** `url`: where the sign-in page tells why and what to do; null when the person comes from there. */
  | { readonly kind: 'denied'; readonly url: string | null; readonly reasons: readonly string[]; readonly decisionId: string }
  | { readonly kind: 'refused'; readonly status: 400 | 403 | 500; readonly message: string }
  | BrowserAnswer;

/** HTTP headers are bytes: UTF-8 goes through Node as Latin-1. What could end the line or the list is taken out. */
function headerText(text: string): string {
  return Buffer.from(text.replaceAll(/[\u0000-\u001f\u007f,]/g, ' ').trim(), 'utf8').toString('latin1');
}

/** All of them in every answer that lets a request through: a proxy that copies them overwrites what the browser sent. */
function identityHeaders(visitor: Visitor | null, style: ProxyStyle): Record<string, string> {
  const person = visitor?.person ?? null;
  const id = person?.id ?? '';
  const email = headerText(person?.email ?? '');
  const groups = (person?.groups ?? []).map(headerText).join(',');
  return {
    'remote-user': id,
    'remote-name': headerText(person?.displayName ?? ''),
    'remote-email': email,
    'remote-groups': groups,
    'x-gatehouse-identity': visitor?.identityToken ?? '',
    'x-gatehouse-decision': visitor?.decisionId ?? '',
    ...(style === 'oauth2_proxy' ? { 'x-auth-request-user': id, 'x-auth-request-email': email, 'x-auth-request-groups': groups } : {}),
  };
}

const text = (status: number, body: string, headers: HttpAnswer['headers'] = {}): HttpAnswer => ({
  status,
  headers: { 'content-type': 'text/plain; charset=utf-8', ...headers },
  body: `${body}\n`,
});

/** nginx and what follows it takes 2xx, 401 and 403 only; the address to go to is data for its configuration. */
function answerInData(outcome: Exclude<Outcome, { kind: 'permit' | 'public' }>, isPage: boolean): HttpAnswer {
  // A program would follow the address to a page of another origin and call that an error of its own.
  if (outcome.kind === 'sign_in') return text(401, 'Nobody is signed in.', isPage ? { location: outcome.url } : {});
  if (outcome.kind === 'denied') return denied(isPage ? outcome : { ...outcome, url: null });
  if (outcome.kind === 'refused') return text(outcome.status === 500 ? 500 : 403, outcome.message);
  return toBrowser(outcome);
}

function denied({ decisionId, reasons, url }: Extract<Outcome, { kind: 'denied' }>): HttpAnswer {
  return text(403, `Access denied: ${reasons.join(', ')} (${decisionId}).`, {
    'x-gatehouse-decision': decisionId,
    'x-gatehouse-reason': reasons.join(' '),
    ...(url === null ? {} : { location: url }),
  });
}

function toBrowser({ cookies = [], location, message, status }: BrowserAnswer): HttpAnswer {
  const headers = { ...(location === undefined ? {} : { location }), ...(cookies.length === 0 ? {} : { 'set-cookie': cookies }) };
  return text(status, message ?? 'Go on at the address in Location.', headers);
}

/** What these proxies get is what the browser gets. */
function answerToBrowser(outcome: Exclude<Outcome, { kind: 'permit' | 'public' }>, question: SiteQuestion | null): HttpAnswer {
  if (outcome.kind === 'browser') return toBrowser(outcome);
  if (outcome.kind === 'refused') return text(outcome.status, outcome.message);
  // The sign-in page tells a denied person why and what to do, and tries again.
  const seeOther = question?.method === 'GET' || question?.method === 'HEAD' ? 302 : 303;
  if (question?.isPage === true && outcome.url !== null)
    return text(seeOther, 'Go on at the address in Location.', { location: outcome.url });
  if (outcome.kind === 'sign_in') return text(401, `Nobody is signed in. A browser signs in at ${outcome.url}.`);
  return denied(outcome);
}

/** Says the outcome in the way of the proxy that asks. */
export function toAnswer(outcome: Outcome, style: ProxyStyle, question: SiteQuestion | null): HttpAnswer {
  if (outcome.kind === 'permit' || outcome.kind === 'public') {
    const visitor = outcome.kind === 'permit' ? outcome.visitor : null;
    return text(style === 'oauth2_proxy' ? 202 : 200, 'ok', identityHeaders(visitor, style));
  }
  const isData = style === 'auth_request' || style === 'oauth2_proxy';
  return isData ? answerInData(outcome, question?.isPage === true) : answerToBrowser(outcome, question);
}
