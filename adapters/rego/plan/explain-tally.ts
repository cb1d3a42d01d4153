import type { Block, Plan, PlannedFunction, Statement } from './plan-schema.ts';
import type { Tally } from './plan-runtime.ts';
import type { Program } from './program.ts';

/** A line of the policy, as it is written. */
export interface PolicyLine {
  readonly file: string;
  readonly row: number;
  readonly text: string;
}

/** One definition of a rule that was looked at. */
export interface RuleOutcome {
  /** Such as `gatehouse.access.allow`. */
  readonly rule: string;
  readonly line: PolicyLine;
  readonly holds: boolean;
  /** The first condition that failed; null for what holds. */
  readonly failedAt: PolicyLine | null;
}

export interface DecisionExplanation {
  readonly rules: readonly RuleOutcome[];
  /**
   * The fewest lines that would have to come out differently for the goal to hold; empty when it does. Every line counts up to the
   * first failure of its rule: what stands behind it was not looked at.
   */
  readonly missing: readonly PolicyLine[];
}

export interface ExplainOptions {
  readonly plan: Plan;
  readonly program: Program;
  readonly tally: Tally;
  /** Path of the rule that should hold. */
  readonly goal: readonly string[];
  readonly lineAt: (file: string, row: number) => string;
}

/** Reads off a tally of one evaluation what each rule did, and what the goal lacks. */
export function explainTally(options: ExplainOptions): DecisionExplanation {
  return new TallyReader(options).explanation();
}

class TallyReader {
  readonly #functions: ReadonlyMap<string, PlannedFunction>;
  readonly #options: ExplainOptions;
  /** Rules on the way to the one that is looked at. */
  readonly #path = new Set<string>();

  constructor(options: ExplainOptions) {
    this.#options = options;
    this.#functions = new Map(options.plan.funcs.funcs.map((planned) => [planned.name, planned]));
  }

  explanation(): DecisionExplanation {
    const rules: RuleOutcome[] = [];
    for (const planned of this.#functions.values())
      for (const block of definitionsOf(planned)) rules.push(...this.#outcomeOf(planned, block));
    const goal = this.#options.plan.funcs.funcs.find(({ path }) => path.slice(1).join('/') === this.#options.goal.join('/'));
    return { rules, missing: goal === undefined ? [] : unique(this.#toHold(goal)) };
  }

  #outcomeOf(planned: PlannedFunction, block: Block): readonly RuleOutcome[] {
    const head = headOf(block);
    const [first] = block.stmts;
    if (head === undefined || first === undefined || this.#reached(first) === 0) return [];
    const failed = this.#passed(head) > 0 ? undefined : this.#failureIn(block);
    const rule = planned.path.slice(1).join('.');
    return [
      { rule, line: this.#lineOf(head), holds: this.#passed(head) > 0, failedAt: failed === undefined ? null : this.#lineOf(failed) },
    ];
  }

  /** Lines that would make a rule hold: of the definition that lacks fewest. None when one holds already. */
  #toHold(planned: PlannedFunction): readonly PolicyLine[] {
    return this.#once(planned, () => {
      const ways = definitionsOf(planned);
      if (ways.some((block) => this.#isHeld(block))) return [];
      return fewest(ways.map((block) => this.#toPass(block)));
    });
  }

  #toPass(block: Block): readonly PolicyLine[] {
    const failed = this.#failureIn(block);
    if (failed === undefined) return [];
    const called = this.#calledBy(failed);
    if (failed.type === 'NotStmt') {
      const holding = called.filter((callee) => definitionsOf(callee).some((one) => this.#isHeld(one)));
      return holding.length === 0 ? [this.#lineOf(failed)] : holding.flatMap((callee) => this.#toFail(callee));
    }
    const [callee] = called;
    // What a function was asked says more than the line in it that is the same for all.
    if (callee !== undefined)
      return callee.params.length > PARAMS_OF_RULE ? [this.#lineOf(failed)] : orElse(this.#toHold(callee), [this.#lineOf(failed)]);
    // A comparison: what it compares was computed on the same line.
    const compared = block.stmts.filter((one) => one.stmt.row === failed.stmt.row).flatMap((one) => this.#calledBy(one));
    const sets = compared.filter((callee) => this.#leadsToSet(callee));
    if (sets.length === 0) return [this.#lineOf(failed)];
    const lines = sets.flatMap((callee) => (this.#gaveMembers(callee) ? this.#toFail(callee) : this.#toHold(callee)));
    return orElse(lines, [this.#lineOf(failed)]);
  }

  /** Lines that would take away all that a rule gave. */
  #toFail(planned: PlannedFunction): readonly PolicyLine[] {
    return this.#once(planned, () =>
      definitionsOf(planned)
        .filter((block) => this.#isHeld(block))
        .flatMap((block) => this.#toBreak(block)),
    );
  }

  #toBreak(block: Block): readonly PolicyLine[] {
    const statements = flattened(block);
    const givers = statements
      .flatMap((one) => (one.type === 'CallStmt' ? this.#calledBy(one) : []))
      .filter((callee) => this.#leadsToSet(callee));
    const fromSets = givers.filter((callee) => this.#gaveMembers(callee)).flatMap((callee) => this.#toFail(callee));
    if (fromSets.length > 0 && !statements.some((one) => one.type === 'SetAddStmt')) return fromSets;
    const denied = block.stmts
      .filter((one) => one.type === 'NotStmt')
      .map((one) => this.#calledBy(one).flatMap((callee) => this.#toHold(callee)));
    const ways = denied.filter((lines) => lines.length > 0);
    if (ways.length > 0) return fewest(ways);
    const head = headOf(block);
    const condition = block.stmts.findLast((one) => one.stmt.row !== head?.stmt.row) ?? head;
    return condition === undefined ? [] : [this.#lineOf(condition)];
  }

  /** The condition at which a definition ended without a value. */
  #failureIn(block: Block): Statement | undefined {
    for (const statement of block.stmts) {
      if (statement.type === 'ScanStmt') {
        if (this.#reached(statement) > 0) return this.#failureIn(statement.stmt.block) ?? statement;
      } else if (this.#reached(statement) > 0 && this.#passed(statement) === 0 && !ENDS.has(statement.type)) return statement;
      else if (this.#reached(statement) === 0) return undefined;
    }
    return undefined;
  }

  #calledBy(statement: Statement): readonly PlannedFunction[] {
    const inner = statement.type === 'NotStmt' ? flattened(statement.stmt.block) : [statement];
    return inner.flatMap((one) => {
      const planned = one.type === 'CallStmt' ? this.#functions.get(one.stmt.func) : undefined;
      return planned === undefined ? [] : [planned];
    });
  }

  /** A set of its own, or that of another rule. */
  #leadsToSet(planned: PlannedFunction, depth = 0): boolean {
    const statements = planned.blocks.flatMap(flattened);
    if (statements.some(({ type }) => type === 'SetAddStmt')) return true;
    return depth < LOOK_MAX && statements.some((one) => this.#calledBy(one).some((callee) => this.#leadsToSet(callee, depth + 1)));
  }

  #gaveMembers(planned: PlannedFunction, depth = 0): boolean {
    const held = definitionsOf(planned)
      .filter((block) => this.#isHeld(block))
      .flatMap(flattened);
    if (held.some((one) => one.type === 'SetAddStmt' && this.#passed(one) > 0)) return true;
    return depth < LOOK_MAX && held.some((one) => this.#calledBy(one).some((callee) => this.#gaveMembers(callee, depth + 1)));
  }

  #isHeld(block: Block): boolean {
    const head = headOf(block);
    return head !== undefined && this.#passed(head) > 0;
  }

  #once(planned: PlannedFunction, look: () => readonly PolicyLine[]): readonly PolicyLine[] {
    if (this.#path.has(planned.name)) return [];
    this.#path.add(planned.name);
    const lines = look();
    this.#path.delete(planned.name);
    return unique(lines);
  }

  #reached(statement: Statement): number {
    return this.#options.tally.reached[this.#options.program.marks.get(statement) ?? -1] ?? 0;
  }

  #passed(statement: Statement): number {
    return this.#options.tally.passed[this.#options.program.marks.get(statement) ?? -1] ?? 0;
  }

  #lineOf(statement: Statement): PolicyLine {
    const { file = '', row = 0 } = this.#options.program.places[this.#options.program.marks.get(statement) ?? -1] ?? {};
    return { file, row, text: this.#options.lineAt(file, row).trim() };
  }
}

/** Input and data; a function has its own arguments behind them. */
const PARAMS_OF_RULE = 2;
/** How far rules are followed that only pass on what others gave. */
const LOOK_MAX = 4;
const ENDS: ReadonlySet<Statement['type']> = new Set(['BreakStmt', 'ReturnLocalStmt', 'NopStmt']);
const LINKS: ReadonlySet<Statement['type']> = new Set(['IsDefinedStmt', 'IsUndefinedStmt', 'NopStmt', 'ReturnLocalStmt']);
const GIVES: ReadonlySet<Statement['type']> = new Set(['SetAddStmt', 'AssignVarOnceStmt', 'ObjectInsertOnceStmt', 'ObjectInsertStmt']);

function flattened(block: Block): readonly Statement[] {
  return block.stmts.flatMap((statement) => {
    if (statement.type === 'BlockStmt') return [statement, ...statement.stmt.blocks.flatMap(flattened)];
    return 'block' in statement.stmt ? [statement, ...flattened(statement.stmt.block)] : [statement];
  });
}

/** The statement that gives a definition's value. */
function headOf(block: Block): Statement | undefined {
  return flattened(block).findLast(({ type }) => GIVES.has(type));
}

/** Without the blocks that only pass a value on, or give the default where there is none. */
function definitionsOf({ blocks }: PlannedFunction): readonly Block[] {
  return blocks.filter((block) => !LINKS.has(block.stmts[0]?.type ?? 'NopStmt') && headOf(block) !== undefined);
}

function fewest(ways: readonly (readonly PolicyLine[])[]): readonly PolicyLine[] {
  const real = ways.filter((lines) => lines.length > 0);
  return real.reduce((best, lines) => (lines.length < best.length ? lines : best), real[0] ?? []);
}

function orElse(lines: readonly PolicyLine[], otherwise: readonly PolicyLine[]): readonly PolicyLine[] {
  return lines.length > 0 ? lines : otherwise;
}

function unique(lines: readonly PolicyLine[]): readonly PolicyLine[] {
  return [...new Map(lines.map((line) => [`${line.file}:${String(line.row)}`, line])).values()];
}
