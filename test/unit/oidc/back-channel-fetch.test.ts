import { afterEach, expect, it } from 'vitest';
import { createBackChannelFetch } from '#gateway/oidc/back-channel-fetch.ts';
import { closeServer, listenLater } from '#test/support/http-gateway.ts';

const cleanUp: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const step of cleanUp.splice(0)) await step();
});

async function listen() {
  const listener = await listenLater();
  cleanUp.push(() => closeServer(listener.server));
  return listener;
}

it('reaches a configured logout address, on loopback too', async () => {
  const listener = await listen();
  const { origin } = listener;
  listener.serve((_request, response) => response.writeHead(200).end('ok'));
  const fetch = createBackChannelFetch(new Set([`${origin}/logout`]));

  expect((await fetch(`${origin}/logout`, { method: 'POST', body: new URLSearchParams({ logout_token: 'x' }) })).status).toBe(200);
});

it.each(['/other', '/logout?x=1', '/logout/'])('reaches nothing else: %s', async (path) => {
  const { origin } = await listen();
  const fetch = createBackChannelFetch(new Set([`${origin}/logout`]));

  await expect(fetch(`${origin}${path}`, { method: 'POST' })).rejects.toMatchObject({ code: 'request.forbidden' });
  await expect(fetch(`${origin}/logout`, { method: 'GET' })).rejects.toMatchObject({ code: 'request.forbidden' });
});

it('does not follow a redirect', async () => {
  const listener = await listen();
  const { origin } = listener;
  listener.serve((_request, response) => response.writeHead(307, { location: 'http://localhost:1/elsewhere' }).end());
  const fetch = createBackChannelFetch(new Set([`${origin}/logout`]));

  expect((await fetch(`${origin}/logout`, { method: 'POST' })).status).toBe(307);
});
