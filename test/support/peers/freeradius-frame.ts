import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startProgram, type ChildProgram } from '../child-programs.ts';
import { FREERADIUS, requirePeer } from './peers.ts';
import { until } from '../running-gateway.ts';

const START_TIMEOUT_MS = 30_000;

export interface FreeradiusFrame {
  /** Of its own; made here. */
  readonly folder: string;
  /** Of every client on this machine. */
  readonly secret: string;
  /** Text of the configuration inside `modules` and beside it. */
  readonly modules: string;
  readonly sites: string;
  readonly env: Readonly<Record<string, string>>;
}

/** Debian's FreeRADIUS with a frame like Debian's own around modules and sites. */
export async function startFreeradiusWith({ env, folder, modules, secret, sites }: FreeradiusFrame): Promise<ChildProgram> {
  mkdirSync(folder, { recursive: true });
  writeFileSync(
    join(folder, 'radiusd.conf'),
    `prefix = /usr
libdir = /usr/lib/freeradius
logdir = ${folder}
run_dir = ${folder}
certdir = ${folder}
pidfile = ${folder}/pid
max_request_time = 30
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
	always ok {
		rcode = ok
	}
	${modules}
}
${sites}
`,
  );
  const program = startProgram(
    requirePeer(FREERADIUS),
    ['-f', '-l', 'stdout', ...(process.env['RADIUS_DEBUG'] === undefined ? [] : ['-x']), '-d', folder, '-n', 'radiusd'],
    { env: { ...process.env, ...env } },
  );
  await until('FreeRADIUS is ready', START_TIMEOUT_MS, () => {
    if (program.hasEnded()) throw new Error(`FreeRADIUS ended:\n${program.output()}`);
    return program.output().includes('Ready to process requests') ? true : null;
  });
  return program;
}
