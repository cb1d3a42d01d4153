import { get, merge, scan, sizeOf, upsert } from '../values/access.ts';
import { equal } from '../values/compare.ts';
import { RegoObject, RegoSet, typeOf, type RegoType, type RegoValue } from '../values/rego-value.ts';
import { ruleKey, type PlannedRule, type Program } from './program.ts';

/** Rule calls and loop steps of one evaluation. Our policies take some hundreds. */
export const STEPS_MAX = 5_000_000;

/** What generated code calls while it evaluates one input. */
export class PlanRuntime {
  readonly get = get;
  readonly equal = equal;
  readonly scan = scan;
  readonly sizeOf = sizeOf;
  readonly merge = merge;
  readonly upsert = upsert;
  readonly answers: RegoValue[] = [];
  readonly #rules: Program['rules'];
  readonly #hits: Uint32Array | null;
  readonly #passes: Uint32Array | null;
  #memo = new Map<number, RegoValue | null | undefined>();
  #stepsLeft: number;

  constructor(program: Program, options: { readonly stepsMax: number; readonly reports: boolean }) {
    this.#rules = program.rules;
    this.#stepsLeft = options.stepsMax;
    this.#hits = options.reports ? new Uint32Array(program.places.length) : null;
    this.#passes = options.reports ? new Uint32Array(program.places.length) : null;
  }

  /** How often each numbered statement was reached, and how often it held. */
  get report(): { readonly reached: Uint32Array; readonly passed: Uint32Array } {
    return { reached: this.#hits ?? new Uint32Array(0), passed: this.#passes ?? new Uint32Array(0) };
  }

  step(): void {
    this.#stepsLeft -= 1;
    if (this.#stepsLeft < 0) throw new RangeError('the policy takes too many steps');
  }

  reached(mark: number): void {
    if (this.#hits !== null) this.#hits[mark] = (this.#hits[mark] ?? 0) + 1;
  }

  passed(mark: number): void {
    if (this.#passes !== null) this.#passes[mark] = (this.#passes[mark] ?? 0) + 1;
  }

  /** An undefined rule is asked again, as in WASM. */
  memoized(number: number, rule: PlannedRule, input: RegoValue, data: RegoValue): RegoValue | undefined {
    const known = this.#memo.get(number);
    if (known !== undefined) return known;
    const value = rule(this, input, data);
    if (value !== undefined) this.#memo.set(number, value);
    return value;
  }

  /** `with` changes what rules see: inside it nothing is known yet. */
  memoBegin(): Map<number, RegoValue | null | undefined> {
    const outer = this.#memo;
    this.#memo = new Map();
    return outer;
  }

  memoEnd(outer: Map<number, RegoValue | null | undefined>): void {
    this.#memo = outer;
  }

  find(path: readonly RegoValue[]): PlannedRule | undefined {
    return this.#rules.get(ruleKey(path));
  }

  isA(type: RegoType, value: RegoValue | undefined): boolean {
    return value !== undefined && typeOf(value) === type;
  }

  newObject(): RegoObject {
    return new RegoObject();
  }

  newSet(): RegoSet {
    return new RegoSet();
  }

  answer(value: RegoValue): void {
    this.answers.push(value);
  }

  conflict(file: number, row: number, col: number): never {
    throw new TypeError(`two values for one rule at file ${String(file)}, ${String(row)}:${String(col)}`);
  }
}
