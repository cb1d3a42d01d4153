import { createSwappableEngine } from '#gateway/app/policy/swappable-engine.ts';
import { loadPolicyBundle } from '#adapters/rego/wasm/load-policy-bundle.ts';
import { createOpaWasmEngine, openWasmPolicy } from '#adapters/rego/wasm/opa-wasm-engine.ts';
import { amount, percentile, report, round } from '#test/support/bench/bench-report.ts';
import { readPolicyCases } from '#test/support/policy/cases.ts';

/*
 * Publishing and rolling back under load: the policy is swapped again and again between decisions, patched, and given new data.
 * A swap is counted from the compiled module and the data to the first decision by it; none may fail.
 */
const SWAPS = amount(200);
const PATCHES = amount(2_000);
const DECISIONS_BETWEEN = 50;

const bundle = await loadPolicyBundle();
const { data, cases } = await readPolicyCases();
const inputs = cases.map(({ document }) => new TextEncoder().encode(JSON.stringify(document)));
const opened = await openWasmPolicy({ ...bundle, data });
const engine = createSwappableEngine(await createOpaWasmEngine({ ...bundle, data }));
const expected = inputs.map((input) => JSON.stringify(engine.evaluate(input)));

let [next, failed, decisions] = [0, 0, 0];
function decideOnce(): void {
  const at = next % inputs.length;
  next += 1;
  decisions += 1;
  try {
    if (JSON.stringify(engine.evaluate(inputs[at] ?? new Uint8Array())) !== expected[at]) failed += 1;
  } catch {
    // Counted: a benchmark of swaps must not hide a decision that one of them cost.
    failed += 1;
  }
}

function timed(count: number, act: (round: number) => void): readonly number[] {
  return Array.from({ length: count }, (_, round) => {
    for (let decision = 0; decision < DECISIONS_BETWEEN; decision += 1) decideOnce();
    const startedMs = performance.now();
    act(round);
    decideOnce();
    return performance.now() - startedMs;
  });
}

const swaps = timed(SWAPS, () => engine.swap(opened.instantiate(data)));
const patches = timed(PATCHES, (number) =>
  engine.patchData(['gatehouse', 'grants', `person:bench-${String(number % 7)}`], number % 2 === 0 ? [] : undefined),
);
report({
  swap_ms: round(percentile(swaps, 0.5), 3),
  swap_p99_ms: round(percentile(swaps, 0.99), 3),
  patch_us: round(percentile(patches, 0.5) * 1_000),
  decisions,
  failed_decisions: failed,
});
if (failed > 0) process.exitCode = 1;
