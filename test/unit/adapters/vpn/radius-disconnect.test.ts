import { createHash } from 'node:crypto';
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { createSystemRandom } from '#adapters/crypto/system-random.ts';
import { ANSWER_TIMEOUT_MS, createRadiusDisconnect, SENDS_AT_MS } from '#adapters/vpn/radius/radius-disconnect.ts';
import { readSharedSecret, SHARED_SECRET_OCTETS_MAX, SHARED_SECRET_OCTETS_MIN } from '#adapters/vpn/radius/shared-secret.ts';

const secret = new Uint8Array(Buffer.from('a shared secret of many octets'));
const open: Socket[] = [];
afterEach(() => {
  for (const socket of open.splice(0)) socket.close();
});

/** Answers as `reply` says: a code and attributes, or nothing. */
async function startServer(reply: (count: number) => readonly [code: number, attributes: readonly number[]] | null) {
  const socket = createSocket('udp4').bind(0, '127.0.0.1');
  open.push(socket);
  await once(socket, 'listening');
  const heard: string[] = [];
  socket.on('message', (request, from) => {
    heard.push(request.toString('hex'));
    const answer = reply(heard.length);
    if (answer === null) return;
    const [code, attributes] = answer;
    const packet = Buffer.concat([
      Buffer.from([code, request[1] ?? 0, 0, 20 + attributes.length]),
      request.subarray(4, 20),
      Buffer.from(attributes),
    ]);
    createHash('md5').update(packet).update(secret).digest().copy(packet, 4);
    socket.send(packet, from.port, from.address);
  });
  const told: (readonly [string, boolean])[] = [];
  const disconnect = createRadiusDisconnect({
    servers: [{ nas: 'ap-1', host: '127.0.0.1', port: socket.address().port, secret }],
    clock: { nowMs: () => Date.now() },
    random: createSystemRandom(),
    onHeard: (nas, isHeard) => told.push([nas, isHeard]),
  });
  return { heard, told, disconnect };
}

const tunnel = (serverSessionId: string, nas: string | null = 'ap-1') => ({ serverSessionId, nas, userName: 'ann' });

describe('sessions at a server that listens for Disconnect-Request', () => {
  it('are ended by their own names, and one that the server does not have is over', async () => {
    const { disconnect, told } = await startServer((count) => (count === 1 ? [41, []] : [42, [101, 6, 0, 0, 1, 247]]));
    expect(await disconnect.disconnect(['ann'], [tunnel('one'), tunnel('two')])).toBe(1);
    expect(told).toEqual([
      ['ap-1', true],
      ['ap-1', true],
    ]);
    expect(await disconnect.disconnect(['ann'], [])).toBe(0);
  });

  it('are asked about again with the same packet, a bounded number of times', async () => {
    const { disconnect, heard } = await startServer((count) => (count < SENDS_AT_MS.length ? null : [41, []]));
    expect(await disconnect.disconnect(['ann'], [tunnel('one')])).toBe(1);
    expect(heard).toHaveLength(SENDS_AT_MS.length);
    expect(new Set(heard).size).toBe(1);
  });

  it('stay up as far as anybody knows when it is silent, refuses, or is not known', async () => {
    const silent = await startServer(() => null);
    const startedMs = performance.now();
    await expect(silent.disconnect.disconnect(['ann'], [tunnel('one')])).rejects.toMatchObject({ code: 'vpn.unavailable' });
    expect(performance.now() - startedMs).toBeGreaterThanOrEqual(ANSWER_TIMEOUT_MS - 50);
    expect([silent.heard.length, silent.told]).toEqual([SENDS_AT_MS.length, [['ap-1', false]]]);
    const refusing = await startServer(() => [42, [101, 6, 0, 0, 1, 250]]);
    await expect(refusing.disconnect.disconnect(['ann'], [tunnel('one')])).rejects.toMatchObject({ code: 'vpn.unavailable' });
    for (const nas of ['ap-2', null]) {
      await expect(refusing.disconnect.disconnect(['ann'], [tunnel('one', nas)])).rejects.toMatchObject({ code: 'vpn.unavailable' });
    }
    expect(refusing.heard).toHaveLength(1);
  });
});

describe('a shared secret', () => {
  it('is a file of nobody else’s, without the end of its line', () => {
    const folder = mkdtempSync(join(tmpdir(), 'gatehouse-secret-'));
    const file = join(folder, 'secret');
    const write = (text: string, mode = 0o600): string => {
      writeFileSync(file, text);
      chmodSync(file, mode);
      return file;
    };
    const [shortest, longest] = ['s'.repeat(SHARED_SECRET_OCTETS_MIN), 's'.repeat(SHARED_SECRET_OCTETS_MAX)];
    expect(Buffer.from(readSharedSecret(write(`${shortest}\r\n`))).toString()).toBe(shortest);
    expect(readSharedSecret(write(longest))).toHaveLength(SHARED_SECRET_OCTETS_MAX);
    for (const wrong of [shortest.slice(1), `${longest}s\n`, `${longest}sss`]) {
      expect(() => readSharedSecret(write(wrong))).toThrow(expect.objectContaining({ code: 'config.unreadable' }));
    }
    expect(() => readSharedSecret(write(shortest, 0o640))).toThrow('0600');
    expect(() => readSharedSecret(join(folder, 'none'))).toThrow(expect.objectContaining({ code: 'config.unreadable' }));
    rmSync(folder, { recursive: true });
  });
});
