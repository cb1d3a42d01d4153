import { z } from 'zod';

/** Findings of one check; beyond it the rest is counted and left out. */
export const FINDINGS_MAX = 500;

/** What was found in a revision, with its place. `row` and `col` start at 1; both are 0 where there is no place. */
export const findingSchema = z.strictObject({
  code: z.string().max(64),
  severity: z.enum(['error', 'warning']),
  message: z.string().max(2_000),
  file: z.string().max(200),
  row: z.int().min(0),
  col: z.int().min(0),
});
export type Finding = z.infer<typeof findingSchema>;

/** By place, each once. */
export function orderedFindings(findings: readonly Finding[]): readonly Finding[] {
  const unique = new Map(findings.map((one) => [`${one.file}\n${one.row}\n${one.col}\n${one.code}`, one]));
  const order = (a: Finding, b: Finding): number => (a.file === b.file ? a.row - b.row || a.col - b.col : a.file < b.file ? -1 : 1);
  return [...unique.values()].sort(order).slice(0, FINDINGS_MAX);
}
