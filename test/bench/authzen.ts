import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import autocannon from 'autocannon';
import { stringify } from 'yaml';
import { createSqlGrantStore } from '#adapters/sql/grant-store.ts';
import { buildPolicyData } from '#gateway/app/policy/build-policy-data.ts';
import { dataFiles } from '#gateway/compose-records.ts';
import { AUTHZEN_KEY, askAuthzen, sha256 } from '#test/support/authzen/client.ts';
import { amount, percentile, report, round } from '#test/support/bench/bench-report.ts';
import { everydayGrant, everydayProfile, insertPeople, isStaff, personName } from '#test/support/many-people.ts';
import { measureOpaServer, ratioTo } from '#test/support/peers/opa-server.ts';
import { freePort, startGateway } from '#test/support/running-gateway.ts';
import { sampleInput } from '#test/support/sample-input.ts';
import { cpuBetween, threadCpuUs } from '#test/support/bench/thread-cpu.ts';
import { openRecordsFile } from '#test/support/sqlite-records.ts';

/*
 * Evaluations over HTTP against a whole gateway in a process of its own: 1,000 people, every second one permitted, each decision durable
 * in the log before it is answered. The load comes from this process. Where there is an `opa`, its own server is asked afterwards: for the
 * decision alone, with facts that are there already and without a log.
 */
const PEOPLE = 1_000;
/** Callers that each ask again as soon as they have their answer. The first number is what is reported and compared with OPA's server. */
const CONNECTIONS = [16, 8] as const;
const WARM_UP_S = amount(3);
const MEASURED_S = amount(10);

const folder = mkdtempSync(join(tmpdir(), 'gatehouse-bench-'));
const dataDir = join(folder, 'data');
mkdirSync(dataDir, { mode: 0o700 });
const port = await freePort();

const configuration = {
  public_url: `http://localhost:${String(port)}`,
  listen: { host: '127.0.0.1', port },
  data_dir: dataDir,
  log: { level: 'warn' },
  sites: [{ id: 'site', name: 'Site', time_zone: 'Europe/Berlin' }],
  areas: [{ id: 'inside', site: 'site', name: 'Inside', security_level: 0 }],
  doors: [{ id: 'main', site: 'site', name: 'Main', to_area: 'inside', lock: 'fail_secure' }],
  authzen: {
    clients: [{ id: 'bench', key_sha256: sha256(AUTHZEN_KEY), actions: ['door.unlock'], resources: ['door:main'], secure_readers: true }],
  },
};

const questionAbout = (index: number) => ({
  subject: { type: 'user', id: personName(index) },
  action: { name: 'door.unlock' },
  resource: { type: 'door', id: 'main' },
});

const ALWAYS = { weekdays: [1, 2, 3, 4, 5, 6, 7], from_minute: 0, until_minute: 1_440, on_holidays: true };

/** What the gateway makes of the question: the other server is given it ready. */
function inputAbout(index: number): unknown {
  const { subject } = sampleInput;
  const roles = [isStaff(index) ? 'staff' : 'visitor'];
  return { ...sampleInput, subject: { ...subject, id: personName(index), properties: { ...subject.properties, roles } } };
}

const askOpa = () =>
  measureOpaServer({
    data: buildPolicyData([everydayProfile(['main'])], [everydayGrant], { always: ALWAYS }),
    inputs: Array.from({ length: PEOPLE }, (_, index) => inputAbout(index)),
    allows: [true, false],
    seconds: MEASURED_S,
  });

interface Load {
  readonly perS: number;
  readonly samplesMs: readonly number[];
}

function load(url: string, connections: number, durationS: number): Promise<Load> {
  const samplesMs: number[] = [];
  const path = '/access/v1/evaluation';
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${AUTHZEN_KEY}` };
  const requests = Array.from({ length: PEOPLE }, (_, index) => ({
    method: 'POST' as const,
    path,
    headers,
    body: JSON.stringify(questionAbout(index)),
  }));
  return new Promise((resolve, reject) => {
    const instance = autocannon({ url, connections, duration: durationS, requests }, (error, result) => {
      if (error !== null && error !== undefined) reject(error instanceof Error ? error : new Error(String(error)));
      else if (result.errors > 0 || result.non2xx > 0) reject(new Error(`${String(result.errors + result.non2xx)} requests failed`));
      else resolve({ perS: samplesMs.length / result.duration, samplesMs });
    });
    instance.on('response', (_client, _status, _bytes, tookMs) => samplesMs.push(tookMs));
  });
}

/** What callers see, and the CPU time of a request on each side: the load's own is in it, on the same two cores. */
async function measure(url: string, pid: number, connections: number) {
  const before = threadCpuUs(pid);
  const own = process.cpuUsage();
  const { perS, samplesMs } = await load(url, connections, MEASURED_S);
  const { mainUs, othersUs } = cpuBetween(pid, before, threadCpuUs(pid));
  const { user, system } = process.cpuUsage(own);
  return {
    per_s: Math.round(perS),
    p50_ms: round(percentile(samplesMs, 0.5), 2),
    p99_ms: round(percentile(samplesMs, 0.99), 2),
    main_thread_cpu_us: round(mainUs / samplesMs.length),
    other_threads_cpu_us: round(othersUs / samplesMs.length),
    client_cpu_us: round((user + system) / samplesMs.length),
    connections,
  };
}

/** A benchmark of denies would be a faster one. */
async function assertHonest(url: string): Promise<void> {
  const answers = await Promise.all([0, 1].map((index) => askAuthzen(url, '/access/v1/evaluation', questionAbout(index))));
  const decisions = answers.map(({ body }) => (body as { decision?: boolean } | null)?.decision);
  if (decisions.join() !== 'true,false') throw new Error(`the benchmark decides ${JSON.stringify(answers.map(({ text }) => text))}`);
}

try {
  const db = await openRecordsFile(dataFiles(dataDir).records);
  await insertPeople(db, PEOPLE);
  const grants = createSqlGrantStore(db);
  await grants.saveProfile(everydayProfile(['main']));
  await grants.saveGrant(everydayGrant);
  await db.destroy();
  const configFile = join(folder, 'gatehouse.yaml');
  writeFileSync(configFile, stringify(configuration));
  const gateway = await startGateway({ dataDir, port, configFile });
  try {
    await assertHonest(gateway.url);
    await load(gateway.url, CONNECTIONS[0], WARM_UP_S);
    const first = await measure(gateway.url, gateway.pid ?? 0, CONNECTIONS[0]);
    const second = await measure(gateway.url, gateway.pid ?? 0, CONNECTIONS[1]);
    await gateway.stop();
    const opa = await askOpa();
    report({ ...first, people: PEOPLE, with_fewer: second, opa_server: opa, ratio_to_opa: ratioTo(opa, first.per_s) });
  } finally {
    await gateway.kill();
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
