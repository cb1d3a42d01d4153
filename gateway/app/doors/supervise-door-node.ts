import { GatewayError } from '../../domain/errors.ts';
import type { DoorNode } from '../../ports/door-node.ts';

/** Pauses before each new start of a lost node, ms: short at first, because nobody drives the doors meanwhile. */
export const RESTART_PAUSES_MS = [100, 500, 2_000] as const;
/** A node that has lived this long counts as well again, and the pauses begin anew. */
export const STABLE_AFTER_MS = 60_000;

export interface DoorNodeLoss {
  /** For the audit log: no text of a foreign error, which may quote what it was given. */
  readonly cause: string;
  readonly failure?: unknown;
}

export interface SuperviseDoorNodeDeps {
  /** Starts a node; its `onLost` is called at most once, when it ends after it had started and without having been asked to. @throws store.unavailable */
  readonly start: (onLost: (loss: DoorNodeLoss) => void) => Promise<DoorNode>;
  /** The node is gone. What the doors are is unknown from here on; the next start waits for what this returns. */
  readonly onLost: (loss: DoorNodeLoss) => Promise<void>;
  readonly onRestarted: () => void;
  /** Every start has failed: only a new process may help. Called once. */
  readonly onGivenUp: () => void;
  readonly nowMs: () => number;
}

/** A door node that is started again when it is lost. The first start is not repeated: a gateway that cannot drive its doors does not start. */
export async function superviseDoorNode(deps: SuperviseDoorNodeDeps): Promise<DoorNode> {
  const supervisor = new DoorNodeSupervisor(deps);
  await supervisor.begin();
  return supervisor;
}

class DoorNodeSupervisor implements DoorNode {
  readonly watch: DoorNode['watch'] = {
    readers: async () => this.#present().watch.readers(),
    lines: async () => this.#present().watch.lines(),
    frames: async (...call) => this.#present().watch.frames(...call),
  };
  readonly policyPoint: DoorNode['policyPoint'] = {
    prepare: async (revisionId) => this.#present().policyPoint.prepare(revisionId),
    swap: async (revisionId) => this.#present().policyPoint.swap(revisionId),
    shadow: async (revisionId) => this.#present().policyPoint.shadow(revisionId),
    shadowReport: async () => this.#present().policyPoint.shadowReport(),
  };
  readonly operations: DoorNode['operations'] = {
    begin: async (order) => this.#present().operations.begin(order),
    find: async (id) => this.#present().operations.find(id),
    list: async () => this.#present().operations.list(),
    cancel: async (id) => this.#present().operations.cancel(id),
    conditions: async () => this.#present().operations.conditions(),
  };
  readonly faces: DoorNode['faces'] = {
    next: async (deviceId, camera) => this.#present().faces.next(deviceId, camera),
    attest: async (jws) => this.#present().faces.attest(jws),
    order: async (order) => this.#present().faces.order(order),
    finishOrder: async (deviceId, orderId) => this.#present().faces.finishOrder(deviceId, orderId),
    listening: async () => this.#present().faces.listening(),
    enrolAtReader: async (at) => this.#present().faces.enrolAtReader(at),
  };
  readonly #deps: SuperviseDoorNodeDeps;
  #node: DoorNode | null = null;
  #epoch = 0;
  #startedMs = 0;
  #failures = 0;
  #pause: NodeJS.Timeout | undefined;
  #starting: Promise<void> = Promise.resolve();
  #isStopped = false;

  constructor(deps: SuperviseDoorNodeDeps) {
    this.#deps = deps;
  }

  async begin(): Promise<void> {
    const node = await this.#deps.start((loss) => this.#lose(loss));
    if (this.#isStopped) return node.stop();
    this.#node = node;
    this.#startedMs = this.#deps.nowMs();
  }

  async release(...call: Parameters<DoorNode['release']>): ReturnType<DoorNode['release']> {
    return this.#node === null ? { ok: false, code: 'door.node_lost' } : this.#node.release(...call);
  }

  async applyEpoch(epoch: number): ReturnType<DoorNode['applyEpoch']> {
    return this.#present().applyEpoch(epoch);
  }

  async reloadGrants(): Promise<void> {
    await this.#present().reloadGrants();
  }

  status(): ReturnType<DoorNode['status']> {
    return this.#node?.status() ?? { state: 'lost', epoch: this.#epoch };
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    clearTimeout(this.#pause);
    await this.#starting;
    await this.#node?.stop();
  }

  #present(): DoorNode {
    if (this.#node === null) throw new GatewayError('store.unavailable', 'the door node does not answer');
    return this.#node;
  }

  #lose(loss: DoorNodeLoss): void {
    this.#epoch = this.status().epoch;
    this.#node = null;
    if (this.#isStopped) return;
    if (this.#deps.nowMs() - this.#startedMs >= STABLE_AFTER_MS) this.#failures = 0;
    // The log hears of the loss before it hears of the next node, so that its reader never takes the old state for the new.
    this.#startLater(this.#deps.onLost(loss));
  }

  #startLater(told: Promise<void>): void {
    const pauseMs = RESTART_PAUSES_MS[this.#failures];
    this.#failures += 1;
    if (pauseMs === undefined) {
      this.#deps.onGivenUp();
      return;
    }
    this.#pause = setTimeout(() => {
      this.#starting = this.#startAgain(told);
    }, pauseMs);
  }

  /** Owned by `#starting`; never throws. */
  async #startAgain(told: Promise<void>): Promise<void> {
    await told;
    if (this.#isStopped) return;
    try {
      await this.begin();
    } catch {
      // `start` has said why; all that follows from it is the next attempt.
      if (!this.#isStopped) this.#startLater(Promise.resolve());
      return;
    }
    if (this.#node !== null) this.#deps.onRestarted();
  }
}
