import type { Worker } from 'node:worker_threads';
import { GatewayError } from '#gateway/domain/errors.ts';
import type { DoorNode } from '#gateway/ports/door-node.ts';
import type { ReaderOperations } from '#gateway/ports/reader-operations.ts';
import { askFaces, DOOR_FACE_TIMEOUT_MS } from './ask-faces.ts';
import { askOperations } from './ask-operations.ts';
import type { DoorCall, DoorCallMessage, DoorHeartbeat, DoorReply } from './messages.ts';

/** Calls that may wait for the door thread at once. */
export const DOOR_CALLS_WAITING_MAX = 256;
/** A door thread that does not answer within this counts as not answering, ms. */
export const DOOR_CALL_TIMEOUT_MS = 2_000;
/** Rebuilding the policy's data of the most grants there may be takes seconds; given up sooner, it would be begun again each second, ms. */
export const DOOR_RELOAD_TIMEOUT_MS = 30_000;
/** Beginning a rotation stores a wish for each reader of the site, each of them synced; what is begun is then asked after, ms. */
export const DOOR_OPERATION_TIMEOUT_MS = 10_000;
/** Loading the policy and opening the records take a second on a slow machine; a thread that has not started by then never will, ms. */
export const DOOR_START_TIMEOUT_MS = 30_000;

/** How often the door thread is asked whether its event loop still turns, ms. */
export const DOOR_HEARTBEAT_INTERVAL_MS = 1_000;
/**
 * Intervals without a word after which the thread counts as hung: 10 s. A reload of 100,000 grants holds its event loop for one to two
 * seconds, and for some five on a machine that is busy; nothing that it does takes longer. Intervals of this thread are counted, and not
 * time: when this thread itself was held up, or the machine slept, the answer lies in the queue and nobody is hung.
 */
export const DOOR_HEARTBEATS_MISSED_MAX = 10;
/** A thread that hangs in a system call cannot be ended before that returns; the next one does not wait for it longer than this, ms. */
export const DOOR_TERMINATE_TIMEOUT_MS = 2_000;
/** The cause of the loss of a thread whose event loop stood still. */
export const DOOR_THREAD_HUNG = 'hung';

type Value = Extract<DoorReply, { kind: 'answer' }>['value'];

interface Waiting {
  readonly resolve: (value: Value) => void;
  readonly reject: (error: GatewayError) => void;
  readonly timer: NodeJS.Timeout;
}

/** The thread that runs the node, as far as the link needs it. */
export type DoorThread = Pick<Worker, 'on' | 'postMessage' | 'terminate'>;

export interface ConnectOptions {
  /** Called once when the thread ends, or hangs and was ended, after it had started and without having been asked to. */
  readonly onLost: (loss: { readonly cause: string; readonly failure?: unknown }) => void;
  readonly callTimeoutMs?: number;
  readonly startTimeoutMs?: number;
  readonly heartbeatIntervalMs?: number;
}

/** Main thread's end of the link. Resolves when the node drives its readers. @throws store.unavailable the thread ended before, or hangs. */
export async function connectDoorNode(worker: DoorThread, options: ConnectOptions): Promise<DoorNode> {
  const link = new DoorLink(worker, options);
  const timer = setTimeout(() => void worker.terminate(), options.startTimeoutMs ?? DOOR_START_TIMEOUT_MS);
  try {
    await link.started;
    return link;
  } finally {
    clearTimeout(timer);
  }
}

class DoorLink implements DoorNode {
  readonly watch: DoorNode['watch'] = {
    readers: async () => {
      const value = await this.#call({ kind: 'readers' });
      if (value === null || !('readers' in value)) throw unavailable();
      return value.readers;
    },
    lines: async () => {
      const value = await this.#call({ kind: 'reader_lines' });
      if (value === null || !('lines' in value)) throw unavailable();
      return value.lines;
    },
    frames: async (readerId, afterSeq) => {
      const value = await this.#call({ kind: 'reader_frames', readerId, afterSeq });
      if (value !== null && !('frames' in value)) throw unavailable();
      return value;
    },
  };
  readonly policyPoint: DoorNode['policyPoint'] = {
    // Loading a policy with the data of the largest site takes as long as loading the data alone.
    prepare: async (revisionId) => void (await this.#call({ kind: 'policy_prepare', revisionId }, DOOR_RELOAD_TIMEOUT_MS)),
    swap: async (revisionId) => void (await this.#call({ kind: 'policy_swap', revisionId })),
    shadow: async (revisionId) => void (await this.#call({ kind: 'policy_shadow', revisionId }, DOOR_RELOAD_TIMEOUT_MS)),
    shadowReport: async () => {
      const value = await this.#call({ kind: 'policy_shadow_report' });
      if (value === null || !('shadow' in value)) throw unavailable();
      return value.shadow;
    },
  };
  readonly operations: ReaderOperations = askOperations((call) => this.#call(call, DOOR_OPERATION_TIMEOUT_MS));
  readonly faces: DoorNode['faces'] = askFaces((call) => this.#call(call, DOOR_FACE_TIMEOUT_MS));
  readonly started: Promise<void>;
  readonly #worker: DoorThread;
  readonly #options: ConnectOptions;
  readonly #waiting = new Map<number, Waiting>();
  #start: { readonly resolve: () => void; readonly reject: (error: GatewayError) => void } | null = null;
  #nextId = 1;
  #epoch = 0;
  #state: 'online' | 'lost' = 'online';
  #stopping = false;
  #heartbeat: NodeJS.Timeout | undefined;
  #silentIntervals = 0;

  constructor(worker: DoorThread, options: ConnectOptions) {
    this.#worker = worker;
    this.#options = options;
    this.started = new Promise((resolve, reject) => {
      this.#start = { resolve, reject };
    });
    worker.on('message', (reply: DoorReply) => this.#onReply(reply));
    // An error is followed by the exit, but calls need not wait for it.
    worker.on('error', (failure: unknown) => this.#lose(failure instanceof Error ? failure.name : 'error', failure));
    worker.on('exit', (code) => this.#lose(`exit ${code}`));
  }

  async release(...[doorId, decisionId]: Parameters<DoorNode['release']>): ReturnType<DoorNode['release']> {
    const value = await this.#call({ kind: 'release', doorId, decisionId }).catch(() => null);
    return value !== null && 'ok' in value ? value : { ok: false, code: 'door.node_lost' };
  }

  async applyEpoch(epoch: number): ReturnType<DoorNode['applyEpoch']> {
    const value = await this.#call({ kind: 'apply_epoch', epoch });
    if (value === null || !('doors' in value)) throw unavailable();
    return { epoch: this.#epoch, doors: value.doors };
  }

  async reloadGrants(): Promise<void> {
    await this.#call({ kind: 'reload_grants' }, DOOR_RELOAD_TIMEOUT_MS);
  }

  status(): ReturnType<DoorNode['status']> {
    return { state: this.#state, epoch: this.#epoch };
  }

  async stop(): Promise<void> {
    this.#stopping = true;
    await this.#call({ kind: 'stop' }).catch(() => null); // A thread that is gone already has stopped.
    await this.#worker.terminate();
  }

  #call(call: DoorCall, timeoutMs = this.#options.callTimeoutMs ?? DOOR_CALL_TIMEOUT_MS): Promise<Value> {
    if (this.#state === 'lost' || this.#waiting.size >= DOOR_CALLS_WAITING_MAX) return Promise.reject(unavailable());
    const id = this.#nextId++;
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => this.#settle(id, null), timeoutMs);
      this.#waiting.set(id, { resolve, reject, timer });
      this.#worker.postMessage({ id, call } satisfies DoorCallMessage);
    });
  }

  #beat(): void {
    if (this.#silentIntervals >= DOOR_HEARTBEATS_MISSED_MAX) return void this.#endHung();
    // One question at a time: a thread that comes back need not answer for every interval.
    if (this.#silentIntervals === 0) this.#worker.postMessage({ kind: 'heartbeat' } satisfies DoorHeartbeat);
    this.#silentIntervals += 1;
  }

  /** Two threads must not drive the same readers: the loss is told when this one has ended. Never throws. */
  async #endHung(): Promise<void> {
    this.#fallSilent();
    const { promise: givenUp, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, DOOR_TERMINATE_TIMEOUT_MS);
    await Promise.race([this.#worker.terminate().catch(() => undefined), givenUp]);
    clearTimeout(timer);
    if (!this.#stopping) this.#options.onLost({ cause: DOOR_THREAD_HUNG });
  }

  #onReply(reply: DoorReply): void {
    if (this.#state === 'lost') return;
    this.#silentIntervals = 0;
    if (reply.kind === 'alive') return;
    if (reply.kind !== 'failed') this.#epoch = Math.max(this.#epoch, reply.epoch);
    if (reply.kind !== 'started') return this.#settle(reply.id, reply.kind === 'answer' ? { value: reply.value } : null);
    this.#start?.resolve();
    this.#start = null;
    this.#heartbeat = setInterval(() => this.#beat(), this.#options.heartbeatIntervalMs ?? DOOR_HEARTBEAT_INTERVAL_MS).unref();
  }

  #lose(cause: string, failure?: unknown): void {
    if (this.#state === 'lost') return;
    this.#fallSilent();
    const start = this.#start;
    this.#start = null;
    if (start !== null) start.reject(unavailable(failure ?? cause));
    else if (!this.#stopping) this.#options.onLost({ cause, failure });
  }

  #fallSilent(): void {
    this.#state = 'lost';
    clearInterval(this.#heartbeat);
    for (const id of [...this.#waiting.keys()]) this.#settle(id, null);
  }

  #settle(id: number, answer: { readonly value: Value } | null): void {
    const waiting = this.#waiting.get(id);
    if (waiting === undefined) return;
    this.#waiting.delete(id);
    clearTimeout(waiting.timer);
    if (answer === null) waiting.reject(unavailable());
    else waiting.resolve(answer.value);
  }
}

function unavailable(cause?: unknown): GatewayError {
  return new GatewayError('store.unavailable', 'the door node does not answer', { cause });
}
