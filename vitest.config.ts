import { defineConfig } from 'vitest/config';

interface Kind {
  readonly name: string;
  /** Below test/; without what other kinds have for themselves. */
  readonly folder?: string;
  readonly without?: readonly string[];
  /** What runs once before all of them. */
  readonly setup?: string;
  readonly timeoutMs: number;
  /** Groups run one after the other: what promises something within a second must not share the cores with what keeps them busy. */
  readonly group: number;
  readonly workersMax: number;
}

const BUILD_CONSOLE = 'test/support/build-console.ts';

/** Each project is one kind of proof; `npm run check` runs the quick ones, `npm test` all of them. */
const project = ({ name, folder = name, without = [], setup, timeoutMs, group, workersMax }: Kind) => ({
  test: {
    name,
    include: [`test/${folder}/**/*.test.ts`],
    exclude: without.map((other) => `test/${other}/**`),
    globalSetup: setup === undefined ? [] : [setup],
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
      project({ name: 'pages', folder: 'e2e/pages', setup: BUILD_CONSOLE, timeoutMs: 120_000, group: 2, workersMax: 2 }),
      project({ name: 'e2e', without: ['e2e/pages', 'e2e/timed'], setup: BUILD_CONSOLE, timeoutMs: 240_000, group: 2, workersMax: 2 }),
      project({ name: 'timed', folder: 'e2e/timed', setup: BUILD_CONSOLE, timeoutMs: 240_000, group: 3, workersMax: 1 }),
    ],
  },
});
