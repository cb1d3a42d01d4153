import type { SessionKeys } from '../secure-channel/session-keys.ts';
import type { DeviceIdentity } from '../messages/identity-codecs.ts';
import type { Frame } from '../wire/frame.ts';
import type { CommandDone } from './command-result.ts';
import type { QueuedCommand, SessionAlarm, SessionOfflineCause, SessionState } from './state.ts';

/** Material of one handshake. `scbk` stays the driver's, which zeroes it after the turn. */
export interface Handshake {
  readonly scbk: Uint8Array;
  readonly rndA: Uint8Array;
}

/** What happens to a session. Time is the driver's monotonic clock. */
export type SessionEvent =
  | { readonly kind: 'link_up'; readonly nowMs: number }
  | { readonly kind: 'link_down'; readonly nowMs: number }
  | { readonly kind: 'stop'; readonly nowMs: number }
  /** The line is free and it is this reader's turn. */
  | { readonly kind: 'turn'; readonly nowMs: number; readonly handshake: Handshake | null }
  /** A whole frame from this reader's address. */
  | { readonly kind: 'frame'; readonly nowMs: number; readonly frame: Frame }
  /** The deadline of the awaited reply has passed. */
  | { readonly kind: 'reply_overdue'; readonly nowMs: number }
  | { readonly kind: 'command'; readonly nowMs: number; readonly command: QueuedCommand }
  /** The key was asked for and there is none. */
  | { readonly kind: 'key_missing'; readonly nowMs: number };

/** What was received and not used, for counters. */
export type Discarded =
  'late_reply' | 'duplicate_reply' | 'unsolicited_reply' | 'unknown_reply' | 'malformed_reply' | 'stale_card' | 'unsupported_card';

/** What a session asks the outside to do. It never does it itself. */
export type SessionEffect =
  | { readonly kind: 'send'; readonly bytes: Uint8Array }
  | { readonly kind: 'online'; readonly identity: DeviceIdentity }
  | { readonly kind: 'offline'; readonly cause: SessionOfflineCause }
  | { readonly kind: 'card_read'; readonly reader: number; readonly bits: Uint8Array; readonly bitCount: number }
  | { readonly kind: 'keypad'; readonly reader: number; readonly keys: Uint8Array }
  | { readonly kind: 'inputs'; readonly states: readonly number[] }
  | { readonly kind: 'outputs'; readonly states: readonly number[] }
  | { readonly kind: 'local_status'; readonly tampered: boolean; readonly powerFailed: boolean }
  | { readonly kind: 'alarm'; readonly code: SessionAlarm }
  | CommandDone
  | { readonly kind: 'discarded'; readonly what: Discarded }
  /** The keys are of no more use: destroy them. */
  | { readonly kind: 'forget_keys'; readonly keys: SessionKeys };

export interface Transition {
  readonly state: SessionState;
  readonly effects: readonly SessionEffect[];
}

export function stay(state: SessionState, ...effects: readonly SessionEffect[]): Transition {
  return { state, effects };
}
