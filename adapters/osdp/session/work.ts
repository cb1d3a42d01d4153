import type { LineSettings } from '../messages/line-codecs.ts';
import type { EncodedMessage } from '../messages/message-table.ts';
import type { Assembly } from '../messages/multi-part.ts';
import type { FileTransfer, TransferFile } from './file-transfer.ts';
import type { QueuedCommand } from './in-flight.ts';

/** A command that takes more than one exchange: its parts go out one by one, then its answer is waited for with polls. One at a time. */
export interface Operation {
  readonly command: QueuedCommand;
  /** Not yet sent. */
  readonly parts: readonly EncodedMessage[];
  /** Code of the reply that ends it. */
  readonly awaits: number | null;
  readonly untilMs: number;
}

/** A reply of which some parts have come. The rest is pulled with polls. */
export interface Incoming {
  readonly code: number;
  /** Given up then. */
  readonly untilMs: number;
  readonly assembly: Assembly;
}

/** A file transfer of one session; it outlives the session and then starts again. */
export interface TransferJob {
  readonly id: number;
  readonly file: TransferFile;
  /** Null until the first fragment of this attempt. */
  readonly transfer: FileTransfer | null;
  readonly attempts: number;
  /** A poll has gone out since the last fragment. */
  readonly hasPolled: boolean;
}

/** A new key for a reader that is on line. The key is a copy of the session's own and destroyed when the change ends. */
export interface KeyChange {
  readonly id: number;
  readonly newKey: Uint8Array;
  /** `settling`: the reader has the new key or the old one; the next handshake tells. */
  readonly stage: 'asked' | 'sent' | 'settling';
  readonly untilMs: number;
}

/** Another address or speed for a reader, confirmed only when it has opened a channel there. */
export interface LineChange {
  readonly id: number;
  /** What was asked for; after osdp_COM what the reader chose. */
  readonly wanted: LineSettings;
  readonly oldAddress: number;
  readonly stage: 'asked' | 'sent' | 'trying' | 'reverting';
  readonly untilMs: number;
}

/**
 * An operator's leave to give one reader its first key, once and for minutes. The first key travels under SCBK-D, which everybody knows, so it
 * only protects the second, which is sent at once and is the reader's own. The reader is not on line before that.
 */
export interface Installation {
  readonly id: number;
  /** What the first handshake is made with: a key that the reader has, which is not trusted for more; null is SCBK-D. */
  readonly underKey: Uint8Array | null;
  readonly firstKey: Uint8Array;
  readonly finalKey: Uint8Array;
  /** Key of the next handshake. */
  readonly key: 'default' | 'first' | 'final';
  /** Keys sent so far. SCBK-D is of no more use once one was: whoever heard it may have it. */
  readonly sent: 0 | 1 | 2;
  readonly tries: number;
  readonly untilMs: number;
}

/** An operator's leave to pair one reader of secure channel 2, for minutes. The messages are somebody else's: the session only carries them. */
export interface PairingWindow {
  /** Of the command that ends when the reader has answered. */
  readonly id: number;
  readonly untilMs: number;
  readonly isAnswered: boolean;
}

export interface InstallWindow {
  readonly id: number;
  /** Null is SCBK-D. Destroyed with the others. */
  readonly underKey?: Uint8Array | null;
  /** Both fresh; copies of the session's own, destroyed when the window closes. The key store must have both by now. */
  readonly firstKey: Uint8Array;
  readonly finalKey: Uint8Array;
  readonly untilMs: number;
}
