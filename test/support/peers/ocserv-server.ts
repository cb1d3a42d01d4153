import { execFileSync } from 'node:child_process';
import { createHash, randomInt, X509Certificate } from 'node:crypto';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startProgram, type ChildProgram } from '../child-programs.ts';
import type { FreeradiusServer } from './freeradius-server.ts';
import { OCSERV, OPENCONNECT, OPENSSL, requirePeer } from './peers.ts';
import { freePort, until } from '../running-gateway.ts';
import { shippedFile } from '../shipped-file.ts';

const SHIPPED = fileURLToPath(new URL('../../../adapters/vpn/ocserv', import.meta.url));
const START_TIMEOUT_MS = 20_000;
const TUNNEL_TIMEOUT_MS = 30_000;

/** A certificate for localhost in `folder`, made by openssl. */
export function makeCertificate(folder: string, name: string): { readonly cert: string; readonly key: string; readonly pin: string } {
  const [cert, key] = [join(folder, `${name}-cert.pem`), join(folder, `${name}-key.pem`)];
  const args = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2', '-subj', '/CN=localhost'];
  execFileSync(requirePeer(OPENSSL), [...args, '-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1', '-keyout', key, '-out', cert], {
    stdio: 'ignore',
  });
  const spki = new X509Certificate(readFileSync(cert)).publicKey.export({ type: 'spki', format: 'der' });
  return { cert, key, pin: `pin-sha256:${createHash('sha256').update(spki).digest('base64')}` };
}

export interface OcservServer {
  readonly program: ChildProgram;
  /** openconnect with this name and code. Resolves when the tunnel is up or the program has ended. */
  connect(userName: string, code: string): Promise<{ readonly client: ChildProgram; readonly isUp: boolean }>;
  /** What a client keeps to come back without a code. */
  cookie(userName: string, code: string): Promise<string>;
  /** Resolves when openconnect with this cookie has ended. Returns what it said. */
  comeBack(cookie: string): Promise<string>;
  occtl(...args: readonly string[]): string;
  end(): Promise<void>;
}

/** Debian's ocserv with the shipped files, asking `radius`. Its control socket is where `socketFile` says. */
export async function startOcserv(options: { readonly socketFile: string; readonly radius: FreeradiusServer }): Promise<OcservServer> {
  const { radius, socketFile } = options;
  // Its workers run as nobody and must reach the socket in it; the files with secrets are root's alone.
  const own = mkdtempSync(join(tmpdir(), 'gatehouse-ocserv-'));
  chmodSync(own, 0o711);
  const { cert, key, pin } = makeCertificate(own, 'server');
  const port = await freePort();
  const path = (name: string): string => join(own, name);
  writeFileSync(path('servers'), `127.0.0.1\t${radius.secret}\n`, { mode: 0o600 });
  writeFileSync(
    path('radiusclient.conf'),
    shippedFile(join(SHIPPED, 'radiusclient.conf'), {
      'authserver\tlocalhost:1812': `authserver\t127.0.0.1:${String(radius.authPort)}`,
      'acctserver\tlocalhost:1813': `acctserver\t127.0.0.1:${String(radius.acctPort)}`,
      'servers\t\t/etc/radcli/servers': `servers\t\t${path('servers')}`,
    }),
  );
  writeFileSync(
    path('ocserv.conf'),
    shippedFile(join(SHIPPED, 'ocserv.conf'), {
      'auth = "radius[config=/etc/ocserv/radiusclient.conf,groupconfig=true]"': `auth = "radius[config=${path('radiusclient.conf')},groupconfig=true]"`,
      'acct = "radius[config=/etc/ocserv/radiusclient.conf]"': `acct = "radius[config=${path('radiusclient.conf')}]"`,
      'tcp-port = 443': `listen-host = 127.0.0.1\ntcp-port = ${String(port)}`,
      'udp-port = 443': '',
      'socket-file = /run/ocserv.socket': `socket-file = ${path('sock')}`,
      'pid-file = /run/ocserv.pid': `pid-file = ${path('pid')}`,
      'occtl-socket-file = /run/occtl.socket': `occtl-socket-file = ${socketFile}`,
      'server-cert = /etc/ocserv/server-cert.pem': `server-cert = ${cert}`,
      'server-key = /etc/ocserv/server-key.pem': `server-key = ${key}`,
      'ipv4-network = 192.168.42.0': `ipv4-network = 10.${String(randomInt(100, 250))}.${String(randomInt(1, 250))}.0`,
    }),
  );
  const program = startProgram(requirePeer(OCSERV), ['-f', '-d', '1', '-c', path('ocserv.conf'), '-p', path('pid')]);
  await until('ocserv listens', START_TIMEOUT_MS, () => {
    if (program.hasEnded()) throw new Error(`ocserv ended:\n${program.output()}`);
    return /initialized|listening/i.test(program.output()) ? true : null;
  });
  const url = `https://127.0.0.1:${String(port)}`;
  const openconnect = (args: readonly string[], input: string): ChildProgram =>
    startProgram(requirePeer(OPENCONNECT), ['--protocol=anyconnect', '--servercert', pin, '--non-inter', ...args, url], { input });
  const tunnel = ['--script', '/bin/true', '--no-dtls'];
  const signIn = (userName: string): readonly string[] => ['--user', userName, '--passwd-on-stdin'];
  return {
    program,
    cookie: async (userName, code) => {
      const client = openconnect([...signIn(userName), '--authenticate'], `${code}\n`);
      await client.exited();
      return /^COOKIE='([^']+)'/m.exec(client.output())?.[1] ?? '';
    },
    comeBack: async (cookie) => {
      const client = openconnect([...tunnel, '--reconnect-timeout', '1', '--cookie-on-stdin'], `${cookie}\n`);
      await client.exited();
      return client.output();
    },
    connect: async (userName, code) => {
      const client = openconnect([...tunnel, ...signIn(userName)], `${code}\n`);
      await until('openconnect has a tunnel or a refusal', TUNNEL_TIMEOUT_MS, () =>
        client.hasEnded() || /Connected as|Configured as/.test(client.output()) ? true : null,
      );
      return { client, isUp: !client.hasEnded() };
    },
    occtl: (...args) => execFileSync('occtl', ['-s', socketFile, ...args], { encoding: 'utf8' }),
    end: async () => {
      await program.end();
      rmSync(own, { recursive: true, force: true });
    },
  };
}
