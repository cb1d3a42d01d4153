import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { createSqlGrantStore } from '#adapters/sql/grant-store.ts';
import { dataFiles } from '#gateway/compose-records.ts';
import { everydayGrant, insertPeople, personName } from './many-people.ts';
import { freePort, startGateway, type RunningGateway } from './running-gateway.ts';
import { openRecordsFile } from './sqlite-records.ts';

export interface SampleSite {
  readonly gateway: RunningGateway;
  /** May use the app. */
  readonly staffId: string;
  /** May not. */
  readonly visitorId: string;
  close(): Promise<void>;
}

/** A whole gateway as a process, with the part of a configuration that a sample tells to write, and two people. */
export async function startSampleSite(part: Readonly<Record<string, unknown>>): Promise<SampleSite> {
  const folder = mkdtempSync(join(tmpdir(), 'gatehouse-sample-'));
  const dataDir = join(folder, 'data');
  mkdirSync(dataDir, { mode: 0o700 });
  const db = await openRecordsFile(dataFiles(dataDir).records);
  await insertPeople(db, 2);
  const grants = createSqlGrantStore(db);
  await grants.saveProfile({ id: everydayGrant.profileId, name: 'Everyday', resources: [{ kind: 'app', id: 'wiki' }] });
  await grants.saveGrant(everydayGrant);
  await db.destroy();
  const port = await freePort();
  const configFile = join(folder, 'gatehouse.yaml');
  writeFileSync(
    configFile,
    stringify({
      public_url: `http://localhost:${String(port)}`,
      listen: { host: '127.0.0.1', port },
      data_dir: dataDir,
      log: { level: 'warn' },
      sites: [{ id: 'site', name: 'Site', time_zone: 'Europe/Berlin' }],
      areas: [{ id: 'inside', site: 'site', name: 'Inside', security_level: 0 }],
      ...part,
    }),
  );
  const gateway = await startGateway({ dataDir, port, configFile });
  return {
    gateway,
    staffId: personName(0),
    visitorId: personName(1),
    close: async () => {
      await gateway.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
