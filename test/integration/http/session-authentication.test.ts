import { expect, it, onTestFinished } from 'vitest';
import type { PersonId } from '#gateway/domain/site/ids.ts';
import { startHttpGateway } from '#test/support/http-gateway.ts';
import { somePerson } from '#test/support/people.ts';
import { signInToConsole, useEnrolmentLink } from '#test/support/oidc/sign-in.ts';
import { TestBrowser } from '#test/support/console/test-browser.ts';

it.each([
  ['stays in its authenticator', false, 'hwk'],
  ['is synced', true, 'swk'],
])('tells the policy at every request of a console session how it began: with a passkey that %s', async (_what, backedUp, keyProof) => {
  const asked: [string, unknown][] = [];
  const gateway = await startHttpGateway({
    clients: [],
    judgeOperator: ({ action, operator }) => {
      asked.push([action, operator.authentication?.amr]);
      return 'permit';
    },
  });
  onTestFinished(() => gateway.close());
  const person = somePerson('ada', { roles: ['security_admin'] });
  await gateway.people.save(person);
  const { url } = await gateway.enrolment.offer({ personId: person.id, operatorId: 'local' as PersonId });
  const admin = await useEnrolmentLink(url, new TestBrowser(), { backedUp });
  await signInToConsole(gateway, admin);

  const { body } = await admin.browser.call<{ token: string }>(`${gateway.publicUrl}/api/session/cli-token`, {});
  await admin.browser.call(`${gateway.publicUrl}/api/people`);
  await fetch(`${gateway.publicUrl}/api/people`, { headers: { authorization: `Bearer ${body.token}` } });

  const shown = [keyProof, 'user', 'mfa'];
  expect(asked).toEqual(['console.sign_in', 'console.sign_in', 'console.read', 'console.read'].map((action) => [action, shown]));
});
