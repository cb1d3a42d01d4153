import type { KoaContextWithOIDC } from 'oidc-provider';
import { webOrigin } from './interactions.ts';

/** Where the HTTP server publishes the files that these pages use. */
export const PAGE_ASSETS_PATH = '/oidc-pages';

const escapes: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => escapes[character] ?? '');
}

interface Page {
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

function renderPage({ title, body, script: file, submitsItself }: Page): string {
  const name = submitsItself ? 'submit.js' : file;
  const script = name === undefined ? '' : `<script src="${PAGE_ASSETS_PATH}/${name}" defer></script>`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${escapeHtml(title)} · Gatehouse</title>
<link rel="icon" type="image/svg+xml" href="/favicon.svg">
<link rel="stylesheet" href="${PAGE_ASSETS_PATH}/plain-pages.css">
<link rel="stylesheet" href="${PAGE_ASSETS_PATH}/pages.css">
${script}
</head>
<body>
<main>
<p class="brand">${BRAND_MARK} Gatehouse</p>
<h1>${escapeHtml(title)}</h1>
${body}
</main>
</body>
</html>`;
}

/** A page without script. `body` is HTML; everything inserted into it has been escaped. */
export function showPage(ctx: KoaContextWithOIDC, page: Pick<Page, 'title' | 'body'>): void {
  ctx.type = 'html';
  ctx.body = renderPage({ ...page, submitsItself: false });
}

/** True when the client proved with an ID token of this very person that it speaks for them: no need to ask again. */
function isProvenByHint(ctx: KoaContextWithOIDC): boolean {
  const hint = ctx.oidc.entities.IdTokenHint;
  return hint !== undefined && hint.payload['sub'] === ctx.oidc.session?.accountId;
}

/** The confirmation of RP-initiated logout. `form` is the provider's own, with id `op.logoutForm` and its CSRF token. */
export function renderLogout(ctx: KoaContextWithOIDC, form: string): void {
  const appName = ctx.oidc.client?.clientName;
  const from = appName === undefined ? '' : `<p>${escapeHtml(appName)} asks to sign you out.</p>`;
  ctx.type = 'html';
  ctx.body = renderPage({
    title: 'Sign out',
    submitsItself: isProvenByHint(ctx),
    body: `${from}<p>This ends your session at every app, on this browser.</p>
${form}
<div class="actions">
<button type="submit" class="primary" form="op.logoutForm" name="logout" value="yes" data-submit autofocus>Sign out everywhere</button>
</div>`,
  });
}

export function renderLoggedOut(ctx: KoaContextWithOIDC): void {
  ctx.type = 'html';
  const body = `<p>Your session has ended, at every app on this browser. You can close this page.</p>${renderWayBack(ctx)}`;
  ctx.body = renderPage({ title: 'Signed out', submitsItself: false, body });
}

/** To the app that the request came from, by an address that it registered; home when it is not known. Never to an address of the request. */
function renderWayBack(ctx: KoaContextWithOIDC): string {
  const { client } = ctx.oidc;
  const origin = webOrigin(client?.redirectUris?.[0]);
  const [address, name] =
    client === undefined || origin === null ? ['/', 'Home'] : [origin, `Back to ${client.clientName ?? client.clientId}`];
  return `<div class="actions"><a class="button" href="${escapeHtml(address)}">${escapeHtml(name)}</a></div>`;
}

const explanations: Readonly<Record<string, string>> = {
  invalid_client: 'The app that sent you here is not registered with this gateway.',
  invalid_redirect_uri: 'The app that sent you here named a return address that is not registered for it.',
  invalid_request: 'The app that sent you here made a request that is not valid, or it has expired. Go back to the app and try again.',
  server_error: 'Something failed inside the gateway. Nothing was granted. Try again in a moment.',
};

/** Errors that must not go back to the client: shown here, with the code for whoever operates the app. */
export function renderOidcError(
  ctx: KoaContextWithOIDC,
  out: { readonly error: string; readonly error_description?: string | undefined },
): void {
  const detail = out.error_description === undefined ? '' : `: ${out.error_description}`;
  ctx.type = 'html';
  ctx.body = renderPage({
    title: 'This sign-in cannot go on',
    submitsItself: false,
    body: `<p>${escapeHtml(explanations[out.error] ?? 'The request was refused.')}</p>
${renderWayBack(ctx)}<p class="code">${escapeHtml(out.error + detail)}</p>`,
  });
}

/** Where a person answers what apps ask over the back channel (CIBA). Its script talks to /api/approvals. */
export function renderApprovals(): string {
  return renderPage({
    title: 'Requests to you',
    submitsItself: false,
    script: 'approve.js',
    body: `<p>Apps that ask whether it is you are listed here. Approve only what you have started yourself, and compare the message.</p>
<p role="status" id="status"></p>
<ul id="requests" class="requests"></ul>
<div class="actions"><button type="button" class="primary" id="show">Show my requests with the passkey</button></div>
<noscript><p class="alert">This page needs scripts to use your passkey.</p></noscript>`,
  });
}

/** What a browser is shown where nothing is. */
export function renderNotFound(): string {
  const body = '<p>There is no page at this address.</p>\n<div class="actions"><a class="button" href="/">Home</a></div>';
  return renderPage({ title: 'Nothing here', submitsItself: false, body });
}
