import { createHash } from 'node:crypto';
import { afterEach, expect, it } from 'vitest';
import { createRelyingParty } from '#gateway/demo/relying-party.ts';
import { someClient, startHttpGateway } from '#test/support/http-gateway.ts';
import type { Verdict } from '#test/support/policy/judged-by.ts';
import { closeServer, listenLater } from '#test/support/listen-later.ts';
import { enrolPerson, presentPasskey, uidOf } from '#test/support/oidc/sign-in.ts';

const cleanUp: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const step of cleanUp.splice(0).reverse()) await step();
});

const SECRET = 'demo-secret';

async function start(judgeApp: () => Verdict = () => 'permit') {
  const listener = await listenLater();
  const app = listener.origin;
  const wiki = someClient({
    origin: app,
    clientSecretSha256: createHash('sha256').update(SECRET).digest('hex'),
    postLogoutRedirectUris: [`${app}/`],
    backchannelLogoutUri: `${app}/backchannel-logout`,
  });
  const gateway = await startHttpGateway({ clients: [wiki], judgeApp });
  const relyingParty = createRelyingParty({
    name: 'Wiki',
    description: 'Pages for everybody.',
    issuer: `${gateway.publicUrl}/oidc`,
    clientId: wiki.clientId,
    clientSecret: SECRET,
    baseUrl: app,
  });
  listener.serve(relyingParty.handle);
  cleanUp.push(async () => {
    relyingParty.close();
    await closeServer(listener.server);
    await gateway.close();
  });
  const person = await enrolPerson(gateway, 'ann');
  return { app, gateway, person };
}
type Started = Awaited<ReturnType<typeof start>>;

async function post({ app, person }: Started, path: string): Promise<Response> {
  return person.browser.request(`${app}${path}`, { method: 'POST', headers: { origin: app } });
}

/** Presses "sign in" at the app and the passkey at the gateway; the page that the app then shows. */
async function signIn(started: Started): Promise<string> {
  const { gateway, person } = started;
  const begin = await post(started, '/sign-in');
  const page = await person.browser.navigate(begin.headers.get('location') ?? '');
  const { body } = await presentPasskey(gateway, person, uidOf(page.url));
  const home = await person.browser.navigate(body.redirectTo);
  return (await home.response?.text()) ?? '';
}

it('shows the claims of the person who signed in', async () => {
  const started = await start();

  const page = await signIn(started);

  expect(page).toContain('Hello, Person ann');
  expect(page).toContain('urn:gatehouse:acr:passkey');
  expect(page).toContain(started.gateway.decisions[0]?.decision.id);
  expect(page).not.toMatch(/<style|<script>| style=| onclick=/);
});

it('renews its tokens, and ends its session with the reason when the gateway refuses', async () => {
  let permitted = true;
  const started = await start(() => (permitted ? 'permit' : 'presence.required'));
  await signIn(started);
  expect((await post(started, '/refresh')).status).toBe(200);
  permitted = false;

  const refused = await post(started, '/refresh');

  expect(refused.status).toBe(403);
  expect(await refused.json()).toMatchObject({ description: expect.stringContaining('presence.required') as unknown });
  for (let reload = 0; reload < 2; reload += 1) {
    const page = await (await started.person.browser.request(`${started.app}/`)).text();
    expect(page).toContain('Your session has ended');
    expect(page).toContain('This system is used only from inside its area.');
    expect(page).toContain(`presence.required · decision ${started.gateway.decisions.at(-1)?.decision.id ?? ''}`);
    expect(page).toContain('Sign in again');
  }
});

it('tells its open page at once when the gateway ends the session', async () => {
  const started = await start();
  const { app, gateway, person } = started;
  await signIn(started);
  const events = await person.browser.request(`${app}/events`);

  const ended = await gateway.liveSessions.endAllOf(person.personId, 'subject.suspended');

  expect(ended).toMatchObject({ logoutTokensSent: 1, logoutTokensAcknowledged: 1 });
  expect(await events.text()).toContain('event: ended');
  const page = await (await person.browser.request(`${app}/`)).text();
  expect(page).toContain('Your session has ended');
  expect(page).toContain('Your access is suspended, at doors and systems alike.');
  expect(page).toContain('Sign in again');
});

it('loses only its own session when the gateway ends that app for the person', async () => {
  const started = await start();
  const { gateway, person } = started;
  await signIn(started);

  const ended = await gateway.liveSessions.endAppOf(person.personId, 'wiki' as never, 'presence.required');

  expect(ended).toMatchObject({ sessions: 1, tokens: 2, logoutTokensAcknowledged: 1 });
  expect(await gateway.liveSessions.ofPerson(person.personId)).toEqual([]);
  expect((await post(started, '/refresh')).status).toBe(401);
});

it('loses its session when the gateway ends the one browser in which it began, and no other person can end it', async () => {
  const started = await start();
  const { gateway, person } = started;
  await signIn(started);
  const [session] = (await gateway.liveSessions.ofPerson(person.personId)).filter(({ kind }) => kind === 'provider');

  expect(await gateway.liveSessions.endOne('person_bob' as never, session?.id ?? '', 'test')).toBeNull();
  const ended = await gateway.liveSessions.endOne(person.personId, session?.id ?? '', 'test');

  expect(ended).toMatchObject({ sessions: 1, tokens: 2, logoutTokensAcknowledged: 1 });
  expect(await gateway.liveSessions.ofPerson(person.personId)).toEqual([]);
  expect(await gateway.liveSessions.endOne(person.personId, session?.id ?? '', 'test')).toBeNull();
  expect((await post(started, '/refresh')).status).toBe(401);
});

it('signs out at the gateway and comes back', async () => {
  const started = await start();
  const { app, gateway, person } = started;
  await signIn(started);

  const begin = await post(started, '/sign-out');
  const confirmation = await person.browser.navigate(begin.headers.get('location') ?? '');
  const page = (await confirmation.response?.text()) ?? '';
  // The ID token proves who asks, so the page submits itself; here that is done by hand.
  expect(page).toContain('/oidc-pages/submit.js');
  expect(page).not.toMatch(/<style|<script>| style=/);
  const xsrf = /name="xsrf" value="([^"]+)"/.exec(page)?.[1] ?? '';
  const action = /action="([^"]+)"/.exec(page)?.[1] ?? '';
  const confirmed = await person.browser.request(action, { method: 'POST', body: new URLSearchParams({ xsrf, logout: 'yes' }) });

  expect(confirmed.headers.get('location')).toBe(`${app}/`);
  expect(await (await person.browser.request(`${app}/`)).text()).toContain('You are not signed in');
  const ends = (await gateway.records()).filter((record) => record.type === 'session' && record.event === 'ended');
  expect(ends).toMatchObject([
    { kind: 'app', appId: 'wiki', cause: 'signed_out' },
    { kind: 'provider', cause: 'signed_out' },
  ]);
});

it('shows a refusal of the gateway with its description', async () => {
  const started = await start(() => 'grant.missing');
  const { gateway, person } = started;
  const begin = await post(started, '/sign-in');
  const page = await person.browser.navigate(begin.headers.get('location') ?? '');
  const { body } = await presentPasskey(gateway, person, uidOf(page.url));
  const denied = await person.browser.navigate(body.redirectTo);
  const abort = await person.browser.call<{ redirectTo: string }>(`${gateway.publicUrl}/api/interaction/${uidOf(denied.url)}/abort`, {});

  const back = await person.browser.navigate(abort.body.redirectTo);

  expect(back.response?.status).toBe(403);
  expect(await back.response?.text()).toContain('grant.missing · decision ');
});

it('looks as the gateway’s own pages do: one style sheet for both', async () => {
  const { app, gateway } = await start();

  const [ours, theirs] = await Promise.all(
    [`${app}/files/plain-pages.css`, `${gateway.publicUrl}/oidc-pages/plain-pages.css`].map(async (url) => (await fetch(url)).text()),
  );

  expect(ours).toContain('--accent');
  expect(ours).toBe(theirs);
});

it('refuses a logout token that the gateway did not sign', async () => {
  const started = await start();
  await signIn(started);
  const forged = await fetch(`${started.app}/backchannel-logout`, { method: 'POST', body: new URLSearchParams({ logout_token: 'a.b.c' }) });

  expect(forged.status).toBe(400);
  expect(await (await started.person.browser.request(`${started.app}/`)).text()).toContain('Hello');
});
