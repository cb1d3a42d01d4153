import { z } from 'zod';
import { DESK_REVOCATION_CAUSES } from '../../domain/desk/desk-device.ts';
import { OS_AGE_DAYS_MAX, postureSchema } from '../../domain/desk/posture.ts';
import { facePublicKeySchema, packHashSchema } from '../../domain/face/face-device.ts';
import { operatorReasonSchema } from './common.ts';
import { closedSchema } from './me.ts';

const reason = operatorReasonSchema;
const jws = z.string().min(1).max(4_096);
const nonce = z.string().regex(/^[0-9a-f]{32}$/);

/** A system that was updated longer ago meets no rule, days. */
export const UPDATE_AGE_DAYS_MAX = OS_AGE_DAYS_MAX;

/** What a computer told of itself. Null = nothing was told, or too long ago. */
export const toldPostureSchema = z.strictObject({ told: postureSchema, observedAtMs: z.number(), isCompliant: z.boolean() }).nullable();

/** Since when it counts no more, and why. Null = it does, or nobody kept it at the time. */
const deskRevocationSchema = z.strictObject({ atMs: z.number(), because: z.enum(DESK_REVOCATION_CAUSES) }).nullable();
export type DeskRevocationView = z.infer<typeof deskRevocationSchema>;

const deskSchema = z.strictObject({
  id: z.string(),
  personId: z.string(),
  label: z.string(),
  keyKind: z.enum(['file', 'tpm']),
  /** Null = it looks at no face. */
  packHash: z.string().nullable(),
  /** A face is enrolled there. */
  hasFace: z.boolean(),
  status: z.enum(['active', 'revoked']),
  revocation: deskRevocationSchema,
  enrolledAtMs: z.number(),
  /** Its last word, by its own clock; null = none yet. */
  seenAtMs: z.number().nullable(),
  posture: toldPostureSchema,
});
export type DeskView = z.infer<typeof deskSchema>;
/** GET /api/desks[?personId=] */
export const desksSchema = z.strictObject({ desks: z.array(deskSchema) });
export const desksQuerySchema = z.strictObject({ personId: z.string().min(1).max(128).optional() });

/** POST /api/people/:id/desks */
export const deskOfferBodySchema = z.strictObject({ label: z.string().trim().min(1).max(100), reason });
export const deskOfferedSchema = z.strictObject({ code: z.string(), expiresAtMs: z.number() });

/** POST /api/desks/:id/revoke, POST /api/desks/:id/face */
export const deskReasonBodySchema = z.strictObject({ reason });
/** What was signed in with it, and is no more. */
export const deskRevokedSchema = z.strictObject({ closed: closedSchema });
export const deskFaceOrderedSchema = z.strictObject({ expiresAtMs: z.number() });

/** POST /api/desk/enrol. `Authorization: Bearer` a JWS that the new key signed over this address. */
export const deskEnrolBodySchema = z.strictObject({
  code: z.string().min(1).max(64),
  publicKey: facePublicKeySchema,
  keyKind: z.enum(['file', 'tpm']),
  packHash: packHashSchema.nullable(),
});
export const deskEnrolledSchema = z.strictObject({
  deviceId: z.string(),
  personId: z.string(),
  label: z.string(),
  /** Whose challenges the agent answers. */
  issuer: z.string(),
});

/** POST /api/desk/posture, /face and /face/report: `Authorization: Bearer` a JWS of the computer over the address. */
export const deskJwsBodySchema = z.strictObject({ jws });
export const deskPostureTakenSchema = z.strictObject({ fault: z.string().nullable() });
export const deskFaceBodySchema = z.strictObject({ packHash: packHashSchema });
/** Null = nobody has ordered it. */
export const deskFaceBegunSchema = z.strictObject({ orderId: z.string().nullable() });
/** POST /api/desk/standing {}: what the gateway has of the computer that asks. */
export const deskStandingSchema = z.strictObject({ label: z.string(), hasFace: z.boolean(), seenAtMs: z.number().nullable() });
/** POST /api/desk/revocation {}: why the computer that asks counts no more. 401: it does, or it is not known. */
export const deskRevocationAnswerSchema = z.strictObject({ revocation: deskRevocationSchema });
/** POST /api/desk/attest: the JWS says itself who signed it. `refusal` null = it was taken. */
export const deskAttestedSchema = z.strictObject({ refusal: z.string().nullable() });

/** POST /api/interaction/:uid/desk {} -> what the page hands to the agent of its own machine. */
export const deskAskedSchema = z.discriminatedUnion('state', [
  z.strictObject({ state: z.literal('asked'), agent: z.string(), challenge: z.string(), nonce: z.string(), expiresAtMs: z.number() }),
  /** None of the person's computers can answer, or too many wrong faces: another way has to be taken. */
  z.strictObject({ state: z.enum(['no_desk', 'too_many']) }),
]);

/** POST /api/interaction/:uid/desk/outcome: the page learns from the gateway alone what came of it. */
export const deskNonceBodySchema = z.strictObject({ nonce });
export const deskOutcomeSchema = z.discriminatedUnion('state', [
  z.strictObject({ state: z.literal('waiting') }),
  z.strictObject({ state: z.literal('answered'), seen: z.enum(['verified', 'refused', 'nobody', 'not_enrolled', 'device']) }),
  z.strictObject({ state: z.literal('refused'), reason: z.string() }),
]);
