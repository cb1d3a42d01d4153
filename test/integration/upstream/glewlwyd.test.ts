import { describe, expect, it, onTestFinished } from 'vitest';
import { upstreamSecretName } from '#gateway/upstream/client-credentials.ts';
import { someUpstream } from '#test/support/oidc/forging-idp.ts';
import { startGlewlwyd } from '#test/support/peers/glewlwyd-server.ts';
import { startHttpGateway } from '#test/support/http-gateway.ts';
import { authorizationRequest, confidential, discover, isApp } from '#test/support/oidc/client.ts';
import { personId, somePerson } from '#test/support/people.ts';
import { until } from '#test/support/running-gateway.ts';
import { enrolPerson, presentPasskey, uidOf } from '#test/support/oidc/sign-in.ts';
import { temporaryFolder } from '#test/support/temporary-folder.ts';

// Glewlwyd does not decode what RFC 6749 2.3.1 has clients encode in HTTP Basic: letters and digits are the same either way.
const SECRET = 'aSecretThatGlewlwydKeeps';
/** With Debian's Glewlwyd, which is written in C and shares nothing with this program. */
async function start() {
  const idp = await startGlewlwyd(await temporaryFolder());
  onTestFinished(() => idp.end());
  const account = { claim: 'email', is: 'external_id', emailDomains: [], create: false } as const;
  const gateway = await startHttpGateway({
    clients: [confidential()],
    upstreams: [someUpstream(idp.issuer, { mode: 'before_passkey', scopes: ['openid'], account })],
  });
  onTestFinished(() => gateway.close());
  await gateway.secrets.write(upstreamSecretName('corp'), new TextEncoder().encode(SECRET));
  await idp.addClient(gateway.publicUrl, SECRET);
  await idp.addUser('ann', 'password-of-ann');
  const ann = await enrolPerson(gateway, 'ann');
  const times = { createdAtMs: 1, modifiedAtMs: 1 };
  await gateway.directory.saveUser(somePerson('ann'), {
    personId: personId('ann'),
    userName: 'ann',
    externalId: 'ann@example.test',
    ...times,
  });
  return { idp, gateway, ann };
}

describe('a provider of another make', () => {
  it('signs somebody in before their passkey, and its logout ends what began there', async () => {
    const { ann, gateway, idp } = await start();
    const { url } = await authorizationRequest(await discover(gateway));
    const page = await ann.browser.navigate(url.href);
    const uid = uidOf(page.url);
    const begun = await ann.browser.call<{ readonly redirectTo: string }>(`${gateway.publicUrl}/api/interaction/${uid}/upstream`, {
      upstream: 'corp',
    });
    await idp.signIn(ann.browser, 'ann', 'password-of-ann');
    const back = await ann.browser.navigate(idp.continued(begun.body.redirectTo), isApp);
    expect([back.url.pathname, back.url.search]).toEqual([`/signin/${uid}`, '']);
    const { body } = await presentPasskey(gateway, ann, uid);
    const atApp = await ann.browser.navigate(body.redirectTo, isApp);
    expect(atApp.url.searchParams.get('code')).not.toBeNull();
    expect(await gateway.liveSessions.ofPerson(personId('ann'))).not.toEqual([]);

    // Its own page ends the session by the name that it gave in the ID token.
    const link = await gateway.upstream.linkOfPerson('corp', personId('ann'));
    const [session] = await gateway.upstream.takeSessions({ upstreamId: 'corp', subject: link?.subject ?? '', sid: null }, Date.now());
    if (session === undefined) throw new Error('the gateway does not know where the session began');
    await gateway.upstream.saveSession(session, Date.now());
    const left = await ann.browser.request(`${idp.issuer}/session/${session.sid ?? ''}/`, { method: 'DELETE' });
    expect(left.status).toBe(200);
    await until('the session has ended', 20_000, async () =>
      (await gateway.liveSessions.ofPerson(personId('ann'))).length === 0 ? true : null,
    );
  });
});
