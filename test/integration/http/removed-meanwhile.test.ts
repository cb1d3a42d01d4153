import { afterEach, beforeEach, expect, it } from 'vitest';
import type { PasskeysView } from '#gateway/http/contract/me.ts';
import { TestBrowser } from '#test/support/console/test-browser.ts';
import { authorizationRequest, confidential, discover, isApp } from '#test/support/oidc/client.ts';
import { addPasskey, signInToOwnSide } from '#test/support/oidc/own-side-client.ts';
import { startOwnSideGateway } from '#test/support/oidc/own-side-gateway.ts';
import { enrolPerson, signInToConsole, uidOf, useEnrolmentLink, type Enrolled } from '#test/support/oidc/sign-in.ts';

/* Somebody signs in with a passkey that its owner removes as lost, at each moment of the sign-in. */

let gateway: Awaited<ReturnType<typeof startOwnSideGateway>>;
let ann: Enrolled;
let lostId: string;
beforeEach(async () => {
  gateway = await startOwnSideGateway({ clients: [confidential()] });
  await gateway.grant({ kind: 'app', id: 'wiki' });
  ann = await enrolPerson(gateway, 'ann');
  await signInToOwnSide(gateway, ann);
  const { authenticator } = await addPasskey(gateway, ann, 'new');
  await signInToOwnSide(gateway, { browser: ann.browser, authenticator });
  const { passkeys } = (await ann.browser.call<PasskeysView>(`${gateway.publicUrl}/api/me/passkeys`)).body;
  lostId = passkeys.find(({ name }) => name !== 'new')?.id ?? '';
});
afterEach(() => gateway.close());

const remove = () => ann.browser.call(`${gateway.publicUrl}/api/me/passkeys/${lostId}/remove`, { because: 'lost' });

/** The thief's answer to a challenge, ready to be sent. */
async function begin(thief: TestBrowser, options: string) {
  const { body } = await thief.call<{ readonly ceremonyId: string; readonly options: never }>(options, {});
  return { ceremonyId: body.ceremonyId, response: ann.authenticator.get(body.options) };
}

/** The removal runs whole before `step` of the store does what it is called for. */
function removeBefore<Name extends string>(
  store: Readonly<Record<Name, (...all: never[]) => Promise<unknown>>>,
  step: Name,
  isMeant: (...all: never[]) => boolean,
) {
  const target = store as Record<Name, (...all: never[]) => Promise<unknown>>;
  const original = target[step].bind(store);
  let removed: Promise<{ readonly status: number }> | null = null;
  target[step] = async (...all) => {
    if (removed === null && isMeant(...all)) {
      removed = remove();
      await removed;
    }
    return original(...all);
  };
  return async () => (await removed)?.status;
}

it('leaves no session of the own pages', async () => {
  const thief = new TestBrowser();
  const answer = await begin(thief, `${gateway.publicUrl}/api/me/session/options`);
  const removed = removeBefore(gateway.sessions, 'create', () => true);
  const { status } = await thief.call(`${gateway.publicUrl}/api/me/session`, answer);
  expect([await removed(), status]).toEqual([200, 401]);
  expect((await thief.call<{ readonly person: unknown }>(`${gateway.publicUrl}/api/me`)).body.person).toBeNull();
});

it.each(['Interaction', 'Session', 'AuthorizationCode'])('gives no code to an app (removed before %s is stored)', async (model) => {
  const thief = new TestBrowser();
  const { url } = await authorizationRequest(await discover(gateway));
  const path = `${gateway.publicUrl}/api/interaction/${uidOf((await thief.navigate(url.href)).url)}`;
  const answer = await begin(thief, `${path}/options`);
  const removed = removeBefore(gateway.oidcStore, 'upsert', (artifact: { readonly model: string }) => artifact.model === model);
  const { body } = await thief.call<{ readonly redirectTo?: string }>(`${path}/passkey`, answer);
  const end = body.redirectTo === undefined ? null : await thief.navigate(body.redirectTo, isApp);
  expect(await removed()).toBe(200);
  expect(end?.url.searchParams.has('code') ?? false).toBe(false);
  expect(await gateway.oidcStore.ofPerson('Session', ann.personId, Date.now())).toEqual([]);
  expect(await gateway.oidcStore.ofPerson('Grant', ann.personId, Date.now())).toEqual([]);
});

it.each(['recovery', 'removal'] as const)('lets nobody enrol by a code that was given before a %s', async (how) => {
  const ada = await enrolPerson(gateway, 'ada', { roles: ['security_admin'] });
  await signInToConsole(gateway, ada);
  const offer = async (oldPasskeys: 'keep' | 'revoke') => {
    const body = { evidence: 'admin', oldPasskeys, reason: 'lost everything' };
    return (await ada.browser.call<{ readonly code: string }>(`${gateway.publicUrl}/api/people/${ann.personId}/recovery`, body)).body.code;
  };
  const use = (code: string) => useEnrolmentLink(`${gateway.publicUrl}/enrol#${code}`);
  const before = await offer('keep');
  const now = how === 'recovery' ? await offer('revoke') : await remove().then(() => offer('keep'));
  await expect(use(before)).rejects.toThrow();
  await expect(use(now)).resolves.toBeDefined();
});
