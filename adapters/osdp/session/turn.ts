import { sealFrame } from '../secure-channel/channel.ts';
import { deriveSessionKeys, isPublicKey } from '../secure-channel/session-keys.ts';
import { type Command, commandTable } from '../messages/commands.ts';
import { EMPTY } from '../messages/fields.ts';
import { encodeFrame } from '../wire/frame.ts';
import { KEY_KIND, SCS, type SecurityBlock } from '../wire/security-block.ts';
import { failSession } from './failure.ts';
import { PROBE_TIMEOUT_MS, REPLY_LENGTH_TYPICAL, REPLY_TIMEOUT_MS, RETRIES_MAX } from './limits.ts';
import { expireCommands } from './queue.ts';
import { type InFlight, type Phase, type QueuedCommand, type SessionState, nextTurnMs } from './state.ts';
import { type Handshake, type Transition, stay } from './transition.ts';

type SetupPhase = Exclude<Phase, 'challenge' | 'cryptogram' | 'drain' | 'online'>;

/** What each phase asks. */
const QUESTIONS: { readonly [P in SetupPhase]: Command } = {
  identify: { name: 'ID', body: { form: 0 } },
  capabilities: { name: 'CAP', body: { form: 0 } },
  confirm_identity: { name: 'ID', body: { form: 0 } },
  confirm_capabilities: { name: 'CAP', body: { form: 0 } },
  local_status: { name: 'LSTAT', body: EMPTY },
  input_status: { name: 'ISTAT', body: EMPTY },
  output_status: { name: 'OSTAT', body: EMPTY },
};
const POLL: Command = { name: 'POLL', body: EMPTY };

/** Gives the session the line. It sends at most one frame, or nothing when it is not due. */
export function takeTurn(state: SessionState, nowMs: number, handshake: Handshake | null): Transition {
  if (nowMs < nextTurnMs(state)) return stay(state);
  if (state.exchange.name === 'awaiting_reply') return stay(state);
  if (state.exchange.name === 'resend_due') return sendFrame(state, nowMs, state.exchange.inFlight);
  const { state: fresh, effects } = expireCommands(state, nowMs);
  const next = askNext(fresh, nowMs, handshake);
  return { state: next.state, effects: [...effects, ...next.effects] };
}

function askNext(state: SessionState, nowMs: number, handshake: Handshake | null): Transition {
  switch (state.phase) {
    case 'identify':
    case 'capabilities':
      return sendClear(state, nowMs, QUESTIONS[state.phase], null);
    case 'challenge':
      return handshake === null ? stay(state) : challenge(state, nowMs, handshake);
    case 'cryptogram':
      return prove(state, nowMs);
    case 'drain':
      return poll(state, nowMs);
    case 'online': {
      const [command, ...queue] = state.queue;
      return command === undefined ? poll(state, nowMs) : sendSecured({ ...state, queue }, nowMs, command.command, command);
    }
    default:
      return sendSecured(state, nowMs, QUESTIONS[state.phase], null);
  }
}

/** A command that was dropped for its age may have been the reason of this turn; then the poll is not due yet. */
function poll(state: SessionState, nowMs: number): Transition {
  if (nowMs < state.dueMs) return stay(state);
  return sendSecured({ ...state, dueMs: nowMs + state.config.pollIntervalMs }, nowMs, POLL, null);
}

/** osdp_CHLNG with SCS_11: always a key of the reader's own. One that everybody knows is refused even when somebody has configured it. */
function challenge(state: SessionState, nowMs: number, { scbk, rndA }: Handshake): Transition {
  if (isPublicKey(scbk)) return failSession(state, nowMs, 'secure_channel_failed', 'osdp.default_key_refused');
  const keys = deriveSessionKeys(scbk, rndA);
  const block: SecurityBlock = { type: SCS.challenge, data: Uint8Array.of(KEY_KIND.scbk) };
  return sendClear({ ...state, security: { name: 'challenged', keys, rndA } }, nowMs, { name: 'CHLNG', body: { rndA } }, block);
}

/** osdp_SCRYPT with SCS_13. */
function prove(state: SessionState, nowMs: number): Transition {
  if (state.security.name !== 'proving') throw new TypeError('no handshake to prove');
  const block: SecurityBlock = { type: SCS.serverCryptogram, data: Uint8Array.of(KEY_KIND.scbk) };
  return sendClear(state, nowMs, { name: 'SCRYPT', body: { cryptogram: state.security.serverCryptogram } }, block);
}

function sendClear(state: SessionState, nowMs: number, command: Command, block: SecurityBlock | null): Transition {
  const bytes = encodeFrame({
    address: state.config.address,
    direction: 'command',
    sequence: state.sequence,
    check: 'crc',
    block,
    ...commandTable.encode(command),
  });
  return sendFrame(state, nowMs, { bytes, command: null, retries: 0, busyReplies: 0 });
}

function sendSecured(state: SessionState, nowMs: number, command: Command, queued: QueuedCommand | null): Transition {
  if (state.security.name !== 'open') throw new TypeError('no secure channel');
  const line = { address: state.config.address, sequence: state.sequence };
  const { bytes, channel } = sealFrame(state.security.channel, 'command', line, commandTable.encode(command));
  return sendFrame({ ...state, security: { name: 'open', channel } }, nowMs, { bytes, command: queued, retries: 0, busyReplies: 0 });
}

function sendFrame(state: SessionState, nowMs: number, inFlight: InFlight): Transition {
  const isProbe = state.phase === 'identify' && !state.isPatient;
  const isMiddleRetry = inFlight.retries > 0 && inFlight.retries < RETRIES_MAX;
  const patienceMs = isProbe || isMiddleRetry ? PROBE_TIMEOUT_MS : REPLY_TIMEOUT_MS;
  const wireMs = (inFlight.bytes.length + REPLY_LENGTH_TYPICAL) * state.config.byteTimeMs;
  return stay(
    { ...state, exchange: { name: 'awaiting_reply', inFlight, deadlineMs: nowMs + patienceMs + wireMs } },
    { kind: 'send', bytes: inFlight.bytes },
  );
}
