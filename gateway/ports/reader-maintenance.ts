import type { ReaderId } from '../domain/site/ids.ts';
import type { CommandResult, OfflineCause, ReaderCapabilities, ReaderIdentity } from './readers.ts';

/** A command or reply of the reader's own protocol. Of one in parts, `data` is the whole message. */
export interface RawMessage {
  readonly code: number;
  readonly data: Uint8Array;
}

export type RawExchange =
  | { readonly ok: true; readonly reply: RawMessage }
  /** `nak` is the reader's own code for its no. */
  | { readonly ok: false; readonly code: Extract<CommandResult, { ok: false }>['code']; readonly nak?: number };

/** What is known of a reader now. Times are monotonic durations. */
export interface ReaderHealth {
  readonly isOnline: boolean;
  readonly cause: OfflineCause | null;
  readonly isSecure: boolean;
  readonly isInstalling: boolean;
  /** Its key is held back because another reader has it too. */
  readonly isKeyShared?: boolean;
  readonly address: number;
  /** Null: the line's own speed. */
  readonly baud: number | null;
  /** cUID: how it names itself when a channel is opened; its key follows from it where keys are diversified. */
  readonly clientId?: Uint8Array | null;
  readonly identity: ReaderIdentity | null;
  readonly capabilities: ReaderCapabilities | null;
  readonly silentForMs: number | null;
  readonly onlineForMs: number | null;
  readonly channelAgeMs: number | null;
  readonly channelExchanges: number;
  /** File, key or address on its way. */
  readonly isBusy: boolean;
}

export type MaintenanceEvent =
  /** Of the two keys in the key store this one works: the other is of no more use. */
  | { readonly kind: 'key_confirmed'; readonly readerId: ReaderId; readonly which: 'current' | 'next' }
  /** An install window: the reader took the key of the standard (`answered`), or a key is about to be sent. */
  | { readonly kind: 'install_progress'; readonly readerId: ReaderId; readonly stage: 'answered' | 'first_key_sent' | 'final_key_sent' }
  | { readonly kind: 'line_changed'; readonly readerId: ReaderId; readonly address: number; readonly baud: number }
  | { readonly kind: 'line_unchanged'; readonly readerId: ReaderId }
  /** What a reader said by itself and the gateway has no word for. */
  | { readonly kind: 'reply'; readonly readerId: ReaderId; readonly reply: RawMessage };

/** What a test says of the line to a reader. */
export interface LineQuality {
  /** Commands that were answered, with anything. */
  readonly exchanges: number;
  readonly failed: number;
  /** Sent again because no answer came, or a broken one. */
  readonly retries: number;
  readonly badChecks: number;
  /** (retries + failed) of all frames sent. */
  readonly errorShare01: number;
  readonly roundTripP50Ms: number;
  readonly roundTripP99Ms: number;
  readonly verdict: 'good' | 'marginal' | 'bad';
}

export type LineTestResult =
  | { readonly ok: true; readonly quality: LineQuality }
  | { readonly ok: false; readonly code: Extract<CommandResult, { ok: false }>['code'] };

export interface LineTestOptions {
  /** 1..10,000 commands. */
  readonly exchanges: number;
  readonly signal: AbortSignal;
  readonly onProgress: (done: number) => void;
}

/** What an operator does to readers. Nothing here opens a door: outputs belong to the port `Readers`. */
export interface ReaderMaintenance {
  /** One command inside the secure channel. What opens doors, sets keys or moves a reader is refused: it has its own way. */
  exchange(readerId: ReaderId, command: RawMessage): Promise<RawExchange>;
  /**
   * Gives a reader on line a new key (16 bytes, copied). The key store must have it as its second key before, or a crash in between loses the
   * reader; `key_confirmed` says which one to keep. `ok` once a channel stands under it.
   */
  setKey(readerId: ReaderId, newKey: Uint8Array): Promise<CommandResult>;
  /**
   * Gives a reader that has only the key of the standard its own: once, within `durationMs` (at most 10 minutes). Both keys are fresh; the key
   * store has the first as its current and the final one as its second key before. `ok` once a channel stands under the final key.
   */
  openInstallWindow(readerId: ReaderId, window: InstallWindowRequest): Promise<CommandResult>;
  closeInstallWindow(readerId: ReaderId): void;
  /** Another address and speed. `ok` once the reader has answered there; it may have chosen others: `line_changed` says which. */
  setLine(readerId: ReaderId, settings: { readonly address: number; readonly baud: number }): Promise<CommandResult>;
  /** `fileType`: 1 opaque, 2 biometric template, 3 picture. `bytes` are not copied. Starts again at the first byte after a lost session. */
  transferFile(
    readerId: ReaderId,
    fileType: number,
    bytes: Uint8Array,
    onProgress?: (sentBytes: number, totalBytes: number) => void,
  ): Promise<CommandResult>;
  /**
   * Sends commands that change nothing, between the polls of all readers, and judges what had to be repeated. With fewer exchanges than asked for it
   * was stopped, or the reader went off line.
   */
  testLine(readerId: ReaderId, options: LineTestOptions): Promise<LineTestResult>;
  /** Ends a transfer, a long operation or a session with a card, here and in the reader. */
  cancel(readerId: ReaderId): void;
  /** Null when there is no such reader. */
  health(readerId: ReaderId): ReaderHealth | null;
  subscribe(listener: (event: MaintenanceEvent) => void): () => void;
}

export interface InstallWindowRequest {
  /**
   * The key that the reader has and under which it gets its own, in place of the key of the standard; nothing but the two keys is ever said in that
   * channel. Also for secure channel 2, where all three have 32 bytes.
   */
  readonly underKey?: Uint8Array;
  readonly firstKey: Uint8Array;
  readonly finalKey: Uint8Array;
  readonly durationMs: number;
}
