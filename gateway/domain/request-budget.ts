/** How often something may happen for one key within a window. */
export interface BudgetRule {
  readonly max: number;
  readonly windowMs: number;
  /** Keys that are remembered. Beyond them the oldest is forgotten, which can only be to its advantage. */
  readonly keysMax: number;
}

interface Spending {
  count: number;
  readonly endsAtMs: number;
}

/** Counts per key in windows that begin with the first of them. Pure but for its own memory, which is bounded. */
export class RequestBudget {
  readonly #rule: BudgetRule;
  /** In the order of their ends: all windows are equally long. */
  readonly #spendings = new Map<string, Spending>();

  constructor(rule: BudgetRule) {
    this.#rule = rule;
  }

  /** Takes one and returns 0, or takes nothing and returns the ms until there is one again. */
  take(key: string, nowMs: number): number {
    const waitMs = this.waitMs(key, nowMs);
    if (waitMs > 0) return waitMs;
    const spending = this.#spendings.get(key);
    if (spending !== undefined && spending.endsAtMs > nowMs) spending.count += 1;
    else this.#begin(key, nowMs);
    return 0;
  }

  /** What `take` would return, taking nothing. */
  waitMs(key: string, nowMs: number): number {
    const spending = this.#spendings.get(key);
    return spending === undefined || spending.endsAtMs <= nowMs || spending.count < this.#rule.max ? 0 : spending.endsAtMs - nowMs;
  }

  /** Undoes one `take` of the window in which it was taken; a window that has ended is left alone. */
  giveBack(key: string, nowMs: number): void {
    const spending = this.#spendings.get(key);
    if (spending !== undefined && spending.endsAtMs > nowMs && spending.count > 0) spending.count -= 1;
  }

  #begin(key: string, nowMs: number): void {
    this.#spendings.delete(key);
    for (const [oldest, { endsAtMs }] of this.#spendings) {
      if (endsAtMs > nowMs && this.#spendings.size < this.#rule.keysMax) break;
      this.#spendings.delete(oldest);
    }
    this.#spendings.set(key, { count: 1, endsAtMs: nowMs + this.#rule.windowMs });
  }
}

/** A budget for each name. */
export function toBudgets<Name extends string>(
  maxima: Readonly<Record<Name, number>>,
  rule: Omit<BudgetRule, 'max'>,
): Readonly<Record<Name, RequestBudget>> {
  const budgets = Object.entries<number>(maxima).map(([name, max]) => [name, new RequestBudget({ ...rule, max })]);
  // It has the names of `maxima`, which entries forget.
  return Object.fromEntries(budgets) as Record<Name, RequestBudget>;
}

/** When to come again, as `Retry-After` says it (RFC 9110 10.2.3). */
export function toRetryAfterS(waitMs: number): number {
  return Math.max(1, Math.ceil(waitMs / 1_000));
}
