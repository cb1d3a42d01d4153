import { z } from 'zod';
import { id, nullableId, occurredAtMs } from './record-fields.ts';

/* What was changed, asked and brought into force by operators, and the gateway itself. */

/** Facts that one record names; a profile of thousands of resources is covered by its digests. */
export const DIRECTORY_CHANGES_MAX = 64;
const digest = z.string().regex(/^[0-9a-f]{64}$/);

export const directoryChangeSchema = z.strictObject({
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

export const accessSearchSchema = z.strictObject({
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

export const policyRevisionSchema = z.strictObject({
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

export const systemSchema = z.strictObject({
  type: z.literal('system'),
  occurredAtMs,
  event: z.enum(['started', 'stopping', 'door_node_lost', 'door_node_started', 'configuration_imported']),
  detail: z.string().max(500),
});
