import type { MessagePort } from 'node:worker_threads';

/**
 * What the threads say to one another. Entries travel as JSON text in parallel arrays: text and numbers are copied between threads far
 * cheaper than objects, and the text is what is hashed and stored.
 */
export interface AppendMessage {
  readonly kind: 'append';
  /** Of the sending port, ascending: `firstId`, `firstId + 1` ... */
  readonly firstId: number;
  readonly recordsJson: readonly string[];
  readonly types: readonly string[];
  readonly decisionIds: readonly (string | null)[];
  readonly personIds: readonly (string | null)[];
  readonly resourceIds: readonly (string | null)[];
}

/** From now on the sending port hears of the entries of all ports, not only of its own. */
export interface ListenMessage {
  readonly kind: 'listen';
}

export type ProducerMessage = AppendMessage | ListenMessage;

/** One durable group of entries, the same for every port but for `ownIds` and `foreignJson`. */
export interface CommittedMessage {
  readonly kind: 'committed';
  readonly firstSeq: number;
  readonly arrivedAtMs: number;
  /** Hash of the entry before the group. */
  readonly previousHash: string;
  readonly hashes: readonly string[];
  /** For each entry the receiving port's own id, or 0 when another port appended it. */
  readonly ownIds: readonly number[];
  /** The texts of the entries of other ports, in order; none for a port that does not listen. */
  readonly foreignJson: readonly string[];
}

/** These were not stored, and it is certain that they were not. */
export interface RefusedMessage {
  readonly kind: 'refused';
  readonly ids: readonly number[];
}

export type WriterMessage = CommittedMessage | RefusedMessage;

/** On the worker's own channel. */
export type ControlMessage =
  { readonly kind: 'connect'; readonly port: MessagePort; readonly listens: boolean } | { readonly kind: 'stop' };
export type StartMessage = { readonly kind: 'ready' };
