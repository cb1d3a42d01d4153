import { z } from 'zod';

/** What the compiler gives as a plan: functions of blocks of statements, each with its place (OPA, package ir). Unknown statements are refused. */
const local = z.int().min(0);
const index = z.int().min(0);
const operand = z.discriminatedUnion('type', [
  z.object({ type: z.literal('local'), value: local }),
  z.object({ type: z.literal('string_index'), value: index }),
  z.object({ type: z.literal('bool'), value: z.boolean() }),
]);
export type Operand = z.infer<typeof operand>;

const place = { file: z.int().min(0), row: z.int().min(0), col: z.int().min(0) };

function statement<Type extends string, Shape extends z.ZodRawShape>(type: Type, shape: Shape) {
  return z.object({ type: z.literal(type), stmt: z.object({ ...shape, ...place }) });
}

const block = z.object({
  get stmts() {
    return z.array(statementSchema).default([]);
  },
});
export interface Block {
  readonly stmts: readonly Statement[];
}

const targetOnly = { target: local };
const sourceOperand = { source: operand };
const twoOperands = { a: operand, b: operand };

const flat = [
  statement('ArrayAppendStmt', { value: operand, array: local }),
  statement('AssignIntStmt', { value: z.number(), target: local }),
  statement('AssignVarOnceStmt', { source: operand, target: local }),
  statement('AssignVarStmt', { source: operand, target: local }),
  statement('BreakStmt', { index }),
  statement('CallDynamicStmt', { args: z.array(local), result: local, path: z.array(operand) }),
  statement('CallStmt', { func: z.string(), args: z.array(operand), result: local }),
  statement('DotStmt', { source: operand, key: operand, target: local }),
  statement('EqualStmt', twoOperands),
  statement('IsArrayStmt', sourceOperand),
  statement('IsDefinedStmt', { source: local }),
  statement('IsObjectStmt', sourceOperand),
  statement('IsSetStmt', sourceOperand),
  statement('IsUndefinedStmt', { source: local }),
  statement('LenStmt', { source: operand, target: local }),
  statement('MakeArrayStmt', { target: local }),
  statement('MakeNullStmt', targetOnly),
  statement('MakeNumberIntStmt', { value: z.number(), target: local }),
  statement('MakeNumberRefStmt', { Index: index, target: local }),
  statement('MakeObjectStmt', targetOnly),
  statement('MakeSetStmt', targetOnly),
  statement('NopStmt', {}),
  statement('NotEqualStmt', twoOperands),
  statement('ObjectInsertOnceStmt', { key: operand, value: operand, object: local }),
  statement('ObjectInsertStmt', { key: operand, value: operand, object: local }),
  statement('ObjectMergeStmt', { a: local, b: local, target: local }),
  statement('ResetLocalStmt', targetOnly),
  statement('ResultSetAddStmt', { value: local }),
  statement('ReturnLocalStmt', { source: local }),
  statement('SetAddStmt', { value: operand, set: local }),
] as const;
type FlatStatement = z.infer<(typeof flat)[number]>;

type Placed<Type, Fields> = {
  readonly type: Type;
  readonly stmt: Fields & { readonly file: number; readonly row: number; readonly col: number };
};
export type Statement =
  | FlatStatement
  | Placed<'BlockStmt', { readonly blocks: readonly Block[] }>
  | Placed<'NotStmt', { readonly block: Block }>
  | Placed<'ScanStmt', { readonly source: number; readonly key: number; readonly value: number; readonly block: Block }>
  | Placed<'WithStmt', { readonly local: number; readonly path: readonly number[]; readonly value: Operand; readonly block: Block }>;
export type StatementOf<Type extends Statement['type']> = Extract<Statement, { readonly type: Type }>['stmt'];

const statementSchema: z.ZodType<Statement> = z.lazy(() =>
  z.discriminatedUnion('type', [
    ...flat,
    statement('BlockStmt', {
      blocks: z
        .array(block)
        .nullable()
        .transform((blocks) => blocks ?? []),
    }),
    statement('NotStmt', { block }),
    statement('ScanStmt', { source: local, key: local, value: local, block }),
    statement('WithStmt', {
      local,
      path: z
        .array(index)
        .nullable()
        .transform((path) => path ?? []),
      value: operand,
      block,
    }),
  ]),
);

const constants = z.array(z.object({ value: z.string() })).default([]);

export const planSchema = z.object({
  static: z.object({
    strings: constants,
    files: constants,
    builtin_funcs: z.array(z.object({ name: z.string(), decl: z.looseObject({ result: z.unknown() }) })).default([]),
  }),
  plans: z.object({ plans: z.array(z.object({ name: z.string(), blocks: z.array(block) })) }),
  funcs: z.object({
    funcs: z.array(
      z.object({
        name: z.string(),
        params: z.array(local).min(2),
        return: local,
        blocks: z.array(block),
        path: z.array(z.string()).default([]),
      }),
    ),
  }),
});
export type Plan = z.infer<typeof planSchema>;
export type PlannedFunction = Plan['funcs']['funcs'][number];
