import { z } from 'zod';
import { id, nullableId, occurredAtMs } from './record-fields.ts';

/* What became of a person: their standing, where they are, their sessions, and by what they are known. */

export const presenceSchema = z.strictObject({
  type: z.literal('presence'),
  occurredAtMs,
  personId: id,
  state: z.enum(['outside', 'inside', 'stale', 'unknown']),
  siteId: nullableId,
  areaId: nullableId,
  confidence: z.enum(['high', 'medium', 'low', 'none']),
  cause: z.string().max(64),
  decisionId: nullableId,
});

export const standingSchema = z.strictObject({
  type: z.literal('standing'),
  occurredAtMs,
  personId: id,
  from: z.enum(['active', 'restricted', 'suspended', 'departed']),
  to: z.enum(['active', 'restricted', 'suspended', 'departed']),
  operators: z.array(id).min(1).max(2),
  reason: z.string().max(500),
  epoch: z.int(),
  decisionId: nullableId,
});

export const receiptSchema = z.strictObject({
  /** Proof of a revocation: each target with the time of its acknowledgement, and what is still exposed. */
  type: z.literal('revocation_receipt'),
  occurredAtMs,
  personId: id,
  epoch: z.int(),
  requestedAtMs: z.int(),
  state: z.enum(['contained', 'residual']),
  targets: z.array(
    z.strictObject({
      target: z.string().max(128),
      method: z.string().max(64),
      acknowledgedAtMs: z.int().nullable(),
      count: z.int().min(0),
    }),
  ),
});

export const sessionSchema = z.strictObject({
  type: z.literal('session'),
  occurredAtMs,
  event: z.enum(['started', 'ended']),
  kind: z.enum(['provider', 'app', 'console', 'cli', 'portal', 'vpn']),
  /** Of a VPN session. */
  realmId: nullableId.optional(),
  sessionId: id,
  personId: id,
  appId: nullableId,
  cause: z.string().max(64),
  decisionId: nullableId,
});

export const credentialSchema = z.strictObject({
  type: z.literal('credential'),
  occurredAtMs,
  event: z.enum(['enrolment_offered', 'enrolled', 'renamed', 'authentication_failed', 'revoked']),
  kind: z.enum(['badge', 'passkey', 'enrolment_link', 'cli_token', 'face_template', 'vpn_code', 'upstream_account']),
  personId: nullableId,
  credentialId: nullableId,
  cause: z.string().max(64),
  operatorId: nullableId,
});

export const reinstatementSchema = z.strictObject({
  type: z.literal('reinstatement_requested'),
  occurredAtMs,
  personId: id,
  operatorId: id,
  reason: z.string().max(500),
  decisionId: nullableId,
});
