import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { createSqlGrantStore } from '#adapters/sql/grant-store.ts';
import { dataFiles } from '#gateway/compose-records.ts';
import type { GrantId, ProfileId } from '#gateway/domain/site/ids.ts';
import { insertPeople, isStaff, personName } from '#test/support/many-people.ts';
import { freePort } from '#test/support/running-gateway.ts';
import { openRecordsFile } from '#test/support/sqlite-records.ts';
import { BENCH_CLIENT, BENCH_CLIENTS, BENCH_PEOPLE, BENCH_SECRET_SHA256, BENCH_TTL_S, benchClientId } from './bench-client.ts';

export interface BenchServer {
  readonly url: string;
  readonly pid: number;
}

export interface BenchServers {
  readonly gateway: BenchServer;
  /** The gateway, relying on no decision but the one of the moment. Only where it was asked for. */
  readonly anew: BenchServer | null;
  /** The gateway without its decisions and their records. */
  readonly undecided: BenchServer;
  /** The library alone. */
  readonly bare: BenchServer;
  close(): Promise<void>;
}

/** Those of `insertPeople` whom the grant is for. */
export const BENCH_PERSON_IDS: readonly string[] = Array.from({ length: BENCH_PEOPLE }, (_, index) => index)
  .filter(isStaff)
  .map(personName);

/** Two gateways, or three, on real stores, logs, policies and threads, and the bare library, each a process of its own. */
export async function startBenchServers({ anew = false }: { readonly anew?: boolean } = {}): Promise<BenchServers> {
  const folder = mkdtempSync(join(tmpdir(), 'gatehouse-bench-'));
  const programs: ChildProcess[] = [];
  const start = async (file: string, port: number, ...args: readonly string[]): Promise<BenchServer> => {
    const program = await startProgram(file, args);
    programs.push(program);
    return { url: `http://localhost:${String(port)}`, pid: program.pid ?? 0 };
  };
  const startOne = async (name: 'gateway' | 'anew' | 'undecided'): Promise<BenchServer> => {
    const dataDir = join(folder, name);
    mkdirSync(dataDir, { mode: 0o700 });
    await writePeople(dataDir);
    const port = await freePort();
    const configFile = join(folder, `${name}.yaml`);
    writeFileSync(configFile, stringify(configuration(dataDir, port)));
    return start('gateway-program.ts', port, configFile, name);
  };
  const barePort = await freePort();
  return {
    gateway: await startOne('gateway'),
    anew: anew ? await startOne('anew') : null,
    undecided: await startOne('undecided'),
    bare: await start('bare-program.ts', barePort, String(barePort)),
    close: async () => {
      await Promise.all(programs.map(endProgram));
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

const CLIENT_IDS: readonly string[] = Array.from({ length: BENCH_CLIENTS }, (_, index) => benchClientId(index));

async function writePeople(dataDir: string): Promise<void> {
  const db = await openRecordsFile(dataFiles(dataDir).records);
  await insertPeople(db, BENCH_PEOPLE);
  const grants = createSqlGrantStore(db);
  const profileId = 'bench' as ProfileId;
  await grants.saveProfile({ id: profileId, name: 'Bench', resources: CLIENT_IDS.map((id) => ({ kind: 'app', id })) });
  await grants.saveGrant({
    id: 'grt_bench' as GrantId,
    profileId,
    holder: { kind: 'role', id: 'staff' },
    schedule: 'always',
    validFromMs: null,
    validUntilMs: null,
    reason: 'benchmark',
  });
  await db.destroy();
}

const configuration = (dataDir: string, port: number) => ({
  public_url: `http://localhost:${String(port)}`,
  listen: { host: '127.0.0.1', port },
  data_dir: dataDir,
  log: { level: 'warn' },
  // The load comes from many addresses, as that of a company does.
  trusted_proxies: ['127.0.0.1/32'],
  sites: [{ id: 'site', name: 'Site', time_zone: 'Europe/Berlin' }],
  areas: [{ id: 'inside', site: 'site', name: 'Inside', security_level: 0 }],
  apis: [{ id: 'api', name: 'API', resource: BENCH_CLIENT.resource, scopes: [BENCH_CLIENT.apiScope], token: 'opaque' }],
  apps: CLIENT_IDS.map((id) => ({
    id,
    name: id,
    client_id: id,
    client_secret_sha256: BENCH_SECRET_SHA256,
    redirect_uris: [BENCH_CLIENT.redirectUri],
    grants: ['authorization_code', 'refresh_token', 'client_credentials'],
    apis: ['api'],
    api_scopes: [BENCH_CLIENT.apiScope],
  })),
  oidc: { access_token_ttl_s: BENCH_TTL_S.accessToken, refresh_token_ttl_s: BENCH_TTL_S.refreshToken, session_ttl_s: BENCH_TTL_S.session },
});

async function startProgram(file: string, args: readonly string[]): Promise<ChildProcess> {
  const program = fork(join(import.meta.dirname, file), args, {
    execArgv: (process.env['BENCH_EXEC_ARGV'] ?? '').split(' ').filter(Boolean),
  });
  // An end before it is ready is told by its own words on standard error.
  const ended = once(program, 'exit').then(() => Promise.reject(new Error(`${file} ended before it was ready`)));
  await Promise.race([once(program, 'message'), ended]);
  ended.catch(() => undefined);
  return program;
}

async function endProgram(program: ChildProcess): Promise<void> {
  if (program.exitCode !== null || program.signalCode !== null) return;
  const ended = once(program, 'exit');
  program.kill('SIGTERM');
  await ended;
}
