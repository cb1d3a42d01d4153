import type { Outcome } from '../../../domain/policy/impact-report.ts';
import type { FactChange } from '../../../domain/policy/explanation.ts';
import { candidatesFor, type Candidate, type Question } from './fact-changes.ts';

/** Questions that one search may put to the engine, some 30 us each. */
export const COUNTERFACTUAL_EVALUATIONS_MAX = 4_000;
/** Facts that may have to change together; what takes more is no advice. */
export const COUNTERFACTUAL_CHANGES_MAX = 5;

export type Ask = (question: Question) => Outcome;

/**
 * The fewest facts whose change permits: one, or two together, of all there are; beyond that the change that leaves the fewest reasons is
 * taken each time, and what turns out not to be needed is given back. What is returned was asked and permitted; null when nothing was found.
 */
export function findCounterfactual(question: Question, ask: Ask): readonly FactChange[] | null {
  let left = COUNTERFACTUAL_EVALUATIONS_MAX;
  const permits = (changes: readonly Candidate[]): Outcome | null => {
    if (left === 0) return null;
    left -= 1;
    return ask(changes.reduce((now, change) => change.apply(now), question));
  };
  const candidates = candidatesFor(question);
  const found = smallest(candidates, permits) ?? greedy(candidates, permits);
  return found === null ? null : found.map(({ change }) => change);
}

type Try = (changes: readonly Candidate[]) => Outcome | null;

function smallest(candidates: readonly Candidate[], attempt: Try): readonly Candidate[] | null {
  const useful: { readonly candidate: Candidate; readonly reasons: number }[] = [];
  const before = attempt([]);
  for (const candidate of candidates) {
    const outcome = attempt([candidate]);
    if (outcome?.effect === 'permit') return [candidate];
    // A change that changes nothing alone may still be half of a pair; those that took a reason away are tried first.
    if (outcome !== null) useful.push({ candidate, reasons: outcome.codes.join() === before?.codes.join() ? 99 : outcome.codes.length });
  }
  const ordered = useful.sort((a, b) => a.reasons - b.reasons).map(({ candidate }) => candidate);
  for (const [index, first] of ordered.entries()) {
    if (useful[index]?.reasons === 99) break;
    for (const second of ordered.slice(index + 1)) {
      if (second.path !== first.path && attempt([first, second])?.effect === 'permit') return [first, second];
    }
  }
  return null;
}

function greedy(candidates: readonly Candidate[], attempt: Try): readonly Candidate[] | null {
  let taken: readonly Candidate[] = [];
  while (taken.length < COUNTERFACTUAL_CHANGES_MAX) {
    let best: { readonly candidate: Candidate; readonly reasons: number } | null = null;
    for (const candidate of candidates.filter(({ path }) => taken.every((other) => other.path !== path))) {
      const outcome = attempt([...taken, candidate]);
      if (outcome === null) return null;
      if (outcome.effect === 'permit') return withoutNeedless([...taken, candidate], attempt);
      if (best === null || outcome.codes.length < best.reasons) best = { candidate, reasons: outcome.codes.length };
    }
    if (best === null) return null;
    taken = [...taken, best.candidate];
  }
  return null;
}

function withoutNeedless(changes: readonly Candidate[], attempt: Try): readonly Candidate[] {
  return changes.reduce<readonly Candidate[]>((kept, one) => {
    const rest = kept.filter((other) => other !== one);
    return attempt(rest)?.effect === 'permit' ? rest : kept;
  }, changes);
}
