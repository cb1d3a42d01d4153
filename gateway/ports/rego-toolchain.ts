/** One Rego source text. `path` only names it in problems and coverage; nothing is read from disk. */
export interface RegoFile {
  readonly path: string;
  readonly text: string;
}

/** One error with its place. `row` and `col` start at 1; both are 0 where the compiler knows no place. */
export interface RegoProblem {
  /** OPA's own code, such as rego_parse_error or rego_type_error. */
  readonly code: string;
  readonly message: string;
  readonly file: string;
  readonly row: number;
  readonly col: number;
}

export interface RegoSource {
  readonly files: readonly RegoFile[];
  /** JSON Schemas by name. The one named `input` types `input` in every rule, annotated or not. */
  readonly schemas?: Readonly<Record<string, unknown>>;
  /** OPA built-ins that the evaluation host implements, beyond those native to WASM. Every other one is a problem. */
  readonly hostBuiltins?: readonly string[];
}

/** A policy that is refused is an expected outcome: a list of problems, never empty. */
export interface RegoRefusal {
  readonly ok: false;
  readonly problems: readonly RegoProblem[];
}

export interface RegoCompilation {
  readonly ok: true;
  readonly wasm: Uint8Array;
  /** The compiler's intermediate representation (JSON value), when it was asked for. */
  readonly plan: unknown;
}

export interface RegoTestResult {
  readonly package: string;
  readonly name: string;
  readonly file: string;
  readonly row: number;
  readonly pass: boolean;
  readonly skip: boolean;
  /** Why the test ended without an answer; empty when it had one. */
  readonly error: string;
}

/** Rows of one file, each once and ascending. Rows without an expression are in neither list. */
export interface RegoFileCoverage {
  readonly file: string;
  readonly covered: readonly number[];
  readonly notCovered: readonly number[];
}

export interface RegoTestRun {
  readonly ok: true;
  readonly allPassed: boolean;
  readonly tests: readonly RegoTestResult[];
  readonly coverage: readonly RegoFileCoverage[];
}

/** One step of an evaluation: a rule or query entered, left with a value, or the line at which it failed. */
export interface RegoTraceStep {
  readonly op: 'enter' | 'exit' | 'fail';
  /** Number of queries that this step is inside of; 1 for the outermost. */
  readonly depth: number;
  readonly file: string;
  readonly row: number;
  readonly col: number;
  /** Begins as the line in the file does, from `col`; at most 200 bytes. */
  readonly text: string;
}

export interface RegoExplanation {
  readonly ok: true;
  /** The rule's value as JSON, `undefined` when it has none. */
  readonly result: unknown;
  readonly trace: readonly RegoTraceStep[];
  /** The trace was longer than its limit of 5,000 steps, and ends there. */
  readonly truncated: boolean;
}

/**
 * The Rego compiler. Every call is isolated: it knows only its arguments, keeps nothing, has no file system and no network, and
 * the same arguments give the same bytes.
 *
 * Every member throws: request.too_large (nothing was started), request.rate_limited (too many calls wait),
 * policy.toolchain_timed_out (the call was terminated), policy.toolchain_failed (it ended without an answer, for instance out of
 * memory), policy.artifact_mismatch (the compiler itself is not the one whose hash is committed).
 */
export interface RegoToolchain {
  /** Strict check: syntax, types against the schemas, unused variables and imports, built-ins beyond the allowed ones. */
  check(source: RegoSource): Promise<{ readonly ok: true } | RegoRefusal>;
  /** Checks and compiles. `entrypoints` are rule paths such as `gatehouse/access/decision`; at least one. */
  compile(
    source: RegoSource & { readonly entrypoints: readonly string[]; readonly plan?: boolean },
  ): Promise<RegoCompilation | RegoRefusal>;
  /** Canonical layout, in the order of the files. */
  format(files: readonly RegoFile[]): Promise<{ readonly ok: true; readonly files: readonly RegoFile[] } | RegoRefusal>;
  /** Runs every `test_` rule with `data` as the base document. A failed test is a result, not a refusal. */
  test(source: RegoSource & { readonly data?: Readonly<Record<string, unknown>> }): Promise<RegoTestRun | RegoRefusal>;
  /** Evaluates one rule in OPA's own interpreter and tells each step. An evaluation that ends in an error is a refusal with its place. */
  explain(
    source: RegoSource & {
      readonly entrypoint: string;
      readonly input: unknown;
      readonly data?: Readonly<Record<string, unknown>>;
    },
  ): Promise<RegoExplanation | RegoRefusal>;
}
