import { z } from 'zod';

/** Files of one revision, tests and cases included, and their sizes in bytes of UTF-8. */
export const REVISION_FILES_MAX = 400;
export const REVISION_FILE_BYTES_MAX = 512 * 1024;
export const REVISION_BYTES_MAX = 3 * 1024 * 1024;
export const REVISION_NOTE_MAX = 500;

const utf8 = new TextEncoder();

/** Relative, without `..`: it only names a text, and nothing is ever read from there. */
const filePathSchema = z
  .string()
  .max(200)
  .regex(
    /^[A-Za-z0-9_-][A-Za-z0-9_.-]*(\/[A-Za-z0-9_-][A-Za-z0-9_.-]*)*\.(rego|json)$/,
    'must be a relative path to a .rego or .json file',
  );

export const revisionFileSchema = z.strictObject({
  path: filePathSchema,
  text: z.string().refine((text) => utf8.encode(text).length <= REVISION_FILE_BYTES_MAX, 'is too large'),
});
export type RevisionFile = z.infer<typeof revisionFileSchema>;

/**
 * What a revision is: the policy's own files, and beside them tests (`*_test.rego`) and cases (`cases/*.json`), which are not compiled
 * into it. Content never changes; another text is another revision.
 */
export const revisionContentSchema = z
  .strictObject({ files: z.array(revisionFileSchema).min(1), tests: z.array(revisionFileSchema) })
  .superRefine(({ files, tests }, context) => {
    const all = [...files, ...tests];
    const bytes = all.reduce((sum, { text }) => sum + utf8.encode(text).length, 0);
    const issue = (message: string): void => context.addIssue({ code: 'custom', message, path: ['files'] });
    if (all.length > REVISION_FILES_MAX) issue(`holds more than ${REVISION_FILES_MAX} files`);
    if (bytes > REVISION_BYTES_MAX) issue(`holds more than ${REVISION_BYTES_MAX} bytes`);
    if (new Set(all.map(({ path }) => path)).size !== all.length) issue('names one file twice');
    if (files.some(({ path }) => !path.endsWith('.rego'))) issue('holds a file that is not Rego');
  });
export type RevisionContent = z.infer<typeof revisionContentSchema>;

/** Whether a file stands beside the policy and is not compiled into it. */
export const isTestPath = (path: string): boolean => path.startsWith('tests/') || path.startsWith('cases/') || path.endsWith('_test.rego');

export const revisionStateSchema = z.enum([
  'draft',
  'checked',
  'tested',
  'impact_known',
  'approved',
  'signed',
  'shadow',
  'active',
  'superseded',
]);
export type RevisionState = z.infer<typeof revisionStateSchema>;

const hash = z.string().regex(/^[0-9a-f]{64}$/);
const operatorId = z.string().min(1).max(128);
const atMs = z.int().min(0);

/** Everything that is known of a revision but its texts and its compiled form. */
export const policyRevisionSchema = z.strictObject({
  id: z.string().min(1).max(64),
  state: revisionStateSchema,
  contentHash: hash,
  authorId: operatorId,
  createdAtMs: atMs,
  parentId: z.string().max(64).nullable(),
  note: z.string().max(REVISION_NOTE_MAX),
  /** SHA-256 of the manifest, which names it in every decision; null until it has been compiled. */
  revision: hash.nullable(),
  approval: z.strictObject({ operatorId, atMs, revision: hash, reason: z.string().max(500), decisionId: z.string() }).nullable(),
  signature: z.strictObject({ keyId: z.string().min(1).max(64), signature: z.string().min(1).max(128), operatorId, atMs }).nullable(),
  /** Published without a second person. */
  emergency: z
    .strictObject({
      operatorId,
      atMs,
      reason: z.string().min(3).max(500),
      decisionId: z.string(),
      /** Whoever published it said that it may go into force although its tests fail, or were not run. */
      despiteTests: z.boolean().default(false),
    })
    .nullable(),
  activatedAtMs: atMs.nullable(),
});
export type PolicyRevision = z.infer<typeof policyRevisionSchema>;

/** Author of what came with the program: nobody's draft, and signed by its committed hash. */
export const SHIPPED_AUTHOR = 'gatehouse';
export const isShipped = ({ authorId }: Pick<PolicyRevision, 'authorId'>): boolean => authorId === SHIPPED_AUTHOR;
