import type * as client from 'openid-client';
import { onTestFinished } from 'vitest';
import type { AuthorizeAppRequest } from '#gateway/app/access/types.ts';
import type { UpstreamConfig } from '#gateway/platform/config/upstream-config.ts';
import { upstreamSecretName } from '#gateway/upstream/client-credentials.ts';
import { FORGING_SECRET, someUpstream, startForgingIdp } from './forging-idp.ts';
import { startHttpGateway } from '../http-gateway.ts';
import type { Verdict } from '../policy/judged-by.ts';
import { authorizationRequest, confidential, discover, isApp } from './client.ts';
import { somePerson } from '../people.ts';
import { uidOf } from './sign-in.ts';
import { TestBrowser } from '../console/test-browser.ts';

interface Options {
  readonly upstream?: Partial<UpstreamConfig>;
  readonly judgeApp?: (request: AuthorizeAppRequest) => Verdict;
}

/** A gateway whose people may sign in at a provider that does as a test says. Ann is known here, by her address. It closes when the test ends. */
export async function startUpstreamSite(options: Options = {}) {
  const idp = await startForgingIdp();
  const other = await startForgingIdp();
  const asked: AuthorizeAppRequest[] = [];
  const gateway = await startHttpGateway({
    clients: [confidential()],
    upstreams: [
      someUpstream(idp.issuer, options.upstream),
      someUpstream(other.issuer, {
        id: 'other',
        name: 'Other Corp',
        ...(options.upstream?.mode === undefined ? {} : { mode: options.upstream.mode }),
      }),
    ],
    judgeApp: (request) => {
      asked.push(request);
      return options.judgeApp?.(request) ?? 'permit';
    },
  });
  for (const id of ['corp', 'other']) await gateway.secrets.write(upstreamSecretName(id), new TextEncoder().encode(FORGING_SECRET));
  await gateway.people.save(somePerson('ann'));
  const app = await discover(gateway);
  onTestFinished(async () => {
    await gateway.close();
    await idp.close();
    await other.close();
  });
  return { gateway, idp, other, app, asked };
}
export type UpstreamSite = Awaited<ReturnType<typeof startUpstreamSite>>;

/** An app sends the browser to the sign-in page. */
export async function beginAtApp({ app }: UpstreamSite, browser: TestBrowser, more: Record<string, string> = {}) {
  const { checks, url } = await authorizationRequest(app, more);
  const page = await browser.navigate(url.href);
  return { uid: uidOf(page.url), checks };
}

/** “Continue with …”: where the provider is, or what the page says is wrong. */
export async function chooseUpstream({ gateway }: UpstreamSite, browser: TestBrowser, uid: string, upstream = 'corp') {
  return browser.call<{ readonly redirectTo: string }>(`${gateway.publicUrl}/api/interaction/${uid}/upstream`, { upstream });
}

export interface CameBack {
  /** At the app; null when the person is still at the gateway. */
  readonly callback: URL | null;
  readonly checks: client.AuthorizationCodeGrantChecks;
  readonly uid: string;
  /** What the sign-in page says is wrong. */
  readonly problem: string | null;
  readonly url: URL;
}

/** The whole way: from the app to the provider and back. */
export async function signInThere(site: UpstreamSite, browser = new TestBrowser(), more: Record<string, string> = {}): Promise<CameBack> {
  const { checks, uid } = await beginAtApp(site, browser, more);
  const { body } = await chooseUpstream(site, browser, uid);
  const { url } = await browser.navigate(new URL(body.redirectTo, site.gateway.publicUrl).href, isApp);
  return { callback: isApp(url) ? url : null, checks, uid, problem: url.searchParams.get('problem'), url };
}

/** The provider's call when a session there has ended. */
export async function logOutFrom({ gateway }: UpstreamSite, token: string, upstream = 'corp'): Promise<number> {
  const body = new URLSearchParams({ logout_token: token });
  const response = await fetch(`${gateway.publicUrl}/upstream/${upstream}/backchannel-logout`, { method: 'POST', body });
  await response.body?.cancel();
  return response.status;
}
