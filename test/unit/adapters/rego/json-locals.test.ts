import { describe, expect, it } from 'vitest';
import { createJsonLocals } from '#adapters/rego/plan/json-locals.ts';
import { planSchema } from '#adapters/rego/plan/plan-schema.ts';

const PLACE = { file: 0, row: 1, col: 1 };
const local = (value: number) => ({ type: 'local', value });
const name = { type: 'string_index', value: 0 };
const stmt = (type: string, fields: object) => ({ type, stmt: { ...fields, ...PLACE } });
const dot = (source: number, target: number) => stmt('DotStmt', { source: local(source), key: name, target });

/** Of one rule with these statements, its arguments being input, data and local 2. */
function isJsonIn(...stmts: readonly object[]): (local: number) => boolean {
  const plan = planSchema.parse({
    static: { strings: [{ value: 'a' }] },
    plans: { plans: [] },
    funcs: { funcs: [{ name: 'rule', params: [0, 1, 2], return: 9, blocks: [{ stmts }], path: ['g0', 'rule'] }] },
  });
  const [rule] = plan.funcs.funcs;
  if (rule === undefined) throw new TypeError('the rule was just written');
  return createJsonLocals(plan)(rule);
}

describe('locals that hold JSON', () => {
  it('are what is taken out of input and data, and out of that', () => {
    const isJson = isJsonIn(dot(0, 3), dot(3, 4), dot(1, 5), stmt('AssignVarStmt', { source: local(5), target: 6 }));
    expect([0, 1, 3, 4, 5, 6].map(isJson)).toEqual([true, true, true, true, true, true]);
  });

  it('are keys and values of a loop over JSON, inside which they are followed', () => {
    const isJson = isJsonIn(dot(1, 3), stmt('ScanStmt', { source: 3, key: 4, value: 5, block: { stmts: [dot(5, 6)] } }));
    expect([4, 5, 6].map(isJson)).toEqual([true, true, true]);
  });

  it('are none of the arguments of its own, nor what calls give or policies make', () => {
    const isJson = isJsonIn(
      dot(2, 3),
      stmt('CallStmt', { func: 'count', args: [local(0)], result: 4 }),
      stmt('MakeSetStmt', { target: 5 }),
      stmt('MakeObjectStmt', { target: 6 }),
      stmt('MakeArrayStmt', { target: 7 }),
      dot(4, 8),
    );
    expect([2, 3, 4, 5, 6, 7, 8].map(isJson)).toEqual([false, false, false, false, false, false, false]);
  });

  it('are none that another statement fills otherwise, however late', () => {
    const isJson = isJsonIn(
      dot(0, 3),
      dot(3, 4),
      stmt('MakeSetStmt', { target: 5 }),
      stmt('AssignVarStmt', { source: local(5), target: 3 }),
    );
    expect([3, 4].map(isJson)).toEqual([false, false]);
  });

  it.each<[string, object]>([
    ['with', stmt('WithStmt', { local: 0, path: [0], value: local(3), block: { stmts: [] } })],
    ['a rule called with another input', stmt('CallStmt', { func: 'rule', args: [local(3), local(1), local(3)], result: 4 })],
    ['a rule found by name and called with another input', stmt('CallDynamicStmt', { args: [3, 1], result: 4, path: [name] })],
  ])('are none in a policy that uses %s', (_name, statement) => {
    const isJson = isJsonIn(dot(0, 3), statement);
    expect([0, 3].map(isJson)).toEqual([false, false]);
  });
});
