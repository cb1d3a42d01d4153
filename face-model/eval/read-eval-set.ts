import { readFile } from 'node:fs/promises';
import { isAbsolute, join, normalize } from 'node:path';
import { parse } from 'csv-parse/sync';
import { z } from 'zod';
import { tryParse } from '#gateway/domain/try-parse.ts';

/** Lines of one list. */
export const EVAL_LINES_MAX = 1_000_000;

const path = z
  .string()
  .min(1)
  .max(300)
  .refine((text) => !isAbsolute(text) && !normalize(text).startsWith('..'), 'is not a path inside the folder');

const pairSchema = z.object({
  fold: z.coerce.number().int().default(0),
  same: z.enum(['0', '1']).transform((text) => text === '1'),
  a: path,
  b: path,
  /** A label by which figures are broken down, such as an age group; empty = none. */
  group: z.string().max(60).default(''),
});
export type LabelledPair = z.infer<typeof pairSchema>;

const presentationSchema = z.object({ file: path, kind: z.string().regex(/^[a-z][a-z0-9_-]{0,29}$/) });
export type LabelledPresentation = z.infer<typeof presentationSchema>;

export interface EvalSet {
  /** `pairs.csv`: fold, same, a, b and, where there are labels, group. */
  readonly pairs: readonly LabelledPair[];
  /** `presentations.csv`: file, kind (`live`, or what the attack is made of). */
  readonly presentations: readonly LabelledPresentation[];
}

async function readList<Row>(file: string, schema: z.ZodType<Row>): Promise<readonly Row[] | null> {
  const text = await readFile(file, 'utf8').catch((failure: unknown) => {
    if (failure instanceof Error && 'code' in failure && failure.code === 'ENOENT') return null;
    throw failure;
  });
  if (text === null) return null;
  const rows: unknown[] = parse(text, { columns: true, skip_empty_lines: true, trim: true, to: EVAL_LINES_MAX });
  return rows.map((row, i) => {
    const parsed = tryParse(schema, row);
    if (parsed.success) return parsed.data;
    const [problem] = parsed.error.issues;
    throw new RangeError(`${file}, line ${String(i + 2)}: ${problem?.path.join('.') ?? ''} ${problem?.message ?? ''}`);
  });
}

/** The labels of a folder of pictures. @throws RangeError naming file, line and column; Error when there is neither list */
export async function readEvalSet(folder: string): Promise<EvalSet> {
  const pairs = await readList(join(folder, 'pairs.csv'), pairSchema);
  const presentations = await readList(join(folder, 'presentations.csv'), presentationSchema);
  if (pairs === null && presentations === null) throw new RangeError(`${folder} holds neither pairs.csv nor presentations.csv`);
  return { pairs: pairs ?? [], presentations: presentations ?? [] };
}
