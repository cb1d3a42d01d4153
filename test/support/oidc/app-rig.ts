import * as client from 'openid-client';
import type { AppDraft } from '#gateway/domain/apps/added-app.ts';
import type { AppWithSecret, LiveCheckView } from '#gateway/http/contract/apps.ts';
import { startHttpGateway, type HttpGateway } from '../http-gateway.ts';
import { APP_ORIGIN } from './client.ts';
import { passThrough, startRequest } from './flows.ts';
import { enrolPerson, signInToConsole, type Enrolled } from './sign-in.ts';
import { someDraft } from './some-app.ts';

/** A gateway on memory, with an operator at the console and a person with a browser, for apps that come and go. */
export async function startAppRig(options: Partial<Parameters<typeof startHttpGateway>[0]> = {}) {
  const gateway = await startHttpGateway({ clients: [], ...options });
  const operator = await enrolPerson(gateway, 'otto', { roles: ['security_admin'] });
  await signInToConsole(gateway, operator);
  const person = await enrolPerson(gateway, 'ann');
  return {
    gateway,
    person,
    operator,
    call: <Body = Record<string, unknown>>(path: string, body?: unknown) =>
      operator.browser.call<Body>(`${gateway.publicUrl}/api${path}`, body),
    close: () => gateway.close(),
  };
}
export type AppRig = Awaited<ReturnType<typeof startAppRig>>;

export const appDraft = (change: Partial<AppDraft> = {}): AppDraft => someDraft({ redirectUris: [`${APP_ORIGIN}/callback`], ...change });

/** Adds an app and has its secret. */
export async function addApp(
  rig: AppRig,
  change: Partial<AppDraft> = {},
): Promise<{ readonly clientId: string; readonly secret: string; readonly id: string }> {
  const { body, status } = await rig.call<AppWithSecret>('/apps', { draft: appDraft(change), reason: 'a test' });
  if (status !== 201) throw new Error(`no app: ${JSON.stringify(body)}`);
  return { id: body.app.id, clientId: body.app.clientId, secret: body.secret ?? '' };
}

export async function configure(gateway: HttpGateway, clientId: string, auth: client.ClientAuth): Promise<client.Configuration> {
  return client.discovery(new URL(`${gateway.publicUrl}/oidc`), clientId, {}, auth, { execute: [client.allowInsecureRequests] });
}

export async function signIn(gateway: HttpGateway, person: Enrolled, config: client.Configuration) {
  const { checks, parameters } = await startRequest();
  const back = await passThrough(gateway, person, client.buildAuthorizationUrl(config, parameters));
  return client.authorizationCodeGrant(config, back, checks);
}

export async function liveCheck(rig: AppRig, id: string): Promise<LiveCheckView> {
  return (await rig.call<LiveCheckView>(`/apps/${id}/live-check`)).body;
}
