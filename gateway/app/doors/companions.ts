import type { DecisionId, DoorId, PersonId } from '../../domain/site/ids.ts';
import type { CardRead } from './badge-read.ts';

/** A permit that holds only with a second person. */
export interface Waiting {
  readonly read: CardRead;
  readonly personId: PersonId;
  readonly decisionId: DecisionId;
}

interface Kept extends Waiting {
  readonly sinceMs: number;
  readonly deadlineMs: number;
}

/** Who waits for a second person, one at each door at most. The policy says whether the next badge is one; nothing is opened here. */
export class Companions {
  readonly #monotonicMs: () => number;
  readonly #waiting = new Map<DoorId, Kept>();

  constructor(monotonicMs: () => number) {
    this.#monotonicMs = monotonicMs;
  }

  /** Returns who waited there before and waits no more. */
  wait(waiting: Waiting, withinMs: number): Waiting | null {
    const before = this.take(waiting.read.door.id);
    const sinceMs = this.#monotonicMs();
    this.#waiting.set(waiting.read.door.id, { ...waiting, sinceMs, deadlineMs: sinceMs + withinMs });
    return before;
  }

  /** Null when nobody waits there any more. */
  at(doorId: DoorId): { readonly personId: PersonId; readonly ageS: number } | null {
    const kept = this.#waiting.get(doorId);
    const nowMs = this.#monotonicMs();
    if (kept === undefined || nowMs >= kept.deadlineMs) return null;
    return { personId: kept.personId, ageS: Math.floor((nowMs - kept.sinceMs) / 1_000) };
  }

  take(doorId: DoorId): Waiting | null {
    const kept = this.#waiting.get(doorId) ?? null;
    this.#waiting.delete(doorId);
    return kept;
  }

  /** Those whose time is over; they wait no more. */
  ended(): readonly Waiting[] {
    const nowMs = this.#monotonicMs();
    const ended = [...this.#waiting.values()].filter(({ deadlineMs }) => nowMs >= deadlineMs);
    for (const { read } of ended) this.#waiting.delete(read.door.id);
    return ended;
  }
}
