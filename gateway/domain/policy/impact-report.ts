import { z } from 'zod';

/** Groups of one kind that a report names, the largest first; all are counted. */
export const IMPACT_GROUPS_MAX = 100;
/** Examples of one group; all flips are counted. */
export const IMPACT_EXAMPLES_MAX = 5;

export const replayWindowSchema = z.strictObject({ fromMs: z.int().min(0), toMs: z.int().min(0) });
/** Decisions that arrived from `fromMs` until before `toMs`, epoch ms. */
export type ReplayWindow = z.infer<typeof replayWindowSchema>;

export const flipKindSchema = z.enum(['permit_to_deny', 'deny_to_permit', 'reasons_changed', 'obligations_changed']);
export type FlipKind = z.infer<typeof flipKindSchema>;

const outcomeSchema = z.strictObject({ effect: z.enum(['permit', 'deny']), codes: z.array(z.string()), obligations: z.array(z.string()) });
/** What was decided, or would be: reasons of a deny, or permits; obligations as canonical JSON. */
export type Outcome = z.infer<typeof outcomeSchema>;

const kindCountsSchema = z.strictObject({
  permit_to_deny: z.int(),
  deny_to_permit: z.int(),
  reasons_changed: z.int(),
  obligations_changed: z.int(),
});
export type KindCounts = z.infer<typeof kindCountsSchema>;

const exampleSchema = z.strictObject({
  decisionId: z.string(),
  occurredAtMs: z.int(),
  kind: flipKindSchema,
  action: z.string(),
  personId: z.string().nullable(),
  resourceId: z.string(),
  before: outcomeSchema,
  after: outcomeSchema,
});
export type FlipExample = z.infer<typeof exampleSchema>;

const causeSchema = z.strictObject({
  /** `draft`: the line is in the draft. `before`: in what decided then, and the draft has it no more. */
  side: z.enum(['draft', 'before']),
  file: z.string(),
  row: z.int(),
  text: z.string(),
});
export type FlipCause = z.infer<typeof causeSchema>;

const groupSchema = z.strictObject({
  /** Person, door or app id, or `file:row`. */
  key: z.string(),
  flips: z.int(),
  kinds: kindCountsSchema,
  cause: causeSchema.nullable(),
  examples: z.array(exampleSchema),
});
export type FlipGroup = z.infer<typeof groupSchema>;

const groupsSchema = z.strictObject({
  /** How many groups there are, named here or not. */
  total: z.int(),
  groups: z.array(groupSchema),
});
export type FlipGroups = z.infer<typeof groupsSchema>;

const reachSchema = z.strictObject({
  people: z.int(),
  doors: z.int(),
  apps: z.int(),
  /** Flips by the hour of the day at which they were decided, 0 to 23, in the civil time of the site. */
  hours: z.array(z.int()).length(24),
});
/** Whom and what the flips of one kind concern: all of them, named in a group or not. */
export type FlipReach = z.infer<typeof reachSchema>;

/** What a draft would have decided differently. Every decision of the window was decided again; nothing is sampled. */
export const impactReportSchema = z.strictObject({
  revision: z.string(),
  window: replayWindowSchema,
  data: z.enum(['then', 'today']),
  /** Decision records in the window; those that could not be decided again are counted by why. */
  decisions: z.int(),
  replayed: z.int(),
  skipped: z.strictObject({
    /** The question did not pass the input schema, or was never put to the policy. */
    no_input: z.int(),
    /** The gateway answered by itself: the policy was not reached or its answer not used. */
    gateway_decided: z.int(),
    /** The data of that time is not kept (any more). */
    data_missing: z.int(),
  }),
  flips: z.int(),
  kinds: kindCountsSchema,
  /** Null in a report that was made before it was counted. */
  reach: z.strictObject({ permit_to_deny: reachSchema, deny_to_permit: reachSchema }).nullable().default(null),
  byPerson: groupsSchema,
  byDoor: groupsSchema,
  byApp: groupsSchema,
  byLine: groupsSchema,
  /** Evaluations that ended in an error, which denies. */
  failures: z.strictObject({ total: z.int(), first: z.strictObject({ decisionId: z.string(), message: z.string() }).nullable() }),
  /** Answers that the engine which decides was asked for as well: every flip and each hundredth decision. */
  engineCheck: z.strictObject({ checked: z.int(), differences: z.int(), firstDecisionId: z.string().nullable() }),
  tookMs: z.number(),
  /** Time of the one thread on a core, without what it waited for. */
  cpuMs: z.number(),
  decisionsPerS: z.number(),
});
export type ImpactReport = z.infer<typeof impactReportSchema>;
