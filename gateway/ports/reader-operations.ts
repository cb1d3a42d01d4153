import type { DecisionId, ReaderId } from '../domain/site/ids.ts';
import type { KeyOrigin } from '../domain/readers/reader-keys.ts';
import type { LineQuality, ReaderHealth } from './reader-maintenance.ts';

export type OperationRequest =
  /** New keys, one reader of a line at a time; readers that are off line wait until they are back, also over a restart. */
  | { readonly kind: 'rotate_keys'; readonly readerIds: readonly ReaderId[] }
  /** Opens the install window of one reader, once. */
  | { readonly kind: 'pair'; readonly readerId: ReaderId; readonly durationMs: number }
  | { readonly kind: 'set_line'; readonly readerId: ReaderId; readonly address: number; readonly baud: number }
  /** Commands that change nothing, to judge the line by what must be repeated; readers one after another. */
  | { readonly kind: 'test_line'; readonly readerIds: readonly ReaderId[]; readonly exchanges: number }
  | { readonly kind: 'transfer_file'; readonly readerId: ReaderId; readonly fileType: number; readonly bytes: Uint8Array };
export type OperationKind = OperationRequest['kind'];

/** Somebody whom the policy permitted it. */
export interface OperationOrder {
  readonly operatorId: string;
  readonly decisionId: DecisionId;
  readonly request: OperationRequest;
}

export type OperationStage = 'waiting' | 'answered' | 'first_key_sent' | 'final_key_sent' | 'key_sent' | 'sending' | 'moving' | 'testing';

export interface OperationProgress {
  readonly readerId: ReaderId;
  readonly state: 'pending' | 'running' | 'done' | 'failed' | 'cancelled';
  readonly stage: OperationStage | null;
  /** Why it failed, or why it waits: `reader.offline`. */
  readonly code: string | null;
  readonly sentBytes: number;
  /** 0 for what is no transfer. */
  readonly totalBytes: number;
  /** Commands of a line test; null for what is none. */
  readonly test: { readonly done: number; readonly total: number; readonly quality: LineQuality | null } | null;
}

export interface OperationView {
  readonly id: string;
  readonly kind: OperationKind;
  readonly operatorId: string;
  readonly beganAtMs: number;
  readonly endedAtMs: number | null;
  readonly readers: readonly OperationProgress[];
}

export type BeginOutcome =
  | { readonly ok: true; readonly operation: OperationView }
  | {
      readonly ok: false;
      readonly code:
        | 'reader.unknown'
        /** It has a key and uses it: there is nothing to pair. */
        | 'reader.online'
        | 'reader.offline'
        /** Its secure channel has no key for installation, or its keys are unsettled after too many windows. */
        | 'reader.unsupported'
        /** Something is being done to this reader. */
        | 'reader.busy'
        | 'operation.too_many'
        | 'operation.pairing_open'
        | 'operation.pairings_exceeded';
    };

/** A reader as whoever maintains it sees it. Nothing in it is a key. */
export interface ReaderCondition {
  readonly readerId: ReaderId;
  readonly secureChannel: 1 | 2;
  /** Null when it has none, or none that can be read. */
  readonly key: {
    readonly origin: KeyOrigin;
    readonly setAtMs: number | null;
    readonly confirmedAtMs: number | null;
    /** There is only one key that the reader can have. */
    readonly isSettled: boolean;
    readonly isRotationWanted: boolean;
  } | null;
  readonly health: ReaderHealth | null;
}

/** Operations that are not over, at most. */
export const OPERATIONS_AT_ONCE_MAX = 8;
/** Operations that are remembered, those that are not over included. */
export const OPERATIONS_KEPT_MAX = 32;
/** Install windows within PAIRING_WINDOW_MS: each is a chance for whoever waits at the line. */
export const PAIRINGS_MAX = 12;
export const PAIRING_WINDOW_MS = 3_600_000;

/** What operators do to readers, with progress; every end of it is in the log. */
export interface ReaderOperations {
  begin(order: OperationOrder): Promise<BeginOutcome>;
  find(operationId: string): Promise<OperationView | null>;
  /** Newest first. */
  list(): Promise<readonly OperationView[]>;
  /**
   * What has not begun is not begun any more, a window is closed, a transfer ends. A key or an address on its way comes to its end. False when there is
   * no such operation, or nothing of it to stop.
   */
  cancel(operationId: string): Promise<boolean>;
  /** In the order of the configuration. */
  conditions(): Promise<readonly ReaderCondition[]>;
}
