import type { IncomingHttpHeaders } from 'node:http';
import type { KoaContextWithOIDC } from 'oidc-provider';
import { LANGUAGE_COOKIE } from '../../http/contract/language.ts';
import { LANGUAGES, type Language } from '../../domain/language.ts';
import { webOrigin } from '../sign-in/interaction-state.ts';
import { pageLanguage, pageTexts } from './page-language.ts';
import type { PageTexts } from './texts/page-texts.ts';

/** Where the HTTP server publishes the files that these pages use. */
export const PAGE_ASSETS_PATH = '/oidc-pages';

const escapes: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => escapes[character] ?? '');
}

interface Page {
  readonly language: Language;
  /** Whether the page can be shown anew in another language: it was got, or holds a form `data-again` that asks for it once more. */
  readonly canChange: boolean;
  readonly title: string;
  /** HTML; everything inserted into it has been escaped. */
  readonly body: string;
  readonly submitsItself: boolean;
  /** Of the files that the server publishes; none if absent. */
  readonly script?: string;
}

/** The console's mark, as its own pages draw it. */
const BRAND_MARK = `<svg width="26" height="26" viewBox="0 0 32 32" aria-hidden="true" focusable="false">
<rect width="32" height="32" rx="8" fill="#2b50c4"/>
<path d="M8 25V14a8 8 0 0 1 16 0v11M16 14v11" fill="none" stroke="#fff" stroke-width="3" stroke-linecap="round"/></svg>`;

/** As each calls itself. Hidden until its script is there. */
const languageNames: Readonly<Record<Language, string>> = { en: 'English', de: 'Deutsch', es: 'Español' };

function renderLanguages(current: Language): string {
  const buttons = LANGUAGES.filter((language) => language !== current).map(
    (language) =>
      `<button type="button" lang="${language}" data-language="${LANGUAGE_COOKIE}=${language}">${languageNames[language]}</button>`,
  );
  return `<div class="languages" role="group" aria-label="${pageTexts[current].language}" hidden>${buttons.join('\n')}</div>`;
}

const scriptOf = (name: string): string => `<script src="${PAGE_ASSETS_PATH}/${name}" defer></script>`;

function renderPage({ title, body, canChange, language, script, submitsItself }: Page): string {
  const scripts = [
    ...(submitsItself ? ['submit.js'] : []),
    ...(script === undefined ? [] : [script]),
    ...(canChange ? ['language.js'] : []),
  ];
  return `<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${escapeHtml(title)} · Gatehouse</title>
<link rel="icon" type="image/svg+xml" href="/favicon.svg">
<link rel="stylesheet" href="${PAGE_ASSETS_PATH}/plain-pages.css">
<link rel="stylesheet" href="${PAGE_ASSETS_PATH}/pages.css">
${scripts.map(scriptOf).join('\n')}
</head>
<body>
<main>
<p class="brand">${BRAND_MARK} Gatehouse</p>
<h1>${escapeHtml(title)}</h1>
${body}
${canChange ? renderLanguages(language) : ''}
</main>
</body>
</html>`;
}

/** A page without script. `body` is HTML; everything inserted into it has been escaped. */
export function showPage(
  ctx: KoaContextWithOIDC,
  page: Pick<Page, 'title' | 'body'> & Partial<Pick<Page, 'canChange' | 'submitsItself'>>,
): void {
  ctx.type = 'html';
  // Its form holds the secret of this browser's session; the provider says so for some of its pages only.
  ctx.set('cache-control', 'no-store');
  ctx.vary('Accept-Language');
  ctx.vary('Cookie');
  ctx.body = renderPage({ submitsItself: false, canChange: ctx.method === 'GET', ...page, language: languageOf(ctx) });
}

function languageOf(ctx: KoaContextWithOIDC): Language {
  return pageLanguage(ctx.headers, ctx.oidc.params?.['ui_locales']);
}

/** In the language of whoever reads the page. */
export function textsOf(ctx: KoaContextWithOIDC): PageTexts {
  return pageTexts[languageOf(ctx)];
}

/** True when the client proved with an ID token of this very person that it speaks for them: no need to ask again. */
function isProvenByHint(ctx: KoaContextWithOIDC): boolean {
  const hint = ctx.oidc.entities.IdTokenHint;
  return hint !== undefined && hint.payload['sub'] === ctx.oidc.session?.accountId;
}

/** The confirmation of RP-initiated logout. `form` is the provider's own, with id `op.logoutForm` and its CSRF token. */
export function renderLogout(ctx: KoaContextWithOIDC, form: string): void {
  const t = textsOf(ctx);
  const appName = ctx.oidc.client?.clientName;
  const from = appName === undefined ? '' : `<p>${t.asksSignOut(escapeHtml(appName))}</p>`;
  showPage(ctx, {
    title: t.signOut,
    submitsItself: isProvenByHint(ctx),
    body: `${from}<p>${t.signOutLead}</p>
${form}
<div class="actions">
<button type="submit" class="primary" form="op.logoutForm" name="logout" value="yes" data-submit autofocus>${t.signOutGo}</button>
</div>`,
  });
}

export function renderLoggedOut(ctx: KoaContextWithOIDC): void {
  const t = textsOf(ctx);
  showPage(ctx, { title: t.signedOut, body: `<p>${t.signedOutLead}</p>${renderWayBack(ctx)}` });
}

/** To the app that the request came from, by an address that it registered; home when it is not known. Never to an address of the request. */
function renderWayBack(ctx: KoaContextWithOIDC): string {
  const { client } = ctx.oidc;
  const origin = webOrigin(client?.redirectUris?.[0]);
  const t = textsOf(ctx);
  const [address, label] =
    client === undefined || origin === null ? ['/', t.home] : [origin, t.backTo(escapeHtml(client.clientName ?? client.clientId))];
  return `<div class="actions"><a class="button" href="${escapeHtml(address)}">${label}</a></div>`;
}

const explanations: Readonly<Record<string, 'invalidClient' | 'invalidRedirectUri' | 'invalidRequest' | 'serverError'>> = {
  invalid_client: 'invalidClient',
  invalid_redirect_uri: 'invalidRedirectUri',
  invalid_request: 'invalidRequest',
  server_error: 'serverError',
};

/** Errors that must not go back to the client: shown here, with the code for whoever operates the app. */
export function renderOidcError(
  ctx: KoaContextWithOIDC,
  out: { readonly error: string; readonly error_description?: string | undefined },
): void {
  const detail = out.error_description === undefined ? '' : `: ${out.error_description}`;
  const t = textsOf(ctx);
  showPage(ctx, {
    title: t.cannotGoOn,
    body: `<p>${t[explanations[out.error] ?? 'refused']}</p>
${renderWayBack(ctx)}<p class="code">${escapeHtml(out.error + detail)}</p>`,
  });
}

/** Where a person answers what apps ask over the back channel (CIBA). Its script talks to /api/approvals. */
export function renderApprovals(headers: IncomingHttpHeaders): string {
  const language = pageLanguage(headers);
  const t = pageTexts[language];
  const { approve, approved, denied, failed, noneWaits, passkeyUnused, refuse, refusedByYou, waiting } = t;
  const said = {
    approve,
    approved,
    denied,
    failed,
    noneWaits,
    passkeyUnused,
    refuse,
    refusedByYou,
    waiting,
    showsProblems: language === 'en',
  };
  return renderPage({
    title: t.requests,
    language,
    canChange: true,
    submitsItself: false,
    script: 'approve.js',
    body: `<p>${t.requestsLead}</p>
<p role="status" id="status"></p>
<ul id="requests" class="requests" data-texts="${escapeHtml(JSON.stringify(said))}"></ul>
<div class="actions"><button type="button" class="primary" id="show">${t.requestsShow}</button></div>
<noscript><p class="alert">${t.needsScripts}</p></noscript>`,
  });
}

/** What a browser is shown where nothing is. */
export function renderNotFound(headers: IncomingHttpHeaders): string {
  const language = pageLanguage(headers);
  const t = pageTexts[language];
  const body = `<p>${t.nothingHereLead}</p>\n<div class="actions"><a class="button" href="/">${t.home}</a></div>`;
  return renderPage({ title: t.nothingHere, language, canChange: true, submitsItself: false, body });
}
