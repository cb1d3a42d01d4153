import { randomBytes } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startProgram, type ChildProgram } from '../child-programs.ts';
import { startFreeradiusWith } from './freeradius-frame.ts';
import { RADCLIENT, requirePeer } from './peers.ts';

const SHIPPED = fileURLToPath(new URL('../../../adapters/vpn/freeradius', import.meta.url));

/** Two UDP ports that were free a moment ago. */
export async function freeUdpPorts(): Promise<readonly [number, number]> {
  const sockets = [createSocket('udp4'), createSocket('udp4')];
  const ports: number[] = [];
  for (const socket of sockets) {
    socket.bind(0, '127.0.0.1');
    await once(socket, 'listening');
    ports.push(socket.address().port);
  }
  for (const socket of sockets) {
    socket.close();
    await once(socket, 'close');
  }
  return [ports[0] ?? 0, ports[1] ?? 0];
}

export interface RadiusAnswer {
  readonly packet: string;
  /** Reply attributes as radclient prints them. */
  readonly attributes: Readonly<Record<string, string>>;
  readonly output: string;
}

export interface FreeradiusServer {
  readonly authPort: number;
  readonly acctPort: number;
  readonly secret: string;
  readonly program: ChildProgram;
  /** radclient with these attributes, values quoted. */
  ask(kind: 'auth' | 'acct', attributes: Readonly<Record<string, string>>): Promise<RadiusAnswer>;
  end(): Promise<void>;
}

export interface FreeradiusPlan {
  readonly folder: string;
  readonly gatewayUrl: string;
  readonly realm: string;
  readonly key: string;
}

/** Debian's FreeRADIUS with the shipped module and site. */
export async function startFreeradius({ folder, gatewayUrl, realm, key }: FreeradiusPlan): Promise<FreeradiusServer> {
  const [authPort, acctPort] = await freeUdpPorts();
  const secret = randomBytes(16).toString('hex');
  const program = await startFreeradiusWith({
    folder: join(folder, 'freeradius'),
    secret,
    modules: `$INCLUDE ${SHIPPED}/mods-gatehouse`,
    sites: `$INCLUDE ${SHIPPED}/site-gatehouse`,
    env: {
      GATEHOUSE_URL: gatewayUrl,
      GATEHOUSE_REALM: realm,
      GATEHOUSE_KEY: key,
      GATEHOUSE_RADIUS_ADDRESS: '127.0.0.1',
      GATEHOUSE_RADIUS_AUTH_PORT: String(authPort),
      GATEHOUSE_RADIUS_ACCT_PORT: String(acctPort),
    },
  });
  return {
    authPort,
    acctPort,
    secret,
    program,
    ask: (kind, attributes) => askRadius({ port: kind === 'auth' ? authPort : acctPort, kind, secret }, attributes),
    end: () => program.end(),
  };
}

export interface RadiusPort {
  readonly port: number;
  readonly kind: 'auth' | 'acct';
  readonly secret: string;
}

/** radclient with these attributes, values quoted but for `0x` and hex. */
export async function askRadius({ kind, port, secret }: RadiusPort, attributes: Readonly<Record<string, string>>): Promise<RadiusAnswer> {
  const quote = (value: string): string => `"${value.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;
  const input = Object.entries(attributes)
    .map(([name, value]) => `${name} = ${/^0x[0-9a-f]+$/.test(value) ? value : quote(value)}`)
    .join('\n');
  const args = ['-x', '-r', '1', '-t', '30', `127.0.0.1:${String(port)}`, kind, secret];
  const client = startProgram(requirePeer(RADCLIENT), args, { input: `${input}\n` });
  await client.exited();
  return toAnswer(client.output());
}

/** `Received Access-Accept Id 12 ...`, then a tab, a name and a value a line. */
function toAnswer(output: string): RadiusAnswer {
  const [, packet = 'none', rest = ''] = /Received (\S+) Id [^\n]*\n((?:\t[^\n]*\n)*)/.exec(output) ?? [];
  const attributes = Object.fromEntries(
    rest.split('\n').flatMap((line) => {
      const [, name, value = ''] = /^\t(\S+) = (.*)$/.exec(line) ?? [];
      return name === undefined ? [] : [[name, value.replace(/^"(.*)"$/, '$1')]];
    }),
  );
  return { packet, attributes, output };
}
