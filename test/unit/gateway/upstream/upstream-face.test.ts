import { afterEach, expect, it } from 'vitest';
import { createLogger } from '#gateway/platform/logger.ts';
import { createUpstreamFace, UPSTREAM_WINDOW_S } from '#gateway/upstream/upstream-face.ts';
import { closeServer, listenLater } from '#test/support/listen-later.ts';

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

it('answers an address as often as allowed within a window, and a whole IPv6 network counts as one', async () => {
  const listener = await listenLater();
  closing.push(() => closeServer(listener.server));
  let nowMs = 0;
  let address = '2001:db8::1';
  const face = createUpstreamFace({
    publicUrl: listener.origin,
    clients: new Map([['corp', { config: { id: 'corp', clientAuth: 'client_secret_basic' } } as never]]),
    transactions: { peek: async () => null },
    receiveLogout: async () => ({ ok: false }) as never,
    secrets: {} as never,
    clientIp: () => address,
    clock: { nowMs: () => nowMs },
    log: createLogger({ level: 'error', write: () => undefined }),
    requestsMax: 2,
  });
  listener.serve(face.handle);
  const ask = async () => (await fetch(`${listener.origin}/upstream/corp/jwks.json`)).status;
  expect([await ask(), await ask(), await ask()]).toEqual([404, 404, 429]);
  address = '2001:db8::2';
  expect(await ask()).toBe(429);
  address = '198.51.100.7';
  expect(await ask()).toBe(404);
  address = '2001:db8::1';
  nowMs = UPSTREAM_WINDOW_S * 1_000 - 1;
  expect(await ask()).toBe(429);
  nowMs += 1;
  expect(await ask()).toBe(404);
});
