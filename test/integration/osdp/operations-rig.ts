import { performance } from 'node:perf_hooks';
import { createSystemRandom } from '#adapters/crypto/system-random.ts';
import { createMemorySecretStore } from '#adapters/memory/secret-store.ts';
import { createDistinctKeys } from '#adapters/osdp/distinct-keys.ts';
import { diversifiedKey } from '#adapters/osdp/secure-channel/diversified-key.ts';
import { type OsdpReaders, createOsdpReaders } from '#adapters/osdp/reader-adapter.ts';
import { type SimulatedLine, createSimulatedLine } from '#adapters/osdp/simulator/simulated-line.ts';
import type { SimulatedPd, SimulatedPdOptions } from '#adapters/osdp/simulator/simulated-pd.ts';
import { DiversifiedKeys } from '#gateway/app/readers/diversified-keys.ts';
import { createMasterKeyStore, type MasterKeyStore } from '#gateway/app/readers/master-key-store.ts';
import { ReaderKeyKeeper } from '#gateway/app/readers/reader-key-keeper.ts';
import { createReaderKeyStore, readerKeyName, type ReaderKeyStore } from '#gateway/app/readers/reader-key-store.ts';
import { createReaderOperations, type ReaderDesk } from '#gateway/app/readers/reader-operations.ts';
import type { AuditRecord } from '#gateway/domain/audit/record.ts';
import type { BusId, DecisionId, DoorId, ReaderId, SiteId } from '#gateway/domain/site/ids.ts';
import type { Door, Reader } from '#gateway/domain/site/site.ts';
import type { OperationRequest, OperationView } from '#gateway/ports/reader-operations.ts';
import type { SecretStore } from '#gateway/ports/secret-store.ts';

const WAIT_MAX_MS = 15_000;
const clock = { nowMs: () => Date.now(), monotonicUs: () => performance.now() * 1_000 };

export const idOf = (address: number): ReaderId => `reader_${address}` as ReaderId;
export const keyOf = (address: number): Uint8Array => Uint8Array.from({ length: 16 }, (_, index) => (index * 29 + address * 7 + 5) & 0xff);

/** What a reader calls itself, and the master key of the site where keys are diversified. */
export const clientIdOf = (address: number): Uint8Array => Uint8Array.of(0xca, 0xfe, 0, 0, 0, 0, 0, address);
export const MASTER_KEY = Uint8Array.from({ length: 16 }, (_, index) => (index * 37 + 11) & 0xff);
export const SITE = 'hq' as SiteId;
export const derivedKeyOf = (masterKey: Uint8Array, address: number): Uint8Array => diversifiedKey(masterKey, clientIdOf(address));

const readerAt = (address: number): Reader => ({
  id: idOf(address),
  name: idOf(address),
  doorId: 'door' as DoorId,
  side: 'entry',
  busId: 'bus_1' as BusId,
  address,
  strikeOutput: null,
  contactInput: null,
  rexInput: null,
});

/** Simulated readers on one line, the stores, and a gateway's half of it that can be ended like a process and begun again. */
export class OperationsRig {
  readonly records: AuditRecord[] = [];
  readonly failures: unknown[] = [];
  readonly shared: ReaderId[] = [];
  readonly #line: SimulatedLine;
  readonly #addresses: readonly number[];
  readonly #memory = createMemorySecretStore();
  /** Writes until the process "dies": from then on nothing it does is kept. */
  writesLeft = Number.POSITIVE_INFINITY;
  store: ReaderKeyStore;
  masters: MasterKeyStore;
  #isDiversified = false;
  #readers: OsdpReaders | null = null;
  #desk: ReaderDesk | null = null;

  private constructor(line: SimulatedLine, addresses: readonly number[]) {
    this.#line = line;
    this.#addresses = addresses;
    this.store = createReaderKeyStore(this.#memory);
    this.masters = createMasterKeyStore(this.#memory);
  }

  static async start(addresses: readonly number[], options: Partial<SimulatedPdOptions> = {}, hasKeys = true): Promise<OperationsRig> {
    const line = await createSimulatedLine({
      host: '127.0.0.1',
      port: 0,
      readers: addresses.map((address) => ({ address, scbk: keyOf(address), ...options })),
    });
    const rig = new OperationsRig(line, addresses);
    for (const address of hasKeys ? addresses : []) await rig.#memory.write(readerKeyName(idOf(address)), keyOf(address));
    await rig.begin();
    return rig;
  }

  /** Readers that somebody has keyed from the master key of their site; the gateway has only that one. */
  static async startDiversified(addresses: readonly number[], options: Partial<SimulatedPdOptions> = {}): Promise<OperationsRig> {
    const line = await createSimulatedLine({
      host: '127.0.0.1',
      port: 0,
      readers: addresses.map((address) => ({
        address,
        scbk: derivedKeyOf(MASTER_KEY, address),
        clientId: clientIdOf(address),
        ...options,
      })),
    });
    const rig = new OperationsRig(line, addresses);
    rig.#isDiversified = true;
    await rig.masters.update(SITE, () => ({ current: Uint8Array.from(MASTER_KEY), generation: 1, next: null }));
    await rig.begin();
    return rig;
  }

  get desk(): ReaderDesk {
    if (this.#desk === null) throw new TypeError('the process has ended');
    return this.#desk;
  }

  get readers(): OsdpReaders {
    if (this.#readers === null) throw new TypeError('the process has ended');
    return this.#readers;
  }

  pd(address: number): SimulatedPd {
    const pd = this.#line.readers[this.#addresses.indexOf(address)];
    if (pd === undefined) throw new TypeError(`no reader at ${address}`);
    return pd;
  }

  /** A process of its own: everything but what is stored is new. */
  async begin(): Promise<void> {
    this.writesLeft = Number.POSITIVE_INFINITY;
    const secrets: SecretStore = {
      ...this.#memory,
      write: async (name, value) => {
        this.writesLeft -= 1;
        // A process that is killed never hears of it.
        if (this.writesLeft < 0) await new Promise(() => undefined);
        await this.#memory.write(name, value);
      },
    };
    this.store = createReaderKeyStore(secrets);
    this.masters = createMasterKeyStore(secrets);
    const diversified = new DiversifiedKeys({
      installation: {
        sites: [{ id: SITE, name: SITE, timeZone: 'UTC', readerKeys: this.#isDiversified ? 'diversified' : 'unique' }],
        // Only where it is matters here.
        doors: [{ id: 'door' as DoorId, siteId: SITE } as Door],
        readers: this.#addresses.map(readerAt),
      },
      masters: this.masters,
      store: this.store,
      random: createSystemRandom(),
      diversify: diversifiedKey,
    });
    const keeper = new ReaderKeyKeeper(this.store, clock, diversified);
    const readers = createOsdpReaders({
      buses: [
        {
          id: 'bus_1',
          link: { kind: 'tcp', host: this.#line.host, port: this.#line.port },
          pollIntervalMs: 5,
          readers: this.#addresses.map((address) => ({ readerId: idOf(address), address })),
        },
      ],
      keyOf: keeper.track(
        createDistinctKeys({
          keyOf: (readerId) => keeper.keysOf(readerId),
          readerIds: this.#addresses.map(idOf),
          onShared: (readerId) => this.shared.push(readerId),
        }),
      ),
      clock,
    });
    this.#readers = readers;
    this.#desk = createReaderOperations({
      readers: this.#addresses.map(readerAt),
      maintenance: readers.maintenance,
      events: readers,
      store: this.store,
      keeper,
      diversified,
      audit: {
        append: async (record) => {
          this.records.push(record);
          return { seq: this.records.length, hash: '', arrivedAtMs: 0 };
        },
      },
      clock,
      random: createSystemRandom(),
      onUnrecorded: () => undefined,
      onFailure: (failure) => this.failures.push(failure),
    });
    await this.#desk.start();
    await readers.start();
  }

  /** As with kill -9, as far as one process can play it. */
  async kill(): Promise<void> {
    this.writesLeft = 0;
    this.desk.stop();
    await this.readers.stop();
  }

  async order(request: OperationRequest): Promise<OperationView> {
    const begun = await this.desk.begin({ operatorId: 'usr_ann', decisionId: 'dec_1' as DecisionId, request });
    if (!begun.ok) throw new Error(begun.code);
    return begun.operation;
  }

  async refusalOf(request: OperationRequest): Promise<string | null> {
    const begun = await this.desk.begin({ operatorId: 'usr_ann', decisionId: 'dec_1' as DecisionId, request });
    return begun.ok ? null : begun.code;
  }

  async ended(operationId: string): Promise<OperationView> {
    return this.until('the end of the operation', async () => {
      const view = await this.desk.find(operationId);
      return view?.endedAtMs === null ? null : view;
    });
  }

  async online(...addresses: readonly number[]): Promise<void> {
    await this.until('readers on line', () =>
      addresses.every((address) => this.readers.maintenance.health(idOf(address))?.isOnline === true) ? true : null,
    );
  }

  async offline(address: number): Promise<void> {
    await this.until('the reader off line', () => (this.readers.maintenance.health(idOf(address))?.isOnline === false ? true : null));
  }

  async until<T>(what: string, read: () => T | null | Promise<T | null>): Promise<T> {
    const deadlineMs = performance.now() + WAIT_MAX_MS;
    for (;;) {
      const value = await read();
      if (value !== null) return value;
      if (performance.now() > deadlineMs) throw new Error(`never came: ${what}`);
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }

  changes(): readonly (readonly string[])[] {
    return this.records.flatMap((record) =>
      record.type === 'directory_change' ? [[record.subjectId, ...record.changes.slice(0, 2)]] : [],
    );
  }

  windows(): readonly boolean[] {
    return this.records.flatMap((record) => (record.type === 'alarm' ? [record.active] : []));
  }

  async close(): Promise<void> {
    this.#desk?.stop();
    await this.#readers?.stop();
    await this.#line.close();
  }
}
