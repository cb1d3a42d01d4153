import { z } from 'zod';

/** `typ` of the JWS in which a terminal says what became of an order. */
export const REPORT_TYPE = 'gatehouse-face-report+jwt';

const id = z.string().min(1).max(128);

/** What a terminal says of an order. `refused`: the person did not agree. A deletion that is `done` is the proof of it. */
export const faceReportSchema = z.strictObject({
  device: id,
  order: id,
  result: z.enum(['done', 'refused', 'failed', 'nothing_there']),
  /** Names the template, and says nothing of the face; null where there is none. */
  template: id.nullable(),
  /** Of a face that the person carries: SHA-256 of what they carry, hex. */
  blob_sha256: z
    .string()
    .regex(/^[0-9a-f]{64}$/)
    .optional(),
});
export type FaceReport = z.infer<typeof faceReportSchema>;
