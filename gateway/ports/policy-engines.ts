import type { PolicyData } from '../domain/access/policy-data.ts';
import type { CompiledBundle } from '../domain/policy/signed-bundle.ts';
import type { PolicyEngine } from './policy-engine.ts';

/** What one statement of the policy did in one evaluation, with its place. */
export interface StatementTrace {
  readonly file: string;
  readonly row: number;
  readonly col: number;
  readonly reached: number;
  readonly passed: number;
}

/** A line of the policy, as it is written. */
export interface PolicyLine {
  readonly file: string;
  readonly row: number;
  readonly text: string;
}

/** One definition of a rule that was looked at. */
export interface RuleOutcome {
  /** Such as `gatehouse.access.allow`. */
  readonly rule: string;
  readonly line: PolicyLine;
  readonly holds: boolean;
  /** The first condition that failed; null for what holds. */
  readonly failedAt: PolicyLine | null;
}

/** The second engine: it counts steps, and says which statements decided. */
export interface TracingEngine {
  readonly revision: string;
  readonly dataRevision: string;
  /** As `PolicyEngine.evaluate`. @throws policy.evaluation_failed also for too many steps */
  evaluate(inputJson: Uint8Array): unknown;
  /** As `evaluate`, of an input that was parsed already; it is not changed. */
  evaluateInput(input: object): unknown;
  trace(inputJson: Uint8Array): { readonly answer: unknown; readonly statements: readonly StatementTrace[] };
  /** As `evaluate`, and what each rule that was looked at did; `missing` are the fewest lines that stood against a permit. */
  explainDecision(inputJson: Uint8Array): {
    readonly answer: unknown;
    readonly rules: readonly RuleOutcome[];
    readonly missing: readonly PolicyLine[];
  };
  /** @throws policy.load_failed and keeps the old. */
  setData(data: PolicyData): void;
}

/** Makes engines of bundles whose hashes the caller has verified. */
export interface PolicyEngines {
  /** The engine that decides. @throws policy.load_failed */
  load(bundle: CompiledBundle): Promise<PolicyEngine>;
  /** @throws policy.load_failed also for a bundle without a plan */
  trace(
    bundle: CompiledBundle,
    options?: { readonly stepsMax?: number; readonly sources?: readonly { readonly path: string; readonly text: string }[] },
  ): TracingEngine;
}
