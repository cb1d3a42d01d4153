import { reasonCodeSchema } from '../domain/access/reason-code.ts';
import { explainReason } from '../domain/access/reason-text.ts';
import { tryParse } from '../domain/try-parse.ts';
import type { AppClaims } from './relying-party-sessions.ts';

export interface AppLook {
  readonly name: string;
  /** One sentence: what the app is for. */
  readonly description: string;
}

const escapes: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
const escape = (text: string): string => text.replace(/[&<>"']/g, (character) => escapes[character] ?? '');

function layout(look: AppLook, body: string): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${escape(look.name)}</title>
<link rel="icon" type="image/svg+xml" href="/files/app.svg">
<link rel="stylesheet" href="/files/plain-pages.css">
<link rel="stylesheet" href="/files/app.css">
<script src="/files/app.js" defer></script>
</head>
<body>
<header><p class="app">${escape(look.name)}</p><p class="what">${escape(look.description)}</p></header>
<main>${body}</main>
</body>
</html>`;
}

/** Claims in the order in which a reader wants them; the protocol's own come last. */
const claimOrder = ['name', 'email', 'groups', 'gatehouse_presence', 'gatehouse_decision', 'acr', 'amr', 'auth_time', 'sub', 'sid'];
const labels: Readonly<Record<string, string>> = {
  name: 'Name',
  email: 'E-mail',
  groups: 'Groups',
  gatehouse_presence: 'Presence',
  gatehouse_decision: 'Decision',
  acr: 'Assurance',
  amr: 'Methods',
  auth_time: 'Signed in at',
  sub: 'Subject',
  sid: 'Session',
};

function show(name: string, value: unknown): string {
  if (name === 'auth_time' && typeof value === 'number') return new Date(value * 1_000).toISOString();
  if (Array.isArray(value)) return value.map(String).join(', ');
  if (typeof value === 'object' && value !== null) return Object.values(value).map(String).join(', ');
  return String(value);
}

function renderClaims(claims: AppClaims): string {
  const rows = claimOrder
    .filter((name) => claims[name] !== undefined)
    .map((name) => `<dt>${escape(labels[name] ?? name)}</dt><dd data-claim="${escape(name)}">${escape(show(name, claims[name]))}</dd>`);
  return `<dl>${rows.join('')}</dl>`;
}

const signInForm = (label: string): string =>
  `<form class="actions" method="post" action="/sign-in"><button type="submit" class="primary">${label}</button></form>`;

/** A denial as the gateway describes it to apps: reason code, and the decision to quote. A logout token names the code only. */
const DENIAL = /^(?:access denied: )?([a-z_.]+)(?: \((\S{1,128})\))?$/;

/** Why it is a no, in words where the gateway's description is understood, and as it came otherwise. */
function renderWhy(description: string): string {
  const [, code = '', decisionId = ''] = DENIAL.exec(description) ?? [];
  const known = tryParse(reasonCodeSchema, code);
  if (!known.success) return `<div class="why"><p data-description>${escape(description)}</p></div>`;
  const { message, remedy } = explainReason(known.data);
  return `<div class="why"><p>${escape(message)}</p><p>${escape(remedy)}</p></div>
<p class="code" data-description>${escape(code)}${decisionId === '' ? '' : ` · decision ${escape(decisionId)}`}</p>`;
}

function renderSignedOut(endReason: string | null): string {
  if (endReason === null) {
    return `<section data-state="signed-out"><h1>You are not signed in</h1><p>This app knows you through the gateway.</p>
${signInForm('Sign in with Gatehouse')}</section>`;
  }
  return `<section data-state="ended"><h1>Your session has ended</h1>${renderWhy(endReason)}${signInForm('Sign in again')}</section>`;
}

/** The app's page: of whoever is signed in, or of nobody, with the reason when a session was ended. */
export function renderHome(look: AppLook, claims: AppClaims | null, endReason: string | null): string {
  if (claims === null) return layout(look, renderSignedOut(endReason));
  return layout(
    look,
    `<section data-state="signed-in"><h1>Hello, ${escape(show('name', claims['name'] ?? claims['sub']))}</h1>
<p class="live" role="status" data-status>Signed in. Access is checked again every minute.</p>
${renderClaims(claims)}
<div class="actions"><button type="button" data-refresh>Check access now</button>
<form method="post" action="/sign-out"><button type="submit">Sign out</button></form></div></section>`,
  );
}

export function renderError(look: AppLook, code: string, description: string): string {
  const title = code === 'access_denied' ? 'Access denied' : 'Sign-in failed';
  return layout(
    look,
    `<section data-state="error"><h1>${title}</h1>${renderWhy(description)}
<p class="code">${escape(code)}</p>${signInForm('Sign in again')}</section>`,
  );
}
