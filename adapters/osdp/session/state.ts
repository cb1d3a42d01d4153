import type { Capability, DeviceIdentity } from '../messages/identity-codecs.ts';
import type { Sequence } from '../wire/control-byte.ts';
import type { SessionAlarm, SessionOfflineCause } from './alarms.ts';
import { type Bucket, EMPTY_BUCKET } from './bucket.ts';
import { isLong } from './long-commands.ts';
import type { Exchange, KeyChoice, QueuedCommand, Security } from './in-flight.ts';
import type { Phase, SessionConfig } from './phase.ts';
import type { Incoming, Installation, KeyChange, LineChange, Operation, PairingWindow, TransferJob } from './work.ts';

export interface SessionState {
  readonly config: SessionConfig;
  readonly phase: Phase;
  /** Of the next new frame. */
  readonly sequence: Sequence;
  readonly exchange: Exchange;
  readonly security: Security;
  /** When the session wants its next turn; commands may bring it forward. */
  readonly dueMs: number;
  /** Nothing is sent before this: too many frames with a wrong MAC. */
  readonly heldUntilMs: number;
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
  /** When a late reply last had it looked for at once. */
  readonly lateReplyMs: number;
  /** Alarms already raised since the reader was last on line. A condition is one alarm, not one a probe. On line they count for a while only. */
  readonly raised: readonly SessionAlarm[];
  readonly raisedSinceMs: number;
  /** The last accepted reply, to tell a duplicate of the line from a replay. */
  readonly lastReply: Uint8Array | null;
  readonly lastReplyMs: number;
  /** Replies that repetitions of the last command may still bring. */
  readonly owed: { readonly sequence: Sequence; readonly count: number; readonly untilMs: number } | null;
  /** The last accepted replies that had been asked for again. */
  readonly repeatedReplies: readonly Uint8Array[];
  /** When a poll was last answered on line: what came after may have been held back since then. */
  readonly heardMs: number;
  /** Said in clear at the start of this session; believed only when repeated inside the secure channel. */
  readonly claimed: { readonly identity: DeviceIdentity | null; readonly capabilities: readonly Capability[] | null };
  /** Said inside the secure channel; these outlive sessions, so that an exchanged reader is noticed. */
  readonly identity: DeviceIdentity | null;
  readonly capabilities: readonly Capability[] | null;
  readonly clientId: Uint8Array | null;
  /** When the device last became another one. */
  readonly identityChangedMs: number;
  /** Wrong MACs in the present window of time. */
  readonly macFailures: { readonly count: number; readonly sinceMs: number };
  /** Channels that a NAK in clear has ended, in the present window of time. */
  readonly clearNaks: { readonly count: number; readonly sinceMs: number };
  /** osdp_BUSY of late, asked for or not. */
  readonly busy: Bucket;
  /** Polls in a row that it refused; also over sessions, until it answers one. */
  readonly pollNaks: number;
  /** A planned new channel: the reader stays on line while it is opened, and nothing it holds is thrown away. */
  readonly isRenewing: boolean;
  /** Which key the next handshake tries first, and whether the other one has just failed. */
  readonly keyChoice: KeyChoice;
  readonly isOtherKeyTried: boolean;
  readonly operation: Operation | null;
  /** A reply in parts, of which some have come. */
  readonly incoming: Incoming | null;
  readonly transfer: TransferJob | null;
  readonly keyChange: KeyChange | null;
  readonly lineChange: LineChange | null;
  readonly installation: Installation | null;
  readonly pairing: PairingWindow | null;
  /** osdp_ABORT is to be sent before anything but an unlock. */
  readonly isAborting: boolean;
  /** When osdp_KEEPACTIVE is due; null without a card session in transparent mode. */
  readonly keepActiveMs: number | null;
}

export function initialSession(config: SessionConfig): SessionState {
  return {
    config,
    phase: 'identify',
    sequence: 0,
    exchange: { name: 'idle' },
    security: { name: 'none' },
    dueMs: 0,
    heldUntilMs: 0,
    queue: [],
    reported: null,
    onlineSinceMs: 0,
    drained: 0,
    failures: 0,
    isPatient: true,
    lateReplyMs: Number.NEGATIVE_INFINITY,
    raised: [],
    raisedSinceMs: 0,
    lastReply: null,
    lastReplyMs: Number.NEGATIVE_INFINITY,
    heardMs: Number.NEGATIVE_INFINITY,
    owed: null,
    repeatedReplies: [],
    claimed: { identity: null, capabilities: null },
    identity: null,
    capabilities: null,
    clientId: null,
    identityChangedMs: Number.NEGATIVE_INFINITY,
    macFailures: { count: 0, sinceMs: 0 },
    clearNaks: { count: 0, sinceMs: 0 },
    busy: EMPTY_BUCKET,
    pollNaks: 0,
    isRenewing: false,
    keyChoice: 'current',
    isOtherKeyTried: false,
    operation: null,
    incoming: null,
    transfer: null,
    keyChange: null,
    lineChange: null,
    installation: null,
    pairing: null,
    isAborting: false,
    keepActiveMs: null,
  };
}

/** The time from which a turn is useful. Infinity while a reply is awaited. */
export function nextTurnMs(state: SessionState): number {
  if (state.exchange.name === 'awaiting_reply') return Number.POSITIVE_INFINITY;
  if (state.exchange.name === 'idle' && state.phase === 'online') return Math.min(state.dueMs, workDueMs(state));
  return Math.max(state.dueMs, state.heldUntilMs);
}

/** When there is something to send besides the next poll. */
function workDueMs(state: SessionState): number {
  const isWaiting = state.isAborting || state.keyChange?.stage === 'asked' || state.lineChange?.stage === 'asked';
  if (isWaiting || nextCommand(state) !== null || (state.operation?.parts.length ?? 0) > 0) return Number.NEGATIVE_INFINITY;
  return Math.min(transferDueMs(state.transfer), state.keepActiveMs ?? Number.POSITIVE_INFINITY);
}

/** The command that may leave now, and the queue without it. Urgent ones always may; a second long one waits, and all do for a dedicated transfer. */
export function nextCommand(state: SessionState): { readonly command: QueuedCommand; readonly queue: readonly QueuedCommand[] } | null {
  // Asked of every reader of a line at every turn.
  if (state.queue.length === 0) return null;
  const isFree = (command: QueuedCommand): boolean =>
    command.priority === 'urgent' || (state.transfer?.transfer?.isDedicated !== true && !(state.operation !== null && isLong(command)));
  const command = state.queue.find(isFree);
  return command === undefined ? null : { command, queue: state.queue.filter((other) => other !== command) };
}

export function transferDueMs(job: TransferJob | null): number {
  if (job === null) return Number.POSITIVE_INFINITY;
  return job.transfer === null ? Number.NEGATIVE_INFINITY : job.transfer.nextMs;
}

/** An unlock is waiting. */
export function isUrgent(state: SessionState): boolean {
  return state.exchange.name === 'idle' && state.phase === 'online' && state.queue[0]?.priority === 'urgent';
}

/** The next turn needs a fresh nonce. */
export function wantsNonce(state: SessionState): boolean {
  return state.phase === 'challenge' && state.exchange.name === 'idle';
}

/** The next turn needs the reader's key from the key store, too; an installation has its own. */
export function wantsHandshake(state: SessionState): boolean {
  return wantsNonce(state) && state.installation === null;
}
