import { type Command, commandTable } from '../messages/commands.ts';
import { EMPTY } from '../messages/fields.ts';
import { FRAME_LENGTH_MAX } from '../wire/frame.ts';
import { challenge, prove } from './challenge.ts';
import { prepareCommand } from './command-bytes.ts';
import { unanswered } from './command-result.ts';
import { expireAll } from './expire.ts';
import type { QueuedCommand } from './in-flight.ts';
import { sendInstallKey } from './installation.ts';
import { sendKeyChange } from './key-change.ts';
import { KEEP_ACTIVE_MS } from './limits.ts';
import { sendLineSet } from './line-change.ts';
import { startOperation } from './operation.ts';
import { beginRenewal, isChannelWornOut } from './renewal.ts';
import { takePairingTurn } from './pairing.ts';
import { sendClear, sendFrame, sendSecured } from './send.ts';
import type { Phase } from './phase.ts';
import { type SessionState, nextCommand, nextTurnMs, transferDueMs } from './state.ts';
import { sendFragment } from './transfer-job.ts';
import { type Handshake, type SessionEvent, type Transition, stay } from './transition.ts';

type TurnEvent = Extract<SessionEvent, { kind: 'turn' }>;
type SetupPhase = Exclude<Phase, 'pair' | 'challenge' | 'cryptogram' | 'install' | 'drain' | 'online'>;

/** What each phase asks. */
const QUESTIONS: { readonly [P in SetupPhase]: Command } = {
  identify: { name: 'ID', body: { form: 0 } },
  capabilities: { name: 'CAP', body: { form: 0 } },
  confirm_identity: { name: 'ID', body: { form: 0 } },
  confirm_capabilities: { name: 'CAP', body: { form: 0 } },
  receive_size: { name: 'ACURXSIZE', body: { size: FRAME_LENGTH_MAX } },
  local_status: { name: 'LSTAT', body: EMPTY },
  input_status: { name: 'ISTAT', body: EMPTY },
  output_status: { name: 'OSTAT', body: EMPTY },
};
const POLL: Command = { name: 'POLL', body: EMPTY };
const ABORT: Command = { name: 'ABORT', body: EMPTY };
const KEEP_ACTIVE: Command = { name: 'KEEPACTIVE', body: { durationMs: KEEP_ACTIVE_MS } };

/** Gives the session the line. It sends at most one frame, or nothing when it is not due. */
export function takeTurn(state: SessionState, turn: TurnEvent): Transition {
  const { nowMs } = turn;
  if (nowMs < nextTurnMs(state) || state.exchange.name === 'awaiting_reply') return stay(state);
  const { state: fresh, effects } = expireAll(state, nowMs);
  const next = fresh.exchange.name === 'resend_due' ? sendFrame(fresh, nowMs, fresh.exchange.inFlight) : askNext(fresh, turn);
  return { state: next.state, effects: [...effects, ...next.effects] };
}

function askNext(state: SessionState, turn: TurnEvent): Transition {
  const { nowMs, handshake } = turn;
  switch (state.phase) {
    case 'identify':
    case 'capabilities':
      return sendClear(state, nowMs, QUESTIONS[state.phase]);
    case 'pair':
      return takePairingTurn(state, nowMs);
    case 'challenge':
      return challenge(state, nowMs, handshake);
    case 'cryptogram':
      return prove(state, nowMs);
    case 'install':
      return sendInstallKey(state, nowMs);
    case 'drain':
      return poll(state, nowMs);
    case 'online':
      return work(state, turn);
    default:
      return sendSecured(state, nowMs, commandTable.encode(QUESTIONS[state.phase]), { name: 'question' });
  }
}

/** An unlock first; then what runs over several exchanges, turn about with polls; then the rest. */
function work(state: SessionState, { nowMs, handshake, isPollFirst = false }: TurnEvent): Transition {
  const next = nextCommand(state);
  if (next?.command.priority === 'urgent') return sendCommand({ ...state, queue: next.queue }, nowMs, next.command);
  if (isChannelWornOut(state, nowMs)) return renew(state, nowMs, handshake);
  if (state.keyChange?.stage === 'asked') return sendKeyChange(state, state.keyChange, nowMs);
  if (state.lineChange?.stage === 'asked') return sendLineSet(state, state.lineChange, nowMs);
  if (state.isAborting) return sendSecured({ ...state, isAborting: false }, nowMs, commandTable.encode(ABORT), { name: 'abort' });
  const [part, ...parts] = state.operation?.parts ?? [];
  if (state.operation !== null && part !== undefined) {
    return sendSecured({ ...state, operation: { ...state.operation, parts } }, nowMs, part, { name: 'part' });
  }
  const job = state.transfer;
  if (job !== null && nowMs >= transferDueMs(job) && (job.hasPolled || !isPollWanted(state, nowMs))) return sendFragment(state, job, nowMs);
  if (state.keepActiveMs !== null && nowMs >= state.keepActiveMs) {
    const held: SessionState = { ...state, keepActiveMs: nowMs + KEEP_ACTIVE_MS / 2 };
    return sendSecured(held, nowMs, commandTable.encode(KEEP_ACTIVE), { name: 'wish' });
  }
  const isPoll = next === null || (isPollFirst && nowMs >= state.dueMs);
  return isPoll ? poll(state, nowMs) : sendCommand({ ...state, queue: next.queue }, nowMs, next.command);
}

/** Whether a poll stands between two fragments: the reader has news, or it allows polls and one is due. */
function isPollWanted(state: SessionState, nowMs: number): boolean {
  const transfer = state.transfer?.transfer ?? null;
  return transfer !== null && (transfer.hasNews || (!transfer.isDedicated && nowMs >= state.dueMs));
}

function sendCommand(state: SessionState, nowMs: number, command: QueuedCommand): Transition {
  const prepared = prepareCommand(state, command);
  if (prepared.kind === 'unsupported') return stay(state, unanswered(command.id, 'unsupported'));
  if (prepared.kind === 'single') return sendSecured(state, nowMs, prepared.message, { name: 'command', command });
  const [first, ...rest] = prepared.parts;
  if (first === undefined) return stay(state, unanswered(command.id, 'unsupported'));
  return sendSecured({ ...state, operation: startOperation(command, rest, nowMs) }, nowMs, first, { name: 'part' });
}

/** A command that was dropped for its age may have been the reason of this turn; then the poll is not due yet. */
function poll(state: SessionState, nowMs: number): Transition {
  const isWanted = nowMs >= state.dueMs || state.transfer?.transfer?.hasNews === true;
  if (!isWanted) return stay(state);
  const transfer = state.transfer === null ? null : { ...state.transfer, hasPolled: true };
  const polled: SessionState = { ...state, transfer, dueMs: nowMs + state.config.pollIntervalMs };
  return sendSecured(polled, nowMs, commandTable.encode(POLL), { name: 'poll' });
}

/** The driver has no key at hand in this turn: it fetches one, because the session asks for it now. */
function renew(state: SessionState, nowMs: number, handshake: Handshake | null): Transition {
  const renewing = beginRenewal(state, nowMs);
  const next = challenge(renewing.state, nowMs, handshake);
  return { state: next.state, effects: [...renewing.effects, ...next.effects] };
}
