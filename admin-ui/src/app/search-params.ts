import { z } from 'zod';
import { resourceKindSchema } from '#gateway/http/contract/me.ts';
import { DATA_VIEWS } from '../features/policy-data/data-views.ts';

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
export const compareSearchSchema = z.object({
  from: z.string().max(64).optional().catch(undefined),
  to: z.string().max(64).optional().catch(undefined),
});
export const editorSearchSchema = z.object({
  file: z.string().max(200).optional().catch(undefined),
  row: z.int().min(1).optional().catch(undefined),
  col: z.int().min(1).optional().catch(undefined),
});
export const myAccessSearchSchema = z.object({ kind: resourceKindSchema.optional().catch(undefined) });
export const policyDataSearchSchema = z.object({ part: z.enum(DATA_VIEWS).optional().catch(undefined) });
