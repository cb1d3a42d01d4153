import { z } from 'zod';
import { doorStateSchema } from '../../domain/audit/door-records.ts';
import { auditRecordSchema } from '../../domain/audit/record.ts';
import { reasonTextSchema } from './common.ts';

export const standingSchema = z.enum(['active', 'restricted', 'suspended', 'departed']);

export const personSchema = z.strictObject({
  id: z.string(),
  displayName: z.string(),
  email: z.string().nullable(),
  standing: standingSchema,
  roles: z.array(z.string()),
  groups: z.array(z.string()),
  clearance: z.number(),
  presence: z
    .strictObject({
      state: z.enum(['outside', 'inside', 'stale', 'unknown']),
      areaId: z.string().nullable(),
      areaName: z.string().nullable(),
      observedAtMs: z.number(),
    })
    .nullable(),
});
export type PersonView = z.infer<typeof personSchema>;

/** GET /api/people?after=&limit= */
export const peopleSchema = z.strictObject({ people: z.array(personSchema), next: z.string().nullable() });

/** GET /api/people/:id */
export const personDetailSchema = z.strictObject({
  person: personSchema,
  /** Of a PIN only that there is one; `locked` = a reader takes it for a while no more. */
  credentials: z.array(
    z.strictObject({ id: z.string(), kind: z.enum(['badge', 'passkey', 'pin']), label: z.string(), status: z.string() }),
  ),
  access: z.array(
    z.strictObject({ profile: z.string(), resources: z.array(z.strictObject({ kind: z.string(), id: z.string(), name: z.string() })) }),
  ),
  sessions: z.array(
    z.strictObject({
      id: z.string(),
      kind: z.enum(['provider', 'app', 'console', 'cli', 'portal', 'vpn']),
      appName: z.string().nullable(),
      startedAtMs: z.number(),
    }),
  ),
  /** Why a restricted person is so, and when it ends by itself; null where nothing ends it. */
  restriction: z.strictObject({ cause: z.string(), sinceMs: z.number(), untilMs: z.number() }).nullable().default(null),
  /** A first operator has asked for reinstatement; a second, different one completes it. */
  reinstatement: z
    .strictObject({ requestedBy: z.string(), requestedById: z.string(), reason: z.string(), expiresAtMs: z.number() })
    .nullable(),
});
export type PersonDetail = z.infer<typeof personDetailSchema>;

export const receiptSchema = z.strictObject({
  personId: z.string(),
  epoch: z.number(),
  state: z.enum(['contained', 'residual']),
  requestedAtMs: z.number(),
  targets: z.array(z.strictObject({ target: z.string(), method: z.string(), acknowledgedAtMs: z.number().nullable(), count: z.number() })),
});
export type Receipt = z.infer<typeof receiptSchema>;
export const suspendResultSchema = z.strictObject({ decisionId: z.string(), receipt: receiptSchema });
export type SuspendResult = z.infer<typeof suspendResultSchema>;
export const reinstateResultSchema = z.discriminatedUnion('state', [
  z.strictObject({ state: z.literal('waiting_for_second_operator'), decisionId: z.string(), expiresAtMs: z.number() }),
  z.strictObject({ state: z.literal('reinstated'), decisionId: z.string(), epoch: z.number() }),
]);
export type ReinstateResult = z.infer<typeof reinstateResultSchema>;

/** POST /api/people/:id/unrestrict {reason} */
export const unrestrictResultSchema = z.strictObject({ decisionId: z.string(), epoch: z.number() });

/** POST /api/people/:id/enrolment {} -> a one-time link, shown once. */
export const enrolmentLinkSchema = z.strictObject({ url: z.string(), expiresAtMs: z.number() });
export type EnrolmentLink = z.infer<typeof enrolmentLinkSchema>;

/** POST /api/session/cli-token {} -> bearer for the command line, shown once. */
export const cliTokenSchema = z.strictObject({ token: z.string(), expiresAtMs: z.number() });
export type CliToken = z.infer<typeof cliTokenSchema>;

export const doorSchema = z.strictObject({
  id: z.string(),
  name: z.string(),
  siteName: z.string(),
  fromArea: z.string().nullable(),
  toArea: z.string(),
  lock: z.enum(['fail_safe', 'fail_secure']),
  /** The schedule in whose times a badge needs a PIN as well, such as `always`; null = never. */
  requiresPin: z.string().nullable(),
  status: doorStateSchema,
  statusSinceMs: z.number().nullable(),
  readers: z.array(z.strictObject({ id: z.string(), name: z.string(), side: z.enum(['entry', 'exit']), online: z.boolean() })),
});
export type DoorView = z.infer<typeof doorSchema>;
/** GET /api/doors */
export const doorsSchema = z.strictObject({ doors: z.array(doorSchema) });
/** POST /api/doors/:id/release -> */
export const releaseResultSchema = z.strictObject({ decisionId: z.string(), released: z.boolean(), detail: z.string() });

/** One log entry as the console sees it; `seq` is the SSE event id. */
export const entrySchema = z.strictObject({
  seq: z.number(),
  arrivedAtMs: z.number(),
  hash: z.string(),
  record: auditRecordSchema,
  /** Paths of a decision's input that are masked; the hash is of the record with what stands there. */
  masked: z.array(z.string()).optional(),
});
export type Entry = z.infer<typeof entrySchema>;

/** Most entries of one page of the log. */
export const LOG_LIMIT_MAX = 500;
/** GET /api/log?before=SEQ&limit=&types=decision,door_state&person=&resource= (newest first) */
export const logPageSchema = z.strictObject({ entries: z.array(entrySchema), next: z.number().nullable() });
export type LogPage = z.infer<typeof logPageSchema>;

/** GET /api/decisions/:id -> the decision with everything recorded under its id. */
export const decisionDetailSchema = z.strictObject({ entries: z.array(entrySchema).min(1), reasons: z.array(reasonTextSchema) });
export type DecisionDetail = z.infer<typeof decisionDetailSchema>;

/** GET /api/directory -> names for ids, so that the log itself holds none. */
export const directorySchema = z.strictObject({
  people: z.record(z.string(), z.string()),
  doors: z.record(z.string(), z.string()),
  readers: z.record(z.string(), z.string()),
  areas: z.record(z.string(), z.string()),
  apps: z.record(z.string(), z.string()),
  sites: z.record(z.string(), z.string()),
});
export type Directory = z.infer<typeof directorySchema>;

/** GET /api/status */
export const statusSchema = z.strictObject({
  policyRevision: z.string(),
  dataRevision: z.string(),
  epoch: z.number(),
  headSeq: z.number(),
  doorNode: z.enum(['online', 'lost']),
  doorNodeEpoch: z.number(),
  startedAtMs: z.number(),
});
export type Status = z.infer<typeof statusSchema>;

/**
 * GET /api/events (SSE): `event: entry`, `id: SEQ`, `data:` entrySchema JSON; resumes from Last-Event-ID. A comment line every 15 s
 * keeps the connection. When the client fell too far behind, `event: reset` tells it to load the log page again.
 */
export const EVENTS_REPLAY_MAX = 1_000;
