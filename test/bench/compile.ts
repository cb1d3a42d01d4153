import { readPolicySchemas, readPolicySources, readPolicyTests } from '#adapters/rego-toolchain/policy-sources.ts';
import { createRegoToolchain } from '#adapters/rego-toolchain/rego-toolchain.ts';
import { HOST_BUILTINS } from '#gateway/domain/access/host-builtins.ts';
import { percentile, report, round } from '#test/support/bench-report.ts';
import { readPolicyCases } from '#test/support/policy-cases.ts';

/* What an editor waits for, warm: checking, compiling (WASM and plan) and testing the default policy with all of its cases. */
const ROUNDS = 9;

const toolchain = createRegoToolchain({ timeoutMs: 100_000 });
const source = { files: await readPolicySources(), schemas: await readPolicySchemas(), hostBuiltins: HOST_BUILTINS };
const { data, cases } = await readPolicyCases();
const testData = { ...data, cases: cases.map(({ description, document, want }) => ({ description, document, want })) };
const files = [...source.files, ...(await readPolicyTests())];

async function medianMs(act: () => Promise<{ readonly ok: boolean }>): Promise<number> {
  const samples: number[] = [];
  for (let number = 0; number <= ROUNDS; number += 1) {
    const startedMs = performance.now();
    if (!(await act()).ok) throw new Error('the default policy is refused');
    if (number > 0) samples.push(performance.now() - startedMs);
  }
  return round(percentile(samples, 0.5));
}

const checkMs = await medianMs(() => toolchain.check(source));
const compileMs = await medianMs(() => toolchain.compile({ ...source, entrypoints: ['gatehouse/access/decision'], plan: true }));
const wasmOnlyMs = await medianMs(() => toolchain.compile({ ...source, entrypoints: ['gatehouse/access/decision'] }));
const testsMs = await medianMs(() => toolchain.test({ ...source, files, data: testData }));
report({ check_ms: checkMs, compile_ms: compileMs, compile_wasm_ms: wasmOnlyMs, tests_ms: testsMs });
