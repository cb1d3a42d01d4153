import { isUtf8 } from 'node:buffer';
import type { PolicyData } from '#gateway/domain/access/policy-data.ts';
import { GatewayError } from '#gateway/domain/errors.ts';
import type { PolicyEngine } from '#gateway/ports/policy-engine.ts';
import { builtins } from '../builtins/builtins.ts';
import { get } from '../values/access.ts';
import { DataDocument, patchTexts } from '../data-document.ts';
import type { RegoValue } from '../values/rego-value.ts';
import { canonicalResult } from './canonical-result.ts';
import { explainTally, type DecisionExplanation } from './explain-tally.ts';
import { planSchema, type Plan } from './plan-schema.ts';
import { PlanRuntime, STEPS_MAX, newTally, type Tally } from './plan-runtime.ts';
import type { Program, StatementPlace } from './program.ts';
import { translatePlan } from './translate-plan.ts';

export interface PlanEngineOptions {
  /** The compiler's plan as it came, a JSON value. */
  readonly plan: unknown;
  readonly entrypoint: string;
  /** What `revision` says: the bundle that the plan belongs to. */
  readonly revision: string;
  readonly data: PolicyData;
  /** The policy's files, for the lines of explanations. */
  readonly sources?: readonly { readonly path: string; readonly text: string }[];
  readonly stepsMax?: number;
}

/** How often the statements of one line were reached and held. */
export interface StatementReport extends StatementPlace {
  readonly reached: number;
  readonly passed: number;
}

/** The second engine: the same policy as generated JavaScript, with a limit of steps. It also tells which statements decided. */
export interface PlanEngine extends PolicyEngine {
  /** As `evaluate`, of an input that was parsed already; it is not changed. */
  evaluateInput(input: object): unknown;
  /** As `evaluate`, and what every statement did. Several times slower. */
  trace(inputJson: Uint8Array): { readonly answer: unknown; readonly statements: readonly StatementReport[] };
  /** As `evaluate`, and the line at which each rule held or failed; see `explainTally`. Several times slower. */
  explainDecision(inputJson: Uint8Array): DecisionExplanation & { readonly answer: unknown };
  /** From here on every evaluation is counted, until `stopCoverage`; several times slower. Starts at zero. */
  startCoverage(): void;
  stopCoverage(): void;
  /** What evaluations did since `startCoverage`; empty before it. Counters stop at 2^32. */
  coverage(): readonly StatementReport[];
}

/** @throws policy.load_failed for a plan that is malformed or needs a built-in that does not exist here */
export function createPlanEngine(options: PlanEngineOptions): PlanEngine {
  try {
    return new GeneratedEngine(options);
  } catch (cause) {
    throw new GatewayError('policy.load_failed', 'the plan of the policy could not be loaded', { cause });
  }
}

class GeneratedEngine implements PlanEngine {
  readonly revision: string;
  readonly #plan: Plan;
  readonly #entrypoint: string;
  readonly #program: Program;
  readonly #stepsMax: number;
  readonly #sources: ReadonlyMap<string, readonly string[]>;
  #reportingProgram: Program | null = null;
  #coverage: Tally | null = null;
  #isCovering = false;
  #data: DataDocument;

  constructor({ plan, entrypoint, revision, data, sources = [], stepsMax = STEPS_MAX }: PlanEngineOptions) {
    this.revision = revision;
    this.#plan = planSchema.parse(plan);
    this.#entrypoint = entrypoint;
    this.#program = translatePlan(this.#plan, { entrypoint, builtins, reports: false });
    this.#stepsMax = stepsMax;
    this.#sources = new Map(sources.map(({ path, text }) => [path, text.split('\n')]));
    this.#data = documentOf(data);
  }

  get dataRevision(): string {
    return this.#data.revision;
  }

  evaluate(inputJson: Uint8Array): unknown {
    return this.#isCovering ? this.#run(this.#reporting(), inputJson, this.#coverage) : this.#run(this.#program, inputJson, null);
  }

  evaluateInput(input: object): unknown {
    // JSON that was parsed is what this engine makes of JSON by itself.
    return this.#evaluate(this.#program, input as RegoValue, null);
  }

  trace(inputJson: Uint8Array): { readonly answer: unknown; readonly statements: readonly StatementReport[] } {
    const tally = newTally(this.#reporting());
    return { answer: this.#run(this.#reporting(), inputJson, tally), statements: this.#reportOf(tally) };
  }

  explainDecision(inputJson: Uint8Array): DecisionExplanation & { readonly answer: unknown } {
    const program = this.#reporting();
    const tally = newTally(program);
    const answer = this.#run(program, inputJson, tally);
    const goal = [...this.#entrypoint.split('/').slice(0, -1), GOAL];
    const lineAt = (file: string, row: number): string => this.#sources.get(file)?.[row - 1] ?? '';
    return { answer, ...explainTally({ plan: this.#plan, program, tally, goal, lineAt }) };
  }

  startCoverage(): void {
    this.#coverage = newTally(this.#reporting());
    this.#isCovering = true;
  }

  stopCoverage(): void {
    this.#isCovering = false;
  }

  coverage(): readonly StatementReport[] {
    return this.#coverage === null ? [] : this.#reportOf(this.#coverage);
  }

  setData(data: PolicyData): void {
    this.#data = documentOf(data);
  }

  patchData(path: readonly string[], value: unknown): void {
    try {
      this.#data = this.#data.patched(path, patchTexts(path, value).valueJson);
    } catch (cause) {
      throw new GatewayError('policy.load_failed', 'the data of the policy could not be changed', { cause });
    }
  }

  #reporting(): Program {
    this.#reportingProgram ??= translatePlan(this.#plan, { entrypoint: this.#entrypoint, builtins, reports: true });
    return this.#reportingProgram;
  }

  #reportOf({ reached, passed }: Tally): readonly StatementReport[] {
    return this.#reporting().places.map((place, mark) => ({ ...place, reached: reached[mark] ?? 0, passed: passed[mark] ?? 0 }));
  }

  #run(program: Program, inputJson: Uint8Array, tally: Tally | null): unknown {
    try {
      return this.#evaluate(program, parseInput(inputJson), tally);
    } catch (cause) {
      if (cause instanceof GatewayError) throw cause;
      throw new GatewayError('policy.evaluation_failed', 'the policy could not be evaluated', { cause });
    }
  }

  #evaluate(program: Program, input: RegoValue, tally: Tally | null): unknown {
    try {
      const runtime = new PlanRuntime(program, this.#stepsMax, tally);
      program.run(runtime, input, this.#data.root);
      const answer = get(runtime.onlyAnswer, 'result');
      return answer === undefined ? undefined : canonicalResult(answer);
    } catch (cause) {
      throw new GatewayError('policy.evaluation_failed', 'the policy could not be evaluated', { cause });
    }
  }
}

/** The rule whose failure is explained, beside the entrypoint. */
const GOAL = 'allow';

/** @throws TypeError or SyntaxError for what is no JSON object in UTF-8 */
function parseInput(inputJson: Uint8Array): RegoValue {
  const bytes = Buffer.from(inputJson.buffer, inputJson.byteOffset, inputJson.byteLength);
  if (!isUtf8(bytes)) throw new TypeError('the input is no UTF-8');
  const input = JSON.parse(bytes.toString('utf8')) as RegoValue;
  if (typeof input !== 'object' || input === null || Array.isArray(input)) throw new TypeError('the input is no JSON object');
  return input;
}

function documentOf(data: PolicyData): DataDocument {
  try {
    return DataDocument.of(data);
  } catch (cause) {
    throw new GatewayError('policy.load_failed', 'the data of the policy could not be loaded', { cause });
  }
}
