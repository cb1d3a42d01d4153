import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { compilePolicy } from '#adapters/rego-toolchain/compile-policy.ts';
import { POLICIES_DIR, readPolicySchemas, readPolicySources, readPolicyTests } from '#adapters/rego-toolchain/policy-sources.ts';
import { createRegoToolchain } from '#adapters/rego-toolchain/rego-toolchain.ts';
import { readPolicyCases } from '#test/support/policy/cases.ts';

const toolchain = createRegoToolchain({ timeoutMs: 90_000 });
const sources = await readPolicySources();
const tests = await readPolicyTests();

describe('policies/dist', () => {
  it('is, bit for bit, what the sources compile to (npm run policies:build)', async () => {
    const compiled = await compilePolicy(toolchain);
    if (!compiled.ok) throw new Error(JSON.stringify(compiled.problems));
    for (const [name, bytes] of compiled.files) {
      const committed = await readFile(new URL(`dist/${name}`, POLICIES_DIR));
      expect(committed.equals(bytes), name).toBe(true);
    }
  });
});

describe('the Rego of the policy', () => {
  it('is in canonical layout (npm run policies:format)', async () => {
    const files = [...sources, ...tests];
    expect(await toolchain.format(files)).toEqual({ ok: true, files });
  });

  it('negates rules only: a negated call or membership on a missing fact would undo the deny around it', () => {
    const negated = /\bnot (?:[\w.]+\([^)]*\binput\.|[^\n]*\bin\b)/;
    for (const file of sources) expect(file.text, file.path).not.toMatch(negated);
  });

  it('passes its tests in OPA’s own engine, cases included, and the tests reach every line', async () => {
    const { data, cases } = await readPolicyCases();
    const run = await toolchain.test({
      files: [...sources, ...tests],
      schemas: await readPolicySchemas(),
      data: { ...data, cases: cases.map(({ description, document, want }) => ({ description, document, want })) },
    });
    if (!run.ok) throw new Error(JSON.stringify(run.problems));
    expect(run.tests.filter((test) => !test.pass)).toEqual([]);
    const missed = run.coverage.filter((found) => !found.file.startsWith('tests/')).map((found) => [found.file, found.notCovered]);
    expect(missed).toEqual(sources.map((file) => [file.path, []]));
  });
});
