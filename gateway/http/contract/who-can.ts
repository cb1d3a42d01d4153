import { z } from 'zod';

/** GET /api/doors/:id/who-can, GET /api/apps/:id/who-can. Names are in the directory. */
export const whoCanSchema = z.strictObject({
  action: z.string(),
  /** `conditions`: what the person is asked for beside what they hold, such as `pin` or `step_up`. */
  people: z.array(z.strictObject({ personId: z.string(), conditions: z.array(z.string()) })),
  considered: z.number(),
  hasMore: z.boolean(),
  tookMs: z.number(),
});
export type WhoCanView = z.infer<typeof whoCanSchema>;
