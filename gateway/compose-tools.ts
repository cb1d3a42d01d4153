import { timingSafeEqual } from 'node:crypto';
import { createSystemRandom } from '#adapters/crypto/system-random.ts';
import { findKeyWeakness, type KeyWeakness } from '#adapters/osdp/secure-channel/session-keys.ts';
import { verifyAuditFile } from '#adapters/sqlite/audit/verify-audit-file.ts';
import { createSystemClock } from '#adapters/time/system-clock.ts';
import { toPendingChange } from './app/people/directory-change.ts';
import { createImportPeople } from './app/people/import-people.ts';
import type { ImportDeps } from './app/people/import-types.ts';
import { createImportTable } from './app/people/import-table.ts';
import { createSetPin } from './app/people/set-pin.ts';
import { createMasterKeyStore, forgetMasterKeys } from './app/readers/master-key-store.ts';
import { createReaderKeyStore, forgetKeyState, readerKeyName } from './app/readers/reader-key-store.ts';
import type { CliTools } from './cli/cli-context.ts';
import { createUpstreamTools } from './compose-upstream-tools.ts';
import { GatewayError } from './domain/errors.ts';
import { createDeskTools } from './compose-desk-tools.ts';
import { createFaceTools } from './compose-face-tools.ts';
import { createOsdpTools } from './compose-osdp-tools.ts';
import { createPinHasher, dataFiles, openRecords, type Records } from './compose-records.ts';
import { candidateKeys, importedKey } from './domain/readers/reader-keys.ts';
import { stageMasterKey } from './domain/readers/master-key.ts';
import type { PersonId, ReaderId, SiteId } from './domain/site/ids.ts';
import type { Config } from './platform/config/config.ts';
import { claimDataDir } from './platform/site-kind.ts';
import type { Clock } from './ports/clock.ts';
import type { Random } from './ports/random.ts';
import type { SecretStore } from './ports/secret-store.ts';

/** What commands do at the records themselves, beside a running gateway or without one. */
export function createCliTools(): CliTools {
  const sources = { clock: createSystemClock(), random: createSystemRandom() };
  return {
    importPeople: (config, content) =>
      withRecords(config, async (records) => createImportPeople(await importDeps(config, records, sources))(content)),
    importTable: (config, table, options) =>
      withRecords(config, async (records) =>
        createImportTable({ ...(await importDeps(config, records, sources)), close: closesNobody })(table, options),
      ),
    writeReaderKey: async (config, readerId, key) => {
      assertOwnKey(readerId, key);
      await withRecords(config, async ({ pendingRecords, secrets }) => {
        const name = readerKeyName(readerId);
        await assertUnsharedKey(config, secrets, readerId, key);
        const isNew = !(await secrets.names(name)).includes(name);
        const subject = { subjectType: 'reader_key', subjectId: readerId, personId: null } as const;
        const change = toPendingChange({ ...subject, before: isNew ? null : [], after: [], unnamed: ['key'] }, sources);
        await pendingRecords.add(change === null ? [] : [change]);
        // Where the reader is stays; whatever keys it may have had are forgotten: somebody has set this one in it.
        const copy = Uint8Array.from(key);
        const store = createReaderKeyStore(secrets);
        // Branded where it enters; the configuration has it.
        forgetKeyState(await store.update(readerId as ReaderId, (before) => ({ ...importedKey(copy), place: before?.place ?? null })));
      });
    },
    writeMasterKey: (config, siteId, key) => writeMasterKey(config, { siteId, key }, sources),
    setPin: (config, person, pins) =>
      withRecords(config, async (records) => {
        // Branded where it enters; it is looked up at once.
        const found = person.includes('@') ? await records.people.findByEmail(person) : await records.people.find(person as PersonId);
        if (found === null) return { ok: false, code: 'person.unknown' };
        const hasher = createPinHasher(records.secrets, sources.random);
        return createSetPin({ ...records, hasher, ...sources })({ personId: found.id, ...pins });
      }),
    auditFile: (dataDir) => dataFiles(dataDir).audit,
    verifyAudit: (file) => verifyAuditFile(file),
    osdp: createOsdpTools(sources),
    face: createFaceTools(),
    desk: createDeskTools(),
    upstream: createUpstreamTools({ withRecords, sources }),
  };
}

/** The command sends tables that close people to the gateway: it alone closes doors and sessions. */
const closesNobody = (): never => {
  throw new TypeError('a table that closes people goes to the gateway');
};

async function importDeps(
  config: Config,
  records: Records,
  sources: { readonly clock: Clock; readonly random: Random },
): Promise<ImportDeps> {
  const { document } = await records.policyData.current();
  const scheduleNames = new Set([...Object.keys(config.schedules), ...Object.keys(document.schedules)]);
  return { ...records, ...sources, installation: config.installation, scheduleNames };
}

const WEAKNESS_TEXT: Readonly<Record<KeyWeakness, string>> = {
  standard: 'this is SCBK-D, the key printed in the OSDP standard',
  printed: 'this key is printed in examples that everybody can read',
  repeated: 'this key is one byte repeated',
  counting: 'this key only counts up or down',
};

const remedy = (readerId: string): string =>
  `nothing is stored. Let Gatehouse make a key: gatehouse reader key ${readerId} --generate --show`;

/** @throws request.invalid whoever wants in tries this key first. */
function assertOwnKey(readerId: string, key: Uint8Array): void {
  const weakness = findKeyWeakness(key);
  if (weakness !== null) throw new GatewayError('request.invalid', `${WEAKNESS_TEXT[weakness]}; ${remedy(readerId)}`);
}

/** @throws request.invalid every key of the site would follow from what everybody knows */
function assertOwnMasterKey(siteId: string, key: Uint8Array): void {
  const weakness = findKeyWeakness(key);
  const wayOut = `nothing is stored. Let Gatehouse make one: gatehouse osdp master-key ${siteId} --generate --show`;
  if (weakness !== null) throw new GatewayError('request.invalid', `${WEAKNESS_TEXT[weakness]}; ${wayOut}`);
}

async function writeMasterKey(
  config: Config,
  { siteId, key }: { readonly siteId: string; readonly key: Uint8Array },
  sources: { readonly clock: Clock; readonly random: Random },
): Promise<{ readonly isStaged: boolean }> {
  assertOwnMasterKey(siteId, key);
  return withRecords(config, async ({ pendingRecords, secrets }) => {
    const masters = createMasterKeyStore(secrets);
    // Branded where it enters; the configuration has it.
    const site = siteId as SiteId;
    const before = await masters.read(site);
    const isFree = before === null || (before.next === null && !timingSafeEqual(before.current, key));
    forgetMasterKeys(before);
    if (!isFree)
      throw new GatewayError(
        'request.conflict',
        `${siteId} has this master key already, or another one to which its readers are being taken`,
      );
    const subject = { subjectType: 'reader_key', subjectId: `site:${siteId}`, personId: null } as const;
    const change = toPendingChange({ ...subject, before: before === null ? null : [], after: [], unnamed: ['master_key'] }, sources);
    await pendingRecords.add(change === null ? [] : [change]);
    const copy = Uint8Array.from(key);
    const after = await masters.update(site, (state) =>
      state === null ? { current: copy, generation: 1, next: null } : stageMasterKey(state, copy),
    );
    const isStaged = after !== null && after.next !== null;
    forgetMasterKeys(after);
    return { isStaged };
  });
}

/** Readers that the configuration no longer has do not count: one that got another id keeps its key. @throws request.conflict */
async function assertUnsharedKey(config: Config, secrets: SecretStore, readerId: string, key: Uint8Array): Promise<void> {
  for (const { id } of config.installation.readers) {
    const other = id === readerId ? null : await createReaderKeyStore(secrets).read(id);
    const isShared = other !== null && candidateKeys(other).some((has) => has.length === key.length && timingSafeEqual(has, key));
    forgetKeyState(other);
    if (isShared) throw new GatewayError('request.conflict', `reader ${id} has this key already; ${remedy(readerId)}`);
  }
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
