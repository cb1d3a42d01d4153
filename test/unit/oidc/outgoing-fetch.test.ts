import { afterEach, expect, it } from 'vitest';
import { createOutgoingCalls, OUTGOING_ADDRESSES_MAX, type OutgoingAddress } from '#gateway/oidc/outgoing-fetch.ts';
import { closeServer, listenLater } from '#test/support/listen-later.ts';

const cleanUp: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const step of cleanUp.splice(0)) await step();
});

async function listen() {
  const listener = await listenLater();
  cleanUp.push(() => closeServer(listener.server));
  return listener;
}

function createCalls(...addresses: readonly OutgoingAddress[]) {
  const lines: unknown[] = [];
  const log = { error: (event: string, fields?: unknown) => void lines.push({ event, fields }) };
  const clientInQuestion = () => ({ clientId: 'wiki', field: 'jwks_uri' });
  return { ...createOutgoingCalls({ addresses, log, clientInQuestion }), lines };
}

const logoutAt = (uri: string): OutgoingAddress => ({ clientId: 'wiki', field: 'backchannel_logout_uri', uri });

it('reaches a configured address, on loopback too', async () => {
  const listener = await listen();
  const { origin } = listener;
  listener.serve((_request, response) => response.writeHead(200).end('ok'));
  const { fetch } = createCalls(logoutAt(`${origin}/logout`), { clientId: 'wiki', field: 'jwks_uri', uri: `${origin}/jwks` });

  expect((await fetch(`${origin}/logout`, { method: 'POST', body: new URLSearchParams({ logout_token: 'x' }) })).status).toBe(200);
  expect(await (await fetch(`${origin}/jwks`)).text()).toBe('ok');
});

it.each(['/other', '/logout?x=1', '/logout/'])('reaches nothing else, and names client and field in the log: %s', async (path) => {
  const { origin } = await listen();
  const { fetch, lines } = createCalls(logoutAt(`${origin}/logout`));

  await expect(fetch(`${origin}${path}`, { method: 'POST' })).rejects.toMatchObject({ code: 'request.forbidden' });
  expect(lines).toEqual([{ event: 'oidc.outgoing_refused', fields: { clientId: 'wiki', field: 'jwks_uri', method: 'POST', origin } }]);
});

it('does not use an address for what it is not', async () => {
  const { origin } = await listen();
  const { fetch } = createCalls(logoutAt(`${origin}/logout`));

  await expect(fetch(`${origin}/logout`, { method: 'GET' })).rejects.toMatchObject({ code: 'request.forbidden' });
});

it('does not follow a redirect', async () => {
  const listener = await listen();
  const { origin } = listener;
  listener.serve((_request, response) => response.writeHead(307, { location: 'http://localhost:1/elsewhere' }).end());
  const { fetch } = createCalls(logoutAt(`${origin}/logout`));

  expect((await fetch(`${origin}/logout`, { method: 'POST' })).status).toBe(307);
});

it('drops the oldest address beyond the limit', async () => {
  const listener = await listen();
  const { origin } = listener;
  listener.serve((_request, response) => response.writeHead(200).end());
  const { allow, fetch } = createCalls(logoutAt(`${origin}/0`));
  for (let i = 1; i < OUTGOING_ADDRESSES_MAX; i += 1) allow(logoutAt(`${origin}/${String(i)}`));
  expect((await fetch(`${origin}/0`, { method: 'POST' })).status).toBe(200);

  allow(logoutAt(`${origin}/one-more`));

  await expect(fetch(`${origin}/0`, { method: 'POST' })).rejects.toMatchObject({ code: 'request.forbidden' });
  expect((await fetch(`${origin}/one-more`, { method: 'POST' })).status).toBe(200);
});
