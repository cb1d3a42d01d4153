import type { PolicyData } from '#gateway/domain/access/policy-data.ts';
import { builtins } from '../builtins/builtins.ts';
import { canonicalAnswer } from '../canonical-answer.ts';
import { DataDocument } from '../data-document.ts';
import { get, toJson } from '../values/access.ts';
import type { RegoValue } from '../values/rego-value.ts';
import { planSchema } from './plan-schema.ts';
import { PlanRuntime } from './plan-runtime.ts';
import type { Program, StatementPlace } from './program.ts';
import { translatePlan } from './translate-plan.ts';

export interface PlanTrial {
  /** Of each numbered statement. */
  readonly places: readonly StatementPlace[];
  /** Throws what the evaluation throws. */
  run(input: unknown): { readonly answer: unknown; readonly steps: number };
}

export interface PlanTrialOptions {
  readonly plan: unknown;
  readonly entrypoint: string;
  readonly data: PolicyData;
  readonly stepsMax: number;
  /** Gets the number of each statement as it is reached, plus one: shared memory, so that another thread can read it when this one was ended. */
  readonly marker: Int32Array;
}

/** Runs a plan so that it can be said where it was when it went wrong. @throws Error for a plan that cannot be loaded */
export function createPlanTrial({ plan, entrypoint, data, stepsMax, marker }: PlanTrialOptions): PlanTrial {
  const program = translatePlan(planSchema.parse(plan), { entrypoint, builtins, reports: true });
  const document = DataDocument.of(data);
  return {
    places: program.places,
    run: (input) => {
      const runtime = new TrialRuntime(program, stepsMax, marker);
      // A copy: JSON and nothing else.
      program.run(runtime, JSON.parse(JSON.stringify(input)) as RegoValue, document.root);
      const answer = get(runtime.onlyAnswer, 'result');
      return { answer: answer === undefined ? undefined : canonicalAnswer(toJson(answer)), steps: stepsMax - runtime.stepsLeft };
    },
  };
}

class TrialRuntime extends PlanRuntime {
  readonly #marker: Int32Array;

  constructor(program: Program, stepsMax: number, marker: Int32Array) {
    super(program, stepsMax, null);
    this.#marker = marker;
  }

  override reached(mark: number): void {
    this.#marker[0] = mark + 1;
  }
}
