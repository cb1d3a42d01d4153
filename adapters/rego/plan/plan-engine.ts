import type { PolicyData } from '#gateway/domain/access/policy-data.ts';
import { GatewayError } from '#gateway/domain/errors.ts';
import type { PolicyEngine } from '#gateway/ports/policy-engine.ts';
import { builtins } from '../builtins/builtins.ts';
import { get, toJson } from '../values/access.ts';
import { canonicalAnswer } from '../canonical-answer.ts';
import { DataDocument, patchTexts } from '../data-document.ts';
import type { RegoValue } from '../values/rego-value.ts';
import { planSchema } from './plan-schema.ts';
import { PlanRuntime, STEPS_MAX } from './plan-runtime.ts';
import type { Program, StatementPlace } from './program.ts';
import { translatePlan } from './translate-plan.ts';

export interface PlanEngineOptions {
  /** The compiler's plan as it came, a JSON value. */
  readonly plan: unknown;
  readonly entrypoint: string;
  /** What `revision` says: the bundle that the plan belongs to. */
  readonly revision: string;
  readonly data: PolicyData;
  readonly stepsMax?: number;
}

/** How often each statement was reached and held in one evaluation. */
export interface StatementReport extends StatementPlace {
  readonly reached: number;
  readonly passed: number;
}

/** The second engine: the same policy as generated JavaScript, with a limit of steps. It also tells which statements decided. */
export interface PlanEngine extends PolicyEngine {
  /** As `evaluate`, and what every statement did. Several times slower. */
  trace(inputJson: Uint8Array): { readonly answer: unknown; readonly statements: readonly StatementReport[] };
}

/** @throws policy.load_failed for a plan that is malformed or needs a built-in that does not exist here */
export function createPlanEngine(options: PlanEngineOptions): PlanEngine {
  try {
    return new GeneratedEngine(options);
  } catch (cause) {
    throw new GatewayError('policy.load_failed', 'the plan of the policy could not be loaded', { cause });
  }
}

const utf8 = new TextDecoder('utf-8', { fatal: true });

class GeneratedEngine implements PlanEngine {
  readonly revision: string;
  readonly #translate: (reports: boolean) => Program;
  readonly #program: Program;
  readonly #stepsMax: number;
  #reporting: Program | null = null;
  #data: DataDocument;

  constructor({ plan, entrypoint, revision, data, stepsMax = STEPS_MAX }: PlanEngineOptions) {
    const parsed = planSchema.parse(plan);
    this.revision = revision;
    this.#translate = (reports) => translatePlan(parsed, { entrypoint, builtins, reports });
    this.#program = this.#translate(false);
    this.#stepsMax = stepsMax;
    this.#data = documentOf(data);
  }

  get dataRevision(): string {
    return this.#data.revision;
  }

  evaluate(inputJson: Uint8Array): unknown {
    return this.#run(this.#program, inputJson, false).answer;
  }

  trace(inputJson: Uint8Array): { readonly answer: unknown; readonly statements: readonly StatementReport[] } {
    this.#reporting ??= this.#translate(true);
    const { places } = this.#reporting;
    const { answer, runtime } = this.#run(this.#reporting, inputJson, true);
    const { reached, passed } = runtime.report;
    return { answer, statements: places.map((place, mark) => ({ ...place, reached: reached[mark] ?? 0, passed: passed[mark] ?? 0 })) };
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

  #run(program: Program, inputJson: Uint8Array, reports: boolean): { readonly answer: unknown; readonly runtime: PlanRuntime } {
    try {
      const input = JSON.parse(utf8.decode(inputJson)) as RegoValue;
      if (typeof input !== 'object' || input === null || Array.isArray(input)) throw new TypeError('the input is no JSON object');
      const runtime = new PlanRuntime(program, { stepsMax: this.#stepsMax, reports });
      program.run(runtime, input, this.#data.root);
      const [only, another] = runtime.answers;
      if (another !== undefined) throw new TypeError('the policy gave no single answer');
      const answer = get(only, 'result');
      return { answer: answer === undefined ? undefined : canonicalAnswer(toJson(answer)), runtime };
    } catch (cause) {
      throw new GatewayError('policy.evaluation_failed', 'the policy could not be evaluated', { cause });
    }
  }
}

function documentOf(data: PolicyData): DataDocument {
  try {
    return DataDocument.of(data);
  } catch (cause) {
    throw new GatewayError('policy.load_failed', 'the data of the policy could not be loaded', { cause });
  }
}
