import { setTimeout as delay } from 'node:timers/promises';
import { GatewayError } from '../../domain/errors.ts';
import type { FaceDevice } from '../../domain/face/face-device.ts';
import { leaseLifeMsMax } from '../../domain/face/lease.ts';
import type { FaceDeviceId, PersonId } from '../../domain/site/ids.ts';
import type { SiteMap } from '../../domain/site/site-map.ts';
import type { Door, Reader } from '../../domain/site/site.ts';
import type { Clock } from '../../ports/clock.ts';
import type { FaceDeviceStore } from '../../ports/face-device-store.ts';

/** How long a revocation waits for terminals to take a lease without the person, ms. */
export const LEASE_RECALL_MS = 1_500;

interface Deps {
  readonly sites: SiteMap;
  readonly devices: Pick<FaceDeviceStore, 'list'>;
  readonly clock: Clock;
}

interface Lent {
  readonly expiresAtMs: number;
  readonly people: ReadonlySet<PersonId>;
}

/** The door that a terminal may open alone, and for how long at most; null = none. */
export function leasedPlaceOf(
  sites: SiteMap,
  { readerId }: FaceDevice,
): { readonly door: Door; readonly reader: Reader; readonly lifeMs: number } | null {
  const reader = sites.reader(readerId);
  const door = reader === undefined ? undefined : sites.door(reader.doorId);
  if (reader?.side !== 'entry' || door === undefined) return null;
  const lifeMs = Math.min((door.offlineLeaseS ?? 0) * 1_000, leaseLifeMsMax(sites.area(door.toAreaId)?.securityLevel ?? 5));
  return lifeMs > 0 ? { door, reader, lifeMs } : null;
}

/** Which terminals were lent a lease last, and with whom in it: whoever is revoked is exposed to those that do not ask again. */
export class LentLeases {
  readonly #deps: Deps;
  readonly #startedAtMs: number;
  readonly #lent = new Map<FaceDeviceId, Lent>();
  /** Resolved for terminals that wait, and for revocations that wait for terminals; another one each time. */
  #recall = Promise.withResolvers<null>();
  #taken = Promise.withResolvers<null>();

  constructor(deps: Deps) {
    this.#deps = deps;
    this.#startedAtMs = deps.clock.nowMs();
  }

  /** In place of what this terminal was lent before. */
  add(deviceId: FaceDeviceId, lent: Lent): void {
    this.#lent.set(deviceId, lent);
    this.#taken.resolve(null);
    this.#taken = Promise.withResolvers<null>();
  }

  /** Null, once terminals are to ask for a lease again. */
  recalled(): Promise<null> {
    return this.#recall.promise;
  }

  /**
   * Has terminals ask anew, after the fence. How many had this person in their lease, and have not any more.
   * @throws store.unavailable a terminal did not ask: it may still let the person in
   */
  async recall(personId: PersonId): Promise<number> {
    const over = delay(LEASE_RECALL_MS, 'over' as const, { ref: false });
    let [taken, isOver] = [this.#taken.promise, false];
    const before = await this.exposing(personId);
    for (let left = before; left.length > 0; left = await this.exposing(personId)) {
      if (isOver) throw new GatewayError('store.unavailable', 'A terminal that did not answer may still let this person in.');
      this.#recall.resolve(null);
      this.#recall = Promise.withResolvers<null>();
      isOver = (await Promise.race([taken, over])) === 'over';
      taken = this.#taken.promise;
    }
    return before.length;
  }

  /**
   * Until when each terminal that hears no revocation may still let this person in, ms. What was lent before this process began is not known,
   * and may have anybody. @throws store.unavailable
   */
  async exposing(personId: PersonId): Promise<readonly number[]> {
    const { clock, devices, sites } = this.#deps;
    const nowMs = clock.nowMs();
    const ends = (await devices.list()).map((device) => {
      const lent = this.#lent.get(device.id);
      if (lent === undefined) return this.#startedAtMs + (leasedPlaceOf(sites, device)?.lifeMs ?? 0);
      return lent.people.has(personId) ? lent.expiresAtMs : 0;
    });
    return ends.filter((endMs) => endMs > nowMs);
  }
}
