import { describe, expect, it } from 'vitest';
import { readPolicySchemas } from '#adapters/rego-toolchain/policy-sources.ts';
import { compareEngines } from '#test/support/policy/compare-engines.ts';
import { mutationsOf } from '#test/support/input-mutations.ts';
import { readPolicyCases } from '#test/support/policy/cases.ts';
import { compiledEngines } from '#test/support/policy/engines.ts';

const INPUTS = 2_000;
const { data, cases } = await readPolicyCases();
const documents = cases.map(({ document }) => document);
const { wasmEngine, planEngine } = await compiledEngines(data);

describe('the policy in both engines', () => {
  it('gives the same answer to every case', () => {
    const found = compareEngines(wasmEngine, planEngine, documents);
    expect(found.differences).toEqual([]);
    expect(found.permits).toBeGreaterThan(10);
  });

  it('gives the same answer to 2,000 inputs that differ from the cases in one to three fields', async () => {
    const schema = (await readPolicySchemas())['input'] as Readonly<Record<string, unknown>>;
    const mutations = mutationsOf(documents, schema, 7);
    const inputs = Array.from({ length: INPUTS }, () => mutations.next().value);
    const found = compareEngines(wasmEngine, planEngine, inputs);
    expect(found.differences).toEqual([]);
    expect(found.inputs).toBe(INPUTS);
    expect(found.permits).toBeGreaterThan(10);
  });

  it('names the line at which a decision failed, and what it lacks', () => {
    const denied = cases.filter(({ want }) => !want.allow);
    for (const { document, description } of denied) {
      const { answer, rules, missing } = planEngine.explainDecision(new TextEncoder().encode(JSON.stringify(document)));
      expect(answer, description).toMatchObject({ allow: false });
      expect(missing.length, description).toBeGreaterThan(0);
      for (const line of missing) expect(line.text.length, description).toBeGreaterThan(0);
      expect(rules.find(({ rule, holds }) => rule === 'gatehouse.access.allow' && !holds)?.failedAt, description).not.toBeNull();
    }
  });

  it('has nothing missing where it permits', () => {
    for (const { document, description } of cases.filter(({ want }) => want.allow)) {
      expect(planEngine.explainDecision(new TextEncoder().encode(JSON.stringify(document))).missing, description).toEqual([]);
    }
  });

  it('counts lines while it is asked to', () => {
    const [first] = documents;
    const input = new TextEncoder().encode(JSON.stringify(first));
    planEngine.startCoverage();
    planEngine.evaluate(input);
    planEngine.evaluate(input);
    planEngine.stopCoverage();
    planEngine.evaluate(input);
    const covered = planEngine.coverage().filter(({ reached }) => reached > 0);
    expect(covered.length).toBeGreaterThan(20);
    expect(Math.min(...covered.map(({ reached }) => reached))).toBe(2);
  });
});
