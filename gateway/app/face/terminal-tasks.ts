import type { FaceQuestion } from '../../domain/face/attestation.ts';
import type { FaceDeviceId } from '../../domain/site/ids.ts';
import { FACE_TASK_WAIT_MS, type FaceOrder, type FaceTask, type TerminalCamera } from '../../ports/face-point.ts';

/** Terminals that wait for their next task at once; a further one is told at once that there is none. */
export const TERMINALS_WAITING_MAX = 64;
/** Orders that one terminal may have open. */
export const ORDERS_PER_TERMINAL_MAX = 20;
/** An order that nobody carried out is forgotten: the person has left the terminal long ago, ms. */
export const ORDER_LIFE_MS = 600_000;
/** Between two calls of a terminal that has nothing to do, ms. */
export const LISTENING_GAP_MS_MAX = 3_000;

interface Waiter {
  readonly resolve: (task: FaceTask | null) => void;
  readonly deadlineMs: number;
}

/** Who of the terminals listens, and what each is to do. */
export class TerminalTasks {
  readonly #nowMs: () => number;
  readonly #waiters = new Map<FaceDeviceId, Waiter>();
  readonly #heardMs = new Map<FaceDeviceId, number>();
  /** Terminals that listen and whose camera is lost. */
  readonly #blind = new Set<FaceDeviceId>();
  readonly #orders: { readonly order: FaceOrder; readonly deadlineMs: number }[] = [];

  constructor(monotonicMs: () => number) {
    this.#nowMs = monotonicMs;
  }

  /** At once where there is something to do: a badge first, for somebody stands there. Without a camera a face can still be deleted. */
  next(deviceId: FaceDeviceId, question: FaceQuestion | null, camera: TerminalCamera = 'unknown'): Promise<FaceTask | null> {
    this.#waiters.get(deviceId)?.resolve(null);
    this.#waiters.delete(deviceId);
    this.#heardMs.set(deviceId, this.#nowMs());
    const isBlind = camera === 'lost';
    if (isBlind) this.#blind.add(deviceId);
    else this.#blind.delete(deviceId);
    if (question !== null) return Promise.resolve({ kind: 'verify', question });
    const ordered = this.#orders.find(({ order }) => order.deviceId === deviceId && (order.kind === 'delete' || !isBlind));
    if (ordered !== undefined) return Promise.resolve(ordered.order);
    if (this.#waiters.size >= TERMINALS_WAITING_MAX) return Promise.resolve(null);
    const { promise, resolve } = Promise.withResolvers<FaceTask | null>();
    this.#waiters.set(deviceId, { resolve, deadlineMs: this.#nowMs() + FACE_TASK_WAIT_MS });
    return promise;
  }

  /** Hands it to the terminal if it waits. */
  give(deviceId: FaceDeviceId, task: FaceTask): void {
    const waiter = this.#waiters.get(deviceId);
    if (waiter === undefined) return;
    this.#waiters.delete(deviceId);
    this.#heardMs.set(deviceId, this.#nowMs());
    waiter.resolve(task);
  }

  isListening(deviceId: FaceDeviceId): boolean {
    const heardMs = this.#heardMs.get(deviceId) ?? Number.NEGATIVE_INFINITY;
    return this.#waiters.has(deviceId) || this.#nowMs() - heardMs <= LISTENING_GAP_MS_MAX;
  }

  /** It said that its camera is lost. */
  isBlind(deviceId: FaceDeviceId): boolean {
    return this.#blind.has(deviceId);
  }

  listening(): readonly FaceDeviceId[] {
    return [...this.#heardMs.keys()].filter((id) => this.isListening(id));
  }

  order(order: FaceOrder): boolean {
    if (this.#orders.filter(({ order: { deviceId } }) => deviceId === order.deviceId).length >= ORDERS_PER_TERMINAL_MAX) return false;
    this.#orders.push({ order, deadlineMs: this.#nowMs() + ORDER_LIFE_MS });
    if (order.kind === 'delete' || !this.isBlind(order.deviceId)) this.give(order.deviceId, order);
    return true;
  }

  finish(deviceId: FaceDeviceId, orderId: string): FaceOrder | null {
    const index = this.#orders.findIndex(({ order }) => order.deviceId === deviceId && order.id === orderId);
    const [finished] = index === -1 ? [] : this.#orders.splice(index, 1);
    return finished?.order ?? null;
  }

  tick(): void {
    const nowMs = this.#nowMs();
    for (const [deviceId, { deadlineMs, resolve }] of this.#waiters) {
      if (nowMs < deadlineMs) continue;
      this.#waiters.delete(deviceId);
      this.#heardMs.set(deviceId, nowMs);
      resolve(null);
    }
    for (const [deviceId, heardMs] of this.#heardMs) {
      if (nowMs - heardMs > LISTENING_GAP_MS_MAX && !this.#waiters.has(deviceId)) this.#forget(deviceId);
    }
    for (let index = this.#orders.length - 1; index >= 0; index -= 1) {
      if (nowMs >= (this.#orders[index]?.deadlineMs ?? 0)) this.#orders.splice(index, 1);
    }
  }

  #forget(deviceId: FaceDeviceId): void {
    this.#heardMs.delete(deviceId);
    this.#blind.delete(deviceId);
  }
}
