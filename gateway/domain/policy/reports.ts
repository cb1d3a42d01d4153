import { z } from 'zod';
import { findingSchema } from './finding.ts';

const trialSchema = z.strictObject({
  /** Largest inputs of each action that were tried. */
  inputs: z.int(),
  stepsMax: z.int(),
  /** The slowest of them in the engine that decides, ms. */
  slowestMs: z.number(),
  slowest: z.string(),
});

/** What the check of a revision found. */
export const checkReportSchema = z.strictObject({
  findings: z.array(findingSchema),
  /** Null when it does not compile. */
  revision: z.string().nullable(),
  /** Null when it does not compile, or the trial ended with an error that is among the findings. */
  trial: trialSchema.nullable(),
  tookMs: z.int(),
});
export type CheckReport = z.infer<typeof checkReportSchema>;

/** Tests and cases named in one report; beyond it they are counted. */
export const FAILED_TESTS_MAX = 200;

const failedTestSchema = z.strictObject({
  name: z.string(),
  file: z.string(),
  row: z.int(),
  /** What was answered, where it was not what was wanted. */
  message: z.string().max(2_000),
});
export type FailedTest = z.infer<typeof failedTestSchema>;

/** What the tests of a revision showed. */
export const testReportSchema = z.strictObject({
  /** Rego tests that ran, and cases that were put to both engines. */
  tests: z.int(),
  cases: z.int(),
  failed: z.int(),
  failures: z.array(failedTestSchema),
  /** Cases to which the two engines gave different answers: each is a failure. */
  differences: z.int(),
  coverage: z.array(z.strictObject({ file: z.string(), covered: z.array(z.int()), notCovered: z.array(z.int()) })),
  coverage01: z.number(),
  findings: z.array(findingSchema),
  tookMs: z.int(),
});
export type TestReport = z.infer<typeof testReportSchema>;

/** Share of the policy's lines that tests must reach. */
export const COVERAGE_MIN_01 = 0.8;
