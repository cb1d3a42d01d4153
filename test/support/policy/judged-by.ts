import type {
  AuthorizeApp,
  AuthorizeAppRequest,
  AuthorizeOperator,
  AuthorizeOperatorRequest,
  NetworkEvidence,
} from '#gateway/app/access/types.ts';
import type { DeskFacts, FindDeskFacts } from '#gateway/app/desk/desk-facts.ts';
import { denyBecause, type Decision } from '#gateway/domain/access/decision.ts';
import type { Obligation } from '#gateway/domain/access/obligation.ts';
import type { ReasonCode } from '#gateway/domain/access/reason-code.ts';
import type { DecisionId, PersonId } from '#gateway/domain/site/ids.ts';
import type { Clock } from '#gateway/ports/clock.ts';
import type { PeopleStore } from '#gateway/ports/people-store.ts';
import type { Random } from '#gateway/ports/random.ts';

/** What the policy of a test answers to one question. */
export type Verdict = 'permit' | ReasonCode | readonly Obligation[];

export interface Judges {
  /** How long a permit may be relied on. Left out, it is asked for each time: what a test's policy says next counts at once. */
  readonly permitTtlS?: number;
  readonly judgeApp?: (request: AuthorizeAppRequest, desk: DeskFacts) => Verdict;
  readonly judgeOperator?: (request: AuthorizeOperatorRequest) => Verdict;
}

interface Judged {
  readonly decision: Decision;
  readonly action: string;
  readonly personId: string;
  readonly ip: string | null;
  readonly networkSource: NetworkEvidence['source'];
}

interface Deps extends Judges {
  readonly people: PeopleStore;
  readonly deskFacts: FindDeskFacts;
  readonly clock: Clock;
  readonly random: Random;
}

/** A policy that is a function of the test. It denies the suspended first, as the subject gate does, and keeps what it decided. */
export function judgedBy({ clock, deskFacts, judgeApp, judgeOperator, people, permitTtlS = 0, random }: Deps) {
  const decisions: Judged[] = [];
  const decide = async (personId: string, verdict: Verdict): Promise<Decision> => {
    const stamp = { id: random.id('decision') as DecisionId, policyRevision: 'test', epoch: await people.epoch() };
    const person = personId === 'local' ? null : await people.find(personId as PersonId);
    if (person?.standing === 'suspended') return denyBecause(stamp, 'subject.suspended');
    if (verdict !== 'permit' && typeof verdict === 'string') return denyBecause(stamp, verdict);
    const obligations = verdict === 'permit' ? [] : verdict;
    return { ...stamp, effect: 'permit', permits: ['app.granted'], obligations, ttlS: permitTtlS };
  };
  const authorizeApp: AuthorizeApp = async (request) => {
    const { action, network, personId, sessionUid } = request;
    const desk = await deskFacts(sessionUid ?? null, personId, clock.nowMs());
    const decision = await decide(personId, judgeApp?.(request, desk) ?? 'permit');
    decisions.push({ decision, action, personId, ip: network.source === 'none' ? null : network.ip, networkSource: network.source });
    return decision;
  };
  const authorizeOperator: AuthorizeOperator = async (request) => {
    const { action, operator } = request;
    const decision = await decide(operator.id, judgeOperator?.(request) ?? 'permit');
    decisions.push({ decision, action, personId: operator.id, ip: operator.ip, networkSource: 'request' });
    return decision;
  };
  return { authorizeApp, authorizeOperator, decisions };
}
