import { z } from 'zod';
import { operatorReasonSchema } from './common.ts';
import { closedSchema } from './me.ts';

/*
 * Recovery, at the console. The code is typed at /recover, or the link opened; either leads to the enrolment page (POST
 * /api/enrolment/options takes the code as its token). Nothing is asked of who stands before the page, so that it tells nobody anything.
 */

/** GET /api/recovery/badges -> who badged at a staffed reader within the last minutes, newest first. */
export const recoveryBadgesSchema = z.strictObject({
  badges: z.array(
    z.strictObject({
      personId: z.string(),
      displayName: z.string(),
      reader: z.string(),
      site: z.string(),
      atMs: z.number(),
      /** Until then it counts. */
      untilMs: z.number(),
      passkeys: z.number(),
    }),
  ),
});
export type RecoveryBadgesView = z.infer<typeof recoveryBadgesSchema>;

/**
 * POST /api/people/:id/recovery. `badge`: the person stands at a staffed reader and has badged (`person.recover`); `admin`: an admin knows
 * otherwise who it is (`person.enrol`). `revoke` blocks the old passkeys at once and closes the person's sessions.
 */
export const recoveryBodySchema = z.strictObject({
  evidence: z.enum(['badge', 'admin']),
  oldPasskeys: z.enum(['keep', 'revoke']),
  reason: operatorReasonSchema,
});
/** Shown once. `code` is four groups of four letters and digits; 0/O and 1/I/L are read alike. */
export const recoveryOfferSchema = z.strictObject({
  decisionId: z.string(),
  code: z.string().regex(/^([0-9A-HJKMNP-TV-Z]{4}-){3}[0-9A-HJKMNP-TV-Z]{4}$/),
  url: z.string(),
  expiresAtMs: z.number(),
  passkeysRevoked: z.number(),
  /** Null unless the old passkeys were revoked. */
  closed: closedSchema.nullable(),
});
export type RecoveryOffer = z.infer<typeof recoveryOfferSchema>;
