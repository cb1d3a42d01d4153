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
import { BENCH_CLIENT, BENCH_PEOPLE, BENCH_SECRET_SHA256, BENCH_TTL_S } from './bench-client.ts';

export interface BenchServer {
  readonly url: string;
  readonly pid: number;
}

export interface BenchServers {
  readonly gateway: BenchServer;
  readonly bare: BenchServer;
  close(): Promise<void>;
}

/** Those of `insertPeople` whom the grant is for. */
export const BENCH_PERSON_IDS: readonly string[] = Array.from({ length: BENCH_PEOPLE }, (_, index) => index)
  .filter(isStaff)
  .map(personName);

/** The gateway on its real store, log, policy and threads, and the bare library, each a process of its own. */
export async function startBenchServers(): Promise<BenchServers> {
  const folder = mkdtempSync(join(tmpdir(), 'gatehouse-bench-'));
  const dataDir = join(folder, 'data');
  mkdirSync(dataDir, { mode: 0o700 });
  await writePeople(dataDir);
  const [gatewayPort, barePort] = [await freePort(), await freePort()];
  const configFile = join(folder, 'gatehouse.yaml');
  writeFileSync(configFile, stringify(configuration(dataDir, gatewayPort)));
  const programs = [await startProgram('gateway-program.ts', configFile), await startProgram('bare-program.ts', String(barePort))];
  const [gateway, bare] = programs;
  return {
    gateway: { url: `http://localhost:${String(gatewayPort)}`, pid: gateway?.pid ?? 0 },
    bare: { url: `http://localhost:${String(barePort)}`, pid: bare?.pid ?? 0 },
    close: async () => {
      await Promise.all(programs.map(endProgram));
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function writePeople(dataDir: string): Promise<void> {
  const db = await openRecordsFile(dataFiles(dataDir).records);
  await insertPeople(db, BENCH_PEOPLE);
  const grants = createSqlGrantStore(db);
  const profileId = 'bench' as ProfileId;
  await grants.saveProfile({ id: profileId, name: 'Bench', resources: [{ kind: 'app', id: 'bench' }] });
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
  apps: [
    {
      id: 'bench',
      name: 'Bench',
      client_id: BENCH_CLIENT.clientId,
      client_secret_sha256: BENCH_SECRET_SHA256,
      redirect_uris: [BENCH_CLIENT.redirectUri],
      grants: ['authorization_code', 'refresh_token', 'client_credentials'],
      apis: ['api'],
      api_scopes: [BENCH_CLIENT.apiScope],
    },
  ],
  oidc: { access_token_ttl_s: BENCH_TTL_S.accessToken, refresh_token_ttl_s: BENCH_TTL_S.refreshToken, session_ttl_s: BENCH_TTL_S.session },
});

async function startProgram(file: string, argument: string): Promise<ChildProcess> {
  const program = fork(join(import.meta.dirname, file), [argument], {
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
