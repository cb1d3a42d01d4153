import { type Command, commandTable } from '../messages/commands.ts';
import { EMPTY } from '../messages/fields.ts';
import { NAK_CODE } from '../messages/line-codecs.ts';
import { splitParts } from '../messages/multi-part.ts';
import { type Reply, replyTable } from '../messages/replies.ts';
import { PAIRING_MESSAGE_LENGTH_MAX } from '../pairing/limits.ts';
import type { Frame } from '../wire/frame.ts';
import type { Answer } from './answer.ts';
import { answered, done, unanswered } from './command-result.ts';
import { acceptReply, retryLater } from './exchange.ts';
import { failSession } from './failure.ts';
import type { InFlight, QueuedCommand } from './in-flight.ts';
import { INSTALL_WINDOW_MAX_MS, PAIRING_FRAGMENT_LENGTH, PAIRING_MESSAGE_MAX_MS, PAIRING_POLL_MS } from './limits.ts';
import { isClearCredential } from './clear-credential.ts';
import { abortRunning, assemble, startOperation } from './operation.ts';
import { endPairing } from './pairing-window.ts';
import { restartQuietly } from './renewal.ts';
import { sendPlain } from './send.ts';
import type { SessionState } from './state.ts';
import { type SessionEffect, type Transition, stay } from './transition.ts';
import { raiseOnce } from './vigilance.ts';
import type { Operation } from './work.ts';

const POLL: Command = { name: 'POLL', body: EMPTY };

/** Only for a reader of secure channel 2 that is off line: no key is ever sent, so who overhears or answers instead of it gains nothing. */
export function openPairing(
  state: SessionState,
  { id, untilMs }: { readonly id: number; readonly untilMs: number },
  nowMs: number,
): Transition {
  const isFree = state.installation === null && state.pairing === null;
  const isOffline = state.reported !== 'online' && state.reported !== 'stopped';
  if (state.config.secureChannel !== 2 || !isFree || !isOffline || untilMs <= nowMs) return stay(state, unanswered(id, 'refused'));
  const pairing = { id, untilMs: Math.min(untilMs, nowMs + INSTALL_WINDOW_MAX_MS), isAnswered: false };
  return restartQuietly({ ...state, pairing, raised: [] }, nowMs);
}

/** The reader is there and has said what it is: it is paired, or challenged. */
export function afterCapabilities(state: SessionState): Transition {
  const { pairing } = state;
  if (pairing === null) return stay({ ...state, phase: 'challenge' });
  const waiting: SessionState = { ...state, phase: 'pair', dueMs: pairing.untilMs, pairing: { ...pairing, isAnswered: true } };
  return stay(waiting, ...(pairing.isAnswered ? [] : [done(pairing.id)]));
}

/** One message of the pairing, whole. Its end brings the reader's. */
export function sendPairing(
  state: SessionState,
  { id, message }: { readonly id: number; readonly message: Uint8Array },
  nowMs: number,
): Transition {
  const isReady = state.phase === 'pair' && state.operation === null && state.exchange.name === 'idle';
  if (!isReady || message.length > PAIRING_MESSAGE_LENGTH_MAX) return stay(state, unanswered(id, 'offline'));
  const body = { total: message.length, offset: 0, data: message };
  const command: QueuedCommand = { id, command: { name: 'PAIR', body }, priority: 'normal', queuedMs: nowMs };
  const parts = splitParts(message, PAIRING_FRAGMENT_LENGTH).map((part) => commandTable.encode({ name: 'PAIR', body: part }));
  const operation = { ...startOperation(command, parts, nowMs), untilMs: nowMs + PAIRING_MESSAGE_MAX_MS };
  return stay({ ...state, operation, incoming: null, dueMs: nowMs });
}

/** The next part, or a poll for the answer; nothing while there is no message. */
export function takePairingTurn(state: SessionState, nowMs: number): Transition {
  const { operation, pairing } = state;
  if (operation === null) return stay({ ...state, dueMs: pairing?.untilMs ?? nowMs });
  const [part, ...parts] = operation.parts;
  if (part === undefined) return sendPlain(state, nowMs, { message: commandTable.encode(POLL), block: null, purpose: { name: 'poll' } });
  return sendPlain({ ...state, operation: { ...operation, parts } }, nowMs, { message: part, block: null, purpose: { name: 'part' } });
}

/** In clear, and believed in nothing: whether the message is the reader's is looked at by who waits for it. */
export function receivePairing(state: SessionState, frame: Frame, inFlight: InFlight, nowMs: number): Transition {
  if (frame.block !== null) return stay(state, { kind: 'discarded', what: 'unsolicited_reply' });
  const accepted: SessionState = { ...acceptReply(state, frame, nowMs), dueMs: nowMs };
  if (isClearCredential(frame)) {
    const warned = raiseOnce(accepted, 'osdp.cleartext_refused');
    return { state: warned.state, effects: [...warned.effects, { kind: 'discarded', what: 'unsolicited_reply' }] };
  }
  const parsed = replyTable.parse(frame.code, frame.data);
  const reply = parsed.ok ? parsed.message : null;
  if (reply?.name === 'NAK' && reply.body.code === NAK_CODE.badCheck) return retryLater(state, inFlight, nowMs);
  if (reply?.name === 'NAK' && reply.body.code === NAK_CODE.badSequence) return failSession(state, nowMs, 'secure_channel_failed');
  if (reply?.name === 'ACK') return stay(inFlight.purpose.name === 'poll' ? { ...accepted, dueMs: nowMs + PAIRING_POLL_MS } : accepted);
  const isMalformed = !parsed.ok || isTooLong(reply);
  return takeReply(accepted, { reply: isMalformed ? null : reply, raw: { code: frame.code, data: frame.data }, isMalformed }, nowMs);
}

/** Puts the message together; a NAK, or what is no part of it, ends it. What else a reader may report meanwhile is thrown away. */
function takeReply(state: SessionState, answer: Answer, nowMs: number): Transition {
  const isOther = answer.reply !== null && answer.reply.name !== 'PAIRR' && answer.reply.name !== 'NAK';
  if (isOther || state.operation === null) return stay(state, { kind: 'discarded', what: 'unsolicited_reply' });
  const { id } = state.operation.command;
  const whole = assemble(state, answer, nowMs);
  if (whole.answer === null) return { ...whole, state: withTimeOf(state.operation, whole.state) };
  const { reply, raw } = whole.answer;
  const ended: SessionState = { ...whole.state, operation: null, dueMs: state.pairing?.untilMs ?? nowMs };
  const complaint: SessionEffect[] = answer.isMalformed ? [{ kind: 'discarded', what: 'malformed_reply' }] : [];
  return { state: ended, effects: [...whole.effects, ...complaint, answered(id, reply, raw, reply?.name === 'PAIRR')] };
}

/** The parts of a message may take as long as the message. */
function withTimeOf({ untilMs }: Operation, state: SessionState): SessionState {
  return state.incoming === null ? state : { ...state, incoming: { ...state.incoming, untilMs } };
}

/** The window is over; the reader is looked for anew, and challenged with the key that the key store has then. */
export function closePairing(state: SessionState, result: 'aborted' | 'timeout', nowMs: number): Transition {
  if (state.pairing === null) return stay(state);
  const aborted = abortRunning(state);
  const ended = endPairing(aborted.state, result);
  const next = restartQuietly(ended.state, nowMs);
  return { state: next.state, effects: [...aborted.effects, ...ended.effects, ...next.effects] };
}

function isTooLong(reply: Reply | null): boolean {
  return reply?.name === 'PAIRR' && reply.body.total > PAIRING_MESSAGE_LENGTH_MAX;
}
