import { describe, expect, it } from 'vitest';
import { loadPolicyBundle } from '#adapters/rego/wasm/load-policy-bundle.ts';
import { createOpaWasmEngine } from '#adapters/rego/wasm/opa-wasm-engine.ts';
import { decisionInputSchema } from '#gateway/domain/access/decision-input.ts';
import { policyAnswerSchema } from '#gateway/domain/access/decision.ts';
import { policyReasonCodeSchema } from '#gateway/domain/access/reason-code.ts';
import { readPolicyCases } from '#test/support/policy/cases.ts';

const { data, cases } = await readPolicyCases();
const engine = await createOpaWasmEngine(await loadPolicyBundle());
engine.setData(data);
const ask = (document: unknown): unknown => engine.evaluate(new TextEncoder().encode(JSON.stringify(document)));

describe('the compiled default policy', () => {
  it.each(cases.map((one) => [one.file, one.description, one] as const))('%s: %s', (_file, _description, one) => {
    expect(decisionInputSchema.safeParse(one.document).error).toBeUndefined();
    const answer = policyAnswerSchema.parse(ask(one.document));
    expect(answer).toMatchObject(one.want);
    expect(answer.denies.length > 0).toBe(!answer.allow);
  });

  it.each(policyReasonCodeSchema.options)('has a case that is denied by %s and one that shows where it ends', (reason) => {
    const about = cases.filter((one) => one.reason === reason);
    expect(about.some((one) => !one.want.allow && one.want.denies?.includes(reason) === true)).toBe(true);
    expect(about.some((one) => one.want.allow)).toBe(true);
  });
});

type Mutable = Record<string, unknown>;

/** Every member of a document that is not itself an object, as the path to it. */
function leavesOf(document: object, path: readonly string[] = []): string[][] {
  return Object.entries(document).flatMap(([key, value]: [string, unknown]) =>
    typeof value === 'object' && value !== null && !Array.isArray(value) ? leavesOf(value, [...path, key]) : [[...path, key]],
  );
}

function parentOf(document: unknown, path: readonly string[]): Mutable {
  return path.slice(0, -1).reduce((node, key) => node[key] as Mutable, document as Mutable);
}

describe('a missing fact', () => {
  // The schema gate refuses such inputs before the policy sees them; the policy must not need it.
  it.each(['absent', 'null'] as const)('that is %s turns no deny into a permit', (how) => {
    const turned: string[] = [];
    for (const one of cases.filter((candidate) => !candidate.want.allow)) {
      for (const path of leavesOf(one.document)) {
        const document = structuredClone(one.document);
        const key = path.at(-1) ?? '';
        if (how === 'null') parentOf(document, path)[key] = null;
        else delete parentOf(document, path)[key];
        const answer = ask(document) as { readonly allow?: unknown } | undefined;
        if (answer?.allow === true) turned.push(`${one.description}: ${path.join('.')}`);
      }
    }
    expect(turned).toEqual([]);
  });
});
