import { z } from 'zod';
import { operatorReasonSchema } from './common.ts';

/** Longest table over the API, characters; larger ones are for the command line at the host. */
export const IMPORT_TABLE_CHARS_MAX = 8_000_000;
/** Bytes of the request around it: a character may be escaped. */
export const IMPORT_BODY_BYTES_MAX = 20_000_000;
/** Rows of a table over the API. */
export const IMPORT_ROWS_MAX = 20_000;
/** Rows that an answer tells: what is wrong and who is closed first. */
export const IMPORT_TOLD_ROWS_MAX = 1_000;

/** POST /api/people/import */
export const importBodySchema = z.strictObject({
  /** CSV with a header. */
  table: z.string().min(1).max(IMPORT_TABLE_CHARS_MAX),
  dryRun: z.boolean(),
  /** The table has everybody: whoever is missing is suspended. */
  complete: z.boolean().default(false),
  /** Share of the people in force that may be closed unasked. */
  closeAtMostPercent: z.number().min(0).max(100).default(5),
  /** How many are to be closed, as a dry run has told; beyond the percentage nothing is done without it. */
  close: z.int().min(0).nullable().default(null),
  reason: operatorReasonSchema,
});
export type ImportBody = z.input<typeof importBodySchema>;

const problemSchema = z.strictObject({ path: z.string(), message: z.string() });
export const importRowSchema = z.strictObject({
  /** Null for somebody who is missing from a table that has everybody. */
  line: z.number().nullable(),
  id: z.string(),
  outcome: z.enum(['added', 'changed', 'unchanged', 'refused', 'closed']),
  /** The table says active, and the person is suspended: two operators bring somebody back, no table does. */
  staysClosed: z.boolean(),
  changes: z.array(z.string()).readonly(),
  problems: z.array(problemSchema).readonly(),
});
export type ImportRow = z.infer<typeof importRowSchema>;

export const importReportSchema = z.strictObject({
  decisionId: z.string(),
  /** False: nothing was or would be taken. */
  ok: z.boolean(),
  applied: z.boolean(),
  counts: z.strictObject({ added: z.number(), changed: z.number(), unchanged: z.number(), refused: z.number(), closed: z.number() }),
  closing: z.strictObject({ people: z.number(), inForce: z.number(), allowed: z.number(), isAllowed: z.boolean() }),
  rows: z.array(importRowSchema).readonly(),
  /** Rows that are not told. */
  more: z.number(),
});
export type ImportReport = z.infer<typeof importReportSchema>;
