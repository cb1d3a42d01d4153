import { z } from 'zod';
import { recordedInputSchema } from '../access/decision-input.ts';
import { obligationIdSchema, obligationSchema } from '../access/obligation.ts';
import { permitCodeSchema, reasonCodeSchema } from '../access/reason-code.ts';

/**
 * A field that is added later has a default: a log outlives the release that wrote it, and an entry that cannot be read looks like one
 * that was tampered with.
 *
 * Everything that happens is one record of the one log; presence, door states, live feed and reports are projections of it.
 * Records carry identifiers, never names, card numbers, images or tokens: the log outlives the right to know who it was.
 */
const id = z.string().min(1).max(128);
const nullableId = id.nullable();
const occurredAtMs = z.int().min(0);

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

const outcomeSchema = z.strictObject({
  /** What the enforcement point did about a decision, under the same decision id. */
  type: z.literal('outcome'),
  occurredAtMs,
  decisionId: id,
  resourceId: id,
  personId: nullableId,
  outcome: z.enum(['unlocked', 'unlock_failed', 'entered', 'not_entered', 'session_started', 'token_issued', 'withheld']),
  detail: z.string().max(200),
});

export const doorStateSchema = z.strictObject({
  doorId: id,
  /** `unknown` whenever the reader that watches the door is not answering: never "locked" when it is not known. */
  contact: z.enum(['open', 'closed', 'unknown']),
  lock: z.enum(['locked', 'unlocked', 'unknown']),
  mode: z.enum(['secure', 'free', 'locked_down', 'unknown']),
  forced: z.boolean(),
  openTooLong: z.boolean(),
  tamper: z.boolean(),
  fault: z.enum(['none', 'unconfigured', 'node_offline', 'bus_offline', 'reader_offline', 'keys_tampered', 'unknown']),
});
export type DoorStatus = z.infer<typeof doorStateSchema>;

const doorRecordSchema = z.strictObject({
  type: z.literal('door_state'),
  occurredAtMs,
  /** What changed it. */
  cause: z.string().max(64),
  decisionId: nullableId,
  state: doorStateSchema,
});

const egressSchema = z.strictObject({
  /** A release that asked nobody: request-to-exit or an exit reader. */
  type: z.literal('egress'),
  occurredAtMs,
  doorId: id,
  cause: z.enum(['rex', 'exit_reader']),
  readerId: nullableId,
  personId: nullableId,
});

const readerSchema = z.strictObject({
  type: z.literal('reader_state'),
  occurredAtMs,
  readerId: id,
  online: z.boolean(),
  cause: z.string().max(64),
  identity: z.strictObject({ vendor: z.string(), model: z.int(), version: z.int(), serial: z.string(), firmware: z.string() }).nullable(),
});

const alarmSchema = z.strictObject({
  type: z.literal('alarm'),
  occurredAtMs,
  code: z.string().max(64),
  sourceType: z.enum(['reader', 'door', 'gateway', 'audit', 'policy']),
  sourceId: id,
  active: z.boolean(),
  /** Card reads, or reports of keys, that a reader's limit dropped since the alarm before; absent where nothing was dropped. */
  dropped: z.int().min(0).optional(),
  /** Whom it is about, and the decision that it came with; absent where it is about nobody. */
  personId: nullableId.optional(),
  decisionId: id.optional(),
});

const presenceSchema = z.strictObject({
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

const standingSchema = z.strictObject({
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

const receiptSchema = z.strictObject({
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

const sessionSchema = z.strictObject({
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

const credentialSchema = z.strictObject({
  type: z.literal('credential'),
  occurredAtMs,
  event: z.enum(['enrolment_offered', 'enrolled', 'renamed', 'authentication_failed', 'revoked']),
  kind: z.enum(['badge', 'passkey', 'enrolment_link', 'cli_token', 'face_template', 'vpn_code', 'upstream_account']),
  personId: nullableId,
  credentialId: nullableId,
  cause: z.string().max(64),
  operatorId: nullableId,
});

/** Facts that one record names; a profile of thousands of resources is covered by its digests. */
export const DIRECTORY_CHANGES_MAX = 64;
const digest = z.string().regex(/^[0-9a-f]{64}$/);

const directoryChangeSchema = z.strictObject({
  /**
   * People, badges, profiles, grants and reader keys that were changed at the host. Recorded before the change: it may not have happened.
   * Of readers (`reader`, and `reader_key` with a `result:`) what an operator did through the gateway and how it ended, recorded afterwards.
   */
  type: z.literal('directory_change'),
  occurredAtMs,
  /** Two records with one id are one change. */
  changeId: id,
  subjectType: z.enum(['person', 'badge', 'pin', 'profile', 'grant', 'reader_key', 'reader', 'app', 'client', 'signing_key', 'group']),
  subjectId: id,
  personId: nullableId,
  /** `tested`, `used`: nothing was changed, but somebody wants to know who did it. */
  change: z.enum(['added', 'replaced', 'removed', 'tested', 'used']),
  /** `+role:guard`, `-clearance:2`; the bare name of a field whose value does not belong here. */
  changes: z.array(z.string().max(200)).max(DIRECTORY_CHANGES_MAX),
  /** SHA-256 over all facts that decide about access. */
  digestBefore: digest.nullable(),
  digestAfter: digest.nullable(),
  operatorId: id,
});
export type DirectoryChangeRecord = z.infer<typeof directoryChangeSchema>;

const reinstatementSchema = z.strictObject({
  type: z.literal('reinstatement_requested'),
  occurredAtMs,
  personId: id,
  operatorId: id,
  reason: z.string().max(500),
  decisionId: nullableId,
});

const accessSearchSchema = z.strictObject({
  /** Who was told who may do what, where: one record for the question, none for the hypothetical decisions that answer it. */
  type: z.literal('access_search'),
  occurredAtMs,
  searchId: id,
  channel: z.enum(['authzen', 'console', 'cli', 'portal']),
  /** The AuthZEN client, the operator, or the person about themselves. */
  askedBy: id,
  /** What was looked for. */
  target: z.enum(['subject', 'resource', 'action']),
  /** Null where it was looked for. */
  action: z.string().max(128).nullable(),
  personId: nullableId,
  resourceType: z.string().max(128).nullable(),
  resourceId: nullableId,
  /** Hypothetical decisions that were made, and how many of them were permits. */
  considered: z.int().min(0),
  found: z.int().min(0),
  policyRevision: z.string(),
  dataRevision: z.string(),
  epoch: z.int().min(0),
});
export type AccessSearchRecord = z.infer<typeof accessSearchSchema>;

const policyRevisionSchema = z.strictObject({
  /** A step in the life of a policy revision, and what a shadow run found. */
  type: z.literal('policy_revision'),
  occurredAtMs,
  event: z.enum([
    'shipped',
    'proposed',
    'checked',
    'tested',
    'impact_measured',
    'approved',
    'signed',
    'emergency_signed',
    'shadow_started',
    'shadow_ended',
    'shadow_disagreed',
    'activated',
    'rolled_back',
    'activation_failed',
    'key_rotated',
    // Versions of the policy data: `revisionId` is `data`, `revision` the data revision that decisions name.
    'data_changed',
    'data_reverted',
    'data_imported',
  ]),
  /** Id of the revision; `keys` and `data` for what is about no revision. */
  revisionId: id,
  /** The hash that decisions name it by; null before it was compiled. */
  revision: z.string().max(64).nullable().default(null),
  operatorId: nullableId.default(null),
  reason: z.string().max(500).default(''),
  detail: z.string().max(500).default(''),
  /** The decision that allowed it. */
  decisionId: nullableId.default(null),
});
export type PolicyRevisionRecord = z.infer<typeof policyRevisionSchema>;

const systemSchema = z.strictObject({
  type: z.literal('system'),
  occurredAtMs,
  event: z.enum(['started', 'stopping', 'door_node_lost', 'door_node_started', 'configuration_imported']),
  detail: z.string().max(500),
});

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
