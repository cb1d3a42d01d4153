import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { createSystemRandom } from '#adapters/crypto/system-random.ts';
import { createSimulatedLine, type SimulatedLine } from '#adapters/osdp/simulator/simulated-line.ts';
import type { SimulatedPd } from '#adapters/osdp/simulator/simulated-pd.ts';
import { readerKeyName } from '#gateway/app/readers/reader-key-store.ts';
import { openRecords } from '#gateway/compose-records.ts';
import { encodeCard, toBadgeKey } from '#gateway/domain/people/card-format.ts';
import type { CredentialId, GrantId, PersonId, ProfileId } from '#gateway/domain/site/ids.ts';
import { freePort, startGateway, type RunningGateway } from '../running-gateway.ts';

export interface BenchGateway {
  readonly gateway: RunningGateway;
  readonly readers: readonly SimulatedPd[];
  /** Badge of somebody who may pass every door. */
  readonly card: { readonly bits: Uint8Array; readonly bitCount: number };
  close(): Promise<void>;
}

const CARD = { format: 'H10301', facility: 12, number: '3456' } as const;

/** A configured gateway as a process of its own, one door for each of `doors` readers on simulated lines of four. */
export async function startBenchGateway(options: {
  readonly doors: number;
  readonly pollIntervalMs: number;
  readonly releaseMs: number;
}): Promise<BenchGateway> {
  const folder = mkdtempSync(join(tmpdir(), 'gatehouse-bench-'));
  const dataDir = join(folder, 'data');
  const ids = Array.from({ length: options.doors }, (_, index) => `door-${index}`);
  const lines = await prepareLines(dataDir, ids);
  const port = await freePort();
  writeFileSync(
    join(folder, 'gatehouse.yaml'),
    stringify(configFile(ids, { ...options, port, dataDir, linePorts: lines.map((line) => line.port) })),
  );
  const gateway = await startGateway({ dataDir, port, configFile: join(folder, 'gatehouse.yaml') });
  return {
    gateway,
    readers: lines.flatMap((line) => line.readers),
    card: encodeCard(CARD) ?? { bits: new Uint8Array(), bitCount: 0 },
    close: async () => {
      await gateway.stop();
      await Promise.all(lines.map((line) => line.close()));
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

const READERS_PER_LINE = 4;
const linesOf = (ids: readonly string[]): (readonly string[])[] =>
  Array.from({ length: Math.ceil(ids.length / READERS_PER_LINE) }, (_, line) =>
    ids.slice(line * READERS_PER_LINE, (line + 1) * READERS_PER_LINE),
  );

/** Keys, the person and the grant go into the store before the gateway starts; the readers get the same keys. */
async function prepareLines(dataDir: string, ids: readonly string[]): Promise<readonly SimulatedLine[]> {
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const random = createSystemRandom();
  const records = await openRecords(dataDir);
  const personId = 'usr_bench' as PersonId;
  await records.people.save({
    id: personId,
    displayName: 'Bench',
    email: null,
    standing: 'active',
    roles: [],
    groups: [],
    clearance: 5,
    employmentEndMs: null,
    accessibility: false,
    version: 1,
  });
  const badge = {
    id: 'crd_bench' as CredentialId,
    personId,
    badgeKey: toBadgeKey(CARD),
    status: 'active',
    validFromMs: null,
    validUntilMs: null,
  } as const;
  await records.credentials.saveBadge(badge);
  const profileId = 'all' as ProfileId;
  await records.grants.saveProfile({ id: profileId, name: 'All', resources: ids.map((id) => ({ kind: 'door', id })) });
  const grant = {
    id: 'grt_all' as GrantId,
    profileId,
    holder: { kind: 'person', id: personId },
    schedule: 'always',
    validFromMs: null,
    validUntilMs: null,
  } as const;
  await records.grants.saveGrant({ ...grant, reason: 'benchmark' });
  const lines: SimulatedLine[] = [];
  for (const line of linesOf(ids)) {
    const keys = line.map(() => random.bytes(16));
    await Promise.all(line.map((id, index) => records.secrets.write(readerKeyName(`${id}-in`), keys[index] ?? random.bytes(16))));
    const readers = keys.map((scbk, index) => ({ address: index + 1, scbk }));
    lines.push(await createSimulatedLine({ host: '127.0.0.1', port: 0, readers }));
  }
  await records.close();
  return lines;
}

interface SiteOptions {
  readonly pollIntervalMs: number;
  readonly releaseMs: number;
  readonly port: number;
  readonly dataDir: string;
  readonly linePorts: readonly number[];
}

function configFile(ids: readonly string[], options: SiteOptions) {
  return {
    public_url: `http://localhost:${options.port}`,
    listen: { host: '127.0.0.1', port: options.port },
    data_dir: options.dataDir,
    log: { level: 'warn' },
    sites: [{ id: 'site', name: 'Site', time_zone: 'Europe/Berlin' }],
    areas: [{ id: 'inside', site: 'site', name: 'Inside' }],
    doors: ids.map((id) => ({ id, site: 'site', name: id, to_area: 'inside', lock: 'fail_secure', release_ms: options.releaseMs })),
    buses: linesOf(ids).map((line, index) => ({
      id: `bus-${index}`,
      link: { tcp: { host: '127.0.0.1', port: options.linePorts[index] } },
      poll_interval_ms: options.pollIntervalMs,
      readers: line.map((id, address) => ({
        id: `${id}-in`,
        name: id,
        address: address + 1,
        door: id,
        side: 'entry',
        strike_output: 0,
        contact_input: 0,
        rex_input: 1,
      })),
    })),
  };
}
