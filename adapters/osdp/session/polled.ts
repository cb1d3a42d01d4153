import type { Answer } from './answer.ts';
import { failSession } from './failure.ts';
import { CARD_AGE_MAX_MS, DRAINED_REPLIES_MAX, POLL_NAKS_ONLINE_MAX } from './limits.ts';
import { assemble, takePolledAnswer } from './operation.ts';
import { toCapabilities } from './reader-capabilities.ts';
import { isCredential, reportReply } from './report.ts';
import type { SessionState } from './state.ts';
import { takePolledStatus } from './transfer-job.ts';
import { type SessionEffect, type Transition, stay } from './transition.ts';
import { countPollNak } from './vigilance.ts';

/**
 * An answer to a poll, while what the reader held back is thrown away or when it is on line. A reader that refuses one poll after the other is heard of no card
 * and no contact: after some it is an alarm, after more it is off line, and comes back when it answers one.
 */
export function takePolled(state: SessionState, answer: Answer, nowMs: number): Transition {
  const counted = countPollNak(state, answer.reply?.name === 'NAK');
  if (counted.state.pollNaks > POLL_NAKS_ONLINE_MAX) {
    const failed = failSession(counted.state, nowMs, 'polls_refused');
    return { state: failed.state, effects: [...counted.effects, ...failed.effects] };
  }
  const isDraining = counted.state.phase === 'drain';
  const taken = isDraining ? drain(counted.state, answer, nowMs) : receivePolled(counted.state, answer, nowMs);
  return { state: taken.state, effects: [...counted.effects, ...taken.effects] };
}

/**
 * What the reader kept while nobody listened may be of any age. Its states are asked for right afterwards; reads are lost. After a short gap, as a restart,
 * they are counted; after a longer one than a read may be old they are somebody's business.
 */
function drain(state: SessionState, { reply }: Answer, nowMs: number): Transition {
  if (reply?.name === 'ACK' || state.drained >= DRAINED_REPLIES_MAX) return listen(state, nowMs);
  if (reply === null || !isCredential(reply)) return stay({ ...state, drained: state.drained + 1, dueMs: nowMs });
  // The next one may be as old as this one, however many there were.
  const next: SessionState = { ...state, drained: 0, dueMs: nowMs };
  const discarded: SessionEffect = { kind: 'discarded', what: 'stale_card' };
  const isOld = nowMs - state.heardMs > CARD_AGE_MAX_MS;
  return isOld ? stay(next, discarded, { kind: 'excess', code: 'osdp.stale_read_dropped' }) : stay(next, discarded);
}

/** From here on the reader is believed: it is on line, unless it only was silent for a while. */
function listen(state: SessionState, nowMs: number): Transition {
  const next: SessionState = { ...state, phase: 'local_status', dueMs: nowMs };
  if (state.reported === 'online') return stay({ ...next, heardMs: nowMs });
  if (state.identity === null) throw new TypeError('the identity comes first');
  const capabilities = state.capabilities === null ? null : toCapabilities(state.capabilities);
  const online: SessionState = { ...next, reported: 'online', onlineSinceMs: nowMs, heardMs: nowMs, raised: [], raisedSinceMs: nowMs };
  return stay(online, { kind: 'online', identity: state.identity, capabilities });
}

/** Of a reader that is on line. A read is as old as the last poll that it answered: what it said to commands, as to those of a file, brought none. */
function receivePolled(state: SessionState, answer: Answer, nowMs: number): Transition {
  if (answer.reply !== null && isCredential(answer.reply) && nowMs - state.heardMs > CARD_AGE_MAX_MS) {
    return drain({ ...state, phase: 'drain', drained: 0 }, answer, nowMs);
  }
  const isHeard = answer.reply?.name !== 'NAK';
  const whole = assemble(isHeard ? { ...state, heardMs: nowMs } : state, answer, nowMs);
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
