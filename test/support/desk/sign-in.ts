import * as client from 'openid-client';
import { onTestFinished } from 'vitest';
import { deskAskedSchema, deskOfferedSchema, deskOutcomeSchema } from '#gateway/http/contract/desk.ts';
import type { PersonId } from '#gateway/domain/site/ids.ts';
import { startHttpGateway, type HttpGatewayOptions } from '../http-gateway.ts';
import { CLIENT_SECRET, isApp } from '../oidc/client.ts';
import { clientWith, discoverAs, startRequest } from '../oidc/flows.ts';
import { enrolPerson, presentPasskey, signInToConsole, uidOf } from '../oidc/sign-in.ts';
import { createSigningDesk, type SigningDesk } from './signing-desk.ts';

export const FACE = 'urn:gatehouse:acr:face';

/** As the shipped policy `face` decides. */
const wantsFace: NonNullable<HttpGatewayOptions['judgeApp']> = (_request, { face }) => {
  if (face.known) return face.verified ? 'permit' : 'face.mismatch';
  return face.alternative === 'none' ? [{ id: 'face', max_age_s: 60 }] : 'permit';
};
/** As the shipped policy `device` decides. */
export const wantsDevice: NonNullable<HttpGatewayOptions['judgeApp']> = ({ action }, { device }) => {
  if (!device.known) return action === 'token.refresh' && device.id === '' ? 'permit' : 'device.unknown';
  return device.compliant ? 'permit' : 'device.not_compliant';
};

/** A person with a passkey, an operator, an app, and computers that sign as the agent does. */
export async function startDeskRig(judgeApp: HttpGatewayOptions['judgeApp'] = wantsFace) {
  const gateway = await startHttpGateway({ clients: [clientWith()], ...(judgeApp === undefined ? {} : { judgeApp }) });
  onTestFinished(() => gateway.close());
  const admin = await enrolPerson(gateway, 'ada', { roles: ['security_admin'] });
  await signInToConsole(gateway, admin);
  const ann = await enrolPerson(gateway, 'ann');
  const operate = (path: string, body?: unknown) => admin.browser.call(`${gateway.publicUrl}/api${path}`, body);
  const deskOf = async (person: PersonId): Promise<SigningDesk> => {
    const offered = await operate(`/people/${person}/desks`, { label: 'Laptop', reason: 'a new laptop' });
    const desk = await createSigningDesk(gateway.publicUrl);
    await desk.enrol(deskOfferedSchema.parse(offered.body).code);
    await desk.enrolFace();
    return desk;
  };
  const config = await discoverAs(gateway, client.ClientSecretBasic(CLIENT_SECRET));
  return { gateway, admin, ann, operate, deskOf, config };
}
export type DeskRig = Awaited<ReturnType<typeof startDeskRig>>;

/** As far as the passkey goes. */
export async function begin({ ann, config, gateway }: DeskRig, params: Record<string, string> = {}) {
  const { checks, parameters } = await startRequest(params);
  const first = await ann.browser.navigate(client.buildAuthorizationUrl(config, parameters).href, isApp);
  const { body } = await presentPasskey(gateway, ann, uidOf(first.url));
  const { url } = await ann.browser.navigate(body.redirectTo, isApp);
  return { checks, url };
}

export const call = <Body>({ ann, gateway }: DeskRig, page: URL, what: string, body: object = {}) =>
  ann.browser.call<Body>(`${gateway.publicUrl}/api/interaction/${uidOf(page)}/${what}`, body);
export const asked = async (at: DeskRig, page: URL) => deskAskedSchema.parse((await call(at, page, 'desk')).body);
export async function challenge(at: DeskRig, page: URL, desk: SigningDesk) {
  const answer = await asked(at, page);
  if (answer.state !== 'asked') throw new TypeError(answer.state);
  return { ...answer, challenge: desk.challengeOf(answer.challenge) };
}
export const outcome = async (at: DeskRig, page: URL, nonce: string) =>
  deskOutcomeSchema.parse((await call(at, page, 'desk/outcome', { nonce })).body);
