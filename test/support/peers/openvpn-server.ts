import { execFileSync } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startProgram, type ChildProgram } from '../child-programs.ts';
import { OPENSSL, OPENVPN, requirePeer } from './peers.ts';
import { until } from '../running-gateway.ts';
import { shippedFile } from '../shipped-file.ts';

const SHIPPED = fileURLToPath(new URL('../../../adapters/vpn/openvpn', import.meta.url));
const START_TIMEOUT_MS = 20_000;
const TUNNEL_TIMEOUT_MS = 40_000;

async function freeUdpPort(): Promise<number> {
  const socket = createSocket('udp4');
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  const { port } = socket.address();
  socket.close();
  await once(socket, 'close');
  return port;
}

/** A certificate authority and a server certificate, made by openssl. */
function makeCertificates(folder: string): void {
  const openssl = (...args: readonly string[]): void =>
    void execFileSync(requirePeer(OPENSSL), [...args], { cwd: folder, stdio: 'ignore' });
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];
  openssl('req', '-x509', ...key, '-days', '2', '-subj', '/CN=Test CA', '-keyout', 'ca-key.pem', '-out', 'ca.pem');
  openssl('req', ...key, '-subj', '/CN=server', '-keyout', 'server-key.pem', '-out', 'server.csr');
  writeFileSync(join(folder, 'ext'), 'extendedKeyUsage=serverAuth\nkeyUsage=digitalSignature\n');
  const issue = ['-CA', 'ca.pem', '-CAkey', 'ca-key.pem', '-CAcreateserial', '-days', '2', '-extfile', 'ext'];
  openssl('x509', '-req', '-in', 'server.csr', ...issue, '-out', 'server-cert.pem');
}

export interface OpenvpnClient {
  readonly program: ChildProgram;
  /** Resolves when the tunnel is up or the program has ended. */
  settled(): Promise<'up' | 'ended'>;
  /** The address of the page that the server asks the client to open. */
  page(): Promise<string>;
}

export interface OpenvpnServer {
  readonly program: ChildProgram;
  /** `opensPages` = says that it opens the page which the server names. */
  connect(userName: string, password: string, opensPages?: 'opens pages'): OpenvpnClient;
  end(): Promise<void>;
}

/** Debian's OpenVPN with the shipped server and client configuration. */
export async function startOpenvpn({
  folder,
  socketFile,
}: {
  readonly folder: string;
  readonly socketFile: string;
}): Promise<OpenvpnServer> {
  const own = join(folder, 'openvpn');
  mkdirSync(own, { recursive: true });
  makeCertificates(own);
  const port = await freeUdpPort();
  const path = (name: string): string => join(own, name);
  writeFileSync(
    path('server.conf'),
    shippedFile(join(SHIPPED, 'server.conf'), {
      'port 1194': `local 127.0.0.1\nport ${String(port)}`,
      'server 10.8.0.0 255.255.255.0': `server 10.${String(randomInt(20, 99))}.${String(randomInt(1, 250))}.0 255.255.255.0`,
      'ca /etc/openvpn/server/ca.pem': `ca ${path('ca.pem')}`,
      'cert /etc/openvpn/server/server-cert.pem': `cert ${path('server-cert.pem')}`,
      'key /etc/openvpn/server/server-key.pem': `key ${path('server-key.pem')}`,
      'management /run/openvpn-gatehouse.sock unix': `management ${socketFile} unix`,
    }),
  );
  const program = startProgram(requirePeer(OPENVPN), ['--config', path('server.conf'), '--verb', '3'], { cwd: own });
  await until('OpenVPN is ready', START_TIMEOUT_MS, () => {
    if (program.hasEnded()) throw new Error(`OpenVPN ended:\n${program.output()}`);
    return program.output().includes('Initialization Sequence Completed') ? true : null;
  });
  let clients = 0;
  return {
    program,
    connect: (userName, password, opensPages) => {
      clients += 1;
      const name = `client-${String(clients)}`;
      writeFileSync(path(`${name}.auth`), `${userName}\n${password}\n`, { mode: 0o600 });
      writeFileSync(
        path(`${name}.ovpn`),
        shippedFile(join(SHIPPED, 'client.ovpn'), {
          'remote vpn.example.com 1194': `remote 127.0.0.1 ${String(port)}`,
          'ca ca.pem': `ca ${path('ca.pem')}`,
          'auth-user-pass': `auth-user-pass ${path(`${name}.auth`)}`,
        }),
      );
      const sso = opensPages === undefined ? [] : ['--setenv', 'IV_SSO', 'webauth', '--push-peer-info'];
      const args = ['--config', path(`${name}.ovpn`), '--ifconfig-noexec', '--route-noexec', '--verb', '4', ...sso];
      const client = startProgram(requirePeer(OPENVPN), args, { cwd: own });
      return {
        program: client,
        settled: () =>
          until('the client has a tunnel or has ended', TUNNEL_TIMEOUT_MS, () => {
            if (client.hasEnded()) return 'ended';
            return client.output().includes('Initialization Sequence Completed') ? 'up' : null;
          }),
        page: () => until('the client is told a page', TUNNEL_TIMEOUT_MS, () => /WEB_AUTH::([^\s',"]+)/.exec(client.output())?.[1] ?? null),
      };
    },
    end: () => program.end(),
  };
}
