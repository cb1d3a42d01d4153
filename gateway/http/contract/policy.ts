import { z } from 'zod';
import { impactReportSchema, replayWindowSchema } from '../../domain/policy/impact-report.ts';
import { checkReportSchema, testReportSchema } from '../../domain/policy/reports.ts';
import { findingSchema } from '../../domain/policy/finding.ts';
import {
  isTestPath,
  policyRevisionSchema,
  revisionContentSchema,
  revisionFileSchema,
  REVISION_BYTES_MAX,
  REVISION_FILE_BYTES_MAX,
  REVISION_NOTE_MAX,
  SHIPPED_AUTHOR,
} from '../../domain/policy/revision.ts';
import { explanationSchema } from '../../domain/policy/explanation.ts';
import { reasonBodySchema } from './common.ts';

/** Longest body of POST /api/policy/drafts, bytes: text in JSON takes some more than the text. */
export const DRAFT_BODY_BYTES_MAX = 2 * REVISION_BYTES_MAX;
export const REVISIONS_LIMIT_MAX = 200;

export type RevisionView = z.infer<typeof policyRevisionSchema>;
export type FindingView = z.infer<typeof findingSchema>;
export type CheckReportView = z.infer<typeof checkReportSchema>;
export type TestReportView = z.infer<typeof testReportSchema>;
export type ImpactReportView = z.infer<typeof impactReportSchema>;
export type ExplanationView = z.infer<typeof explanationSchema>;
/** Author of what came with the program. */
export const SHIPPED_AUTHOR_ID = SHIPPED_AUTHOR;
/** A file of a draft by itself, for a form that adds one. */
export const draftFileSchema = revisionFileSchema;
/** Files that are a draft's tests and cases. */
export const isDraftTest = isTestPath;

const activationSchema = z.strictObject({
  number: z.int(),
  revisionId: z.string(),
  revision: z.string(),
  previousId: z.string().nullable(),
  activatedAtMs: z.int(),
});

/** GET /api/policy/revisions?before=&limit= : newest first */
export const revisionsSchema = z.strictObject({
  revisions: z.array(policyRevisionSchema),
  next: z.string().nullable(),
  /** Newest first: the first one is in force. */
  activations: z.array(activationSchema),
  /** What a roll-back without a name returns to: never what was itself left by one. */
  wayBackId: z.string().nullable(),
});
export type RevisionsView = z.infer<typeof revisionsSchema>;

/** GET /api/policy/revisions/:id */
export const revisionDetailSchema = z.strictObject({
  revision: policyRevisionSchema,
  content: revisionContentSchema,
  check: checkReportSchema.nullable(),
  test: testReportSchema.nullable(),
  impact: impactReportSchema.nullable(),
});
export type RevisionDetailView = z.infer<typeof revisionDetailSchema>;

export const DRAFT_NOTE_MAX = REVISION_NOTE_MAX;
/** POST /api/policy/drafts */
export const draftBodySchema = z.strictObject({
  content: revisionContentSchema,
  note: z.string().trim().max(DRAFT_NOTE_MAX).default(''),
  parentId: z.string().max(64).nullable().default(null),
});

/** Longest body of POST /api/policy/format, bytes. */
export const FORMAT_BODY_BYTES_MAX = 2 * REVISION_FILE_BYTES_MAX;
/** POST /api/policy/format: one Rego file in its canonical layout, or why it has none. Nothing is kept. */
export const formatBodySchema = revisionFileSchema.refine(({ path }) => path.endsWith('.rego'), 'must be a Rego file');
export const formatResultSchema = z.discriminatedUnion('ok', [
  z.strictObject({ ok: z.literal(true), text: z.string() }),
  z.strictObject({ ok: z.literal(false), findings: z.array(findingSchema) }),
]);

/** Answers with what the revision is now. */
export const revisionResultSchema = z.strictObject({ revision: policyRevisionSchema });
export type RevisionResult = z.infer<typeof revisionResultSchema>;

/** POST /api/policy/revisions/:id/check and /test, with an empty body */
export const checkResultSchema = z.strictObject({ revision: policyRevisionSchema, report: checkReportSchema });
export const testResultSchema = z.strictObject({ revision: policyRevisionSchema, report: testReportSchema });

/** POST /api/policy/revisions/:id/impact */
export const impactBodySchema = z.strictObject({
  /** Without it the last seven days. */
  window: replayWindowSchema
    .refine(({ fromMs, toMs }) => fromMs < toMs, 'must end after it begins')
    .nullable()
    .default(null),
  data: z.enum(['then', 'today']).default('then'),
});
/**
 * How long a caller waits for what compiles, tests or loads a policy, ms: longer than the gateway gives a run of tests with its trial, and
 * another one that it may have to wait for, so that a caller hears how it ended.
 */
export const POLICY_WORK_TIMEOUT_MS = 300_000;
export const IMPACT_WINDOW_DEFAULT_MS = 7 * 86_400_000;

/** GET /api/policy/impact/:id; POST /api/policy/impact/:id/cancel */
export const impactJobSchema = z.strictObject({
  id: z.string(),
  revisionId: z.string(),
  state: z.enum(['running', 'done', 'cancelled', 'failed']),
  progress: z.strictObject({ decisions: z.int(), flips: z.int(), share01: z.number() }),
  message: z.string(),
  report: impactReportSchema.nullable(),
});
export type ImpactJobView = z.infer<typeof impactJobSchema>;

/** POST /api/policy/revisions/:id/approve: `revision` is the hash that was read. */
export const approveBodySchema = reasonBodySchema.extend({ revision: z.string().regex(/^[0-9a-f]{64}$/) });

/** POST /api/policy/revisions/:id/emergency: `despiteTests` although they fail or did not run, with an alarm of its own. */
export const emergencyBodySchema = reasonBodySchema.extend({ despiteTests: z.boolean().default(false) });

/** POST /api/policy/revisions/:id/sign, /activate, /shadow, /shadow/end: reasonBodySchema. POST /api/policy/rollback: */
export const rollbackBodySchema = reasonBodySchema.extend({ revisionId: z.string().min(1).max(64).nullable().default(null) });

const shadowReportSchema = z.strictObject({
  compared: z.int(),
  differences: z.int(),
  failures: z.int(),
  dropped: z.int(),
});

/** GET /api/policy/shadow: by the thread that decides */
export const shadowSchema = z.strictObject({ revisionId: z.string().nullable(), points: z.record(z.string(), shadowReportSchema) });

/** POST /api/policy/keys/rotate */
export const keyRotatedSchema = z.strictObject({ keyId: z.string() });

/** GET /api/policy/diff?from=&to= : files that differ, as unified lines */
export const policyDiffSchema = z.strictObject({
  files: z.array(
    z.strictObject({
      path: z.string(),
      change: z.enum(['added', 'removed', 'changed']),
      lines: z.array(
        z.strictObject({
          kind: z.enum(['same', 'added', 'removed']),
          text: z.string(),
          before: z.int().nullable(),
          after: z.int().nullable(),
        }),
      ),
    }),
  ),
});
export type PolicyDiffView = z.infer<typeof policyDiffSchema>;

/** GET /api/policy/decisions/:id */
export const explanationResultSchema = explanationSchema;

/**
 * Whether something else decides than what was brought into force last: at a start its bundle was refused, and an earlier one is used. An
 * activation after the start is only news that one of the two answers has not heard.
 */
export function isRefused(
  { revision, activatedAtMs }: Readonly<{ revision: string; activatedAtMs: number }>,
  status: Readonly<{ policyRevision: string; startedAtMs: number }> | undefined,
): boolean {
  return status !== undefined && status.startedAtMs > activatedAtMs && status.policyRevision !== revision;
}
