import type { PersonId } from '#gateway/domain/site/ids.ts';
import type { ConsoleSessionView, Continue } from '#gateway/http/contract/sign-in.ts';
import type { HttpGateway } from '../http-gateway.ts';
import { somePerson } from '../people.ts';
import { SoftwareAuthenticator, type CreationOptions, type RequestOptions } from './software-authenticator.ts';
import { TestBrowser } from '../console/test-browser.ts';

interface Start<Options> {
  readonly ceremonyId: string;
  readonly options: Options;
}

type NewPerson = Parameters<typeof somePerson>;

export interface Enrolled {
  readonly browser: TestBrowser;
  readonly authenticator: SoftwareAuthenticator;
  readonly personId: PersonId;
}

/** A person who has a passkey, enrolled through the API by a one-time link, and a browser of their own. */
export async function enrolPerson(gateway: HttpGateway, ...[name, change]: NewPerson): Promise<Enrolled> {
  const person = somePerson(name, change);
  await gateway.people.save(person);
  const { url } = await gateway.enrolment.offer({ personId: person.id, operatorId: 'local' as PersonId });
  return { ...(await useEnrolmentLink(url)), personId: person.id };
}

/** Follows a one-time link and creates a passkey. */
export async function useEnrolmentLink(
  link: string,
  browser = new TestBrowser(),
  passkey: { readonly backedUp?: boolean } = {},
): Promise<Omit<Enrolled, 'personId'>> {
  const { origin, hash } = new URL(link);
  const authenticator = new SoftwareAuthenticator({ origin, ...passkey });
  const { body: start } = await browser.call<Start<CreationOptions>>(`${origin}/api/enrolment/options`, { token: hash.slice(1) });
  const answer = { ceremonyId: start.ceremonyId, response: authenticator.create(start.options) };
  const { status } = await browser.call(`${origin}/api/enrolment/verify`, answer);
  if (status !== 200) throw new Error(`enrolment failed with ${String(status)}`);
  return { browser, authenticator };
}

/** Uses the passkey at a sign-in page. Returns the answer of the API: where the browser goes next, or an error. */
export async function presentPasskey(
  gateway: Pick<HttpGateway, 'publicUrl'>,
  { browser, authenticator }: Omit<Enrolled, 'personId'>,
  uid: string,
  step: 'passkey' | 'other-passkey' = 'passkey',
) {
  const path = `${gateway.publicUrl}/api/interaction/${uid}`;
  const { body: start } = await browser.call<Start<RequestOptions>>(`${path}/options`, {});
  return browser.call<Continue>(`${path}/${step}`, { ceremonyId: start.ceremonyId, response: authenticator.get(start.options) });
}

/** Signs in to the console. */
export async function signInToConsole(gateway: Pick<HttpGateway, 'publicUrl'>, { browser, authenticator }: Omit<Enrolled, 'personId'>) {
  const { body: start } = await browser.call<Start<RequestOptions>>(`${gateway.publicUrl}/api/session/options`, {});
  return browser.call<ConsoleSessionView>(`${gateway.publicUrl}/api/session`, {
    ceremonyId: start.ceremonyId,
    response: authenticator.get(start.options),
  });
}

export const uidOf = (url: URL): string => url.pathname.split('/').at(-1) ?? '';
