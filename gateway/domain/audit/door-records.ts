import { z } from 'zod';
import { id, nullableId, occurredAtMs } from './record-fields.ts';

/* What doors and readers did, and what went wrong with them. */

export const outcomeSchema = z.strictObject({
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

export const doorRecordSchema = z.strictObject({
  type: z.literal('door_state'),
  occurredAtMs,
  /** What changed it. */
  cause: z.string().max(64),
  decisionId: nullableId,
  state: doorStateSchema,
});

export const egressSchema = z.strictObject({
  /** A release that asked nobody: request-to-exit or an exit reader. */
  type: z.literal('egress'),
  occurredAtMs,
  doorId: id,
  cause: z.enum(['rex', 'exit_reader']),
  readerId: nullableId,
  personId: nullableId,
});

export const readerSchema = z.strictObject({
  type: z.literal('reader_state'),
  occurredAtMs,
  readerId: id,
  online: z.boolean(),
  cause: z.string().max(64),
  identity: z.strictObject({ vendor: z.string(), model: z.int(), version: z.int(), serial: z.string(), firmware: z.string() }).nullable(),
});

export const alarmSchema = z.strictObject({
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
