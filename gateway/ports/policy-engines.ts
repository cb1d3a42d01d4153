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

/** The second engine: it counts steps, and says which statements decided. */
export interface TracingEngine {
  readonly revision: string;
  readonly dataRevision: string;
  /** As `PolicyEngine.evaluate`. @throws policy.evaluation_failed also for too many steps */
  evaluate(inputJson: Uint8Array): unknown;
  trace(inputJson: Uint8Array): { readonly answer: unknown; readonly statements: readonly StatementTrace[] };
  /** @throws policy.load_failed and keeps the old. */
  setData(data: PolicyData): void;
}

/** Makes engines of bundles whose hashes the caller has verified. */
export interface PolicyEngines {
  /** The engine that decides. @throws policy.load_failed */
  load(bundle: CompiledBundle): Promise<PolicyEngine>;
  /** @throws policy.load_failed also for a bundle without a plan */
  trace(bundle: CompiledBundle, options?: { readonly stepsMax?: number }): TracingEngine;
}
