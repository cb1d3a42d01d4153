import { z } from 'zod';
import { LEASE_JWS_MAX, LEASED_ENTRIES_PER_CALL_MAX, LEASED_ENTRY_JWS_MAX } from '../../domain/face/lease.ts';
import { facePublicKeySchema, packHashSchema } from '../../domain/face/face-device.ts';
import { operatorReasonSchema } from './common.ts';

const id = z.string().min(1).max(128);
const reason = operatorReasonSchema;
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
  /** Since the gateway began; null = not since then. */
  seenAtMs: z.number().nullable(),
  /** As it said last; `unknown` = a browser opens it for a look, or nothing was said yet. */
  camera: z.enum(['there', 'lost', 'unknown']),
  /** The last few, the last one first: result of a look or an order, or why its word was refused. */
  outcomes: z.array(z.strictObject({ atMs: z.number(), result: z.string() })),
  /** Templates that it keeps, and how many of them are past their time. */
  kept: z.number(),
  expired: z.number(),
});
export type FaceTerminal = z.infer<typeof deviceSchema>;
/** GET /api/face/terminals */
export const faceTerminalsSchema = z.strictObject({ terminals: z.array(deviceSchema) });

const templateSchema = z.strictObject({
  id: z.string(),
  personId: z.string(),
  personName: z.string().nullable(),
  deviceId: z.string(),
  storage: z.enum(['terminal', 'carried']),
  packHash: z.string(),
  isOfOtherPack: z.boolean(),
  enrolledAtMs: z.number(),
  expiresAtMs: z.number(),
  /** Ordered and not done yet, while it is kept: asked for until the terminal signs that it is gone. Null = nobody wants it deleted. */
  deletionOrderedAtMs: z.number().nullable(),
  status: z.enum(['kept', 'replaced', 'deleted']),
  endedAtMs: z.number().nullable(),
  hasReceipt: z.boolean(),
});
export type FaceTemplateRow = z.infer<typeof templateSchema>;
/** GET /api/face/templates?before=AT_MS:ID&limit=N: who is, or was, enrolled where, the latest first. `next`: `before` of the page after. */
export const faceTemplatesSchema = z.strictObject({ templates: z.array(templateSchema), next: z.string().nullable() });

/** GET /api/face/people/:id/templates: the same of one person, what is kept first. */
export const facesOfPersonSchema = z.strictObject({ templates: z.array(templateSchema) });

/**
 * POST /api/face/templates/:id/end {reason}: of what a person carries the key is destroyed at once; a terminal is told, and `deleted` is said only when
 * it has signed. The entry as it stands then.
 */
export const faceEndedSchema = z.strictObject({ template: templateSchema });

const gatewayKeySchema = z.strictObject({ kty: z.literal('OKP'), crv: z.literal('Ed25519'), x: z.string() });
/** GET /api/face/templates/:id/receipt: a compact JWS, and the key that signed it: the terminal's (ES256), or the gateway's (EdDSA) for what is carried. */
export const faceReceiptSchema = z.strictObject({ receipt: z.string(), publicKey: z.union([facePublicKeySchema, gatewayKeySchema]) });

/** POST /api/face/terminals/offers */
export const faceOfferBodySchema = z.strictObject({ readerId: id, label: z.string().trim().min(1).max(100), reason });
export const faceOfferSchema = z.strictObject({ code: z.string(), expiresAtMs: z.number() });

/** POST /api/face/terminals/:id/pack */
export const facePackBodySchema = z.strictObject({ packHash: packHashSchema, reason });

/** POST /api/face/terminals/:id/orders */
export const faceOrderBodySchema = z.strictObject({
  kind: z.enum(['enrol', 'delete']),
  personId: id,
  reason,
  /** Of an enrolment: absent = on the terminal. */
  storage: z.enum(['terminal', 'carried']).optional(),
});
export type FaceOrderBody = z.input<typeof faceOrderBodySchema>;
export const faceOrderedSchema = z.strictObject({ orderId: z.string() });

/** POST /api/face/terminal/enrol. `Authorization: Bearer` a JWS that the new key signed over this address. */
export const terminalEnrolBodySchema = z.strictObject({
  code: z.string().min(1).max(64),
  publicKey: facePublicKeySchema,
  packHash: packHashSchema,
});
export const terminalEnrolledSchema = z.strictObject({ deviceId: z.string(), readerId: z.string(), doorId: z.string(), label: z.string() });

/** POST /api/face/terminal/next. A terminal that opens its camera for a look alone says nothing of it. */
export const terminalNextBodySchema = z.strictObject({
  camera: z.enum(['there', 'lost']).optional(),
  /** The lease on its disk: those before it do not count any more. Absent = none, or it says nothing of it. */
  lease: id.optional(),
});
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
          /** The person carries their face. */
          carried: z.literal(true).optional(),
        }),
      }),
      z.strictObject({
        kind: z.enum(['enrol', 'delete']),
        id: z.string(),
        personId: z.string(),
        storage: z.enum(['terminal', 'carried']),
      }),
    ])
    .nullable(),
  /** The revocation epoch: a lease of another one is asked for anew. */
  epoch: z.number(),
});
export type TerminalTask = NonNullable<z.infer<typeof terminalTaskSchema>['task']>;

/** POST /api/face/terminal/attest and /report */
export const terminalJwsBodySchema = z.strictObject({ jws });
/** `refusal` null = it was taken. */
export const terminalAttestedSchema = z.strictObject({ refusal: z.string().nullable() });

/** POST /api/face/terminal/lease */
export const terminalLeaseBodySchema = terminalNextBodySchema.pick({ lease: true });
/** What the terminal may go by while it cannot reach the gateway. `publicKey`: Ed25519, raw, base64url. */
export const terminalLeaseSchema = z.strictObject({ lease: z.string().max(LEASE_JWS_MAX).nullable(), publicKey: z.string() });

/** POST /api/face/terminal/entries: what it did meanwhile, in order, and the lease that these entries were made under. */
export const terminalEntriesBodySchema = z.strictObject({
  lease: z.string().max(LEASE_JWS_MAX).nullable(),
  entries: z.array(z.string().max(LEASED_ENTRY_JWS_MAX)).min(1).max(LEASED_ENTRIES_PER_CALL_MAX),
});
/** The entry up to which all is in the log. */
export const terminalEntriesSchema = z.strictObject({ taken: z.number() });

/** POST /api/face/terminal/carried/begin: the key of a face that a person is about to carry, once an order. `key`: 32 bytes, base64url. */
export const terminalCarriedBeginBodySchema = z.strictObject({ order: id });
export const terminalCarriedBegunSchema = z.strictObject({
  template: z.string(),
  key: z.string(),
  expiresAtMs: z.number(),
  /** The page on which a phone takes it, from behind `#`. */
  portalUrl: z.string(),
});

/** POST /api/face/terminal/carried/open: the same key for the question in hand, once. `sha256`: of what the person carries, hex. */
export const terminalCarriedOpenBodySchema = z.strictObject({
  nonce: z.string().regex(/^[0-9a-f]{32}$/),
  template: id,
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
});
export const terminalCarriedOpenedSchema = z.strictObject({ key: z.string().nullable(), refusal: z.string().nullable() });
