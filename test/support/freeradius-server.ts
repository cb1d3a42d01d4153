import { randomBytes } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startProgram, type ChildProgram } from './child-programs.ts';
import { FREERADIUS, RADCLIENT, requirePeer } from './peers.ts';
import { until } from './running-gateway.ts';

const SHIPPED = fileURLToPath(new URL('../../adapters/vpn/freeradius', import.meta.url));
const START_TIMEOUT_MS = 30_000;

/** Two UDP ports that were free a moment ago. */
async function freeUdpPorts(): Promise<readonly [number, number]> {
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

/** Debian's FreeRADIUS with the shipped module and site, and a frame around them like Debian's own. */
export async function startFreeradius({ folder, gatewayUrl, realm, key }: FreeradiusPlan): Promise<FreeradiusServer> {
  const [authPort, acctPort] = await freeUdpPorts();
  const secret = randomBytes(16).toString('hex');
  const own = join(folder, 'freeradius');
  mkdirSync(own, { recursive: true });
  const file = join(own, 'radiusd.conf');
  writeFileSync(
    file,
    `prefix = /usr
libdir = /usr/lib/freeradius
logdir = ${own}
run_dir = ${own}
certdir = ${own}
pidfile = ${own}/pid
max_request_time = 10
cleanup_delay = 2
max_requests = 1024
hostname_lookups = no
log {
	destination = stdout
}
security {
	max_attributes = 200
	reject_delay = 0
	status_server = no
}
proxy_requests = no
client tests {
	ipaddr = 127.0.0.1
	secret = ${secret}
}
thread pool {
	start_servers = 2
	max_servers = 4
	min_spare_servers = 1
	max_spare_servers = 2
	max_requests_per_server = 0
	auto_limit_acct = no
}
modules {
	expr {
	}
	always reject {
		rcode = reject
	}
	$INCLUDE ${SHIPPED}/mods-gatehouse
}
$INCLUDE ${SHIPPED}/site-gatehouse
`,
  );
  const env = {
    ...process.env,
    GATEHOUSE_URL: gatewayUrl,
    GATEHOUSE_REALM: realm,
    GATEHOUSE_KEY: key,
    GATEHOUSE_RADIUS_ADDRESS: '127.0.0.1',
    GATEHOUSE_RADIUS_AUTH_PORT: String(authPort),
    GATEHOUSE_RADIUS_ACCT_PORT: String(acctPort),
  };
  const program = startProgram(
    requirePeer(FREERADIUS),
    ['-f', '-l', 'stdout', ...(process.env['RADIUS_DEBUG'] === undefined ? [] : ['-x']), '-d', own, '-n', 'radiusd'],
    { env },
  );
  await until('FreeRADIUS is ready', START_TIMEOUT_MS, () => {
    if (program.hasEnded()) throw new Error(`FreeRADIUS ended:\n${program.output()}`);
    return program.output().includes('Ready to process requests') ? true : null;
  });
  return {
    authPort,
    acctPort,
    secret,
    program,
    ask: async (kind, attributes) => {
      const port = kind === 'auth' ? authPort : acctPort;
      const input = Object.entries(attributes)
        .map(([name, value]) => `${name} = "${value.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`)
        .join('\n');
      const args = ['-x', '-r', '1', '-t', '15', `127.0.0.1:${String(port)}`, kind, secret];
      const client = startProgram(requirePeer(RADCLIENT), args, { input: `${input}\n` });
      await client.exited();
      return toAnswer(client.output());
    },
    end: () => program.end(),
  };
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
