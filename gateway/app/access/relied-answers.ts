import type { Decision } from '../../domain/access/decision.ts';
import { relatedIds } from '../../domain/audit/related-ids.ts';
import type { PersonId } from '../../domain/site/ids.ts';
import type { AuditLog } from '../../ports/audit-log.ts';
import type { Clock } from '../../ports/clock.ts';
import type { PeopleStore } from '../../ports/people-store.ts';
import type { PolicyEngine } from '../../ports/policy-engine.ts';
import type { AuthorizeAppRequest } from './types.ts';

/** A permit is relied on for this time at most, however much longer the policy allows it: ages of facts differ by no more. */
export const RELY_MS_MAX = 30_000;
/** People whose answers are kept. With more, those who were asked about longest ago are asked about anew. */
export const RELIED_PEOPLE_MAX = 20_000;
/** Different questions about one person. With more, all of theirs are asked anew. */
export const RELIED_QUESTIONS_MAX = 64;

/** What the log hears first is stored by then: an answer from before it may rest on the facts of before. */
export const SETTLE_MS = 2_000;

const MINUTE_MS = 60_000;

export interface ReliedAnswer<Answer> {
  readonly answer: Answer;
  /** 0 = whoever asks next has it asked anew. */
  readonly goodForMs: number;
}

/**
 * The answer to a question that was asked a moment ago, where everything it rests on is the same; else what `ask` says. Questions that
 * come while it asks share its answer. Rejects as `ask` does, and then keeps nothing.
 */
export type RelyOn<Answer> = (question: AuthorizeAppRequest, ask: () => Promise<ReliedAnswer<Answer>>) => Promise<Answer>;

/** How long an enforcement point may rely on this: the policy says how long a permit lasts, and a deny is nobody's for later. */
export function relianceMs(decision: Decision): number {
  return decision.effect === 'permit' ? Math.min(decision.ttlS * 1_000, RELY_MS_MAX) : 0;
}

interface Deps {
  readonly audit: Pick<AuditLog, 'subscribe'>;
  readonly people: Pick<PeopleStore, 'epoch'>;
  readonly policy: Pick<PolicyEngine, 'revision' | 'dataRevision'>;
  readonly clock: Pick<Clock, 'nowMs'>;
}

interface Kept<Answer> {
  /** Policy, data, revocation epoch, and the minute: rules know no finer time of day. */
  readonly basis: string;
  readonly atMs: number;
  readonly answer: Promise<Answer>;
  goodForMs: number;
}

/**
 * Keeps answers of the policy for who asks the same again, many times a minute. Whatever the log hears about a person, a decision aside,
 * may be another fact: nothing that was answered about them is relied on after it.
 */
export function createReliedAnswers<Answer>({ audit, clock, people, policy }: Deps): RelyOn<Answer> {
  const keptOf = new Map<PersonId, Map<string, Kept<Answer>>>();
  const changes = createRecentChanges();

  audit.subscribe(({ record }) => {
    if (record.type === 'decision') return;
    const { personId } = relatedIds(record);
    if (personId !== null) {
      keptOf.delete(personId as PersonId);
      changes.add(personId, clock.nowMs());
    } else if (record.type === 'directory_change') {
      // A group, an app, a computer: whom it concerns is not said.
      keptOf.clear();
      changes.addAll(clock.nowMs());
    }
  });

  /** Moves the person to the end of the line. */
  const questionsOf = (personId: PersonId): Map<string, Kept<Answer>> => {
    const questions = keptOf.get(personId) ?? new Map<string, Kept<Answer>>();
    keptOf.delete(personId);
    keptOf.set(personId, questions);
    const [oldest] = keptOf.keys();
    if (keptOf.size > RELIED_PEOPLE_MAX && oldest !== undefined) keptOf.delete(oldest);
    return questions;
  };

  const askAnew = (ask: () => Promise<ReliedAnswer<Answer>>, about: Pick<Kept<Answer>, 'atMs' | 'basis'>, isSettled: boolean) => {
    const asking = ask();
    const kept: Kept<Answer> = { ...about, goodForMs: isSettled ? RELY_MS_MAX : 0, answer: asking.then(({ answer }) => answer) };
    asking.then(
      ({ goodForMs }) => (kept.goodForMs = isSettled ? goodForMs : 0),
      () => (kept.goodForMs = 0), // Whoever waits for it hears why; the next asks again.
    );
    return kept;
  };

  return async (question, ask) => {
    // Read before the facts: a revocation in between is never missed.
    const epoch = await people.epoch();
    const nowMs = clock.nowMs();
    const basis = [policy.revision, policy.dataRevision, epoch, Math.floor(nowMs / MINUTE_MS)].join(' ');
    const key = JSON.stringify(question);
    const questions = questionsOf(question.personId);
    const last = questions.get(key);
    if (last !== undefined && last.basis === basis && nowMs - last.atMs < last.goodForMs && nowMs >= last.atMs) return last.answer;
    if (last === undefined && questions.size >= RELIED_QUESTIONS_MAX) questions.clear();
    const kept = askAnew(ask, { basis, atMs: nowMs }, changes.areSettled(question.personId, nowMs));
    questions.set(key, kept);
    return kept.answer;
  };
}

/** About whom the log has just heard something. */
function createRecentChanges() {
  /** In the order of their ends. */
  const untilMsOf = new Map<string, number>();
  let allUntilMs = 0;
  return {
    add: (personId: string, nowMs: number): void => {
      untilMsOf.delete(personId);
      untilMsOf.set(personId, nowMs + SETTLE_MS);
      for (const [id, untilMs] of untilMsOf) {
        if (untilMs > nowMs) break;
        untilMsOf.delete(id);
      }
    },
    addAll: (nowMs: number): void => void (allUntilMs = nowMs + SETTLE_MS),
    areSettled: (personId: string, nowMs: number): boolean => nowMs >= Math.max(allUntilMs, untilMsOf.get(personId) ?? 0),
  };
}
