import type { DestroyableKeys } from '../secure-channel/session-keys.ts';
import type { DeviceIdentity } from '../messages/identity-codecs.ts';
import type { LineSettings } from '../messages/line-codecs.ts';
import type { EncodedMessage } from '../messages/message-table.ts';
import type { Reply } from '../messages/replies.ts';
import type { Frame } from '../wire/frame.ts';
import type { CommandDone } from './command-result.ts';
import type { SessionAlarm, SessionExcess, SessionOfflineCause } from './alarms.ts';
import type { TransferFile } from './file-transfer.ts';
import type { KeyChoice, QueuedCommand } from './in-flight.ts';
import type { ReaderCapabilities } from './reader-capabilities.ts';
import type { SessionState } from './state.ts';
import type { InstallWindow } from './work.ts';

/** Material of one handshake. The keys stay the driver's, which zeroes them after the turn. */
export interface Handshake {
  /** Null when there is none; an installation brings its own. */
  readonly scbk: Uint8Array | null;
  /** A second key that the reader may have instead, while the key store does not know. */
  readonly next?: Uint8Array | null;
  /** Both are master keys: the reader's own follows from one of them and its cUID. */
  readonly isMaster?: boolean;
  readonly rndA: Uint8Array;
}

/** What happens to a session. Time is the driver's monotonic clock. */
export type SessionEvent =
  | { readonly kind: 'link_up'; readonly nowMs: number }
  | { readonly kind: 'link_down'; readonly nowMs: number }
  | { readonly kind: 'stop'; readonly nowMs: number }
  /** The line is free and it is this reader's turn. With `isPollFirst` a poll that is due goes before a command that is no unlock. */
  | { readonly kind: 'turn'; readonly nowMs: number; readonly handshake: Handshake | null; readonly isPollFirst?: boolean }
  /** A whole frame from this reader's address. */
  | { readonly kind: 'frame'; readonly nowMs: number; readonly frame: Frame }
  /** The deadline of the awaited reply has passed. */
  | { readonly kind: 'reply_overdue'; readonly nowMs: number }
  | { readonly kind: 'command'; readonly nowMs: number; readonly command: QueuedCommand }
  /** Keys and files belong to the session from here on; it says when they are to be destroyed. */
  | { readonly kind: 'set_key'; readonly nowMs: number; readonly id: number; readonly newKey: Uint8Array }
  | { readonly kind: 'set_line'; readonly nowMs: number; readonly id: number; readonly wanted: LineSettings }
  | { readonly kind: 'transfer'; readonly nowMs: number; readonly id: number; readonly file: TransferFile }
  /** Ends what runs over more than one exchange, here and in the reader. */
  | { readonly kind: 'abort'; readonly nowMs: number }
  | { readonly kind: 'install_window'; readonly nowMs: number; readonly window: InstallWindow }
  | { readonly kind: 'close_install_window'; readonly nowMs: number }
  | { readonly kind: 'pairing_window'; readonly nowMs: number; readonly id: number; readonly untilMs: number }
  /** Ends with the reader's message as `raw`. Only inside the window. */
  | { readonly kind: 'pairing_message'; readonly nowMs: number; readonly id: number; readonly message: Uint8Array }
  | { readonly kind: 'close_pairing_window'; readonly nowMs: number }
  /** The key was asked for and there is none. */
  | { readonly kind: 'key_missing'; readonly nowMs: number };

/** What was received and not used, for counters. */
export type Discarded =
  | 'late_reply'
  | 'second_reply'
  | 'duplicate_reply'
  | 'unsolicited_reply'
  | 'unknown_reply'
  | 'malformed_reply'
  | 'stale_card'
  | 'unsupported_card';

/** What a session asks the outside to do. It never does it itself. */
export type SessionEffect =
  | { readonly kind: 'send'; readonly bytes: Uint8Array }
  | { readonly kind: 'online'; readonly identity: DeviceIdentity; readonly capabilities: ReaderCapabilities | null }
  | { readonly kind: 'offline'; readonly cause: SessionOfflineCause }
  | { readonly kind: 'card_read'; readonly reader: number; readonly bits: Uint8Array; readonly bitCount: number }
  | { readonly kind: 'keypad'; readonly reader: number; readonly keys: Uint8Array }
  | { readonly kind: 'inputs'; readonly states: readonly number[] }
  | { readonly kind: 'outputs'; readonly states: readonly number[] }
  | { readonly kind: 'local_status'; readonly tampered: boolean; readonly powerFailed: boolean }
  | { readonly kind: 'alarm'; readonly code: SessionAlarm }
  | { readonly kind: 'excess'; readonly code: SessionExcess }
  | CommandDone
  | { readonly kind: 'discarded'; readonly what: Discarded }
  /** A poll brought something that is no event of the others; `reply` is null for a code that nobody here knows. */
  | { readonly kind: 'reply'; readonly reply: Reply | null; readonly raw: EncodedMessage }
  | { readonly kind: 'transfer_progress'; readonly id: number; readonly sentBytes: number; readonly totalBytes: number }
  /** Of two keys this one opened a channel. The other one is of no more use. */
  | { readonly kind: 'key_confirmed'; readonly which: KeyChoice }
  /** How far an operator's install window has come; what was sent may be with whoever answered. */
  | { readonly kind: 'install_progress'; readonly stage: 'answered' | 'first_key_sent' | 'final_key_sent' }
  /** From now on the reader is spoken to so; null is the speed from before the change. */
  | { readonly kind: 'line_settings'; readonly address: number; readonly baud: number | null }
  | { readonly kind: 'line_changed'; readonly address: number; readonly baud: number }
  | { readonly kind: 'line_unchanged' }
  /** Key material that is of no more use: overwrite it. */
  | { readonly kind: 'forget_secret'; readonly secret: Uint8Array }
  /** The keys are of no more use: destroy them. */
  | { readonly kind: 'forget_keys'; readonly keys: DestroyableKeys };

export interface Transition {
  readonly state: SessionState;
  readonly effects: readonly SessionEffect[];
}

export function stay(state: SessionState, ...effects: readonly SessionEffect[]): Transition {
  return { state, effects };
}
