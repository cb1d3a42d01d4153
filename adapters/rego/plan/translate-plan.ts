import { compileFunction } from 'node:vm';
import type { Builtin } from '../builtins/builtin.ts';
import { RegoObject, RegoSet, type RegoValue } from '../values/rego-value.ts';
import { createJsonLocals } from './json-locals.ts';
import { library } from './library.ts';
import { UNDEFINED } from './plan-runtime.ts';
import type { Block, Plan, PlannedFunction, Statement } from './plan-schema.ts';
import { type PlannedRule, type Program, type StatementPlace, ruleKey } from './program.ts';
import { builtinName, SourceWriter, textName } from './source-writer.ts';
import { translateBlock, type TranslationContext } from './translate-statement.ts';

export interface TranslateOptions {
  readonly entrypoint: string;
  readonly builtins: ReadonlyMap<string, Builtin>;
  /** Report every statement that is reached and passed: several times slower. */
  readonly reports: boolean;
}

/**
 * JavaScript of a plan. The text consists of names and numbers that are made here and of the plan's own structure; strings of the policy
 * stay in a table, so that none of them is ever read as code. @throws TypeError for an entrypoint or built-in that does not exist.
 */
export function translatePlan(plan: Plan, options: TranslateOptions): Program {
  const entry = plan.plans.plans.find(({ name }) => name === options.entrypoint);
  if (entry === undefined) throw new TypeError(`the plan has no entrypoint ${options.entrypoint}`);
  const files = plan.static.files.map(({ value }) => value);
  const places: StatementPlace[] = [];
  const marks = new Map<Statement, number>();
  const jsonLocals = createJsonLocals(plan);
  const context: Omit<TranslationContext, 'isJson'> = {
    functions: new Map(plan.funcs.funcs.map(({ name }, number) => [name, number])),
    builtins: new Map(plan.static.builtin_funcs.map(({ name, decl }, index) => [name, { index, hasResult: decl.result !== undefined }])),
    members: plainNames(plan.static.strings.map(({ value }) => value)),
    mark: options.reports
      ? (statement) => {
          const { file, row, col } = statement.stmt;
          const mark = places.push({ file: files[file] ?? '', row, col }) - 1;
          marks.set(statement, mark);
          return mark;
        }
      : null,
  };
  const source = [
    ...constants(plan),
    ...plan.funcs.funcs.map((planned, number) => functionText(planned, number, { ...context, isJson: jsonLocals(planned) })),
    entryText(entry.blocks, { ...context, isJson: jsonLocals({ params: [0, 1], blocks: entry.blocks }) }),
    `return { run, rules: [${plan.funcs.funcs.map((_, number) => `f${String(number)}`).join(', ')}] };`,
  ].join('\n');
  const make = compileFunction(source, ['strings', 'builtins', 'lib', 'UNDEFINED']) as Make;
  const byPath = new Map<string, PlannedRule>();
  const { run, rules } = make(
    plan.static.strings.map(({ value }) => value),
    plan.static.builtin_funcs.map(({ name }) => builtinNamed(name, options.builtins)),
    { ...library, find: (path) => byPath.get(ruleKey(path)) },
    UNDEFINED,
  );
  for (const [number, { path }] of plan.funcs.funcs.entries()) byPath.set(ruleKey(path), rules[number] as PlannedRule); // one for each
  return { run, places, marks, files, rulesCount: plan.funcs.funcs.length };
}

/** Names that are safe behind a full stop: nothing in JSON and no value of the engine's own has them by its nature. */
function plainNames(strings: readonly string[]): ReadonlyMap<number, string> {
  const json = [Object.prototype, Array.prototype, String.prototype, Number.prototype, BigInt.prototype, Boolean.prototype];
  const prototypes = [...json, RegoObject.prototype, RegoSet.prototype];
  const taken = new Set(['length', ...prototypes.flatMap((prototype) => Object.getOwnPropertyNames(prototype))]);
  const isPlain = (name: string): boolean => /^[A-Za-z_]\w*$/.test(name) && !taken.has(name);
  return new Map([...strings.entries()].filter(([, name]) => isPlain(name)));
}

/** What is called and compared all the time, under names of its own: faster than looking it up in a table each time. */
function constants({ static: { strings, builtin_funcs } }: Plan): readonly string[] {
  return [
    'const { get, equal } = lib;',
    ...strings.map((_, number) => `const ${textName(number)} = strings[${String(number)}];`),
    ...builtin_funcs.map((_, number) => `const ${builtinName(number)} = builtins[${String(number)}];`),
  ];
}

type Make = (
  strings: readonly string[],
  builtins: readonly Builtin[],
  lib: typeof library & { readonly find: (path: readonly RegoValue[]) => PlannedRule | undefined },
  undefinedRule: typeof UNDEFINED,
) => { readonly run: Program['run']; readonly rules: readonly PlannedRule[] };

function functionText(planned: PlannedFunction, number: number, context: TranslationContext): string {
  const writer = new SourceWriter();
  const result = writer.local(planned.return);
  // Without arguments of its own a rule has one value for an evaluation.
  const isMemoized = planned.params.length === 2;
  for (const block of planned.blocks) writer.block(() => translateBlock(block, writer, context));
  const parameters = planned.params.map((param) => `l${String(param)}`);
  const body = `${writer.body(planned.params)}\nreturn ${result};`;
  const signature = `(rt, ${parameters.join(', ')})`;
  const step = 'if (--rt.stepsLeft < 0) rt.exhausted();';
  if (!isMemoized) return `function f${String(number)}${signature} {\n${step}\n${body}\n}`;
  return [
    `function f${String(number)}${signature} {`,
    `const known = rt.memo[${String(number)}];`,
    'if (known !== undefined) return known === UNDEFINED ? undefined : known;',
    `const value = g${String(number)}(rt, ${parameters.join(', ')});`,
    `rt.memo[${String(number)}] = value === undefined ? UNDEFINED : value;`,
    'return value;',
    '}',
    `function g${String(number)}${signature} {\n${step}\n${body}\n}`,
  ].join('\n');
}

function entryText(blocks: readonly Block[], context: TranslationContext): string {
  const writer = new SourceWriter();
  for (const block of blocks) writer.block(() => translateBlock(block, writer, context));
  return `function run(rt, l0, l1) {\n${writer.body([0, 1])}\n}`;
}

function builtinNamed(name: string, builtins: ReadonlyMap<string, Builtin>): Builtin {
  const found = builtins.get(name);
  if (found === undefined) throw new TypeError(`the policy needs the built-in ${name}, which this engine does not have`);
  return found;
}
