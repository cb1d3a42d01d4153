import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { afterEach, expect, it } from 'vitest';
import { startLoopbackServer, type LoopbackServer } from '#face-model/terminal/loopback-server.ts';

const CONNECTIONS_MAX = 16;
const BACK_MS_MAX = 10_000;
const held: Socket[] = [];
let server: LoopbackServer | null = null;
afterEach(async () => {
  for (const socket of held.splice(0)) socket.destroy();
  await server?.close();
});

const open = (): Promise<LoopbackServer> => startLoopbackServer(0, async (_request, response) => void response.writeHead(204).end());

it.each([
  ['nothing', ''],
  ['half of a request', 'POST / HTTP/1.1\r\nHost: 127.0.0.1\r\n'],
])('serves again soon after all its connections were held by whoever says %s', async (_what, words) => {
  server = await open();
  const port = Number(new URL(server.url).port);
  for (let count = 0; count < CONNECTIONS_MAX; count += 1) {
    const socket = connect(port, '127.0.0.1');
    held.push(socket);
    socket.on('error', () => undefined);
    await once(socket, 'connect');
    socket.write(words);
  }
  const { url } = server;
  await expect(fetch(url)).rejects.toThrow();
  const answered = async (): Promise<number> => (await fetch(url).catch(() => null))?.status ?? 0;
  await expect.poll(answered, { timeout: BACK_MS_MAX, interval: 250 }).toBe(204);
});
