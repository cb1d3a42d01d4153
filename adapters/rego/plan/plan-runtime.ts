import type { RegoValue } from '../values/rego-value.ts';
import type { Program } from './program.ts';

/** Rule calls and loop steps of one evaluation. Our policies take some hundreds. */
export const STEPS_MAX = 5_000_000;

/** Stands in the memory of rules for "undefined", where nothing at all means that the rule was not asked yet. */
export const UNDEFINED = Symbol('undefined');

/** How often each numbered statement was reached, and how often it held. */
export interface Tally {
  readonly reached: Uint32Array;
  readonly passed: Uint32Array;
}

export function newTally(program: Program): Tally {
  return { reached: new Uint32Array(program.places.length), passed: new Uint32Array(program.places.length) };
}

/** What generated code knows of one evaluation. Its fields are plain, because it is made for every decision. */
export class PlanRuntime {
  /** Values of rules without arguments, by number. */
  memo: (RegoValue | typeof UNDEFINED | undefined)[];
  stepsLeft: number;
  readonly tally: Tally | null;
  readonly #files: readonly string[];
  #answer: RegoValue | undefined;
  #answers = 0;

  constructor({ rulesCount, files }: Pick<Program, 'rulesCount' | 'files'>, stepsMax: number, tally: Tally | null) {
    this.memo = nothingKnown(rulesCount);
    this.stepsLeft = stepsMax;
    this.tally = tally;
    this.#files = files;
  }

  exhausted(): never {
    throw new RangeError('the policy takes too many steps');
  }

  reached(mark: number): void {
    if (this.tally !== null) this.tally.reached[mark] = (this.tally.reached[mark] ?? 0) + 1;
  }

  passed(mark: number): void {
    if (this.tally !== null) this.tally.passed[mark] = (this.tally.passed[mark] ?? 0) + 1;
  }

  /** `with` changes what rules see: inside it nothing is known yet. */
  memoBegin(): PlanRuntime['memo'] {
    const outer = this.memo;
    this.memo = nothingKnown(outer.length);
    return outer;
  }

  answer(value: RegoValue): void {
    this.#answer = value;
    this.#answers += 1;
  }

  /** What the entrypoint gave, as `{"result": value}`; undefined when it gave nothing. @throws TypeError when it gave several */
  get onlyAnswer(): RegoValue | undefined {
    if (this.#answers > 1) throw new TypeError('the policy gave no single answer');
    return this.#answer;
  }

  conflict(file: number, row: number, col: number): never {
    throw new TypeError(`two values for one rule at ${this.#files[file] ?? ''}:${String(row)}:${String(col)}`);
  }
}

/** Of its full length at once: an array that grows from behind is a slow one. */
const nothingKnown = (rulesCount: number): PlanRuntime['memo'] => new Array<undefined>(rulesCount).fill(undefined);
