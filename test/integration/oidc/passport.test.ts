import express from 'express';
import session from 'express-session';
import passport from 'passport';
import { Strategy, type Profile, type VerifyCallback } from 'passport-openidconnect';
import { afterEach, expect, it } from 'vitest';
import { startHttpGateway } from '#test/support/http-gateway.ts';
import type { Verdict } from '#test/support/policy/judged-by.ts';
import { closeServer, listenLater } from '#test/support/listen-later.ts';
import { CLIENT_SECRET } from '#test/support/oidc/client.ts';
import { clientWith } from '#test/support/oidc/flows.ts';
import { enrolPerson, presentPasskey, uidOf } from '#test/support/oidc/sign-in.ts';

/* An Express app with passport-openidconnect, as its README has it. The library does no PKCE: it is registered with the exception. */

const cleanUp: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const step of cleanUp.splice(0).reverse()) await step();
});

async function start(judgeApp: () => Verdict = () => 'permit') {
  const listener = await listenLater();
  const wiki = clientWith({ mayOmitPkce: true }, { redirectUris: [`${listener.origin}/callback`] });
  const gateway = await startHttpGateway({ clients: [wiki], judgeApp });
  const issuer = `${gateway.publicUrl}/oidc`;
  const users = new passport.Passport();
  users.use(
    new Strategy(
      {
        issuer,
        authorizationURL: `${issuer}/auth`,
        tokenURL: `${issuer}/token`,
        userInfoURL: `${issuer}/me`,
        clientID: wiki.clientId,
        clientSecret: CLIENT_SECRET,
        callbackURL: `${listener.origin}/callback`,
        scope: ['profile', 'email'],
        nonce: 'send',
        skipUserProfile: false,
      },
      (_issuer: string, profile: Profile, done: VerifyCallback) => done(null, profile),
    ),
  );
  users.serializeUser((user, done) => done(null, user));
  users.deserializeUser((user: object, done) => done(null, user));
  const app = express();
  app.use(session({ secret: 'of the test', resave: false, saveUninitialized: false }));
  app.use(users.session());
  app.get('/login', users.authenticate('openidconnect') as express.RequestHandler);
  app.get('/callback', users.authenticate('openidconnect', { failWithError: false, failureMessage: true, failureRedirect: '/failed', successRedirect: '/' }) as express.RequestHandler); // prettier-ignore
  app.get('/failed', (_request, response) => void response.status(403).send('refused'));
  app.get('/', (request, response) => void response.json(request.user ?? null));
  listener.serve(app);
  cleanUp.push(async () => {
    await closeServer(listener.server);
    await gateway.close();
  });
  return { gateway, origin: listener.origin, person: await enrolPerson(gateway, 'ann') };
}

it('signs a person in', async () => {
  const { gateway, origin, person } = await start();
  const page = await person.browser.navigate(`${origin}/login`);
  const { body } = await presentPasskey(gateway, person, uidOf(page.url));

  const home = await person.browser.navigate(body.redirectTo);

  expect(home.url.href).toBe(`${origin}/`);
  expect(await home.response?.json()).toMatchObject({ id: person.personId, displayName: 'Person ann' });
});

it('lets nobody in whom the policy denies', async () => {
  const { gateway, origin, person } = await start(() => 'grant.missing');
  const page = await person.browser.navigate(`${origin}/login`);
  const { body } = await presentPasskey(gateway, person, uidOf(page.url));
  const denied = await person.browser.navigate(body.redirectTo);
  const path = `${gateway.publicUrl}/api/interaction/${uidOf(denied.url)}/abort`;
  const { body: back } = await person.browser.call<{ redirectTo: string }>(path, {});

  const end = await person.browser.navigate(back.redirectTo);

  expect(end.url.origin).toBe(origin);
  expect(end.response?.ok).toBe(false);
});
