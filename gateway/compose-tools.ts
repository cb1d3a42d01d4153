import { createSystemRandom } from '#adapters/crypto/system-random.ts';
import { verifyAuditFile } from '#adapters/sqlite/audit/verify-audit-file.ts';
import { createSystemClock } from '#adapters/time/system-clock.ts';
import { toPendingChange } from './app/people/directory-change.ts';
import { createImportPeople } from './app/people/import-people.ts';
import type { CliTools } from './cli/cli-context.ts';
import { dataFiles, openRecords, readerKeyName, type Records } from './compose-records.ts';
import type { Config } from './platform/config/config.ts';
import { claimDataDir } from './platform/site-kind.ts';

/** What commands do at the records themselves, beside a running gateway or without one. */
export function createCliTools(): CliTools {
  const sources = { clock: createSystemClock(), random: createSystemRandom() };
  return {
    importPeople: (config, content) =>
      withRecords(config, (records) =>
        createImportPeople({
          installation: config.installation,
          scheduleNames: new Set(Object.keys(config.schedules)),
          people: records.people,
          credentials: records.credentials,
          grants: records.grants,
          pendingRecords: records.pendingRecords,
          ...sources,
        })(content),
      ),
    writeReaderKey: (config, readerId, key) =>
      withRecords(config, async ({ pendingRecords, secrets }) => {
        const name = readerKeyName(readerId);
        const isNew = !(await secrets.names(name)).includes(name);
        const subject = { subjectType: 'reader_key', subjectId: readerId, personId: null } as const;
        const change = toPendingChange({ ...subject, before: isNew ? null : [], after: [], unnamed: ['key'] }, sources);
        await pendingRecords.add(change === null ? [] : [change]);
        await secrets.write(name, key);
      }),
    auditFile: (dataDir) => dataFiles(dataDir).audit,
    verifyAudit: (file) => verifyAuditFile(file),
  };
}

async function withRecords<T>(config: Config, work: (records: Records) => Promise<T>): Promise<T> {
  // A configuration names this folder: the demo's own people come with the demo.
  claimDataDir(config.dataDir, 'configured');
  const records = await openRecords(config.dataDir);
  try {
    return await work(records);
  } finally {
    await records.close();
  }
}
