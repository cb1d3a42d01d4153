import { z } from 'zod';
import { reasonTextSchema } from './common.ts';

const reason = z.string().trim().min(3).max(500);

/** POST /api/oidc/keys/rotate -> new signing keys, published now, which sign later. */
export const rotateKeysBodySchema = z.strictObject({ reason });
export const rotatedKeysSchema = z.strictObject({ generation: z.int(), signsFromMs: z.number(), kids: z.array(z.string()) });
export type RotatedKeys = z.infer<typeof rotatedKeysSchema>;

/** POST /api/oidc/registration-tokens -> an initial access token, shown once, for the registration of one client of an app. */
export const registrationTokenBodySchema = z.strictObject({
  appId: z.string().min(1).max(128),
  origins: z.array(z.string().min(1).max(300)).min(1).max(10),
  ttlS: z.int().min(60).max(604_800).default(3_600),
  reason,
});
export const registrationTokenSchema = z.strictObject({ token: z.string(), expiresAtMs: z.number(), endpoint: z.string() });
export type RegistrationToken = z.infer<typeof registrationTokenSchema>;

/** POST /api/approvals/options {} and POST /api/approvals/:id/options {answer} -> options for navigator.credentials.get (assertionOptionsSchema). */
export const answerSchema = z.strictObject({ answer: z.enum(['approve', 'refuse']) });

/** POST /api/approvals (ceremonyResponseSchema) -> what apps ask this person over the back channel. */
export const pendingApprovalsSchema = z.strictObject({
  requests: z.array(z.strictObject({ id: z.string(), appName: z.string(), bindingMessage: z.string(), expiresAtMs: z.number() })),
});

/** POST /api/approvals/:id/:answer (ceremonyResponseSchema) */
export const approvalOutcomeSchema = z.strictObject({
  outcome: z.enum(['approved', 'refused', 'denied']),
  decisionId: z.string().nullable(),
  reasons: z.array(reasonTextSchema),
});
