import type { PolicyData } from '../domain/access/policy-data.ts';

/** Evaluates the active policy revision. Synchronous: the compiled policy has no I/O. */
export interface PolicyEngine {
  /** SHA-256 (hex) of the active bundle's manifest. Changes only when the policy is swapped. */
  readonly revision: string;
  /** SHA-256 (hex) of the canonical JSON of the active data. */
  readonly dataRevision: string;
  /**
   * Evaluates one input, given as UTF-8 JSON that has already passed the input schema. Returns the parsed answer, unchecked;
   * sets are in canonical (sorted) order. `undefined` when the policy gave no answer.
   * @throws policy.evaluation_failed whatever went wrong inside; the engine stays usable.
   */
  evaluate(inputJson: Uint8Array): unknown;
  /** Replaces the data document. A pointer swap: evaluations see the old data or the new, never a mixture. @throws policy.load_failed and keeps the old. */
  setData(data: PolicyData): void;
}
