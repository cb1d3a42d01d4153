import type { Answer } from './answer.ts';
import { CARD_AGE_MAX_MS, DRAINED_REPLIES_MAX } from './limits.ts';
import { assemble, takePolledAnswer } from './operation.ts';
import { toCapabilities } from './reader-capabilities.ts';
import { isCredential, reportReply } from './report.ts';
import type { SessionState } from './state.ts';
import { takePolledStatus } from './transfer-job.ts';
import { type SessionEffect, type Transition, stay } from './transition.ts';

/** What the reader kept while nobody listened may be of any age. Its states are asked for right afterwards; cards are lost. */
export function drain(state: SessionState, { reply }: Answer, nowMs: number): Transition {
  if (reply?.name === 'ACK' || state.drained >= DRAINED_REPLIES_MAX) return listen(state, nowMs);
  const effects: readonly SessionEffect[] = reply !== null && isCredential(reply) ? [{ kind: 'discarded', what: 'stale_card' }] : [];
  return { state: { ...state, drained: state.drained + 1, dueMs: nowMs }, effects };
}

/** From here on the reader is believed: it is on line, unless it only was silent for a while. */
function listen(state: SessionState, nowMs: number): Transition {
  const next: SessionState = { ...state, phase: 'local_status', dueMs: nowMs };
  if (state.reported === 'online') return stay(next);
  if (state.identity === null) throw new TypeError('the identity comes first');
  const capabilities = state.capabilities === null ? null : toCapabilities(state.capabilities);
  const online: SessionState = { ...next, reported: 'online', onlineSinceMs: nowMs, raised: [] };
  return stay(online, { kind: 'online', identity: state.identity, capabilities });
}

/** An answer to a poll of a reader that is on line. */
export function receivePolled(state: SessionState, answer: Answer, nowMs: number, silenceMs: number): Transition {
  if (answer.reply !== null && isCredential(answer.reply) && silenceMs > CARD_AGE_MAX_MS) {
    return drain({ ...state, phase: 'drain', drained: 0 }, answer, nowMs);
  }
  const whole = assemble(state, answer, nowMs);
  if (whole.answer === null) return whole;
  const taken = takeWhole(whole.state, whole.answer, nowMs);
  return { state: taken.state, effects: [...whole.effects, ...taken.effects] };
}

function takeWhole(state: SessionState, answer: Answer, nowMs: number): Transition {
  const ofOperation = takePolledAnswer(state, answer);
  if (ofOperation !== null) return ofOperation;
  if (answer.isMalformed) return stay(state);
  if (answer.reply?.name === 'FTSTAT' && state.transfer !== null) return takePolledStatus(state, answer.reply, nowMs);
  return { state, effects: reportReply(answer.reply, answer.raw) };
}
