import type { Decision } from '../../domain/access/decision.ts';
import {
  cardGuessingKind,
  INITIAL_CARD_GUESSING,
  isReaderBlocked,
  stepCardGuessing,
  type CardGuessingEvent,
  type CardGuessingState,
} from '../../domain/doors/card-guessing.ts';
import type { ReaderId } from '../../domain/site/ids.ts';

export interface GuessGuardDeps {
  readonly monotonicMs: () => number;
  readonly onAlarm: (readerId: ReaderId, alarm: { readonly code: string; readonly active: boolean }) => void;
}

/** Watches entry readers for cards of nobody, one after the other. Holds one state for each reader that was used. */
export class GuessGuard {
  readonly #deps: GuessGuardDeps;
  readonly #states = new Map<ReaderId, CardGuessingState>();

  constructor(deps: GuessGuardDeps) {
    this.#deps = deps;
  }

  isBlocked(readerId: ReaderId): boolean {
    return isReaderBlocked(this.#states.get(readerId) ?? INITIAL_CARD_GUESSING, this.#deps.monotonicMs());
  }

  decided(readerId: ReaderId, decision: Decision): void {
    this.#step(readerId, cardGuessingKind(decision));
  }

  tick(): void {
    for (const readerId of this.#states.keys()) this.#step(readerId, 'tick');
  }

  #step(readerId: ReaderId, kind: CardGuessingEvent['kind']): void {
    const { state, alarm } = stepCardGuessing(this.#states.get(readerId) ?? INITIAL_CARD_GUESSING, {
      kind,
      nowMs: this.#deps.monotonicMs(),
    });
    this.#states.set(readerId, state);
    if (alarm !== null) this.#deps.onAlarm(readerId, alarm);
  }
}
