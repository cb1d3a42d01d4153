import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { canonicalJson } from '#gateway/domain/canonical-json.ts';
import { HOST_BUILTINS } from '#gateway/domain/access/host-builtins.ts';
import { createRegoToolchain } from '#adapters/rego-toolchain/rego-toolchain.ts';
import { HOST_CALLS } from '#test/support/policy/host-calls.ts';
import { policyOfCalls } from '#test/support/policy/builtin-calls.ts';
import { bothEngines } from '#test/support/policy/two-engines.ts';

const CASES_PER_CALL = 200;
const text = policyOfCalls(HOST_CALLS);
const toolchain = createRegoToolchain({ timeoutMs: 100_000 });
const { wasm, plan } = await bothEngines(text);

async function oracle(input: unknown): Promise<readonly unknown[]> {
  const files = [{ path: 'p.rego', text }];
  const found = await toolchain.explain({ files, entrypoint: 'p/decision', input, hostBuiltins: HOST_BUILTINS });
  if (!found.ok) throw new TypeError(JSON.stringify(found.problems));
  return found.result as readonly unknown[];
}

describe('the built-ins of the host', () => {
  it('are all tried', () => {
    expect(new Set(HOST_CALLS.map(({ name }) => name))).toEqual(new Set(HOST_BUILTINS));
  });

  it.each(HOST_CALLS.map((call) => [call.name, call] as const))('%s: both engines give what OPA gives', async (name, { args }) => {
    const cases = fc.sample(args, { numRuns: CASES_PER_CALL, seed: 20_261_122 });
    const input = { call: name, cases };
    const [wanted, first, second] = [await oracle(input), wasm(input) as readonly unknown[], plan(input) as readonly unknown[]];
    const differing = cases.flatMap((one, at) => {
      const [opa, wasmSays, planSays] = [wanted, first, second].map((found) => canonicalJson(found[at]));
      return opa === wasmSays && opa === planSays ? [] : [`${JSON.stringify(one)}: OPA ${opa}, WASM ${wasmSays}, plan ${planSays}`];
    });
    expect(differing.slice(0, 5)).toEqual([]);
  });
});
