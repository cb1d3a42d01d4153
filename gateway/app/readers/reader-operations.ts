import type { ReaderId } from '../../domain/site/ids.ts';
import type { Reader } from '../../domain/site/site.ts';
import type { AuditLog } from '../../ports/audit-log.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Random } from '../../ports/random.ts';
import type { MaintenanceEvent, ReaderMaintenance } from '../../ports/reader-maintenance.ts';
import type { BeginOutcome, OperationOrder, OperationProgress, ReaderCondition, ReaderOperations } from '../../ports/reader-operations.ts';
import type { Readers } from '../../ports/readers.ts';
import type { DiversifiedKeys } from './diversified-keys.ts';
import { OperationBook, type OperationHead } from './operation-book.ts';
import { ReaderPairing } from './pair-reader.ts';
import { OperationLog } from './record-operation.ts';
import { LineTests } from './test-lines.ts';
import { KeyRotation } from './rotate-keys.ts';
import type { ReaderKeyKeeper } from './reader-key-keeper.ts';
import { forgetKeyState, type ReaderKeyStore } from './reader-key-store.ts';

/** How often it is looked whether a reader that waits for its new key can have it now, ms. */
const PUMP_INTERVAL_MS = 1_000;

export interface ReaderOperationsDeps {
  readonly readers: readonly Reader[];
  readonly maintenance: ReaderMaintenance;
  readonly events: Pick<Readers, 'subscribe'>;
  readonly store: ReaderKeyStore;
  readonly keeper: ReaderKeyKeeper;
  readonly audit: Pick<AuditLog, 'append'>;
  readonly clock: Clock;
  readonly random: Random;
  readonly onUnrecorded: (record: { readonly type: string }) => void;
  /** Something failed that nobody waits for; never with a key in it. */
  readonly onFailure: (failure: unknown) => void;
  /** Readers whose keys follow from a master key of their site; absent: there are none. */
  readonly diversified?: DiversifiedKeys;
}

export interface ReaderDesk extends ReaderOperations {
  /** Goes on with what an earlier process left. */
  start(): Promise<void>;
  /** Begins nothing more. */
  stop(): void;
}

type Single = Extract<OperationOrder['request'], { readonly readerId: ReaderId }>;

/** Operations on readers, where the readers are driven: keys are made, stored and sent on this side and never leave it. */
export function createReaderOperations(deps: ReaderOperationsDeps): ReaderDesk {
  return new Desk(deps);
}

class Desk implements ReaderDesk {
  readonly #deps: ReaderOperationsDeps;
  readonly #book = new OperationBook();
  readonly #log: OperationLog;
  readonly #rotation: KeyRotation;
  readonly #pairing: ReaderPairing;
  readonly #tests: LineTests;
  readonly #ends: (() => void)[] = [];

  constructor(deps: ReaderOperationsDeps) {
    this.#deps = deps;
    this.#log = new OperationLog(deps);
    const shared = { ...deps, book: this.#book, log: this.#log };
    this.#pairing = new ReaderPairing(shared);
    this.#rotation = new KeyRotation({ ...shared, pairing: this.#pairing });
    this.#tests = new LineTests(shared);
  }

  async start(): Promise<void> {
    const { maintenance, events, readers, onFailure } = this.#deps;
    this.#ends.push(
      maintenance.subscribe((event) => void this.#onMaintenance(event).catch(onFailure)),
      events.subscribe((event) => {
        if (event.kind === 'online') this.#rotation.pump();
      }),
    );
    const timer = setInterval(() => this.#rotation.pump(), PUMP_INTERVAL_MS);
    this.#ends.push(() => clearInterval(timer));
    await this.#deps.diversified?.resume();
    await this.#pairing.resume(readers.map(({ id }) => id));
    await this.#rotation.resume();
  }

  stop(): void {
    for (const end of this.#ends.splice(0)) end();
    this.#tests.cancelAll();
  }

  async begin({ operatorId, decisionId, request }: OperationOrder): Promise<BeginOutcome> {
    const readerIds = 'readerIds' in request ? [...new Set(request.readerIds)] : [request.readerId];
    const code = this.#refusal(request, readerIds);
    if (code !== null) return { ok: false, code };
    const { clock, random, onFailure, diversified } = this.#deps;
    if (request.kind === 'rotate_keys') await diversified?.stageFor(readerIds);
    const head: OperationHead = { id: random.id('op'), kind: request.kind, operatorId, decisionId, beganAtMs: clock.nowMs() };
    const operation = this.#book.open(head, readerIds);
    const work = this.#work(head, request, readerIds);
    work.catch(onFailure);
    // A rotation is promised once every reader's wish is stored: a crash does not forget it.
    if (request.kind === 'rotate_keys') await work;
    return { ok: true, operation: this.#book.view(head.id) ?? operation };
  }

  #work(head: OperationHead, request: OperationOrder['request'], readerIds: readonly ReaderId[]): Promise<void> {
    if (request.kind === 'rotate_keys') return this.#rotation.want(head, readerIds);
    return request.kind === 'test_line' ? this.#tests.run(head, { ...request, readerIds }) : this.#runSingle(head, request);
  }

  find(operationId: string): ReturnType<ReaderOperations['find']> {
    return Promise.resolve(this.#book.view(operationId));
  }

  list(): ReturnType<ReaderOperations['list']> {
    return Promise.resolve(this.#book.views());
  }

  async cancel(operationId: string): Promise<boolean> {
    const view = this.#book.view(operationId);
    const readerId = view?.endedAtMs === null ? view.readers[0]?.readerId : undefined;
    if (view === null || readerId === undefined) return false;
    if (view.kind === 'rotate_keys') return this.#rotation.cancel(operationId);
    if (view.kind === 'test_line') return this.#tests.cancel(operationId);
    if (view.kind === 'pair') this.#pairing.cancel(operationId, readerId);
    else if (view.kind === 'transfer_file') this.#deps.maintenance.cancel(readerId);
    else return false;
    return true;
  }

  async conditions(): Promise<readonly ReaderCondition[]> {
    const { readers, store, maintenance } = this.#deps;
    return Promise.all(
      readers.map(async ({ id: readerId, secureChannel = 1 }) => {
        const state = await store.read(readerId).catch(() => null);
        forgetKeyState(state);
        return { readerId, secureChannel, key: toKeyFacts(state), health: maintenance.health(readerId) };
      }),
    );
  }

  #refusal(request: OperationOrder['request'], readerIds: readonly ReaderId[]): Extract<BeginOutcome, { ok: false }>['code'] | null {
    const { maintenance, readers } = this.#deps;
    if (readerIds.length === 0 || !readerIds.every((wanted) => readers.some(({ id }) => id === wanted))) return 'reader.unknown';
    // A reader that forgot its key would wait for ever for the rotation that waits for it: pairing gives it the new key as well.
    const isTaken = (readerId: ReaderId): boolean =>
      request.kind === 'pair' ? this.#book.isRunning(readerId) : this.#book.isEngaged(readerId);
    if (readerIds.some(isTaken)) return 'reader.busy';
    if (this.#book.isFull) return 'operation.too_many';
    if (request.kind === 'rotate_keys') return null;
    const isOnline = readerIds.some((readerId) => maintenance.health(readerId)?.isOnline === true);
    if (request.kind !== 'pair') return isOnline ? null : 'reader.offline';
    // Secure channel 2 has no key that everybody knows.
    if (readers.find(({ id }) => id === request.readerId)?.secureChannel === 2) return 'reader.unsupported';
    if (isOnline) return 'reader.online';
    if (this.#book.hasOpen('pair')) return 'operation.pairing_open';
    return this.#pairing.count() ? null : 'operation.pairings_exceeded';
  }

  async #runSingle(head: OperationHead, request: Single): Promise<void> {
    const { readerId } = request;
    this.#tell(head.id, readerId, { state: 'running', stage: request.kind === 'pair' ? 'waiting' : 'sending' });
    const code = await this.#perform(head, request).catch((failure: unknown) => {
      this.#deps.onFailure(failure);
      return 'store.unavailable';
    });
    const state = code === null ? 'done' : code === 'reader.aborted' ? 'cancelled' : 'failed';
    if (this.#tell(head.id, readerId, { state, code })) await this.#log.ended(head, readerId, code ?? 'ok', detailsOf(request));
  }

  async #perform(head: OperationHead, request: Single): Promise<string | null> {
    const { maintenance } = this.#deps;
    const { readerId } = request;
    if (request.kind === 'pair') return this.#pair(head, readerId, request.durationMs);
    if (request.kind === 'set_line') {
      const { address, baud } = request;
      this.#tell(head.id, readerId, { stage: 'moving' });
      return toCode(await maintenance.setLine(readerId, { address, baud }));
    }
    const onProgress = (sentBytes: number, totalBytes: number): void => void this.#tell(head.id, readerId, { sentBytes, totalBytes });
    return toCode(await maintenance.transferFile(readerId, request.fileType, request.bytes, onProgress));
  }

  /** What was said in an install window proves nothing, so a key that follows from the cUID comes after it, in a channel that only this reader can open. */
  async #pair(head: OperationHead, readerId: ReaderId, durationMs: number): Promise<string | null> {
    const code = await this.#pairing.run(head, readerId, durationMs);
    if (code !== null || this.#deps.diversified?.has(readerId) !== true) return code;
    const { clock, random } = this.#deps;
    const next: OperationHead = { ...head, id: random.id('op'), kind: 'rotate_keys', beganAtMs: clock.nowMs() };
    this.#book.open(next, [readerId]);
    await this.#rotation.want(next, [readerId]);
    return null;
  }

  async #onMaintenance(event: MaintenanceEvent): Promise<void> {
    const { readerId } = event;
    if (event.kind === 'key_confirmed') {
      const clientId = this.#deps.maintenance.health(readerId)?.clientId ?? null;
      if (await this.#deps.keeper.confirmed(readerId, event.which, clientId)) await this.#rotation.confirmed(readerId);
    } else if (event.kind === 'install_progress') {
      if (event.stage !== 'answered') this.#pairing.keySent(readerId);
      for (const { id, kind } of this.#book.views()) if (kind === 'pair') this.#tell(id, readerId, { stage: event.stage });
    } else if (event.kind === 'line_changed') {
      const fromAddress = this.#deps.readers.find(({ id }) => id === readerId)?.address;
      if (fromAddress === undefined) return;
      const place = { fromAddress, address: event.address, baud: event.baud };
      forgetKeyState(await this.#deps.store.update(readerId, (state) => (state === null ? null : { ...state, place })));
    }
  }

  #tell(operationId: string, readerId: ReaderId, change: Partial<Omit<OperationProgress, 'readerId'>>): boolean {
    return this.#book.tell(operationId, readerId, change, this.#deps.clock.nowMs());
  }
}

function toKeyFacts(state: Awaited<ReturnType<ReaderKeyStore['read']>>): ReaderCondition['key'] {
  if (state === null || state.isVoid) return null;
  const { origin, setAtMs, confirmedAtMs, next, rotation } = state;
  return { origin, setAtMs, confirmedAtMs, isSettled: next === null, isRotationWanted: rotation !== null };
}

function toCode(result: Awaited<ReturnType<ReaderMaintenance['setLine']>>): string | null {
  return result.ok ? null : result.code;
}

function detailsOf(request: Single): readonly string[] {
  if (request.kind === 'set_line') return [`address:${request.address}`, `baud:${request.baud}`];
  if (request.kind === 'transfer_file') return [`type:${request.fileType}`, `bytes:${request.bytes.length}`];
  return [`minutes:${request.durationMs / 60_000}`];
}
