import type { SecureChannel } from '../secure-channel/channel.ts';
import type { SessionKeys } from '../secure-channel/session-keys.ts';
import type { Command } from '../messages/commands.ts';
import type { Sequence } from '../wire/control-byte.ts';
import type { Capability, DeviceIdentity } from '../messages/identity-codecs.ts';

/** The way of a reader from unknown to polled; each phase is one exchange, except `drain` and `online`. Only the first three speak in clear. */
export type Phase =
  | 'identify'
  | 'capabilities'
  | 'challenge'
  | 'cryptogram'
  | 'confirm_identity'
  | 'confirm_capabilities'
  /** Polled, but what it held back while nobody listened is thrown away, until it has nothing more to say. */
  | 'drain'
  | 'local_status'
  | 'input_status'
  | 'output_status'
  | 'online';

/** Same words as the port's OfflineCause; this folder imports nothing from the gateway. */
export type SessionOfflineCause = 'never_seen' | 'timeout' | 'link_down' | 'secure_channel_failed' | 'stopped';

export type SessionAlarm =
  | 'osdp.mac_mismatch'
  | 'osdp.cleartext_refused'
  | 'osdp.key_mismatch'
  | 'osdp.default_key_refused'
  | 'osdp.sequence_anomaly'
  | 'osdp.identity_changed';

/** `id` is the driver's, to tell results apart. `urgent` commands leave before all others. */
export interface QueuedCommand {
  readonly id: number;
  readonly command: Command;
  readonly priority: 'urgent' | 'normal';
  readonly queuedMs: number;
}

/** A frame on its way. `bytes` are kept, because a retry must repeat them exactly. */
export interface InFlight {
  readonly bytes: Uint8Array;
  readonly command: QueuedCommand | null;
  readonly retries: number;
  readonly busyReplies: number;
}

export type Exchange =
  | { readonly name: 'idle' }
  | { readonly name: 'awaiting_reply'; readonly inFlight: InFlight; readonly deadlineMs: number }
  | { readonly name: 'resend_due'; readonly inFlight: InFlight };

export type Security =
  | { readonly name: 'none' }
  | { readonly name: 'challenged'; readonly keys: SessionKeys; readonly rndA: Uint8Array }
  | { readonly name: 'proving'; readonly keys: SessionKeys; readonly serverCryptogram: Uint8Array }
  | { readonly name: 'open'; readonly channel: SecureChannel };

export interface SessionConfig {
  readonly address: number;
  /** At most one poll in this time. 0 polls as often as the line allows. */
  readonly pollIntervalMs: number;
  /** Wire time of one byte: 10 bits on a serial line, 0 on TCP. */
  readonly byteTimeMs: number;
}

export interface SessionState {
  readonly config: SessionConfig;
  readonly phase: Phase;
  /** Of the next new frame. */
  readonly sequence: Sequence;
  readonly exchange: Exchange;
  readonly security: Security;
  /** When the session wants its next turn; commands may bring it forward. */
  readonly dueMs: number;
  readonly queue: readonly QueuedCommand[];
  /** What was last told to the outside; null before the first word. */
  readonly reported: 'online' | SessionOfflineCause | null;
  readonly onlineSinceMs: number;
  /** Replies thrown away in this drain. */
  readonly drained: number;
  /** Failures in a row; decides how soon the reader is looked for again. */
  readonly failures: number;
  /** The next probe waits the full reply time: the reader was there a moment ago, or answered late. */
  readonly isPatient: boolean;
  /** Alarms already raised since the reader was last on line. A condition is one alarm, not one a probe. */
  readonly raised: readonly SessionAlarm[];
  /** The last accepted reply, to tell a duplicate of the line from a replay. */
  readonly lastReply: Uint8Array | null;
  readonly lastReplyMs: number;
  /** Said in clear at the start of this session; believed only when repeated inside the secure channel. */
  readonly claimed: { readonly identity: DeviceIdentity | null; readonly capabilities: readonly Capability[] | null };
  /** Said inside the secure channel; outlives sessions, so that an exchanged reader is noticed. */
  readonly identity: DeviceIdentity | null;
}

export function initialSession(config: SessionConfig): SessionState {
  return {
    config,
    phase: 'identify',
    sequence: 0,
    exchange: { name: 'idle' },
    security: { name: 'none' },
    dueMs: 0,
    queue: [],
    reported: null,
    onlineSinceMs: 0,
    drained: 0,
    failures: 0,
    isPatient: true,
    raised: [],
    lastReply: null,
    lastReplyMs: Number.NEGATIVE_INFINITY,
    claimed: { identity: null, capabilities: null },
    identity: null,
  };
}

/** The time from which a turn is useful. Infinity while a reply is awaited. */
export function nextTurnMs(state: SessionState): number {
  if (state.exchange.name === 'awaiting_reply') return Number.POSITIVE_INFINITY;
  if (state.exchange.name === 'idle' && state.phase === 'online' && state.queue.length > 0) return Number.NEGATIVE_INFINITY;
  return state.dueMs;
}

/** An unlock is waiting. */
export function isUrgent(state: SessionState): boolean {
  return state.exchange.name === 'idle' && state.phase === 'online' && state.queue[0]?.priority === 'urgent';
}

/** The next turn needs the reader's key and a fresh nonce. */
export function wantsHandshake(state: SessionState): boolean {
  return state.phase === 'challenge' && state.exchange.name === 'idle';
}
