import { z } from 'zod';
import { operatorReasonSchema } from './common.ts';

const id = z.string().min(1).max(128);

/**
 * POST /api/face/readers/:id/templates: scans whoever stands at the reader now, ten seconds at most. `agreed`: the person has said yes to it;
 * the reason says how.
 */
export const readerScanBodySchema = z.strictObject({ personId: id, agreed: z.literal(true), reason: operatorReasonSchema });
/** `unavailable`: the reader is not there, does not compare, or says no. `unusable`: it scanned something else, or too badly. */
export const readerScannedSchema = z.strictObject({ result: z.enum(['done', 'timeout', 'unavailable', 'unusable']) });

const enrolledSchema = z.strictObject({
  personId: z.string(),
  personName: z.string().nullable(),
  enrolledAtMs: z.int(),
  expiresAtMs: z.int(),
});
export type EnrolledAtReader = z.infer<typeof enrolledSchema>;
/** GET /api/face/readers/:id/templates?after=PERSON&limit=N: whom the reader, and every other of its kind, can compare. `next`: `after` of the next page. */
export const enrolledAtReaderSchema = z.strictObject({ people: z.array(enrolledSchema), next: z.string().nullable() });

/** GET /api/face/people/:id/reader-templates. Types and formats as osdp_BIOREAD numbers them; nothing of the template is in it. */
export const readerTemplatesSchema = z.strictObject({
  templates: z.array(z.strictObject({ type: z.int(), format: z.int(), enrolledAtMs: z.int(), expiresAtMs: z.int() })),
});

/** POST /api/face/people/:id/reader-templates/delete */
export const readerTemplatesDeletedSchema = z.strictObject({ removed: z.int().min(0) });
