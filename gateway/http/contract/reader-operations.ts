import { z } from 'zod';
import { operatorReasonSchema } from './common.ts';

const reason = operatorReasonSchema;
const id = z.string().min(1).max(128);

/** Longest file that a reader is sent, bytes. */
export const READER_FILE_BYTES_MAX = 16 * 1024 * 1024;
export const READER_BAUDS = [9_600, 19_200, 38_400, 57_600, 115_200, 230_400] as const;
export const PAIR_MINUTES_DEFAULT = 5;
export const PAIR_MINUTES_MAX = 10;

const lineQualitySchema = z.strictObject({
  exchanges: z.number(),
  failed: z.number(),
  /** Sent again because no answer came, or a broken one. */
  retries: z.number(),
  badChecks: z.number(),
  /** (retries + failed) of all frames sent: up to 0.002 good, up to 0.02 marginal. */
  errorShare01: z.number(),
  roundTripP50Ms: z.number(),
  roundTripP99Ms: z.number(),
  verdict: z.enum(['good', 'marginal', 'bad']),
});
export type LineQualityView = z.infer<typeof lineQualitySchema>;

export const operationSchema = z.strictObject({
  id: z.string(),
  kind: z.enum(['rotate_keys', 'pair', 'set_line', 'transfer_file', 'test_line']),
  operatorId: z.string(),
  beganAtMs: z.number(),
  /** Null while it is not over. */
  endedAtMs: z.number().nullable(),
  readers: z.array(
    z.strictObject({
      readerId: z.string(),
      state: z.enum(['pending', 'running', 'done', 'failed', 'cancelled']),
      stage: z.enum(['waiting', 'answered', 'first_key_sent', 'final_key_sent', 'key_sent', 'sending', 'moving', 'testing']).nullable(),
      /** Why it failed, or why it waits: `reader.offline`. */
      code: z.string().nullable(),
      sentBytes: z.number(),
      /** 0 for what is no transfer. */
      totalBytes: z.number(),
      /** Commands of a line test; null for what is none. */
      test: z.strictObject({ done: z.number(), total: z.number(), quality: lineQualitySchema.nullable() }).nullable(),
    }),
  ),
});
export type Operation = z.infer<typeof operationSchema>;

/** What every beginning answers: 202, it goes on without the caller. */
export const begunSchema = z.strictObject({ decisionId: z.string(), operation: operationSchema });

/** GET /api/reader-operations, newest first */
export const operationsSchema = z.strictObject({ operations: z.array(operationSchema) });
/** GET /api/reader-operations/:id */
export const operationDetailSchema = z.strictObject({ operation: operationSchema });
/** POST /api/reader-operations/:id/cancel; false when there was nothing to stop */
export const cancelledSchema = z.strictObject({ cancelled: z.boolean() });

/** POST /api/reader-operations/rotation: new keys, one reader of a line at a time; readers that are off line wait until they are back. */
export const rotationBodySchema = z.strictObject({
  scope: z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('reader'), id }),
    z.strictObject({ kind: z.literal('area'), id }),
    z.strictObject({ kind: z.literal('site'), id }),
    z.strictObject({ kind: z.literal('all') }),
  ]),
  reason,
});
export type RotationBody = z.infer<typeof rotationBodySchema>;

/** POST /api/reader-operations/line-test: commands that change nothing, one reader after another; what must be repeated is the verdict. */
export const LINE_TEST_EXCHANGES_DEFAULT = 200;
export const LINE_TEST_EXCHANGES_MAX = 10_000;
export const lineTestBodySchema = z.strictObject({
  scope: z.discriminatedUnion('kind', [z.strictObject({ kind: z.literal('reader'), id }), z.strictObject({ kind: z.literal('line'), id })]),
  exchanges: z.int().min(1).max(LINE_TEST_EXCHANGES_MAX).default(LINE_TEST_EXCHANGES_DEFAULT),
  reason,
});

/** POST /api/readers/:id/pairing: opens the install window of this reader, once. */
export const pairBodySchema = z.strictObject({ minutes: z.int().min(1).max(PAIR_MINUTES_MAX).default(PAIR_MINUTES_DEFAULT), reason });

/** POST /api/readers/:id/line: osdp_COMSET. */
export const lineBodySchema = z.strictObject({ address: z.int().min(0).max(126), baud: z.literal([...READER_BAUDS]), reason });

/** POST /api/readers/:id/file?type=&reason=, application/octet-stream of at most READER_FILE_BYTES_MAX. Type 1 opaque, 2 template, 3 picture. */
export const fileQuerySchema = z.strictObject({ type: z.coerce.number().int().min(1).max(255), reason });

/** GET /api/reader-conditions: readers as whoever maintains them sees them, in the order of the configuration. */
export const conditionsSchema = z.strictObject({
  conditions: z.array(
    z.strictObject({
      readerId: z.string(),
      secureChannel: z.literal([1, 2]),
      /** Null when it has none, or none that can be read. */
      key: z
        .strictObject({
          origin: z.enum(['imported', 'installed', 'rotated', 'diversified']),
          /** Null for a key that was given by hand. */
          setAtMs: z.number().nullable(),
          confirmedAtMs: z.number().nullable(),
          /** There is only one key that the reader can have. */
          isSettled: z.boolean(),
          isRotationWanted: z.boolean(),
        })
        .nullable(),
      online: z.boolean(),
      isInstalling: z.boolean(),
      isBusy: z.boolean(),
      address: z.number().nullable(),
      baud: z.number().nullable(),
      channelAgeMs: z.number().nullable(),
      channelExchanges: z.number(),
    }),
  ),
});
export type Condition = z.infer<typeof conditionsSchema>['conditions'][number];
