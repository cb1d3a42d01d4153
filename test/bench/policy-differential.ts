import { readPolicySchemas } from '#adapters/rego-toolchain/policy-sources.ts';
import { report, round } from '#test/support/bench/bench-report.ts';
import { compareEngines } from '#test/support/policy/compare-engines.ts';
import { mutationsOf } from '#test/support/input-mutations.ts';
import { readPolicyCases } from '#test/support/policy/cases.ts';
import { compiledEngines } from '#test/support/policy/engines.ts';

/*
 * The policy in both engines on every case and on mutations of them: a difference is a defect of one of the two. `--inputs N` asks
 * more or fewer, `--seed N` others; a difference is printed with its input.
 */
const valueOf = (name: string, otherwise: number): number => {
  const at = process.argv.indexOf(name);
  return at < 0 ? otherwise : Number(process.argv[at + 1]);
};
const INPUTS = valueOf('--inputs', 100_000);
const SEED = valueOf('--seed', 1);

function* inputs(documents: readonly Readonly<Record<string, unknown>>[], schema: Readonly<Record<string, unknown>>): Generator<unknown> {
  yield* documents;
  let left = INPUTS;
  for (const mutation of mutationsOf(documents, schema, SEED)) {
    if (left <= 0) return;
    left -= 1;
    yield mutation;
  }
}

const { data, cases } = await readPolicyCases();
const { wasmEngine, planEngine } = await compiledEngines(data);
const schemas = await readPolicySchemas();
const startedMs = performance.now();
const found = compareEngines(
  wasmEngine,
  planEngine,
  inputs(
    cases.map(({ document }) => document),
    schemas['input'] as Readonly<Record<string, unknown>>,
  ),
);
for (const difference of found.differences) console.error(JSON.stringify(difference));
report({
  inputs: found.inputs,
  differences: found.differenceCount,
  permits: found.permits,
  failed_in_both: found.failed,
  seconds: round((performance.now() - startedMs) / 1_000),
});
if (found.differenceCount > 0) process.exitCode = 1;
