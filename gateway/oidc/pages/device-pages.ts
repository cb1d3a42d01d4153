import type { Client, KoaContextWithOIDC } from 'oidc-provider';
import { escapeHtml, showPage, textsOf } from './pages.ts';

/** Why the page of the code is shown again. Texts of the provider's own errors stay inside. */
const problems: Readonly<Record<string, 'notFoundError' | 'expiredError' | 'alreadyUsedError' | 'abortedError' | 'noCodeError'>> = {
  NotFoundError: 'notFoundError',
  ExpiredError: 'expiredError',
  AlreadyUsedError: 'alreadyUsedError',
  AbortedError: 'abortedError',
  NoCodeError: 'noCodeError',
};

function formOf(ctx: KoaContextWithOIDC, fields: string, attributes = ''): string {
  const state = ctx.oidc.session?.state as { readonly secret?: string } | undefined;
  const action = ctx.oidc.urlFor('code_verification');
  return `<form method="post" action="${escapeHtml(action)}"${attributes}>
<input type="hidden" name="xsrf" value="${escapeHtml(state?.secret ?? '')}">
${fields}
</form>`;
}

/** A form that was sent without the session in which it was shown: a form to answer it with would fail in the same way. */
function renderUnknownBrowser(ctx: KoaContextWithOIDC): void {
  const t = textsOf(ctx);
  showPage(ctx, {
    title: t.cannotGoOn,
    body: `<p role="alert" class="alert">${t.deviceUnknownBrowser}</p>
<div class="actions"><a class="button" href="${escapeHtml(ctx.oidc.urlFor('code_verification'))}">${t.deviceAgain}</a></div>`,
  });
}

/** RFC 8628 3.3: where the person enters the code of the device. */
export function renderCodeInput(ctx: KoaContextWithOIDC, problem: { readonly name: string } | undefined): void {
  if (problem !== undefined && (ctx.oidc.session as { readonly new?: boolean } | undefined)?.new === true) return renderUnknownBrowser(ctx);
  const t = textsOf(ctx);
  const text = problem === undefined ? null : t[problems[problem.name] ?? 'otherError'];
  const alert = text === null ? '' : `<p role="alert" class="alert" id="problem">${escapeHtml(text)}</p>`;
  const described = text === null ? '' : ' aria-describedby="problem" aria-invalid="true"';
  showPage(ctx, {
    title: t.deviceTitle,
    body: `<p>${t.deviceLead}</p>
${alert}${formOf(
      ctx,
      `<label class="field">${t.code}
<input type="text" name="user_code" autocomplete="off" autocapitalize="characters" spellcheck="false" maxlength="32" required autofocus${described}></label>
<div class="actions"><button type="submit" class="primary">${t.goOn}</button></div>`,
    )}`,
  });
}

/** RFC 8628 5.4: the person compares the code, so that nobody else's device is signed in by a link that was sent to them. */
export function renderCodeConfirm(ctx: KoaContextWithOIDC, client: Client, userCode: string): void {
  const t = textsOf(ctx);
  const name = client.clientName ?? client.clientId;
  const code = `<input type="hidden" name="user_code" value="${escapeHtml(userCode)}">`;
  showPage(ctx, {
    // Escaped as a whole by the page.
    title: t.deviceSignIn(name),
    canChange: true,
    body: `<p>${t.deviceAsks(escapeHtml(name))}</p>
<p class="user-code">${escapeHtml(userCode)}</p>
${formOf(
  ctx,
  `${code}
<div class="actions">
<button type="submit" class="primary" name="confirm" value="yes">${t.deviceMine}</button>
<button type="submit" name="abort" value="yes">${t.cancel}</button>
</div>`,
)}${formOf(ctx, code, ' data-again hidden')}`,
  });
}

export function renderDeviceDone(ctx: KoaContextWithOIDC): void {
  const t = textsOf(ctx);
  const name = ctx.oidc.client?.clientName ?? t.theApp;
  showPage(ctx, {
    title: t.deviceDone,
    body: `<p>${t.deviceUse(escapeHtml(name))}</p>`,
  });
}
