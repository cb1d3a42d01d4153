import type { LineCounterKind } from '../domain/readers/line-counter-text.ts';
import type { ReaderId } from '../domain/site/ids.ts';
import type { LineView } from './line-view.ts';
import type { OfflineCause, ReaderIdentity } from './readers.ts';

/** What a reader's line carried since the start of the door node. */
export interface ReaderTraffic {
  readonly exchanges: number;
  readonly polls: number;
  readonly retries: number;
  readonly timeouts: number;
  readonly badChecks: number;
  /** How often it went off line. */
  readonly offline: number;
  readonly roundTripP50Ms: number;
  readonly roundTripP99Ms: number;
  readonly roundTripMaxMs: number;
}

export interface ReaderStatus {
  readonly readerId: ReaderId;
  readonly busId: string;
  /** As it is now: osdp_COMSET may have moved it. */
  readonly address: number;
  /** On line is always inside a secure channel with the reader's own key. */
  readonly isOnline: boolean;
  /** When that began, epoch; null when nothing was heard yet. */
  readonly sinceMs: number | null;
  readonly offlineCause: OfflineCause | null;
  /** As it last said inside a secure channel. */
  readonly identity: ReaderIdentity | null;
  /** What it last said of itself inside the channel that stands; null when it has not, or is off line. */
  readonly condition: { readonly tampered: boolean; readonly powerFailed: boolean } | null;
  readonly traffic: ReaderTraffic;
  /** Alarms since the start, by code. */
  readonly alarms: { readonly [code: string]: number };
}

/** Kinds that never came are not in it. */
export type LineCounts = { readonly [kind in LineCounterKind]?: number };

/** What a line carried and threw away since the start of the door node. */
export interface LineStatus {
  readonly busId: string;
  readonly sentFrames: number;
  readonly receivedFrames: number;
  readonly counts: LineCounts;
  /** In the order of the configuration; of the line's counts those that can be told apart by reader. */
  readonly readers: readonly { readonly readerId: ReaderId; readonly counts: LineCounts }[];
}

export interface WatchedFrame {
  /** Rises by one for every kept frame of the node. */
  readonly seq: number;
  readonly view: LineView;
}

export interface WatchedFrames {
  /** Oldest first. */
  readonly frames: readonly WatchedFrame[];
  /** To ask for what comes next. */
  readonly lastSeq: number;
  /** Frames after `afterSeq` were lost, because nobody asked in time. */
  readonly hasGap: boolean;
  /** Polls and empty answers since the watch began: counted, not kept. */
  readonly idleFrames: number;
}

/** A look at readers and their lines. What is encrypted stays so: the watch has no keys. */
export interface ReaderWatch {
  /** In the order of the configuration. */
  readers(): Promise<readonly ReaderStatus[]>;
  /** In the order of the configuration. */
  lines(): Promise<readonly LineStatus[]>;
  /**
   * The frames of a reader after `afterSeq` (0: all that are kept). The first call begins the watch of its line, and one that is not repeated within
   * seconds ends it: a line that nobody looks at costs nothing. Null when there is no such reader.
   */
  frames(readerId: ReaderId, afterSeq: number): Promise<WatchedFrames | null>;
}
