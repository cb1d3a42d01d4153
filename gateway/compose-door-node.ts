import type { MessagePort } from 'node:worker_threads';
import { serveDoorNode } from '#adapters/door-link/serve-door-node.ts';
import { createDistinctKeys } from '#adapters/osdp/distinct-keys.ts';
import { createOsdpReaders } from '#adapters/osdp/reader-adapter.ts';
import { diversifiedKey } from '#adapters/osdp/secure-channel/diversified-key.ts';
import { connectAuditLog } from '#adapters/sqlite/audit/connect-audit-log.ts';
import { createBadgeRead, createPinRead, findBadgeHolder } from './app/doors/badge-read.ts';
import { createFaceRead } from './app/doors/face-read.ts';
import { createPinCheck } from './app/doors/pin-check.ts';
import { Companions } from './app/doors/companions.ts';
import { DoorController } from './app/doors/door-controller.ts';
import { startDoorNode } from './app/doors/door-node.ts';
import { ReaderTamper } from './app/doors/reader-tamper.ts';
import { composeDecisions } from './compose-decisions.ts';
import { composeDoorFaces } from './compose-door-faces.ts';
import { DiversifiedKeys } from './app/readers/diversified-keys.ts';
import { createMasterKeyStore } from './app/readers/master-key-store.ts';
import { ReaderKeyKeeper } from './app/readers/reader-key-keeper.ts';
import { readReaderPlaces } from './app/readers/reader-places.ts';
import { createReaderKeyStore } from './app/readers/reader-key-store.ts';
import { createReaderOperations } from './app/readers/reader-operations.ts';
import { createPinHasher, dataFiles, openRecords, type Records } from './compose-records.ts';
import type { AuditRecord } from './domain/audit/record.ts';
import type { Config } from './platform/config/config.ts';
import { createLogger } from './platform/logger.ts';
import type { Clock } from './ports/clock.ts';
import type { Random } from './ports/random.ts';
import type { SecretStore } from './ports/secret-store.ts';

/** Alarm and event of a reader whose key another one has too. */
const SHARED_KEY = 'osdp.shared_key_refused';

export interface DoorThreadData {
  readonly config: Config;
  /** This thread's end of the log. */
  readonly auditPort: MessagePort;
}

/** Everything of the door thread: readers, doors, a policy of its own, its own connection to the records. */
export async function composeDoorNode(
  { config, auditPort }: DoorThreadData,
  parent: Pick<MessagePort, 'on' | 'postMessage'>,
): Promise<void> {
  const log = createLogger({ level: config.log.level }).with({ thread: 'doors' });
  const records = await openRecords(config.dataDir);
  const audit = connectAuditLog(auditPort, dataFiles(config.dataDir).audit);
  const deciding = await composeDecisions(config, records, audit);
  const { clock, sites } = deciding;
  const onUnrecorded = ({ type }: { readonly type: string }): void => log.error('audit.unrecorded', { type });
  const raise = (alarm: AuditRecord): void => void audit.append(alarm).catch(() => onUnrecorded(alarm));
  const { store, diversified, keeper } = createReaderKeys(config, records.secrets, deciding);
  const onTaken = (readerId: string, address: number): void => log.warn('osdp.place_taken', { readerId, address });
  const readers = createOsdpReaders({
    buses: toBuses(config, await readReaderPlaces(config.installation.readers, store, onTaken)),
    keyOf: keeper.track(
      createDistinctKeys({
        keyOf: (readerId) => keeper.keysOf(readerId),
        readerIds: config.installation.readers.map(({ id }) => id),
        onShared: (readerId, otherId) => {
          log.warn(SHARED_KEY, { readerId, otherId });
          raise({ type: 'alarm', occurredAtMs: clock.nowMs(), code: SHARED_KEY, sourceType: 'reader', sourceId: readerId, active: true });
        },
      }),
    ),
    signsOf: (readerId) => config.signs.get(readerId) ?? null,
    clock,
    // A reader that has no key yet says so at every attempt; everything else is said once and is somebody's business.
    onEvent: (event, fields) => (event === 'osdp.key_unusable' ? log.info(event, fields) : log.warn(event, fields)),
  });
  const badge = createBadgeDeps(deciding, records);
  const { desk, sources } = composeDoorFaces(deciding, { records, readers: readers.biometrics, raise });
  const controller = new DoorController({
    sites,
    readers,
    badgeRead: createBadgeRead(badge),
    pinRead: createPinRead(badge),
    findHolder: (read) => findBadgeHolder(badge, read),
    companions: badge.companions,
    tamper: badge.tamper,
    faces: { desk: sources, read: createFaceRead(badge) },
    audit,
    clock,
    onUnrecorded,
  });
  const operations = createReaderOperations({
    readers: config.installation.readers,
    maintenance: readers.maintenance,
    events: readers,
    store,
    keeper,
    diversified,
    audit,
    clock,
    random: deciding.random,
    onUnrecorded,
    onFailure: (failure) => log.error('reader.operation_failed', {}, failure),
  });
  const { watch } = readers;
  serveDoorNode(parent, await startDoorNode({ ...deciding, controller, readers, watch, operations, faces: desk.point }));
}

function createBadgeDeps(deciding: Awaited<ReturnType<typeof composeDecisions>>, { credentials, secrets }: Records) {
  const { clock, random } = deciding;
  const pins = createPinCheck({ credentials, hasher: createPinHasher(secrets, random), clock });
  return { ...deciding, credentials, pins, tamper: new ReaderTamper(), companions: new Companions(() => clock.monotonicUs() / 1_000) };
}

function createReaderKeys(
  { installation }: Config,
  secrets: SecretStore,
  { clock, random }: { readonly clock: Clock; readonly random: Random },
) {
  const store = createReaderKeyStore(secrets);
  const masters = createMasterKeyStore(secrets);
  const diversified = new DiversifiedKeys({ installation, masters, store, random, diversify: diversifiedKey });
  return { store, diversified, keeper: new ReaderKeyKeeper(store, clock, diversified) };
}

function toBuses({ buses, installation }: Config, placeOf: Awaited<ReturnType<typeof readReaderPlaces>>) {
  return buses.map(({ id, link, pollIntervalMs }) => ({
    id,
    link,
    pollIntervalMs,
    readers: installation.readers
      .filter(({ busId }) => busId === id)
      .map(({ id: readerId, address, secureChannel = 1 }) => ({ readerId, address, secureChannel, ...placeOf(readerId, link.kind) })),
  }));
}
