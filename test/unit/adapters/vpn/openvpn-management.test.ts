import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { afterEach, expect, it, vi } from 'vitest';
import { createSystemRandom } from '#adapters/crypto/system-random.ts';
import { createSystemClock } from '#adapters/time/system-clock.ts';
import { createOpenvpnManagement } from '#adapters/vpn/openvpn/openvpn-management.ts';
import { createApprovals } from '#gateway/app/vpn/approvals.ts';
import { createManagementHandler } from '#gateway/app/vpn/manage-server.ts';
import type { DecisionId, PersonId, VpnRealmId } from '#gateway/domain/site/ids.ts';
import { temporaryFolder } from '#test/support/temporary-folder.ts';

const cleanUp: (() => unknown)[] = [];
afterEach(async () => {
  for (const step of cleanUp.splice(0).reverse()) await step();
});

/** The server's end of the management socket: what it is told, by connection. A client leaves when it is told to. */
async function startServer(clients = new Map<number, string>()) {
  const socketFile = join(await temporaryFolder(), 'management');
  const sockets: Socket[] = [];
  const heard: string[][] = [];
  const server = createServer((socket) => {
    const lines: string[] = [];
    sockets.push(socket);
    heard.push(lines);
    socket.on('error', () => undefined);
    socket.on('data', (chunk) => {
      for (const line of String(chunk).split('\n').filter(Boolean)) {
        lines.push(line);
        if (line === 'status 3') socket.write([...clients.values(), 'END', ''].join('\r\n'));
        clients.delete(Number(/^client-kill (\d+) /.exec(line)?.[1] ?? Number.NaN));
      }
    });
  });
  server.listen(socketFile);
  await once(server, 'listening');
  cleanUp.push(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return { socketFile, sockets, heard };
}

/** A line of `status 3`. */
const listed = (clientId: number, name: string): string =>
  ['CLIENT_LIST', name, '203.0.113.9:1194', '10.8.0.2', '', '0', '0', 'since', '1700000000', name, String(clientId), '0', 'none'].join(
    '\t',
  );

const connectOf = (ip: string): string =>
  ['CONNECT,0,1', 'ENV,username=ann', 'ENV,password=x', 'ENV,IV_SSO=webauth', `ENV,untrusted_ip=${ip}`, 'ENV,END']
    .map((line) => `>CLIENT:${line}\r\n`)
    .join('');

it('lets nobody in at a server that began anew by the page of one who asked the server before', async () => {
  const { heard, socketFile, sockets } = await startServer();
  const approvals = createApprovals({ clock: createSystemClock(), random: createSystemRandom(), networkOf: (ip) => ip });
  const handler = createManagementHandler({
    realmId: 'staff' as VpnRealmId,
    connect: async () => expect.fail('nobody gives a code'),
    approvals,
    publicUrl: 'https://id.example.com',
    sessions: { alive: async () => true, stopped: async () => undefined, listed: async () => undefined },
    onFailure: (failure) => expect.fail(String(failure)),
  });
  const management = createOpenvpnManagement({ socketFile, handler, listIntervalMs: 60_000, onFailure: () => undefined });
  cleanUp.push(() => management.close());
  const pageAt = async (connection: number): Promise<string> => {
    const page = () => /approve\/(vpn_\w+)/.exec(heard[connection]?.join('\n') ?? '')?.[1];
    await vi.waitFor(() => expect(page()).toBeDefined());
    return page() ?? '';
  };
  const accept = { kind: 'accept', personId: 'usr_ann' as PersonId, decisionId: 'dec_1' as DecisionId } as const;

  await vi.waitFor(() => expect(heard[0]).toContain('status 3'));
  sockets[0]?.write(connectOf('203.0.113.9'));
  const before = await pageAt(0);
  sockets[0]?.destroy();
  await vi.waitFor(() => expect(heard[1]).toContain('status 3'), { timeout: 5_000 });
  sockets[1]?.write(connectOf('198.51.100.66'));
  const now = await pageAt(1);

  expect(approvals.settle(before, accept)).toBe(false);
  expect(approvals.find(now)).not.toBeNull();
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(heard[1]?.filter((line) => line.startsWith('client-auth'))).toEqual([]);

  expect(approvals.settle(now, accept)).toBe(true);
  await vi.waitFor(() => expect(heard[1]).toContain('client-auth-nt 0 1'));
});

it('keeps no page of a client that has gone away', async () => {
  const { heard, socketFile, sockets } = await startServer();
  const givenUp = Promise.withResolvers<void>();
  const silent = async (): Promise<never> => expect.fail('nobody has a tunnel');
  const page = {
    kind: 'page',
    url: 'https://id.example.com/vpn/approve/vpn_1',
    timeoutS: 300,
    verdict: new Promise<never>(() => undefined),
  } as const;
  const connect = async () => ({ ...page, giveUp: givenUp.resolve });
  const handler = { connect, renew: silent, up: silent, down: async () => undefined, listed: async () => undefined };
  const management = createOpenvpnManagement({ socketFile, handler, listIntervalMs: 60_000, onFailure: () => undefined });
  cleanUp.push(() => management.close());
  await vi.waitFor(() => expect(heard[0]).toContain('status 3'));
  sockets[0]?.write(connectOf('203.0.113.9'));
  await vi.waitFor(() => expect(heard[0]?.at(-1)).toMatch(/^client-pending-auth 0 1 /));
  sockets[0]?.write('>CLIENT:DISCONNECT,0\r\n>CLIENT:ENV,END\r\n');
  await givenUp.promise;
});

it('ends one tunnel of a person and leaves the other, which the server knows by the same name', async () => {
  const clients = new Map([
    [3, listed(3, 'ann')],
    [4, listed(4, 'ann')],
    [5, listed(5, 'ben')],
  ]);
  const { heard, socketFile } = await startServer(clients);
  const silent = async (): Promise<never> => expect.fail('nobody connects');
  const handler = { connect: silent, renew: silent, up: silent, down: silent, listed: async () => undefined };
  const management = createOpenvpnManagement({ socketFile, handler, listIntervalMs: 60_000, onFailure: () => undefined });
  cleanUp.push(() => management.close());
  await vi.waitFor(() => expect(heard[0]).toContain('status 3'));

  expect(await management.disconnect([], [{ serverSessionId: '3@1700000000', userName: 'ann', nas: null }])).toBe(1);
  expect([...clients.keys()]).toEqual([4, 5]);
  expect(heard[0]?.filter((line) => line.includes('kill'))).toEqual(['client-kill 3 HALT']);
  expect(await management.disconnect(['ann'], [])).toBe(1);
  expect([...clients.keys()]).toEqual([5]);
});

it('ends a tunnel that renews its keys without the token it was given, and not only the renewal', async () => {
  const { heard, socketFile, sockets } = await startServer();
  const silent = async (): Promise<never> => expect.fail('nobody is asked');
  const handler = { connect: silent, renew: silent, up: silent, down: silent, listed: async () => undefined };
  const management = createOpenvpnManagement({ socketFile, handler, listIntervalMs: 60_000, onFailure: () => undefined });
  cleanUp.push(() => management.close());
  await vi.waitFor(() => expect(heard[0]).toContain('status 3'));
  sockets[0]?.write(['REAUTH,7,2', 'ENV,username=ann', 'ENV,END'].map((line) => `>CLIENT:${line}\r\n`).join(''));
  await vi.waitFor(() => expect(heard[0]?.slice(-2)).toEqual([expect.stringMatching(/^client-deny 7 2 /), 'client-kill 7 HALT']));
});
