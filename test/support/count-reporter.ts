import { writeFileSync } from 'node:fs';
import type { Reporter, SerializedError, TestModule } from 'vitest/node';

export interface TestCount {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  /** Files that could not be run at all, and errors that no test caught. */
  readonly broken: number;
}

/** In CI a test that did not run proved nothing, so it counts as failed; a run without a test failed too. */
export function toVerdict(count: TestCount, inCi: boolean): { readonly passed: number; readonly failed: number } {
  const failed = count.failed + count.broken + (inCi ? count.skipped : 0);
  return { passed: count.passed, failed: count.passed + failed === 0 ? 1 : failed };
}

/** Ends a run with the plain line `N passed, N failed` and an exit code that agrees with it. */
export default class CountReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandledErrors: readonly SerializedError[]): void {
    const verdict = toVerdict(countTests(modules, unhandledErrors), process.env['CI'] === 'true');
    if (verdict.failed > 0) process.exitCode = 1;
    const file = process.env['GATEHOUSE_TEST_COUNT_FILE'];
    if (file !== undefined) writeFileSync(file, `${verdict.passed} ${verdict.failed}\n`);
    process.stdout.write(`${verdict.passed} passed, ${verdict.failed} failed\n`);
  }
}

function countTests(modules: readonly TestModule[], unhandledErrors: readonly SerializedError[]): TestCount {
  const states = modules.flatMap((module) => [...module.children.allTests()].map((test) => test.result().state));
  // `pending` is a test that began and never ended.
  const failed = states.filter((state) => state === 'failed' || state === 'pending').length;
  const brokenModules = modules.filter(
    (module) => module.errors().length > 0 || (module.state() === 'failed' && module.children.size === 0),
  ).length;
  return {
    passed: states.filter((state) => state === 'passed').length,
    failed,
    skipped: states.filter((state) => state === 'skipped').length,
    broken: brokenModules + unhandledErrors.length,
  };
}
