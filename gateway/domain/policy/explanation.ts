import { z } from 'zod';

const lineSchema = z.strictObject({ file: z.string(), row: z.int(), text: z.string() });

const ruleSchema = z.strictObject({
  /** The reason or permit that the rule gives. */
  code: z.string(),
  /** What it means to the person. */
  message: z.string(),
  line: lineSchema,
  title: z.string(),
  description: z.string(),
});
export type ExplainedRule = z.infer<typeof ruleSchema>;

const changeSchema = z.strictObject({
  /** Path into the input, or `data.gatehouse.grants` for a grant. */
  path: z.string(),
  from: z.string(),
  to: z.string(),
  /** In plain words. */
  text: z.string(),
});
export type FactChange = z.infer<typeof changeSchema>;

const outcomeSchema = z.strictObject({ effect: z.enum(['permit', 'deny']), codes: z.array(z.string()), obligations: z.array(z.string()) });

/** Why a recorded decision came out as it did. */
export const explanationSchema = z.strictObject({
  decisionId: z.string(),
  occurredAtMs: z.int(),
  action: z.string(),
  personId: z.string().nullable(),
  resourceId: z.string(),
  policyRevision: z.string(),
  dataRevision: z.string(),
  /** Of the compiler that made the policy; the manifest that the revision is the hash of names it. Empty when it is not kept. */
  engineVersion: z.string(),
  recorded: outcomeSchema,
  /**
   * `same`: decided again it comes out with the same effect, codes and obligations, which is all that the log keeps of an answer (not how long
   * a permit may be relied on). `impossible`: `missing` says what is not kept.
   */
  rerun: z.enum(['same', 'different', 'impossible']),
  missing: z.array(z.string()),
  /** What it comes out as when it is decided again; null when it cannot be. */
  again: outcomeSchema.nullable(),
  /** Both engines gave the same answer. */
  enginesAgree: z.boolean(),
  summary: z.string(),
  /** Rules that gave the reasons, or the permits. */
  rules: z.array(ruleSchema),
  /** The fewest lines of the policy that stood against a permit. */
  against: z.array(lineSchema),
  /** The fewest facts whose change would have permitted it, verified by deciding again; empty when it was permitted or none was found. */
  wouldPermit: z.array(changeSchema),
  input: z.record(z.string(), z.unknown()).nullable(),
  /** Paths of `input` that are masked. */
  masked: z.array(z.string()),
});
export type Explanation = z.infer<typeof explanationSchema>;
