import { z } from 'zod';
import { LINE_COUNTER_KINDS } from '../../domain/readers/line-counter-text.ts';

export const readerSchema = z.strictObject({
  id: z.string(),
  name: z.string(),
  doorId: z.string(),
  doorName: z.string(),
  side: z.enum(['entry', 'exit']),
  busId: z.string(),
  address: z.number(),
  /** On line is always inside a secure channel with the reader's own key. */
  online: z.boolean(),
  sinceMs: z.number().nullable(),
  offlineCause: z.enum(['never_seen', 'timeout', 'link_down', 'secure_channel_failed', 'polls_refused', 'stopped']).nullable(),
  /** As it last said inside a secure channel; numbers are hex where the maker writes them so. */
  identity: z
    .strictObject({ vendor: z.string(), model: z.number(), version: z.number(), serial: z.string(), firmware: z.string() })
    .nullable(),
  /** What it last said of itself inside the channel that stands; null when it has not, or is off line. */
  condition: z.strictObject({ tampered: z.boolean(), powerFailed: z.boolean() }).nullable(),
  /** Since the door controller started. */
  traffic: z.strictObject({
    exchanges: z.number(),
    polls: z.number(),
    retries: z.number(),
    timeouts: z.number(),
    badChecks: z.number(),
    offline: z.number(),
    roundTripP50Ms: z.number(),
    roundTripP99Ms: z.number(),
    roundTripMaxMs: z.number(),
  }),
  alarms: z.record(z.string(), z.number()),
  /** What it compares itself, numbered as osdp_BIOREAD does; null = nothing. */
  biometrics: z.strictObject({ type: z.number(), format: z.number() }).nullable(),
});
export type ReaderView = z.infer<typeof readerSchema>;

/** GET /api/readers, in the order of the configuration */
export const readersSchema = z.strictObject({ readers: z.array(readerSchema) });

/** GET /api/readers/:id */
export const readerDetailSchema = z.strictObject({ reader: readerSchema });

/** Kinds that never came are not in it. What each means: explainLineCounter. */
const lineCountsSchema = z.partialRecord(z.enum(LINE_COUNTER_KINDS), z.number());
export type LineCountsView = z.infer<typeof lineCountsSchema>;

/** GET /api/reader-lines: what each line carried and threw away since the door controller started. */
export const readerLinesSchema = z.strictObject({
  lines: z.array(
    z.strictObject({
      busId: z.string(),
      sentFrames: z.number(),
      receivedFrames: z.number(),
      counts: lineCountsSchema,
      /** Of the line's counts those that can be told apart by reader. */
      readers: z.array(z.strictObject({ readerId: z.string(), counts: lineCountsSchema })),
    }),
  ),
});
export type ReaderLineView = z.infer<typeof readerLinesSchema>['lines'][number];

const lineFrameSchema = z.strictObject({
  kind: z.literal('frame'),
  atMs: z.number(),
  direction: z.enum(['command', 'reply']),
  address: z.number(),
  sequence: z.number(),
  check: z.enum(['crc', 'checksum']),
  lengthBytes: z.number(),
  block: z.string().nullable(),
  keyKind: z.enum(['scbk', 'scbk_d', 'scbk2']).nullable(),
  mac: z.enum(['none', 'valid', 'wrong', 'unverified']),
  code: z.number(),
  name: z.string(),
  body: z.enum(['none', 'clear', 'decrypted', 'encrypted']),
  text: z.string(),
  isRedacted: z.boolean(),
  isRepeat: z.boolean(),
  answers: z.string().nullable(),
  turnaroundMs: z.number().nullable(),
  anomalies: z.array(z.string()),
  /** `**` for bytes that may not be shown. */
  hex: z.string(),
});
const brokenFrameSchema = z.strictObject({
  kind: z.literal('broken'),
  atMs: z.number(),
  fault: z.enum(['check', 'length']),
  address: z.number(),
  lengthBytes: z.number(),
});
export const watchedFrameSchema = z.strictObject({
  seq: z.number(),
  view: z.discriminatedUnion('kind', [lineFrameSchema, brokenFrameSchema]),
});
export type WatchedFrameView = z.infer<typeof watchedFrameSchema>;

/**
 * GET /api/readers/:id/frames?after=SEQ: the frames of the reader's line since then, oldest first. Asking begins the watch, and it goes on while somebody
 * asks again within WATCH_LEASE_S seconds. Cards, PINs and keys are never in it.
 */
export const readerFramesSchema = z.strictObject({
  frames: z.array(watchedFrameSchema),
  lastSeq: z.number(),
  hasGap: z.boolean(),
  idleFrames: z.number(),
});
export type ReaderFrames = z.infer<typeof readerFramesSchema>;
/** Ask again well inside this. */
export const WATCH_LEASE_S = 10;
