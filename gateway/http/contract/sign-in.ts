import { z } from 'zod';
import { reasonTextSchema, webauthnJsonSchema } from './common.ts';
import { languageSchema } from './language.ts';

/** GET /api/session -> who is signed in to the console, or null. */
export const consoleSessionSchema = z.strictObject({
  person: z.strictObject({ id: z.string(), displayName: z.string(), roles: z.array(z.string()) }).nullable(),
  /** Operator actions that the policy's role data gives this person: the UI hides the rest, the server refuses it. */
  actions: z.array(z.string()),
  demo: z.boolean(),
});
export type ConsoleSessionView = z.infer<typeof consoleSessionSchema>;

/** POST /api/session/options {} and POST /api/interaction/:uid/options {} -> options for navigator.credentials.get. */
export const assertionOptionsSchema = z.strictObject({ ceremonyId: z.string(), options: webauthnJsonSchema });
export type AssertionOptions = z.infer<typeof assertionOptionsSchema>;

/** POST /api/session, POST /api/interaction/:uid/passkey, POST /api/enrolment/verify */
export const ceremonyResponseSchema = z.strictObject({ ceremonyId: z.string().min(1).max(128), response: webauthnJsonSchema });
export type CeremonyResponse = z.infer<typeof ceremonyResponseSchema>;

/** POST /api/enrolment/options {token} -> options for navigator.credentials.create. The token comes from the link's fragment. */
export const enrolmentRequestSchema = z.strictObject({ token: z.string().min(16).max(128) });
export const enrolmentOptionsSchema = z.strictObject({
  ceremonyId: z.string(),
  displayName: z.string(),
  expiresAtMs: z.number(),
  options: webauthnJsonSchema,
});
export type EnrolmentOptions = z.infer<typeof enrolmentOptionsSchema>;
/** POST /api/enrolment/verify (ceremonyResponseSchema) -> */
export const enrolledSchema = z.strictObject({ displayName: z.string(), console: z.boolean() });
export type Enrolled = z.infer<typeof enrolledSchema>;

/** GET /api/interaction/:uid -> what the sign-in page shows. */
export const interactionSchema = z.strictObject({
  appName: z.string(),
  /** Where the person came from, for the way back when this sign-in has expired; absent when no browser can go there. */
  appUrl: z.url().optional(),
  /** That the app asks for, where the person has chosen none; absent when it asks for none that there are texts in. */
  language: languageSchema.optional(),
  prompt: z.enum(['login', 'step_up', 'denied', 'hardware_key', 'badge', 'face', 'select_account', 'confirm']),
  /** Set with `denied`: why, what to do, and the decision to quote. */
  denied: z.strictObject({ decisionId: z.string(), reasons: z.array(reasonTextSchema).min(1), atMs: z.number() }).nullable(),
  /** Absent where no identity provider outside is configured. */
  outside: z
    .strictObject({
      /** At which the person may sign in now. */
      upstreams: z.array(z.strictObject({ id: z.string(), name: z.string() })).readonly(),
      /** False: one of them comes first. */
      passkey: z.boolean(),
      /** Name of the one at which the person has signed in, where a passkey must follow. */
      signedInAt: z.string().nullable(),
    })
    .optional(),
});
export type InteractionView = z.infer<typeof interactionSchema>;

/** POST /api/interaction/:uid/upstream -> continueSchema: where the browser signs in, or back here with `?problem=` (upstreamProblemSchema). */
export const upstreamChoiceSchema = z.strictObject({ upstream: z.string().min(1).max(63) });

/** Why a sign-in at an identity provider outside led to none here: search parameter `problem` of the sign-in page. */
export const upstreamProblemSchema = z.enum([
  'account.unknown',
  'account.ambiguous',
  'account.claim_missing',
  'account.email_unverified',
  'account.domain_other',
  'account.linked_otherwise',
  'account.taken',
  'upstream.unreachable',
  'upstream.not_ready',
  'upstream.refused',
  'upstream.answer_invalid',
  'upstream.expired',
  'upstream.too_old',
  'upstream.other_person',
]);
export type UpstreamProblemCode = z.infer<typeof upstreamProblemSchema>;

/** 409 of a step of the sign-in that the person can do something about. */
export const signInErrorCodeSchema = z.enum([
  /** The passkey may be copied to other devices, and one is asked for that may not. */
  'sign_in.key_synced',
  /** No reader has seen the badge that is asked for. */
  'sign_in.badge_not_seen',
  /** The passkey is not of the person who is signed in on this browser, or at the provider outside. */
  'sign_in.other_person',
  /** A sign-in at the provider outside comes before the passkey. */
  'sign_in.upstream_first',
]);
export type SignInErrorCode = z.infer<typeof signInErrorCodeSchema>;

/**
 * POST /api/interaction/:uid/passkey (ceremonyResponseSchema), POST /api/interaction/:uid/other-passkey (ceremonyResponseSchema; after
 * sign_in.other_person: whoever is signed in on this browser is signed out), POST /api/interaction/:uid/retry {} (asks the policy again after
 * badging in), POST /api/interaction/:uid/abort {} -> where the browser goes next.
 */
export const continueSchema = z.strictObject({ redirectTo: z.string() });
export type Continue = z.infer<typeof continueSchema>;
