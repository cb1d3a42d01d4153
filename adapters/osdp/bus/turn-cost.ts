/** A turn may take this much longer than its bytes. */
export const TURN_GRACE_MS = 10;
/** A reader that takes its time may have this share of its line's time beyond that. */
const EXCESS_SHARE = 0.05;
/** It is polled at least this often all the same: a card must not wait longer (CARD_AGE_MAX_MS is 2 s). */
export const COST_DELAY_MAX_MS = 950;
/** One lost reply is nobody's manner: it takes about three in a row. */
const LEARNING_SHARE = 0.2;

/** Keeps a slow or babbling reader from the line: who holds it up again and again is polled less often, so that the others are not. */
export class TurnCost {
  #excessMs = 0;
  /** Its next poll is not due before this. */
  notBeforeMs = 0;

  /** One turn is over: it took `durationMs`, of which `wireMs` were bytes. */
  turnEnded(durationMs: number, wireMs: number, nowMs: number): void {
    const excessMs = Math.max(0, durationMs - wireMs - TURN_GRACE_MS);
    this.#excessMs += (excessMs - this.#excessMs) * LEARNING_SHARE;
    const delayMs = this.#excessMs <= TURN_GRACE_MS ? 0 : Math.min(this.#excessMs / EXCESS_SHARE, COST_DELAY_MAX_MS);
    this.notBeforeMs = nowMs + delayMs;
  }
}
