/** Formats nothing, hides nothing: compiles policies/ into policies/dist, or prints each problem with its place and fails. */
import { writeFile } from 'node:fs/promises';
import { compilePolicy } from './compile-policy.ts';
import { POLICIES_DIR } from './policy-sources.ts';
import { createRegoToolchain } from './rego-toolchain.ts';

const compiled = await compilePolicy(createRegoToolchain());
if (compiled.ok) {
  for (const [name, bytes] of compiled.files) await writeFile(new URL(`dist/${name}`, POLICIES_DIR), bytes);
} else {
  for (const problem of compiled.problems) {
    process.stderr.write(`policies/${problem.file}:${String(problem.row)}:${String(problem.col)} ${problem.code}: ${problem.message}\n`);
  }
  process.exitCode = 1;
}
