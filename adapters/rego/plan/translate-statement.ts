import type { IsJson } from './json-locals.ts';
import type { Block, Operand, Statement, StatementOf } from './plan-schema.ts';
import { builtinName, textName, type SourceWriter } from './source-writer.ts';

/** What a statement needs to know of its plan. */
export interface TranslationContext {
  /** Number of each planned function, by name. */
  readonly functions: ReadonlyMap<string, number>;
  /** Built-ins by name: whether they give a result. */
  readonly builtins: ReadonlyMap<string, { readonly index: number; readonly hasResult: boolean }>;
  /** Strings that are names which no object has unless JSON gave it one, by their number. */
  readonly members: ReadonlyMap<number, string>;
  /** Whether a local of the function that is written holds JSON or nothing. */
  readonly isJson: IsJson;
  /** A statement gets a number when the code is to report which ones it reached; null otherwise. */
  readonly mark: ((statement: Statement) => number) | null;
}

type Translate<Type extends Statement['type']> = (statement: StatementOf<Type>, to: SourceWriter, context: TranslationContext) => void;

/** Each statement as the compiler to WASM understands it: where WASM leaves a block, this leaves the block of the same depth. */
export function translateBlock(block: Block, to: SourceWriter, context: TranslationContext): void {
  for (const statement of block.stmts) {
    const mark = context.mark?.(statement);
    if (mark !== undefined) to.line(`rt.reached(${String(mark)});`);
    const translate = TRANSLATIONS[statement.type] as Translate<Statement['type']>; // rows and types share their name
    translate(statement.stmt, to, context);
    if (mark !== undefined && !ENDS_BLOCK.has(statement.type)) to.line(`rt.passed(${String(mark)});`);
  }
}

const ENDS_BLOCK: ReadonlySet<Statement['type']> = new Set(['BreakStmt', 'ReturnLocalStmt']);

function equality({ a, b }: { readonly a: Operand; readonly b: Operand }, to: SourceWriter): string {
  const [left, right] = [to.operand(a), to.operand(b)];
  // Nothing but itself equals a text or a truth value.
  if (a.type !== 'local' || b.type !== 'local') return `${left} === ${right}`;
  return `${left} === ${right} || equal(${left}, ${right})`;
}

function unless(condition: string, to: SourceWriter): void {
  to.line(`if (!(${condition})) ${to.leave()}`);
}

const TRANSLATIONS: { readonly [Type in Statement['type']]: Translate<Type> } = {
  ArrayAppendStmt: (s, to) => to.line(`${to.local(s.array)}.push(${to.operand(s.value)});`),
  AssignIntStmt: (s, to) => to.line(`${to.local(s.target)} = ${String(s.value)};`),
  AssignVarOnceStmt: (s, to) => {
    const [target, source] = [to.local(s.target), to.operand(s.source)];
    to.line(`if (${target} === undefined) ${target} = ${source};`);
    const other = `${target} !== ${source}${s.source.type === 'local' ? ` && !equal(${target}, ${source})` : ''}`;
    to.line(`else if (${other}) rt.conflict(${String(s.file)}, ${String(s.row)}, ${String(s.col)});`);
  },
  AssignVarStmt: (s, to) => to.line(`${to.local(s.target)} = ${to.operand(s.source)};`),
  BlockStmt: (s, to, context) => {
    for (const block of s.blocks) to.block(() => translateBlock(block, to, context));
  },
  BreakStmt: (s, to) => to.line(to.leave(s.index)),
  CallDynamicStmt: (s, to) => {
    const found = to.fresh('d');
    to.line(`const ${found} = lib.find([${s.path.map((part) => to.operand(part)).join(', ')}]);`);
    to.line(`if (${found} === undefined) ${to.leave()}`);
    to.line(`${to.local(s.result)} = ${found}(rt, ${s.args.map((arg) => to.local(arg)).join(', ')});`);
    // A rule that exists and is undefined leaves the look-up as a whole: the data below its path is not asked.
    to.line(`if (${to.local(s.result)} === undefined) ${to.leave(3)}`);
  },
  CallStmt: (s, to, context) => {
    const args = s.args.map((arg) => to.operand(arg)).join(', ');
    const planned = context.functions.get(s.func);
    const builtin = context.builtins.get(s.func);
    if (planned === undefined && builtin === undefined) throw new TypeError(`the plan calls ${s.func}, which it does not have`);
    const call = planned === undefined ? `${builtinName(builtin?.index ?? 0)}(${args})` : `f${String(planned)}(rt, ${args})`;
    if (builtin?.hasResult === false) return to.line(`${call};`);
    to.line(`${to.local(s.result)} = ${call};`);
    unless(`${to.local(s.result)} !== undefined`, to);
  },
  DotStmt: (s, to, context) => {
    if (s.source.type !== 'local') return to.line(to.leave());
    const [target, source, key] = [to.local(s.target), to.local(s.source.value), to.operand(s.key)];
    const member = s.key.type === 'string_index' ? context.members.get(s.key.value) : undefined;
    // Written out, each place sees few shapes of objects, which is what makes it fast.
    if (member === undefined) to.line(`${target} = get(${source}, ${key});`);
    else if (context.isJson(s.source.value)) to.line(`${target} = ${source}?.${member};`);
    else to.line(`${target} = lib.isPlain(${source}) ? ${source}.${member} : get(${source}, ${key});`);
    unless(`${target} !== undefined`, to);
  },
  EqualStmt: (s, to) => unless(equality(s, to), to),
  IsArrayStmt: (s, to) => unless(`lib.isA('array', ${to.operand(s.source)})`, to),
  IsDefinedStmt: (s, to) => unless(`${to.local(s.source)} !== undefined`, to),
  IsObjectStmt: (s, to) => unless(`lib.isA('object', ${to.operand(s.source)})`, to),
  IsSetStmt: (s, to) => unless(`lib.isA('set', ${to.operand(s.source)})`, to),
  IsUndefinedStmt: (s, to) => unless(`${to.local(s.source)} === undefined`, to),
  LenStmt: (s, to) => to.line(`${to.local(s.target)} = lib.sizeOf(${to.operand(s.source)});`),
  MakeArrayStmt: (s, to) => to.line(`${to.local(s.target)} = [];`),
  MakeNullStmt: (s, to) => to.line(`${to.local(s.target)} = null;`),
  MakeNumberIntStmt: (s, to) => to.line(`${to.local(s.target)} = ${String(s.value)};`),
  MakeNumberRefStmt: (s, to) => to.line(`${to.local(s.target)} = Number(${textName(s.Index)});`),
  MakeObjectStmt: (s, to) => to.line(`${to.local(s.target)} = lib.newObject();`),
  MakeSetStmt: (s, to) => to.line(`${to.local(s.target)} = lib.newSet();`),
  NopStmt: () => undefined,
  NotEqualStmt: (s, to) => unless(`!(${equality(s, to)})`, to),
  NotStmt: (s, to, context) => {
    const holds = to.fresh('n');
    to.line(`let ${holds} = false;`);
    to.block(() => {
      translateBlock(s.block, to, context);
      to.line(`${holds} = true;`);
    });
    unless(`!${holds}`, to);
  },
  ObjectInsertOnceStmt: (s, to) => {
    const held = to.fresh('o');
    const [object, key, value] = [to.local(s.object), to.operand(s.key), to.operand(s.value)];
    to.line(`const ${held} = get(${object}, ${key});`);
    to.line(`if (${held} === undefined) ${object}.set(${key}, ${value});`);
    to.line(`else if (!equal(${held}, ${value})) rt.conflict(${String(s.file)}, ${String(s.row)}, ${String(s.col)});`);
  },
  ObjectInsertStmt: (s, to) => to.line(`${to.local(s.object)}.set(${to.operand(s.key)}, ${to.operand(s.value)});`),
  ObjectMergeStmt: (s, to) => to.line(`${to.local(s.target)} = lib.merge(${to.local(s.a)}, ${to.local(s.b)});`),
  ResetLocalStmt: (s, to) => to.line(`${to.local(s.target)} = undefined;`),
  ResultSetAddStmt: (s, to) => to.line(`rt.answer(${to.local(s.value)});`),
  ReturnLocalStmt: (s, to) => to.line(`return ${to.local(s.source)};`),
  ScanStmt: (s, to, context) => {
    const [loop, values, keys, at] = [to.fresh('s'), to.fresh('v'), to.fresh('k'), to.fresh('i')];
    const source = to.local(s.source);
    to.line(`const ${values} = lib.valuesOf(${source}), ${keys} = lib.keysOf(${source}, ${values});`);
    to.line(`${loop}: for (let ${at} = 0; ${at} < ${values}.length; ${at} += 1) {`);
    to.line('if (--rt.stepsLeft < 0) rt.exhausted();');
    to.line(`${to.local(s.key)} = ${keys} === null ? ${at} : ${keys}[${at}]; ${to.local(s.value)} = ${values}[${at}];`);
    // WASM has two levels here: the body, whose end is the next element, and the loop as a whole.
    to.within(`break ${loop};`, () => to.within(`continue ${loop};`, () => translateBlock(s.block, to, context)));
    to.line('}');
  },
  SetAddStmt: (s, to) => to.line(`${to.local(s.set)}.add(${to.operand(s.value)});`),
  WithStmt: (s, to, context) => {
    const [saved, memo, holds, name] = [to.fresh('w'), to.fresh('m'), to.fresh('h'), to.local(s.local)];
    const path = s.path.map(textName).join(', ');
    to.line(`const ${saved} = ${name}; const ${memo} = rt.memoBegin(); let ${holds} = false;`);
    to.line(`${name} = lib.upsert(${saved}, [${path}], ${to.operand(s.value)});`);
    to.block(() => {
      translateBlock(s.block, to, context);
      to.line(`${holds} = true;`);
    });
    to.line(`${name} = ${saved}; rt.memo = ${memo};`);
    unless(holds, to);
  },
};
