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

/** The decision about who asks, asked again only when it may have become another one. */
export type KeptDecision<Who> = (who: Who) => Promise<Decision>;

interface KeptDeps<Who> {
  readonly ask: (who: Who) => Promise<Decision>;
  /** What tells one decision from another: session, address, version of the person's record. */
  readonly keyOf: (who: Who) => readonly (string | number | null)[];
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
 * Pages poll, and a decision for every poll would bury the log: one is kept for a session and address, as long as neither anybody's
 * standing, nor the policy, nor the person's record changes.
 */
export function createKeptDecisions<Who>(deps: KeptDeps<Who>): KeptDecision<Who> {
  const { clock, people, policy, keyOf, decisionsMax = READ_DECISIONS_MAX } = deps;
  const kept = new Map<string, Kept>();
  const asking = new Map<string, Promise<Decision>>();

  const ask = async (key: string, who: Who): Promise<Decision> => {
    const decision = await deps.ask(who);
    const [oldest] = kept.keys();
    if (oldest !== undefined && kept.size >= decisionsMax) kept.delete(oldest);
    const ttlMs = decision.effect === 'permit' ? READ_PERMIT_TTL_MS : READ_DENY_TTL_MS;
    kept.set(key, { decision, untilMs: clock.nowMs() + ttlMs });
    return decision;
  };

  return async (who) => {
    const epoch = await people.epoch();
    const key = JSON.stringify([...keyOf(who), epoch, policy.revision, policy.dataRevision]);
    const known = kept.get(key);
    if (known !== undefined && clock.nowMs() < known.untilMs) return known.decision;
    kept.delete(key);
    // A page asks for five things at once: that is one decision.
    const running = asking.get(key) ?? ask(key, who).finally(() => asking.delete(key));
    asking.set(key, running);
    return running;
  };
}

interface Deps extends Pick<KeptDeps<Reader>, 'people' | 'policy' | 'clock' | 'decisionsMax'> {
  readonly authorizeOperator: AuthorizeOperator;
}

const CONSOLE = { type: 'console', id: 'console' } as const;

export function createDecideRead({ authorizeOperator, ...deps }: Deps): DecideRead {
  return createKeptDecisions({
    ...deps,
    ask: ({ operator }) => authorizeOperator({ action: 'console.read', operator, target: CONSOLE, reason: '', firstOperatorId: null }),
    keyOf: ({ operator, session, version }) => [session?.id ?? operator.id, operator.ip, version],
  });
}
