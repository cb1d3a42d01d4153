import { RequestBudget } from './request-budget.ts';

/** How often something may happen for everybody together within a window, so that many who ask much shut nobody out who asks little. */
export interface SharedBudgetRule {
  /** For whoever comes first. */
  readonly max: number;
  /** Beyond `max`; of it, each key has `share`. */
  readonly reserve: number;
  readonly share: number;
  readonly windowMs: number;
  /** Keys whose share is remembered. A forgotten one has its share again; `reserve` bounds what all of them come to. */
  readonly keysMax: number;
}

const ALL = 'all';

export class SharedBudget {
  readonly #common: RequestBudget;
  readonly #reserve: RequestBudget;
  readonly #shares: RequestBudget;

  constructor({ keysMax, max, reserve, share, windowMs }: SharedBudgetRule) {
    this.#common = new RequestBudget({ max, windowMs, keysMax: 1 });
    this.#reserve = new RequestBudget({ max: reserve, windowMs, keysMax: 1 });
    this.#shares = new RequestBudget({ max: share, windowMs, keysMax });
  }

  /** Takes one for the key and returns 0, or returns the ms until there is one again. */
  take(key: string, nowMs: number): number {
    const commonMs = this.#common.take(ALL, nowMs);
    if (commonMs === 0) return 0;
    const reserveMs = this.#reserve.waitMs(ALL, nowMs);
    return reserveMs > 0 || this.#shares.take(key, nowMs) > 0 ? commonMs : this.#reserve.take(ALL, nowMs);
  }
}
