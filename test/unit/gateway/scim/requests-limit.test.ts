import { IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import { expect, it } from 'vitest';
import { createLogger } from '#gateway/platform/logger.ts';
import { createScimFace, SCIM_REQUESTS_MAX, SCIM_WINDOW_S } from '#gateway/scim/scim-face.ts';

it('answers as many requests of one client in a minute as allowed, one more not, and the next minute again', async () => {
  let nowMs = 1_000_000;
  const face = createScimFace({
    publicUrl: 'https://gate.example.com',
    users: {} as never,
    groups: {} as never,
    findClient: (key) => ({ id: key }),
    clientIp: () => '127.0.0.1',
    clock: { nowMs: () => nowMs },
    log: createLogger({ level: 'error', write: () => undefined }),
  });
  const ask = async (key: string): Promise<number> => {
    const request = new IncomingMessage(new Socket());
    Object.assign(request, { method: 'GET', url: '/scim/v2/ServiceProviderConfig' });
    Object.assign(request.headers, { host: 'gate.example.com', authorization: `Bearer ${key.repeat(64)}` });
    Object.defineProperty(request, 'headersDistinct', { value: { host: ['gate.example.com'] } });
    const response = new ServerResponse(request);
    const ended = new Promise<number>((resolve) => {
      response.end = (() => {
        resolve(response.statusCode);
        return response;
      }) as never;
    });
    face.handle(request, response);
    return ended;
  };
  const statuses = new Map<number, number>();
  for (let i = 0; i <= SCIM_REQUESTS_MAX; i += 1) {
    const status = await ask('a');
    statuses.set(status, (statuses.get(status) ?? 0) + 1);
  }
  expect([...statuses]).toEqual([
    [200, SCIM_REQUESTS_MAX],
    [429, 1],
  ]);
  expect(await ask('b')).toBe(200);
  nowMs += SCIM_WINDOW_S * 1_000;
  expect(await ask('a')).toBe(200);
});
