import { type Command, commandTable } from '../messages/commands.ts';
import type { EncodedMessage } from '../messages/message-table.ts';
import { sealFrame } from '../channels/channel.ts';
import { encodeFrame } from '../wire/frame.ts';
import type { SecurityBlock } from '../wire/security-block.ts';
import type { InFlight, Purpose } from './in-flight.ts';
import { PROBE_TIMEOUT_MS, REPLY_LENGTH_TYPICAL, REPLY_TIMEOUT_MS, RETRIES_MAX } from './limits.ts';
import type { SessionState } from './state.ts';
import { type Transition, stay } from './transition.ts';

/** In clear: only what opens a session. */
export function sendClear(state: SessionState, nowMs: number, command: Command): Transition {
  return sendOpening(state, nowMs, commandTable.encode(command), null);
}

/** In clear as well; a message of the handshake has a security block. */
export function sendOpening(state: SessionState, nowMs: number, message: EncodedMessage, block: SecurityBlock | null): Transition {
  return sendPlain(state, nowMs, { message, block, purpose: { name: 'question' } });
}

interface Plain {
  readonly message: EncodedMessage;
  readonly block: SecurityBlock | null;
  readonly purpose: Purpose;
}

export function sendPlain(state: SessionState, nowMs: number, { message, block, purpose }: Plain): Transition {
  const bytes = encodeFrame({
    address: state.config.address,
    direction: 'command',
    sequence: state.sequence,
    check: 'crc',
    block,
    ...message,
  });
  return sendFrame(state, nowMs, { bytes, purpose, retries: 0, busyReplies: 0 });
}

export function sendSecured(state: SessionState, nowMs: number, message: EncodedMessage, purpose: Purpose): Transition {
  if (state.security.name !== 'open') throw new TypeError('no secure channel');
  const line = { address: state.config.address, sequence: state.sequence };
  const { bytes, channel } = sealFrame(state.security.channel, 'command', line, message);
  const security = { ...state.security, channel, exchanges: state.security.exchanges + 1 };
  return sendFrame({ ...state, security }, nowMs, { bytes, purpose, retries: 0, busyReplies: 0 });
}

export function sendFrame(state: SessionState, nowMs: number, inFlight: InFlight): Transition {
  const isProbe = state.phase === 'identify' && !state.isPatient;
  const isMiddleRetry = inFlight.retries > 0 && inFlight.retries < RETRIES_MAX;
  const patienceMs = isProbe || isMiddleRetry ? PROBE_TIMEOUT_MS : REPLY_TIMEOUT_MS;
  const wireMs = (inFlight.bytes.length + REPLY_LENGTH_TYPICAL) * state.config.byteTimeMs;
  return stay(
    { ...state, exchange: { name: 'awaiting_reply', inFlight, deadlineMs: nowMs + patienceMs + wireMs } },
    { kind: 'send', bytes: inFlight.bytes },
  );
}
