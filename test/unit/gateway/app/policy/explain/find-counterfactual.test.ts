import { describe, expect, it } from 'vitest';
import { candidatesFor, type Question } from '#gateway/app/policy/explain/fact-changes.ts';
import { COUNTERFACTUAL_EVALUATIONS_MAX, findCounterfactual } from '#gateway/app/policy/explain/find-counterfactual.ts';
import type { PolicyData } from '#gateway/domain/access/policy-data.ts';
import { decisionInputSchema } from '#gateway/domain/access/decision-input.ts';
import { policyDataSchema } from '#gateway/domain/access/policy-data.ts';
import type { Outcome } from '#gateway/domain/policy/impact-report.ts';
import { sampleInput } from '#test/support/sample-input.ts';

const data: PolicyData = { gatehouse: { profiles: {}, grants: {}, schedules: {}, operator_roles: {} } };
const suspended: Question = {
  data,
  input: {
    ...sampleInput,
    subject: { ...sampleInput.subject, properties: { ...sampleInput.subject.properties, status: 'suspended' } },
    resource: { ...sampleInput.resource, properties: { ...sampleInput.resource.properties, mode: 'locked_down', requires_app: '' } },
  },
};

const permit: Outcome = { effect: 'permit', codes: ['door.granted'], obligations: [] };
const denyBy = (...codes: string[]): Outcome => ({ effect: 'deny', codes, obligations: [] });

/** Denies by each condition that does not hold. */
const asking =
  (conditions: Readonly<Record<string, (question: Question) => boolean>>) =>
  (question: Question): Outcome => {
    const failing = Object.entries(conditions).filter(([, holds]) => !holds(question));
    return failing.length === 0 ? permit : denyBy(...failing.map(([code]) => code));
  };
const isActive = ({ input }: Question) => input.subject.properties.status === 'active';
const isOpen = ({ input }: Question) => input.resource.properties.mode === 'normal';
const isGranted = ({ data: { gatehouse } }: Question) => Object.keys(gatehouse.grants).length > 0;
const isProven = ({ input }: Question) => input.context.authentication.known;

describe('the fewest facts whose change permits', () => {
  it.each([
    ['one', { s: isActive }, ['subject.properties.status']],
    ['two', { s: isActive, m: isOpen }, ['subject.properties.status', 'resource.properties.mode']],
    ['a grant, which is data', { g: isGranted }, ['data.gatehouse.grants']],
    ['four', { s: isActive, m: isOpen, g: isGranted, a: isProven }, null],
  ])('are found when it takes %s', (_what, conditions, paths) => {
    const found = findCounterfactual(suspended, asking(conditions));
    if (paths === null) expect(found).toHaveLength(4);
    else expect(found?.map(({ path }) => path).sort()).toEqual(paths.toSorted());
  });

  it('are none when nothing permits, after no more questions than there may be', () => {
    let asked = 0;
    const found = findCounterfactual(suspended, () => {
      asked += 1;
      return denyBy(`reason ${asked % 3}`);
    });
    expect(found).toBeNull();
    expect(asked).toBeLessThanOrEqual(COUNTERFACTUAL_EVALUATIONS_MAX);
  });

  it('are looked for in few states of the data, however many questions there are', () => {
    const states = new Set<PolicyData>();
    const { properties } = sampleInput.resource;
    const halves = { ...suspended.input.resource, properties: { ...properties, requires_app: 'console' } };
    let asked = 0;
    findCounterfactual({ data, input: { ...suspended.input, resource: halves } }, ({ data: wanted }) => {
      states.add(wanted);
      asked += 1;
      return denyBy(`reason ${asked % 3}`);
    });
    expect(asked).toBeGreaterThan(500);
    // As it is, with either grant, and with both in either order.
    expect(states.size).toBeLessThanOrEqual(5);
  });

  it('are questions that could really be asked', () => {
    for (const candidate of candidatesFor(suspended)) {
      const { input, data: changed } = candidate.apply(suspended);
      expect(decisionInputSchema.safeParse(input).error, candidate.path).toBeUndefined();
      expect(policyDataSchema.safeParse(changed).error, candidate.path).toBeUndefined();
    }
  });
});
