import { defineConfig } from 'vitest/config';

interface Kind {
  readonly name: string;
  readonly timeoutMs: number;
  /** Groups run one after the other: what promises something within a second must not share the cores with what keeps them busy. */
  readonly group: number;
  readonly workersMax: number;
}

/** Each project is one kind of proof; `npm run check` runs the quick ones, `npm test` all of them. */
const project = ({ name, timeoutMs, group, workersMax }: Kind) => ({
  test: {
    name,
    include: [`test/${name}/**/*.test.ts`],
    testTimeout: timeoutMs,
    hookTimeout: timeoutMs,
    pool: 'forks' as const,
    maxWorkers: workersMax,
    sequence: { groupOrder: group },
  },
});

export default defineConfig({
  test: {
    globalSetup: ['test/support/assert-node-version.ts'],
    projects: [
      project({ name: 'architecture', timeoutMs: 120_000, group: 0, workersMax: 2 }),
      project({ name: 'unit', timeoutMs: 20_000, group: 0, workersMax: 2 }),
      project({ name: 'contract', timeoutMs: 60_000, group: 0, workersMax: 2 }),
      project({ name: 'integration', timeoutMs: 120_000, group: 1, workersMax: 2 }),
      project({ name: 'e2e', timeoutMs: 240_000, group: 2, workersMax: 1 }),
    ],
  },
});
