import type { Client, KoaContextWithOIDC } from 'oidc-provider';
import { escapeHtml, showPage } from './pages.ts';

/** Why the page of the code is shown again. Texts of the provider's own errors stay inside. */
const problems: Readonly<Record<string, string>> = {
  NotFoundError: 'There is no sign-in with this code. Check it and try again.',
  ExpiredError: 'This code has expired. Start again on the device.',
  AlreadyUsedError: 'This code was used already. Start again on the device.',
  AbortedError: 'The sign-in was cancelled. Nothing was granted.',
  NoCodeError: 'Enter the code that the device shows.',
};

function formOf(ctx: KoaContextWithOIDC, fields: string): string {
  const state = ctx.oidc.session?.state as { readonly secret?: string } | undefined;
  const action = ctx.oidc.urlFor('code_verification');
  return `<form method="post" action="${escapeHtml(action)}">
<input type="hidden" name="xsrf" value="${escapeHtml(state?.secret ?? '')}">
${fields}
</form>`;
}

/** RFC 8628 3.3: where the person enters the code of the device. */
export function renderCodeInput(ctx: KoaContextWithOIDC, problem: { readonly name: string } | undefined): void {
  const text = problem === undefined ? null : (problems[problem.name] ?? 'That did not work. Start again on the device.');
  const alert = text === null ? '' : `<p role="alert" class="alert" id="problem">${escapeHtml(text)}</p>`;
  const described = text === null ? '' : ' aria-describedby="problem" aria-invalid="true"';
  showPage(ctx, {
    title: 'Sign in on a device',
    body: `<p>Enter the code that the device shows. Only enter a code of a device that is in front of you.</p>
${alert}${formOf(
      ctx,
      `<label class="field">Code
<input type="text" name="user_code" autocomplete="off" autocapitalize="characters" spellcheck="false" maxlength="32" required autofocus${described}></label>
<div class="actions"><button type="submit" class="primary">Continue</button></div>`,
    )}`,
  });
}

/** RFC 8628 5.4: the person compares the code, so that nobody else's device is signed in by a link that was sent to them. */
export function renderCodeConfirm(ctx: KoaContextWithOIDC, client: Client, userCode: string): void {
  const name = client.clientName ?? client.clientId;
  showPage(ctx, {
    title: `Sign in to ${name}`,
    body: `<p>A device asks to use ${escapeHtml(name)} as you. Go on only if this device is in front of you and shows this code:</p>
<p class="user-code">${escapeHtml(userCode)}</p>
${formOf(
  ctx,
  `<input type="hidden" name="user_code" value="${escapeHtml(userCode)}">
<div class="actions">
<button type="submit" class="primary" name="confirm" value="yes">This is my device</button>
<button type="submit" name="abort" value="yes">Cancel</button>
</div>`,
)}`,
  });
}

export function renderDeviceDone(ctx: KoaContextWithOIDC): void {
  const name = ctx.oidc.client?.clientName ?? 'the app';
  showPage(ctx, {
    title: 'The device is signed in',
    body: `<p>You can use ${escapeHtml(name)} on the device now. It is signed out when your session on this browser ends.</p>`,
  });
}
