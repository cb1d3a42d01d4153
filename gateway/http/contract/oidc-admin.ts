import { z } from 'zod';
import { operatorReasonSchema, reasonTextSchema } from './common.ts';

const reason = operatorReasonSchema;

/** POST /api/oidc/keys/rotate -> new signing keys, published now, which sign later. */
export const rotateKeysBodySchema = z.strictObject({ reason });
export const rotatedKeysSchema = z.strictObject({ generation: z.int(), signsFromMs: z.number(), kids: z.array(z.string()) });
export type RotatedKeys = z.infer<typeof rotatedKeysSchema>;

/** POST /api/oidc/keys/retire -> a published key that is used and published no longer, from now on. */
export const retireKeyBodySchema = z.strictObject({ kid: z.string().min(1).max(128), reason });
export const retiredKeySchema = z.discriminatedUnion('state', [
  z.strictObject({
    state: z.literal('retired'),
    kid: z.string(),
    alg: z.string(),
    /** What signs in its place; null when it was not signing. */
    replacedBy: z.string().nullable(),
  }),
  /** The policy wants a second operator, who asks for the same. */
  z.strictObject({ state: z.literal('waits_for_second_operator'), kid: z.string(), untilMs: z.number() }),
]);
export type RetiredKey = z.infer<typeof retiredKeySchema>;

const keySchema = z.strictObject({
  kid: z.string(),
  alg: z.enum(['ES256', 'EdDSA', 'RS256']),
  generation: z.int(),
  /** `next` will sign, `previous` stays published for what it has signed. */
  state: z.enum(['next', 'signing', 'previous']),
  /** 0 = with the first start of the gateway. */
  publishedAtMs: z.number(),
  signsFromMs: z.number(),
  /** Null when nothing is planned. */
  signsUntilMs: z.number().nullable(),
  publishedUntilMs: z.number().nullable(),
  /** Who asked for its retirement, which waits for a second operator. */
  retirementAskedBy: z.string().nullable(),
});

/** GET /api/oidc -> the identity provider. */
export const identityProviderSchema = z.strictObject({
  issuer: z.string(),
  discoveryUrl: z.string(),
  keys: z.array(keySchema),
});
export type IdentityProviderView = z.infer<typeof identityProviderSchema>;
export type SigningKeyView = IdentityProviderView['keys'][number];

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
