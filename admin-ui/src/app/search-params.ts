import { z } from 'zod';

/** Filters live in the URL; what does not fit is dropped, never an error page. */
export const liveSearchSchema = z.object({ show: z.enum(['all', 'decisions', 'doors', 'people']).optional().catch(undefined) });
export const doorsSearchSchema = z.object({ search: z.string().max(100).optional().catch(undefined) });
export const peopleSearchSchema = z.object({
  search: z.string().max(100).optional().catch(undefined),
  standing: z.enum(['active', 'restricted', 'suspended', 'departed']).optional().catch(undefined),
});
export const decisionsSearchSchema = z.object({
  effect: z.enum(['permit', 'deny']).optional().catch(undefined),
  person: z.string().max(128).optional().catch(undefined),
  resource: z.string().max(128).optional().catch(undefined),
});
