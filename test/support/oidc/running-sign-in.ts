import { enrolmentLinkSchema } from '#gateway/http/contract/admin.ts';
import { interactionSchema, type InteractionView } from '#gateway/http/contract/sign-in.ts';
import type { PersonId } from '#gateway/domain/site/ids.ts';
import type { RunningGateway } from '../running-gateway.ts';
import { presentPasskey, signInToConsole, uidOf, useEnrolmentLink, type Enrolled } from './sign-in.ts';
import type { TestBrowser } from '../console/test-browser.ts';

/** A person of the running gateway enrols a passkey by a link of the host's operator. */
export async function enrolAt(gateway: RunningGateway, personId: string, browser?: TestBrowser): Promise<Enrolled> {
  const { url } = await gateway.api.post(`/api/people/${personId}/enrolment`, {}, enrolmentLinkSchema);
  // Branded here: the gateway knows the person.
  return { ...(await useEnrolmentLink(url, browser)), personId: personId as PersonId };
}

export async function consoleSignIn(gateway: RunningGateway, person: Enrolled): Promise<void> {
  const { status } = await signInToConsole({ publicUrl: gateway.url }, person);
  if (status !== 200) throw new Error(`the console answered ${status}`);
}

export type AppSignIn =
  | { readonly outcome: 'signed_in'; readonly page: string; readonly usedPasskey: boolean }
  /** What the sign-in page shows instead. */
  | { readonly outcome: 'asked'; readonly uid: string; readonly view: InteractionView };

/** From the demo app's sign-in button as far as it goes. A passkey that is asked for is used, at most twice (sign-in, step-up). */
export async function signInToDemoApp(gateway: RunningGateway, person: Enrolled, appUrl: string): Promise<AppSignIn> {
  const { browser } = person;
  const begun = await browser.request(`${appUrl}/sign-in`, { method: 'POST', headers: { origin: appUrl } });
  let next = begun.headers.get('location') ?? '';
  for (let passkeys = 0; ; passkeys += 1) {
    const { url, response } = await browser.navigate(next);
    if (url.origin === appUrl) return { outcome: 'signed_in', page: (await response?.text()) ?? '', usedPasskey: passkeys > 0 };
    const uid = uidOf(url);
    const { body } = await browser.call(`${gateway.url}/api/interaction/${uid}`);
    const view = interactionSchema.parse(body);
    if (view.prompt === 'denied' || passkeys === 2) return { outcome: 'asked', uid, view };
    const { status, body: answer } = await presentPasskey({ publicUrl: gateway.url }, person, uid);
    if (status !== 200) throw new Error(`the passkey was answered with ${status}`);
    next = answer.redirectTo;
  }
}

/** Says yes on the page that asks whether to sign out. Returns where the browser goes then; empty where it stays at the gateway. */
export async function confirmSignOut(
  gateway: RunningGateway,
  { browser }: Pick<Enrolled, 'browser'>,
  page: Response | null,
): Promise<string> {
  const text = (await page?.text()) ?? '';
  const [, action = ''] = /id="op\.logoutForm" method="post" action="([^"]+)"/.exec(text) ?? [];
  const [, xsrf = ''] = /name="xsrf" value="([^"]+)"/.exec(text) ?? [];
  const body = new URLSearchParams({ xsrf, logout: 'yes' });
  const answer = await browser.request(action, { method: 'POST', headers: { origin: gateway.url }, body });
  const { href } = new URL(answer.headers.get('location') ?? '', gateway.url);
  return href.startsWith(`${gateway.url}/`) ? '' : href;
}
