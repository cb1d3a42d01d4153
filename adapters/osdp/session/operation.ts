import type { EncodedMessage } from '../messages/message-table.ts';
import { type Part, assemblePart } from '../messages/multi-part.ts';
import type { Reply } from '../messages/replies.ts';
import type { Answer } from './answer.ts';
import { answered, unanswered } from './command-result.ts';
import type { QueuedCommand } from './in-flight.ts';
import { LONG_OPERATION_MAX_MS, PARTS_HELD_MAX_MS } from './limits.ts';
import { answerCodeOf } from './long-commands.ts';
import { isCredential, reportReply } from './report.ts';
import type { SessionState } from './state.ts';
import { type SessionEffect, type Transition, stay } from './transition.ts';
import type { Operation } from './work.ts';

const PART_REPLIES = ['EXT_PDID', 'PIVDATAR', 'GENAUTHR', 'CRAUTHR', 'PAIRR'] as const;
type PartReply = Extract<Reply, { name: (typeof PART_REPLIES)[number] }>;

export function startOperation(command: QueuedCommand, parts: readonly EncodedMessage[], nowMs: number): Operation {
  return { command, parts, awaits: answerCodeOf(command), untilMs: nowMs + LONG_OPERATION_MAX_MS };
}

/** The answer to a command of one frame; the command is not over when its reply comes later, or in parts. */
export function takeAnswer(state: SessionState, answer: Answer, command: QueuedCommand, nowMs: number): Transition {
  const pending = startOperation(command, [], nowMs);
  if (pending.awaits !== null && answer.reply?.name === 'ACK') return stay({ ...state, operation: pending });
  const whole = assemble(state, answer, nowMs);
  if (whole.answer === null) {
    // A second answer in parts would take the place of the command that still waits for its own, which then never ended.
    if (state.operation !== null) return stay(state, unanswered(command.id, 'refused'));
    return { state: { ...whole.state, operation: { ...pending, awaits: answer.raw.code } }, effects: whole.effects };
  }
  return finishCommand(whole.state, whole.answer, command);
}

/** The answer to one part: ACK until the last, then ACK or the reply itself. */
export function takePartAnswer(state: SessionState, answer: Answer, nowMs: number): Transition {
  const { operation } = state;
  if (operation === null) return stay(state);
  if (answer.reply?.name === 'ACK') return stay(state);
  const whole = assemble(state, answer, nowMs);
  if (whole.answer === null) return whole;
  return finishCommand({ ...whole.state, operation: null }, whole.answer, operation.command);
}

/**
 * Whatever the reader answers is the answer, also with a code that nobody here knows; a NAK, a body that contradicts itself and a card are a no:
 * a card is never the answer to a command.
 */
function finishCommand(state: SessionState, answer: Answer, command: QueuedCommand): Transition {
  const { reply, raw } = answer;
  const isDone = !answer.isMalformed && (reply === null || (reply.name !== 'NAK' && !isCredential(reply)));
  return { state, effects: [...(reply?.name === 'OSTATR' ? reportReply(reply, raw) : []), answered(command.id, reply, raw, isDone)] };
}

/** The running operation takes what it waits for out of the polls. Null when the answer is not its. */
export function takePolledAnswer(state: SessionState, answer: Answer): Transition | null {
  const { operation } = state;
  if (operation === null || operation.parts.length > 0) return null;
  if (answer.raw.code !== operation.awaits && answer.reply?.name !== 'NAK') return null;
  return finishCommand({ ...state, operation: null }, answer, operation.command);
}

/** Puts parts together: `answer` is the whole reply, or null while parts are missing. What is not in parts passes as it is. */
export function assemble(state: SessionState, answer: Answer, nowMs: number): Transition & { readonly answer: Answer | null } {
  const { reply, raw } = answer;
  if (!isPartReply(reply)) return { state, effects: [], answer };
  const before = state.incoming?.code === raw.code ? state.incoming : null;
  const { assembly, payload, error } = assemblePart(before?.assembly ?? null, reply.body);
  if (assembly !== null) {
    // One that starts anew has a new time; parts that trickle in do not prolong it.
    const untilMs = before === null || reply.body.offset === 0 ? nowMs + PARTS_HELD_MAX_MS : before.untilMs;
    return { state: { ...state, incoming: { code: raw.code, assembly, untilMs }, dueMs: nowMs }, effects: [], answer: null };
  }
  const next: SessionState = { ...state, incoming: null };
  if (payload === null) {
    const refused: Answer = { reply: null, raw, isMalformed: true };
    return { state: next, effects: error === null ? [] : [{ kind: 'discarded', what: 'malformed_reply' }], answer: refused };
  }
  const body: Part = { total: payload.length, offset: 0, data: payload };
  return { state: next, effects: [], answer: { reply: { ...reply, body }, raw: { code: raw.code, data: payload }, isMalformed: false } };
}

/** Ends what runs over more than one exchange: operation, transfer and card session. */
export function abortRunning(state: SessionState): Transition & { readonly wasRunning: boolean } {
  const ids = [state.operation?.command.id, state.transfer?.id].filter((id) => id !== undefined);
  const effects: SessionEffect[] = ids.map((id) => unanswered(id, 'aborted'));
  const wasRunning = ids.length > 0 || state.keepActiveMs !== null || state.incoming !== null;
  return { state: { ...state, operation: null, transfer: null, incoming: null, keepActiveMs: null }, effects, wasRunning };
}

function isPartReply(reply: Reply | null): reply is PartReply {
  return PART_REPLIES.some((name) => name === reply?.name);
}
