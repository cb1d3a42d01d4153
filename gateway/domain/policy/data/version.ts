import { z } from 'zod';
import { PART_NAMES } from './items.ts';

/** Changes that a version names; all are counted. */
export const VERSION_CHANGES_MAX = 64;

export const dataVersionSchema = z.strictObject({
  /** 1 for the first change of the installation. */
  version: z.int().min(1),
  atMs: z.int().min(0),
  operatorId: z.string(),
  origin: z.enum(['edited', 'reverted', 'imported']),
  reason: z.string(),
  changes: z
    .array(z.strictObject({ part: z.enum(PART_NAMES), id: z.string(), kind: z.enum(['added', 'replaced', 'removed']) }))
    .max(VERSION_CHANGES_MAX),
  changeCount: z.int().min(0),
  opens: z.boolean(),
  /** The decision that allowed it; null for an import. */
  decisionId: z.string().nullable(),
});
/** Who changed the policy data when, and why. */
export type DataVersion = z.infer<typeof dataVersionSchema>;
