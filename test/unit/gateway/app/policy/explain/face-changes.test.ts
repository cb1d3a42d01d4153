import { describe, expect, it } from 'vitest';
import { candidatesFor, type Question } from '#gateway/app/policy/explain/fact-changes.ts';
import { findCounterfactual } from '#gateway/app/policy/explain/find-counterfactual.ts';
import { decisionInputSchema, type DecisionInput } from '#gateway/domain/access/decision-input.ts';
import { NO_FACE } from '#gateway/domain/access/input-facts.ts';
import type { Outcome } from '#gateway/domain/policy/impact-report.ts';
import { sampleInput } from '#test/support/sample-input.ts';

const OTHER = { ...NO_FACE, known: true, liveness: 'active', age_s: 1, source: 'terminal' } as const;
const question = (context: Partial<DecisionInput['context']>): Question => ({
  data: { gatehouse: { profiles: {}, grants: {}, schedules: {}, operator_roles: {} } },
  input: { ...sampleInput, context: { ...sampleInput.context, ...context } },
});
const enrolled = { ...sampleInput.context.credential, pin: { ...sampleInput.context.credential.pin, enrolled: true, attempts_left: 5 } };
const judge =
  (isRight: (input: DecisionInput) => boolean) =>
  (asked: Question): Outcome =>
    isRight(asked.input)
      ? { effect: 'permit', codes: ['door.granted'], obligations: [] }
      : { effect: 'deny', codes: ['face.mismatch'], obligations: [] };
const texts = (found: ReturnType<typeof findCounterfactual>) => found?.map(({ text }) => text);

describe('a deny for a face', () => {
  it('would have been a permit for the person’s own face', () => {
    const found = findCounterfactual(
      question({ face: OTHER }),
      judge(({ context: { face } }) => face.verified && face.liveness !== 'none'),
    );
    expect(texts(found)).toEqual(['if the person’s own living face had been recognised']);
  });

  it('would have been one for the PIN in its place, where the person has one', () => {
    const byPin = judge(({ context: { credential, face } }) => face.alternative === 'pin' && credential.pin.ok && !face.known);
    const found = findCounterfactual(question({ face: OTHER, credential: enrolled }), byPin);
    expect(texts(found)).toEqual(['if the right PIN had been entered in place of the face']);
    const hasPin = candidatesFor(question({ face: OTHER })).some(({ change }) => change.to === 'the PIN in its place');
    expect(hasPin).toBe(false);
  });

  it('is explained with inputs that a gateway could ask with, and nowhere where no face was looked at', () => {
    const asked = question({ face: OTHER, credential: enrolled });
    for (const candidate of candidatesFor(asked).filter(({ path }) => path === 'context.face'))
      expect(decisionInputSchema.safeParse(candidate.apply(asked).input).success).toBe(true);
    expect(candidatesFor(question({})).some(({ path }) => path === 'context.face')).toBe(false);
  });
});
