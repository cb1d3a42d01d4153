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
  /**
   * Puts a JSON value at a path of keys into the data, making objects on the way, or takes out what is there when the value is undefined.
   * The next evaluation sees it, and `dataRevision` is that of the changed document: as if it had been set as a whole, for microseconds.
   * @throws policy.load_failed and keeps the old, for an empty path, one that leads through what is no object, or what is no JSON.
   */
  patchData(path: readonly string[], value: unknown): void;
}
