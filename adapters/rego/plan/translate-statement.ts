import type { Block, Statement, StatementOf } from './plan-schema.ts';
import type { SourceWriter } from './source-writer.ts';

/** What a statement needs to know of its plan. */
export interface TranslationContext {
  /** Number of each planned function, by name. */
  readonly functions: ReadonlyMap<string, number>;
  /** Built-ins by name: whether they give a result. */
  readonly builtins: ReadonlyMap<string, { readonly index: number; readonly hasResult: boolean }>;
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

function unless(condition: string, to: SourceWriter): void {
  to.line(`if (!(${condition})) ${to.leave()}`);
}

const TRANSLATIONS: { readonly [Type in Statement['type']]: Translate<Type> } = {
  ArrayAppendStmt: (s, to) => to.line(`${to.local(s.array)}.push(${to.operand(s.value)});`),
  AssignIntStmt: (s, to) => to.line(`${to.local(s.target)} = ${String(s.value)};`),
  AssignVarOnceStmt: (s, to) => {
    const [target, source] = [to.local(s.target), to.operand(s.source)];
    to.line(`if (${target} === undefined) ${target} = ${source};`);
    to.line(`else if (!rt.equal(${target}, ${source})) rt.conflict(${String(s.file)}, ${String(s.row)}, ${String(s.col)});`);
  },
  AssignVarStmt: (s, to) => to.line(`${to.local(s.target)} = ${to.operand(s.source)};`),
  BlockStmt: (s, to, context) => {
    for (const block of s.blocks) to.block(() => translateBlock(block, to, context));
  },
  BreakStmt: (s, to) => to.line(to.leave(s.index)),
  CallDynamicStmt: (s, to) => {
    const found = to.fresh('f');
    to.line(`const ${found} = rt.find([${s.path.map((part) => to.operand(part)).join(', ')}]);`);
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
    const call = planned === undefined ? `builtins[${String(builtin?.index)}](${args})` : `f${String(planned)}(rt, ${args})`;
    if (builtin?.hasResult === false) return to.line(`${call};`);
    to.line(`${to.local(s.result)} = ${call};`);
    unless(`${to.local(s.result)} !== undefined`, to);
  },
  DotStmt: (s, to) => {
    if (s.source.type !== 'local') return to.line(to.leave());
    to.line(`${to.local(s.target)} = rt.get(${to.operand(s.source)}, ${to.operand(s.key)});`);
    unless(`${to.local(s.target)} !== undefined`, to);
  },
  EqualStmt: (s, to) => unless(`rt.equal(${to.operand(s.a)}, ${to.operand(s.b)})`, to),
  IsArrayStmt: (s, to) => unless(`rt.isA('array', ${to.operand(s.source)})`, to),
  IsDefinedStmt: (s, to) => unless(`${to.local(s.source)} !== undefined`, to),
  IsObjectStmt: (s, to) => unless(`rt.isA('object', ${to.operand(s.source)})`, to),
  IsSetStmt: (s, to) => unless(`rt.isA('set', ${to.operand(s.source)})`, to),
  IsUndefinedStmt: (s, to) => unless(`${to.local(s.source)} === undefined`, to),
  LenStmt: (s, to) => to.line(`${to.local(s.target)} = rt.sizeOf(${to.operand(s.source)});`),
  MakeArrayStmt: (s, to) => to.line(`${to.local(s.target)} = [];`),
  MakeNullStmt: (s, to) => to.line(`${to.local(s.target)} = null;`),
  MakeNumberIntStmt: (s, to) => to.line(`${to.local(s.target)} = ${String(s.value)};`),
  MakeNumberRefStmt: (s, to) => to.line(`${to.local(s.target)} = Number(strings[${String(s.Index)}]);`),
  MakeObjectStmt: (s, to) => to.line(`${to.local(s.target)} = rt.newObject();`),
  MakeSetStmt: (s, to) => to.line(`${to.local(s.target)} = rt.newSet();`),
  NopStmt: () => undefined,
  NotEqualStmt: (s, to) => unless(`!rt.equal(${to.operand(s.a)}, ${to.operand(s.b)})`, to),
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
    to.line(`const ${held} = rt.get(${object}, ${key});`);
    to.line(`if (${held} === undefined) ${object}.set(${key}, ${value});`);
    to.line(`else if (!rt.equal(${held}, ${value})) rt.conflict(${String(s.file)}, ${String(s.row)}, ${String(s.col)});`);
  },
  ObjectInsertStmt: (s, to) => to.line(`${to.local(s.object)}.set(${to.operand(s.key)}, ${to.operand(s.value)});`),
  ObjectMergeStmt: (s, to) => to.line(`${to.local(s.target)} = rt.merge(${to.local(s.a)}, ${to.local(s.b)});`),
  ResetLocalStmt: (s, to) => to.line(`${to.local(s.target)} = undefined;`),
  ResultSetAddStmt: (s, to) => to.line(`rt.answer(${to.local(s.value)});`),
  ReturnLocalStmt: (s, to) => to.line(`return ${to.local(s.source)};`),
  ScanStmt: (s, to, context) => {
    const [loop, pair] = [to.fresh('s'), to.fresh('p')];
    to.line(`${loop}: for (const ${pair} of rt.scan(${to.local(s.source)})) {`);
    to.line('rt.step();');
    to.line(`${to.local(s.key)} = ${pair}[0]; ${to.local(s.value)} = ${pair}[1];`);
    // WASM has two levels here: the body, whose end is the next element, and the loop as a whole.
    to.within(`break ${loop};`, () => to.within(`continue ${loop};`, () => translateBlock(s.block, to, context)));
    to.line('}');
  },
  SetAddStmt: (s, to) => to.line(`${to.local(s.set)}.add(${to.operand(s.value)});`),
  WithStmt: (s, to, context) => {
    const [saved, memo, holds, name] = [to.fresh('w'), to.fresh('m'), to.fresh('h'), to.local(s.local)];
    const path = s.path.map((part) => `strings[${String(part)}]`).join(', ');
    to.line(`const ${saved} = ${name}; const ${memo} = rt.memoBegin(); let ${holds} = false;`);
    to.line(`${name} = rt.upsert(${saved}, [${path}], ${to.operand(s.value)});`);
    to.block(() => {
      translateBlock(s.block, to, context);
      to.line(`${holds} = true;`);
    });
    to.line(`${name} = ${saved}; rt.memoEnd(${memo});`);
    unless(holds, to);
  },
};
