import { z } from 'zod';
import { recordedInputSchema } from '../access/recorded-input.ts';
import { obligationIdSchema, obligationSchema } from '../access/obligation.ts';
import { permitCodeSchema, reasonCodeSchema } from '../access/reason-code.ts';
import { accessSearchSchema, directoryChangeSchema, policyRevisionSchema, systemSchema } from './change-records.ts';
import { alarmSchema, doorRecordSchema, egressSchema, outcomeSchema, readerSchema } from './door-records.ts';
import { credentialSchema, presenceSchema, receiptSchema, reinstatementSchema, sessionSchema, standingSchema } from './person-records.ts';
import { id, nullableId, occurredAtMs } from './record-fields.ts';

/*
 * A field that is added later has a default: a log outlives the release that wrote it, and an entry that cannot be read looks like one
 * that was tampered with.
 *
 * Everything that happens is one record of the one log; presence, door states, live feed and reports are projections of it.
 * Records carry identifiers, never names, card numbers, images or tokens: the log outlives the right to know who it was.
 */

export const decisionModeSchema = z.enum(['online', 'leased', 'host-timeout-fallback', 'operator', 'egress-hw', 'fire', 'mechanical']);

export const decisionRecordSchema = z.strictObject({
  type: z.literal('decision'),
  occurredAtMs,
  decisionId: id,
  channel: z.string(),
  action: z.string(),
  personId: nullableId,
  resourceType: z.string(),
  resourceId: id,
  effect: z.enum(['permit', 'deny']),
  reasons: z.array(reasonCodeSchema),
  permits: z.array(permitCodeSchema),
  obligations: z.array(obligationSchema),
  policyRevision: z.string(),
  dataRevision: z.string(),
  epoch: z.int(),
  mode: decisionModeSchema,
  latencyUs: z.int().min(0),
  /** What the operator gave as the reason of a command; null for everything else. */
  operatorReason: z.string().max(500).nullable().default(null),
  /** What the enforcement point could fulfil, where that does not follow from the question (`understoodObligations`). */
  understands: z.array(obligationIdSchema).max(8).optional(),
  /** The exact input, so that the decision can be run again; null when it did not pass the input schema. */
  input: recordedInputSchema.nullable(),
});
export type DecisionRecord = z.infer<typeof decisionRecordSchema>;

export const auditRecordSchema = z.discriminatedUnion('type', [
  decisionRecordSchema,
  outcomeSchema,
  doorRecordSchema,
  egressSchema,
  readerSchema,
  alarmSchema,
  presenceSchema,
  standingSchema,
  receiptSchema,
  sessionSchema,
  credentialSchema,
  directoryChangeSchema,
  reinstatementSchema,
  policyRevisionSchema,
  accessSearchSchema,
  systemSchema,
]);
export type AuditRecord = z.infer<typeof auditRecordSchema>;
export type AuditRecordType = AuditRecord['type'];
export type AuditRecordOf<T extends AuditRecordType> = Extract<AuditRecord, { readonly type: T }>;
