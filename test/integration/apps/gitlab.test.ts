import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, expect, it } from 'vitest';
import { clientSettings } from '#gateway/app/apps/client-settings.ts';
import type { PersonId } from '#gateway/domain/site/ids.ts';
import { startProgram } from '#test/support/child-programs.ts';
import { startHttpGateway } from '#test/support/http-gateway.ts';
import { CLIENT_SECRET } from '#test/support/oidc/client.ts';
import { clientWith } from '#test/support/oidc/flows.ts';
import { GITLAB_CLIENT, requirePeer } from '#test/support/peers/peers.ts';
import { freePort, until } from '#test/support/running-gateway.ts';
import { enrolPerson, presentPasskey, uidOf } from '#test/support/oidc/sign-in.ts';
import { someFacts } from '#test/support/oidc/some-app.ts';
import { temporaryFolder } from '#test/support/temporary-folder.ts';

/* GitLab's own client from Debian, with the printed gitlab.rb. It is of before PKCE: the app is one of those that may leave it out. */

const PROGRAM = fileURLToPath(new URL('../../peers/gitlab/sign-in.rb', import.meta.url));
const cleanUp: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const step of cleanUp.splice(0).reverse()) await step();
});

/** Whom the policy refuses. */
const VISITOR = 'person_visitor' as PersonId;

async function start() {
  const port = await freePort();
  const origin = `http://localhost:${String(port)}`;
  const redirectUris = [`${origin}/users/auth/openid_connect/callback`];
  const gateway = await startHttpGateway({
    clients: [clientWith({ mayOmitPkce: true }, { redirectUris })],
    judgeApp: ({ personId }) => (personId === VISITOR ? 'grant.missing' : 'permit'),
  });
  cleanUp.push(() => gateway.close());
  const facts = someFacts({ issuer: `${gateway.publicUrl}/oidc`, clientId: 'wiki-client', clientSecret: CLIENT_SECRET, redirectUris });
  const printed = clientSettings(facts).find(({ id }) => id === 'gitlab')?.files[0]?.text ?? '';
  const file = join(await temporaryFolder(), 'gitlab.rb');
  writeFileSync(file, printed);
  const program = startProgram(requirePeer(GITLAB_CLIENT), [PROGRAM, String(port), file]);
  cleanUp.push(() => program.end());
  await until(`it answers: ${program.output()}`, 30_000, async () => {
    if (program.hasEnded()) throw new Error(`it ended: ${program.output()}`);
    return fetch(origin).then(
      () => true,
      () => null,
    );
  });
  return { gateway, origin };
}

it('signs a person in to GitLab with the printed settings, and says there why another was refused', async () => {
  const { gateway, origin } = await start();
  const ann = await enrolPerson(gateway, 'ann');
  const page = await ann.browser.navigate(`${origin}/users/auth/openid_connect`);
  const { body } = await presentPasskey(gateway, ann, uidOf(page.url));
  const { response } = await ann.browser.navigate(body.redirectTo);
  const person = await response?.json();
  expect(person).toMatchObject({ uid: ann.personId, name: 'Person ann' });
  expect(person).toHaveProperty('groups');
  expect(person).toHaveProperty('email');

  const vic = await enrolPerson(gateway, 'visitor');
  expect(vic.personId).toBe(VISITOR);
  const asked = await vic.browser.navigate(`${origin}/users/auth/openid_connect`);
  const shown = await presentPasskey(gateway, vic, uidOf(asked.url));
  const denied = await vic.browser.navigate(shown.body.redirectTo);
  const abort = await vic.browser.call<{ redirectTo: string }>(`${gateway.publicUrl}/api/interaction/${uidOf(denied.url)}/abort`, {});
  const end = await vic.browser.navigate(abort.body.redirectTo);
  expect(end.response?.status).toBe(403);
  expect(await end.response?.json()).toMatchObject({ description: expect.stringContaining('grant.missing') as string });
});
