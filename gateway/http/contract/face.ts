import { z } from 'zod';
import { facePublicKeySchema, packHashSchema } from '../../domain/face/face-device.ts';

const id = z.string().min(1).max(128);
const reason = z.string().trim().min(3).max(500);
const jws = z.string().min(1).max(4_096);

const deviceSchema = z.strictObject({
  id: z.string(),
  readerId: z.string(),
  label: z.string(),
  packHash: z.string(),
  status: z.enum(['active', 'revoked']),
  enrolledAtMs: z.number(),
  /** It asked for its next task a moment ago. */
  isListening: z.boolean(),
});
/** GET /api/face/terminals */
export const faceTerminalsSchema = z.strictObject({ terminals: z.array(deviceSchema) });

/** POST /api/face/terminals/offers */
export const faceOfferBodySchema = z.strictObject({ readerId: id, label: z.string().trim().min(1).max(100), reason });
export const faceOfferSchema = z.strictObject({ code: z.string(), expiresAtMs: z.number() });

/** POST /api/face/terminals/:id/revoke */
export const faceReasonBodySchema = z.strictObject({ reason });
/** POST /api/face/terminals/:id/pack */
export const facePackBodySchema = z.strictObject({ packHash: packHashSchema, reason });

/** POST /api/face/terminals/:id/orders */
export const faceOrderBodySchema = z.strictObject({ kind: z.enum(['enrol', 'delete']), personId: id, reason });
export const faceOrderedSchema = z.strictObject({ orderId: z.string() });

/** POST /api/face/terminal/enrol. `Authorization: Bearer` a JWS that the new key signed over this address. */
export const terminalEnrolBodySchema = z.strictObject({
  code: z.string().min(1).max(64),
  publicKey: facePublicKeySchema,
  packHash: packHashSchema,
});
export const terminalEnrolledSchema = z.strictObject({ deviceId: z.string(), readerId: z.string(), doorId: z.string(), label: z.string() });

/** POST /api/face/terminal/next, and all below: `Authorization: Bearer` a JWS of the terminal over the address. Answers after 20 s at the latest. */
export const terminalTaskSchema = z.strictObject({
  task: z
    .discriminatedUnion('kind', [
      z.strictObject({
        kind: z.literal('verify'),
        question: z.strictObject({
          nonce: z.string(),
          personId: z.string(),
          doorId: z.string(),
          readerId: z.string(),
          askedAtMs: z.number(),
          withinMs: z.number(),
        }),
      }),
      z.strictObject({ kind: z.enum(['enrol', 'delete']), id: z.string(), personId: z.string() }),
    ])
    .nullable(),
});
export type TerminalTask = NonNullable<z.infer<typeof terminalTaskSchema>['task']>;

/** POST /api/face/terminal/attest and /report */
export const terminalJwsBodySchema = z.strictObject({ jws });
/** `refusal` null = it was taken. */
export const terminalAttestedSchema = z.strictObject({ refusal: z.string().nullable() });
