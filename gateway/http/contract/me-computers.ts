import { z } from 'zod';
import { toldPostureSchema } from './desk.ts';
import { removeOwnSchema } from './me.ts';

/** GET /api/me/computers -> those in use, the oldest first. */
export const computerSchema = z.strictObject({
  id: z.string(),
  name: z.string(),
  /** Its last word, by its own clock; null = none yet. */
  seenAtMs: z.number().nullable(),
  /** The person's face is enrolled there. */
  hasFace: z.boolean(),
  posture: toldPostureSchema,
});
export type ComputerView = z.infer<typeof computerSchema>;
export const computersSchema = z.strictObject({ computers: z.array(computerSchema) });

/**
 * POST /api/me/computers/:id/remove -> removedSchema. What was signed in with it ends. `lost`: somebody else may have it, so that everything
 * else ends too, this session apart.
 */
export const removeComputerSchema = removeOwnSchema;
