import { defineConfig } from 'vitest/config';

/** Each project is one kind of proof; `npm run check` runs the quick ones, `npm test` all of them. */
const project = (name: string, testTimeoutMs: number) => ({
  test: { name, include: [`test/${name}/**/*.test.ts`], testTimeout: testTimeoutMs, hookTimeout: testTimeoutMs, pool: 'forks' as const },
});

export default defineConfig({
  test: {
    maxWorkers: 2,
    globalSetup: ['test/support/assert-node-version.ts'],
    projects: [
      project('architecture', 120_000),
      project('unit', 20_000),
      project('contract', 60_000),
      project('integration', 120_000),
      project('e2e', 240_000),
    ],
  },
});
