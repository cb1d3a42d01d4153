/** Writes every Rego file of policies/ in canonical layout. A test fails while one is not. */
import { writeFile } from 'node:fs/promises';
import { POLICIES_DIR, readPolicySources, readPolicyTests } from './policy-sources.ts';
import { createRegoToolchain } from './rego-toolchain.ts';

const files = [...(await readPolicySources()), ...(await readPolicyTests())];
const formatted = await createRegoToolchain().format(files);
if (formatted.ok) {
  for (const file of formatted.files) await writeFile(new URL(file.path, POLICIES_DIR), file.text);
} else {
  for (const problem of formatted.problems) {
    process.stderr.write(`policies/${problem.file}:${String(problem.row)}:${String(problem.col)} ${problem.message}\n`);
  }
  process.exitCode = 1;
}
