import { createServer } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { decodeJwt } from 'jose';
import { afterEach, expect, it } from 'vitest';
import { z } from 'zod';
import { openFileKey } from '#face-model/terminal/device-key.ts';
import { callGateway, GatewayCallError } from '#face-model/terminal/signed-call.ts';
import { temporaryFolder } from '#test/support/temporary-folder.ts';

const GATEWAY_MS = Date.UTC(2026, 10, 22, 12);
const SKEW_MS_MAX = 60_000;
const ends: (() => void)[] = [];
afterEach(() => ends.splice(0).forEach((end) => end()));

/** Takes what was signed within a minute of its own time, as the gateway does. */
async function gateway(knows = true): Promise<{ readonly url: string; readonly heard: number[] }> {
  const heard: number[] = [];
  const server = createServer((request, response) => {
    const atMs = z.number().parse(decodeJwt(request.headers.authorization?.slice('Bearer '.length) ?? '')['at_ms']);
    heard.push(atMs);
    response.setHeader('date', new Date(GATEWAY_MS).toUTCString());
    const isGood = knows && Math.abs(atMs - GATEWAY_MS) <= SKEW_MS_MAX;
    response.writeHead(isGood ? 200 : 401).end('{}');
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  ends.push(() => server.close());
  return { url: `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`, heard };
}

const call = async (url: string, nowMs: number) =>
  callGateway(
    { url, key: await openFileKey(await temporaryFolder()), deviceId: 'fdv_main', nowMs: () => nowMs },
    { path: '/api/face/terminal/next', body: {}, schema: z.strictObject({}) },
  );

it.each([0, -50_000, 50_000])('is taken at once from a clock that is off by %i ms', async (offMs) => {
  const { heard, url } = await gateway();
  await call(url, GATEWAY_MS + offMs);
  expect(heard).toHaveLength(1);
});

it.each([-GATEWAY_MS, -61_000, 61_000, 86_400_000])(
  'is taken from a clock that is off by %i ms, once the gateway said its time',
  async (offMs) => {
    const { heard, url } = await gateway();
    await call(url, GATEWAY_MS + offMs);
    expect(heard).toEqual([GATEWAY_MS + offMs, GATEWAY_MS]);
  },
);

it('is refused once where the clock is right, and twice where it is not', async () => {
  for (const [offMs, calls] of [
    [0, 1],
    [3_600_000, 2],
  ] as const) {
    const { heard, url } = await gateway(false);
    await expect(call(url, GATEWAY_MS + offMs)).rejects.toEqual(new GatewayCallError(401));
    expect(heard).toHaveLength(calls);
  }
});

it('has no answer where the gateway ends in the middle of one', async () => {
  const server = createServer((_request, response) => {
    response.writeHead(200, { 'content-length': '100' });
    response.write('{', () => response.destroy());
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  ends.push(() => server.close());
  const url = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
  await expect(call(url, GATEWAY_MS)).rejects.toEqual(new GatewayCallError(0));
});
