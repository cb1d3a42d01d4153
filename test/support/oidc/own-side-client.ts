import type { ErrorBody } from '#gateway/http/contract/common.ts';
import type { MeView, PasskeyView } from '#gateway/http/contract/me.ts';
import type { HttpGateway } from '../http-gateway.ts';
import type { Enrolled } from './sign-in.ts';
import { SoftwareAuthenticator, type CreationOptions, type RequestOptions } from './software-authenticator.ts';

type At = Pick<HttpGateway, 'publicUrl'>;
type Device = Omit<Enrolled, 'personId'>;
interface Start<Options> {
  readonly ceremonyId: string;
  readonly options: Options;
}

/** What a call of people's own side answers: what it promises, or an error. */
export type Answer<Body> = Body & Partial<ErrorBody>;

async function present({ publicUrl }: At, { browser, authenticator }: Device, path: string) {
  const { body: start } = await browser.call<Start<RequestOptions>>(`${publicUrl}/api/me/${path}/options`, {});
  const answer = { ceremonyId: start.ceremonyId, response: authenticator.get(start.options) };
  return browser.call<Answer<MeView>>(`${publicUrl}/api/me/${path}`, answer);
}

/** Signs in to people's own side. */
export const signInToOwnSide = (at: At, device: Device) => present(at, device, 'session');
/** Shows the passkey again, for a change. */
export const confirmWith = (at: At, device: Device) => present(at, device, 'confirm');

/** Adds another authenticator to the account of whoever is signed in in the browser. */
export async function addPasskey({ publicUrl }: At, { browser }: Pick<Device, 'browser'>, name?: string, backedUp = false) {
  const authenticator = new SoftwareAuthenticator({ origin: publicUrl, backedUp });
  const path = `${publicUrl}/api/me/passkeys`;
  const { status, body: start } = await browser.call<Answer<Start<CreationOptions> & PasskeyView>>(`${path}/options`, {});
  if (status !== 200) return { status, body: start as Answer<PasskeyView>, authenticator };
  const answer = { ceremonyId: start.ceremonyId, response: authenticator.create(start.options), ...(name === undefined ? {} : { name }) };
  return { ...(await browser.call<Answer<PasskeyView>>(path, answer)), authenticator };
}
