import { setTimeout as delay } from 'node:timers/promises';
import { GatewayError } from '../../domain/errors.ts';
import {
  exposedUntil,
  heldUntil,
  lendLease,
  nameLease,
  withdrawLease,
  type HeldLeases,
  type LentTo,
} from '../../domain/face/held-leases.ts';
import { LEASE_LIFE_MS_MAX } from '../../domain/face/lease.ts';
import type { FaceDeviceId, PersonId } from '../../domain/site/ids.ts';
import type { Clock } from '../../ports/clock.ts';
import type { FaceDeviceStore } from '../../ports/face-device-store.ts';

/** How long a revocation waits for terminals to have a lease without the person, ms. */
export const LEASE_RECALL_MS = 1_500;
/** How often a revocation asks one terminal: one that does not take what it is lent is not asked for ever. */
export const LEASE_RECALLS_MAX = 3;

interface Deps {
  readonly devices: Pick<FaceDeviceStore, 'leaseEnds' | 'raiseLeaseEnd'>;
  readonly clock: Clock;
}

interface Exposure {
  readonly deviceId: FaceDeviceId;
  readonly untilMs: number;
}

/**
 * Which leases terminals may have, and with whom in them: whoever is revoked is exposed to those that do not say that they have a newer one.
 * How long a terminal may have any stands in the store before the lease leaves, so that a gateway that is restarted still knows of it.
 */
export class LentLeases {
  readonly #deps: Deps;
  readonly #startedAtMs: number;
  readonly #held = new Map<FaceDeviceId, HeldLeases>();
  /** Until when terminals may have a lease that was lent before this process began, ms. */
  #before: Promise<ReadonlyMap<FaceDeviceId, number>> | null = null;
  #turn = 0;
  /** Resolved for terminals that wait, and for revocations that wait for terminals; another one each time. */
  readonly #recalls = new Map<FaceDeviceId, PromiseWithResolvers<null>>();
  #changed = Promise.withResolvers<null>();

  constructor(deps: Deps) {
    this.#deps = deps;
    this.#startedAtMs = deps.clock.nowMs();
  }

  /** A terminal asks. What it is lent is known by this among its answers. */
  asked(): number {
    return (this.#turn += 1);
  }

  /** Before the answer leaves: from here on it may be what the terminal goes by. @throws store.unavailable nothing may be lent */
  async lend(deviceId: FaceDeviceId, lease: LentTo): Promise<void> {
    const before = await this.#lentBefore();
    await this.#deps.devices.raiseLeaseEnd(deviceId, lease.expiresAtMs);
    this.#change(deviceId, lendLease(this.#held.get(deviceId) ?? heldUntil(before.get(deviceId) ?? 0), lease));
  }

  /** The answer does not leave. */
  withdraw(deviceId: FaceDeviceId, id: string): void {
    const held = this.#held.get(deviceId);
    if (held !== undefined) this.#change(deviceId, withdrawLease(held, id));
  }

  /** Which lease the terminal says it has; null = none. */
  named(deviceId: FaceDeviceId, id: string | null): void {
    const held = this.#held.get(deviceId);
    if (held !== undefined && id !== null) this.#held.set(deviceId, nameLease(held, id));
    // Told also when nothing became of it: the terminal calls now, and can be asked.
    this.#tell();
  }

  /** Null, once this terminal is to ask for a lease again. A terminal waits once: its call before this one is over. */
  recalled(deviceId: FaceDeviceId): Promise<null> {
    this.#recalls.get(deviceId)?.resolve(null);
    const waiting = Promise.withResolvers<null>();
    this.#recalls.set(deviceId, waiting);
    return waiting.promise;
  }

  /**
   * Has terminals ask anew, after the fence. How many had this person in their lease, and have not any more.
   * @throws store.unavailable a terminal did not say that it has another one: it may still let the person in
   */
  async recall(personId: PersonId, waitMs = LEASE_RECALL_MS): Promise<number> {
    const over = delay(waitMs, 'over' as const, { ref: false });
    const asked = new Map<FaceDeviceId, number>();
    let [changed, isOver] = [this.#changed.promise, false];
    const before = await this.exposures(personId);
    for (let left = before; left.length > 0; left = await this.exposures(personId)) {
      if (isOver) throw new GatewayError('store.unavailable', 'A terminal that did not answer may still let this person in.');
      for (const { deviceId } of left) this.#ask(deviceId, asked);
      isOver = (await Promise.race([changed, over])) === 'over';
      changed = this.#changed.promise;
    }
    return before.length;
  }

  /** Whether any terminal may have a lease from before this process began. @throws store.unavailable */
  async isAnyLeft(): Promise<boolean> {
    const nowMs = this.#deps.clock.nowMs();
    return [...(await this.#lentBefore()).values()].some((endMs) => endMs > nowMs);
  }

  /**
   * Until when each terminal that hears no revocation may still let this person in, ms. What was lent before this process began may have anybody.
   * @throws store.unavailable
   */
  async exposures(personId: PersonId): Promise<readonly Exposure[]> {
    const nowMs = this.#deps.clock.nowMs();
    const before = await this.#lentBefore();
    return [...new Set([...before.keys(), ...this.#held.keys()])]
      .map((deviceId) => ({
        deviceId,
        untilMs: exposedUntil(this.#held.get(deviceId) ?? heldUntil(before.get(deviceId) ?? 0), personId),
      }))
      .filter(({ untilMs }) => untilMs > nowMs);
  }

  #ask(deviceId: FaceDeviceId, asked: Map<FaceDeviceId, number>): void {
    const times = asked.get(deviceId) ?? 0;
    const waiting = this.#recalls.get(deviceId);
    if (waiting === undefined || times >= LEASE_RECALLS_MAX) return;
    asked.set(deviceId, times + 1);
    this.#recalls.delete(deviceId);
    waiting.resolve(null);
  }

  #change(deviceId: FaceDeviceId, held: HeldLeases): void {
    this.#held.set(deviceId, held);
    this.#tell();
  }

  #tell(): void {
    this.#changed.resolve(null);
    this.#changed = Promise.withResolvers<null>();
  }

  /** Read once, before this process lends anything. @throws store.unavailable */
  #lentBefore(): Promise<ReadonlyMap<FaceDeviceId, number>> {
    this.#before ??= this.#readBefore().catch((failure: unknown) => {
      this.#before = null;
      throw failure;
    });
    return this.#before;
  }

  /**
   * Of a terminal enrolled before ends were kept nothing is known: it may have the longest that there is. Nothing lent before now counts beyond
   * that, whatever the clock said at the time.
   */
  async #readBefore(): Promise<ReadonlyMap<FaceDeviceId, number>> {
    const { devices } = this.#deps;
    const ends = new Map<FaceDeviceId, number>();
    const lastMs = this.#startedAtMs + LEASE_LIFE_MS_MAX;
    for (const { id, untilMs } of await devices.leaseEnds()) {
      ends.set(id, Math.min(untilMs ?? lastMs, lastMs));
      if (untilMs === null) await devices.raiseLeaseEnd(id, lastMs);
    }
    return ends;
  }
}
