import type { RegoValue } from '../values/rego-value.ts';
import type { Statement } from './plan-schema.ts';

/** Place of one statement in the policy's sources. */
export interface StatementPlace {
  readonly file: string;
  readonly row: number;
  readonly col: number;
}

/** `runtime` is the PlanRuntime of this evaluation; generated code alone looks into it. */
export type PlannedRule = (runtime: object, input: RegoValue, data: RegoValue) => RegoValue | undefined;

export interface Program {
  /** Evaluates the entrypoint; answers go to `rt.answer`. */
  readonly run: (runtime: object, input: RegoValue, data: RegoValue) => void;
  readonly rulesCount: number;
  /** Names of the policy's files, as the plan numbers them. */
  readonly files: readonly string[];
  /** Of each numbered statement; empty for a program that does not report. */
  readonly places: readonly StatementPlace[];
  /** Number of each statement; empty for a program that does not report. */
  readonly marks: ReadonlyMap<Statement, number>;
}

/** One text for a path of strings. */
export function ruleKey(path: readonly RegoValue[]): string {
  return JSON.stringify(path);
}
