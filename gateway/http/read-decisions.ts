import type { AuthorizeOperator, Operator } from '../app/access/types.ts';
import type { Decision } from '../domain/access/decision.ts';
import type { Clock } from '../ports/clock.ts';
import type { PeopleStore } from '../ports/people-store.ts';
import type { PolicyEngine } from '../ports/policy-engine.ts';

/** Life of a permit to read, ms: an end of employment or a change of the clock's making is noticed this late. */
export const READ_PERMIT_TTL_MS = 60_000;
/** A refused page that asks again and again is decided, and recorded, this often. */
export const READ_DENY_TTL_MS = 5_000;
/** Sessions whose decision is kept; the oldest gives way. */
export const READ_DECISIONS_MAX = 1_000;

/** What of a caller tells one decision from another. */
export interface Reader {
  readonly operator: Operator;
  /** Of the person's record: another number is another person to the policy. */
  readonly version: number;
  readonly session: { readonly id: string } | null;
}

/** Whether the caller may read the console now: the policy's rule for operators, decided and recorded as `console.read`. */
export type DecideRead = (caller: Reader) => Promise<Decision>;

interface Deps {
  readonly authorizeOperator: AuthorizeOperator;
  readonly people: Pick<PeopleStore, 'epoch'>;
  readonly policy: Pick<PolicyEngine, 'revision' | 'dataRevision'>;
  readonly clock: Clock;
  readonly decisionsMax?: number;
}

interface Kept {
  readonly decision: Decision;
  readonly untilMs: number;
}

/**
 * Consoles poll, and a decision for every poll would bury the log: one is kept for a session and address, as long as neither anybody's
 * standing, nor the policy, nor the person's record changes.
 */
export function createDecideRead({ authorizeOperator, people, policy, clock, decisionsMax = READ_DECISIONS_MAX }: Deps): DecideRead {
  const kept = new Map<string, Kept>();
  const asking = new Map<string, Promise<Decision>>();

  const ask = async (key: string, { operator }: Reader): Promise<Decision> => {
    const target = { type: 'console', id: 'console' } as const;
    const decision = await authorizeOperator({ action: 'console.read', operator, target, reason: '', firstOperatorId: null });
    const [oldest] = kept.keys();
    if (oldest !== undefined && kept.size >= decisionsMax) kept.delete(oldest);
    const ttlMs = decision.effect === 'permit' ? READ_PERMIT_TTL_MS : READ_DENY_TTL_MS;
    kept.set(key, { decision, untilMs: clock.nowMs() + ttlMs });
    return decision;
  };

  return async (caller) => {
    const { operator, session, version } = caller;
    const epoch = await people.epoch();
    const key = JSON.stringify([session?.id ?? operator.id, operator.ip, version, epoch, policy.revision, policy.dataRevision]);
    const known = kept.get(key);
    if (known !== undefined && clock.nowMs() < known.untilMs) return known.decision;
    kept.delete(key);
    // A page asks for five things at once: that is one decision.
    const running = asking.get(key) ?? ask(key, caller).finally(() => asking.delete(key));
    asking.set(key, running);
    return running;
  };
}
