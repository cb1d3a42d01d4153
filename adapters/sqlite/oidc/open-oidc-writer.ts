import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { GatewayError } from '#gateway/domain/errors.ts';
import { assertOidcGiftFits, assertOidcPayloadFits, type OidcArtifact, type OidcStore, type OidcUse } from '#gateway/ports/oidc-store.ts';
import {
  toExchangeWrite,
  toUpsertWrite,
  type OidcWrite,
  type OidcWriteName,
  type OidcWritesAnswer,
  type OidcWritesMessage,
} from './oidc-writes.ts';

/** Calls that wait for the disk. Beyond them requests are refused at once instead of piling up. */
export const OIDC_WRITES_IN_FLIGHT_MAX = 10_000;

export interface OidcWriterOptions {
  /** Migrated, and kept open by whoever reads it. */
  readonly file: string;
  /** Reads come from the calling thread's own connection: what was acknowledged is there. */
  readonly reads: Pick<OidcStore, 'find' | 'findByUid' | 'findByUserCode' | 'ofPerson' | 'ofModel' | 'ofClient'>;
  readonly inFlightMax?: number;
  /** Called once when the writing thread ended without being asked: nothing can be written any more until the store is opened again. */
  readonly onFailure?: (failure: GatewayError) => void;
}

export interface OpenedOidcStore extends OidcStore {
  /** Waits for what was asked before. */
  close(): Promise<void>;
}

interface InFlight {
  readonly resolve: (result: unknown) => void;
  readonly reject: (failure: GatewayError) => void;
}

const unavailable = (cause?: unknown): GatewayError => new GatewayError('store.unavailable', 'The store cannot be used.', { cause });

/** The calling thread's end of the writing thread. */
class OidcWriter {
  readonly #worker: Worker;
  readonly #inFlightMax: number;
  readonly #ended: Promise<void>;
  readonly #inFlight = new Map<number, InFlight>();
  #batch: OidcWrite[] = [];
  #nextId = 1;
  #isUsable = true;
  #isClosing = false;
  #failure: unknown;

  constructor(
    worker: Worker,
    { inFlightMax = OIDC_WRITES_IN_FLIGHT_MAX, onFailure }: Pick<OidcWriterOptions, 'inFlightMax' | 'onFailure'>,
  ) {
    this.#worker = worker;
    this.#inFlightMax = inFlightMax;
    worker.on('message', (answer: OidcWritesAnswer) => this.#settle(answer));
    worker.on('error', (failure) => {
      this.#failure = failure;
    });
    this.#ended = new Promise((resolve) => {
      worker.on('exit', () => {
        this.#fail();
        resolve();
        if (!this.#isClosing) onFailure?.(unavailable(this.#failure));
      });
    });
  }

  get isUsable(): boolean {
    return this.#isUsable;
  }

  write<Name extends OidcWriteName>(name: Name, ...args: Parameters<OidcStore[Name]>): Promise<Awaited<ReturnType<OidcStore[Name]>>> {
    return this.#ask([name, ...args]) as Promise<Awaited<ReturnType<OidcStore[Name]>>>;
  }

  async upsert(artifact: OidcArtifact): Promise<void> {
    await this.#ask(toUpsertWrite(artifact));
  }

  async exchange(used: OidcUse, given: readonly OidcArtifact[]): Promise<boolean> {
    return (await this.#ask(toExchangeWrite(used, given))) === true;
  }

  /** The other end runs the member that is named: its result is of that type. */
  #ask(write: OidcWrite): Promise<unknown> {
    if (!this.#isUsable) return Promise.reject(unavailable(this.#failure));
    if (this.#inFlight.size >= this.#inFlightMax) return Promise.reject(unavailable());
    const id = this.#nextId;
    this.#nextId += 1;
    // What the requests of this turn write goes in one message.
    if (this.#batch.length === 0) setImmediate(() => this.#send());
    this.#batch.push(write);
    return new Promise((resolve, reject) => {
      this.#inFlight.set(id, { resolve, reject });
    });
  }

  async close(): Promise<void> {
    this.#isClosing = true;
    this.#send();
    this.#worker.postMessage('stop');
    await this.#ended;
  }

  #send(): void {
    const writes = this.#batch;
    if (writes.length === 0) return;
    this.#batch = [];
    this.#worker.postMessage({ firstId: this.#nextId - writes.length, writes } satisfies OidcWritesMessage);
  }

  #settle(answer: OidcWritesAnswer): void {
    if (answer.kind === 'ready') return;
    answer.ids.forEach((id, index) => {
      const waiting = this.#inFlight.get(id);
      this.#inFlight.delete(id);
      if (answer.kind === 'committed') waiting?.resolve(answer.results[index]);
      else waiting?.reject(unavailable());
    });
  }

  #fail(): void {
    this.#isUsable = false;
    for (const { reject } of this.#inFlight.values()) reject(unavailable(this.#failure));
    this.#inFlight.clear();
  }
}

/**
 * The store of the OpenID provider with a thread of its own for writing. Every call resolves when it is on disk, as it does without the
 * thread; a sync of the disk is shared by all who wait, and blocks nobody else.
 * @throws store.unavailable
 */
export async function openOidcWriter({ file, reads, ...options }: OidcWriterOptions): Promise<OpenedOidcStore> {
  const worker = new Worker(new URL('./oidc-worker.ts', import.meta.url), { workerData: { file }, name: 'oidc' });
  await once(worker, 'message').catch((cause: unknown) => Promise.reject(unavailable(cause)));
  const writer = new OidcWriter(worker, options);
  return {
    isWritable: () => writer.isUsable,
    find: (model, id, nowMs) => reads.find(model, id, nowMs),
    findByUid: (model, uid, nowMs) => reads.findByUid(model, uid, nowMs),
    findByUserCode: (model, userCode, nowMs) => reads.findByUserCode(model, userCode, nowMs),
    ofPerson: (model, personId, nowMs) => reads.ofPerson(model, personId, nowMs),
    ofModel: (model, page, nowMs) => reads.ofModel(model, page, nowMs),
    ofClient: (clientId, limit, nowMs) => reads.ofClient(clientId, limit, nowMs),
    upsert: async (artifact) => {
      assertOidcPayloadFits(artifact.payloadJson);
      await writer.upsert(artifact);
    },
    replacePayload: async (artifact) => {
      assertOidcPayloadFits(artifact.to);
      return writer.write('replacePayload', artifact);
    },
    consume: (model, id, nowMs) => writer.write('consume', model, id, nowMs),
    exchange: async (used, given) => {
      assertOidcGiftFits(given);
      return writer.exchange(used, given);
    },
    undoExchange: (used, given) =>
      writer.write(
        'undoExchange',
        used,
        given.map(({ id, model }) => ({ id, model })),
      ),
    destroy: (model, id) => writer.write('destroy', model, id),
    destroyByGrant: (grantId) => writer.write('destroyByGrant', grantId),
    destroyOfPerson: (personId) => writer.write('destroyOfPerson', personId),
    trim: (model, keptMax) => writer.write('trim', model, keptMax),
    sweep: (nowMs, limit) => writer.write('sweep', nowMs, limit),
    close: () => writer.close(),
  };
}
