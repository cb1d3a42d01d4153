import type { Block, Operand, Plan, PlannedFunction, Statement } from './plan-schema.ts';

/** Input and data are the first two arguments of every rule. */
const INPUT = 0;
const DATA = 1;

/** Tells of a local of one function whether it only ever holds JSON as it was parsed, or nothing. */
export type IsJson = (local: number) => boolean;

/**
 * What is taken out of input and data is JSON, as long as nothing else is ever put in their place: `with` does, and a rule may be called
 * with other arguments. Members of JSON can be read without asking what it is.
 */
export function createJsonLocals(plan: Plan): (planned: Pick<PlannedFunction, 'params' | 'blocks'>) => IsJson {
  const everything = [...plan.plans.plans, ...plan.funcs.funcs].map(({ blocks }) => statementsOf(blocks));
  const names = new Set(plan.funcs.funcs.map(({ name }) => name));
  if (!everything.every((statements) => statements.every((one) => passesOn(one, names)))) return () => () => false;
  return ({ params, blocks }) => {
    const others = otherLocals(params.slice(DATA + 1), statementsOf(blocks));
    return (local) => !others.has(local);
  };
}

/** Whether a statement leaves input and data to whom it calls as they are. */
function passesOn({ type, stmt }: Statement, names: ReadonlySet<string>): boolean {
  if (type === 'WithStmt') return false;
  if (type === 'CallDynamicStmt') return stmt.args[0] === INPUT && stmt.args[1] === DATA;
  if (type !== 'CallStmt' || !names.has(stmt.func)) return true;
  return isLocal(stmt.args[0], INPUT) && isLocal(stmt.args[1], DATA);
}

const isLocal = (operand: Operand | undefined, local: number): boolean => operand?.type === 'local' && operand.value === local;

/** Locals that may hold what is no JSON: what is known to, and then all that gets its value from one of them. */
function otherLocals(parameters: readonly number[], statements: readonly Statement[]): ReadonlySet<number> {
  const others = new Set(parameters);
  const moves: (readonly [from: number, to: number])[] = [];
  for (const statement of statements) {
    const { from, to } = flowOf(statement);
    for (const target of to) {
      if (from === 'other') others.add(target);
      else if (from !== 'json') moves.push([from, target]);
    }
  }
  for (let size = -1; size !== others.size;) {
    size = others.size;
    for (const [from, to] of moves) if (others.has(from)) others.add(to);
  }
  return others;
}

interface Flow {
  readonly from: number | 'json' | 'other';
  readonly to: readonly number[];
}

const NOWHERE: Flow = { from: 'json', to: [] };

function flowOf({ type, stmt }: Statement): Flow {
  switch (type) {
    case 'DotStmt':
      return { from: stmt.source.type === 'local' ? stmt.source.value : 'json', to: [stmt.target] };
    case 'AssignVarStmt':
    case 'AssignVarOnceStmt':
      return { from: stmt.source.type === 'local' ? stmt.source.value : 'json', to: [stmt.target] };
    case 'ScanStmt':
      return { from: stmt.source, to: [stmt.key, stmt.value] };
    case 'CallStmt':
    case 'CallDynamicStmt':
      return { from: 'other', to: [stmt.result] };
    case 'MakeObjectStmt':
    case 'MakeSetStmt':
    case 'ObjectMergeStmt':
      return { from: 'other', to: [stmt.target] };
    // An array that a policy makes may hold what it made.
    case 'MakeArrayStmt':
      return { from: 'other', to: [stmt.target] };
    default:
      return NOWHERE;
  }
}

function statementsOf(blocks: readonly Block[]): readonly Statement[] {
  return blocks.flatMap(({ stmts }) =>
    stmts.flatMap((statement) => {
      if (statement.type === 'BlockStmt') return [statement, ...statementsOf(statement.stmt.blocks)];
      return 'block' in statement.stmt ? [statement, ...statementsOf([statement.stmt.block])] : [statement];
    }),
  );
}
