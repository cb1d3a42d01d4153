import { setTimeout as sleep } from 'node:timers/promises';
import { createOpaBinaryToolchain } from '#adapters/rego-toolchain/opa-binary.ts';
import { readPolicySchemas, readPolicySources, readPolicyTests } from '#adapters/rego-toolchain/policy-sources.ts';
import { createRegoToolchain } from '#adapters/rego-toolchain/rego-toolchain.ts';
import { HOST_BUILTINS } from '#gateway/domain/access/host-builtins.ts';
import type { RegoToolchain } from '#gateway/ports/rego-toolchain.ts';
import { amount, percentile, report, round } from '#test/support/bench/bench-report.ts';
import { knownOpaProgram } from '#test/support/peers/opa-program.ts';
import { readPolicyCases } from '#test/support/policy/cases.ts';

/*
 * What an editor waits for, warm: checking, compiling (WASM and plan) and testing the default policy with all of its cases; and the same by
 * the `opa` program where there is one.
 */
const ROUNDS = amount(9);
/** Between two calls, as between two looks of an editor: the next compiler starts meanwhile. */
const PAUSE_MS = 500;
/** Hundreds of cases with coverage: seconds each. */
const TEST_ROUNDS = amount(3);
const TIMEOUT_MS = 100_000;

const source = { files: await readPolicySources(), schemas: await readPolicySchemas(), hostBuiltins: HOST_BUILTINS };
const { data, cases } = await readPolicyCases();
const testData = { ...data, cases: cases.map(({ description, document, want }) => ({ description, document, want })) };
const files = [...source.files, ...(await readPolicyTests())];

async function measured(toolchain: RegoToolchain) {
  const compile = (plan: boolean) => toolchain.compile({ ...source, entrypoints: ['gatehouse/access/decision'], plan });
  return {
    check_ms: await medianMs(() => toolchain.check(source)),
    compile_ms: await medianMs(() => compile(true)),
    compile_wasm_ms: await medianMs(() => compile(false)),
    tests_ms: await medianMs(() => toolchain.test({ ...source, files, data: testData }), TEST_ROUNDS),
  };
}

async function medianMs(act: () => Promise<{ readonly ok: boolean }>, rounds = ROUNDS): Promise<number> {
  const samples: number[] = [];
  for (let number = 0; number <= rounds; number += 1) {
    const startedMs = performance.now();
    if (!(await act()).ok) throw new Error('the default policy is refused');
    if (number > 0) samples.push(performance.now() - startedMs);
    await sleep(PAUSE_MS);
  }
  return round(percentile(samples, 0.5));
}

const own = await measured(createRegoToolchain({ timeoutMs: TIMEOUT_MS }));
const program = knownOpaProgram();
const opa = program === null ? null : await measured(createOpaBinaryToolchain({ program, timeoutMs: TIMEOUT_MS }));
const ratios =
  opa === null
    ? null
    : {
        check: round(opa.check_ms / own.check_ms, 2),
        compile: round(opa.compile_ms / own.compile_ms, 2),
        tests: round(opa.tests_ms / own.tests_ms, 2),
      };
// As for the others: above 1 is faster than OPA.
report({ ...own, opa, ratio_to_opa: ratios });
