import type { Frame } from '../wire/frame.ts';
import { REPLY_CODE } from '../messages/replies.ts';
import { waitWhileBusy } from './exchange.ts';
import { isClearCredential } from './clear-credential.ts';
import { LATE_REPLY_PAUSE_MS } from './limits.ts';
import { receiveOpening } from './opening.ts';
import { receiveSecured } from './secured.ts';
import type { SessionState } from './state.ts';
import { type Transition, stay } from './transition.ts';
import { countBusy, isLate, isSecondReply, raiseOnce } from './vigilance.ts';

/** Looks at the envelope of a frame from this reader's address and hands it to the half of the session that understands it. */
export function receiveFrame(state: SessionState, frame: Frame, nowMs: number): Transition {
  const isBusy = frame.block === null && frame.code === REPLY_CODE.busy && frame.data.length === 0;
  if (!isBusy) return receiveOther(state, frame, nowMs);
  const counted = countBusy(state, nowMs);
  const next = receiveBusy(counted.state, frame, nowMs);
  return { state: next.state, effects: [...counted.effects, ...next.effects] };
}

function receiveBusy(state: SessionState, frame: Frame, nowMs: number): Transition {
  const isAwaiting = state.exchange.name === 'awaiting_reply';
  return isAwaiting ? waitWhileBusy(state, state.exchange.inFlight, nowMs) : receiveOther(state, frame, nowMs);
}

function receiveOther(state: SessionState, frame: Frame, nowMs: number): Transition {
  const second = receiveOwed(state, frame, nowMs);
  if (second !== null) return second;
  if (state.exchange.name !== 'awaiting_reply') return receiveUnsolicited(state, frame, nowMs);
  const isRestartedReader = frame.block === null && frame.code === REPLY_CODE.nak && frame.sequence === 0;
  if (frame.sequence !== state.sequence && !isRestartedReader) return receiveOutOfSequence(state, frame);
  return state.security.name === 'open'
    ? receiveSecured(state, frame, state.exchange.inFlight, nowMs)
    : receiveOpening(state, frame, state.exchange.inFlight, nowMs);
}

/** A reader that was slow has answered the repetition too: we were impatient. Never looked into, whatever it is; a credential in clear is no reply of ours. */
function receiveOwed(state: SessionState, frame: Frame, nowMs: number): Transition | null {
  const { owed } = state;
  const isAwaited = state.exchange.name === 'awaiting_reply' && frame.sequence === state.sequence;
  if (owed === null || isAwaited || frame.sequence !== owed.sequence || nowMs > owed.untilMs || isClearCredential(frame)) return null;
  const left = owed.count > 1 ? { ...owed, count: owed.count - 1 } : null;
  return stay({ ...state, owed: left }, { kind: 'discarded', what: 'second_reply' });
}

/** A line may deliver a reply twice; anything else with another number, inside a secure channel, was put there. The true reply is still awaited. */
function receiveOutOfSequence(state: SessionState, frame: Frame): Transition {
  if (isClearCredential(frame)) {
    return stay(state, { kind: 'alarm', code: 'osdp.cleartext_refused' }, { kind: 'discarded', what: 'unsolicited_reply' });
  }
  if (isLate(state, frame)) return stay(state, { kind: 'discarded', what: 'duplicate_reply' });
  if (state.security.name !== 'open') return stay(state, { kind: 'discarded', what: 'late_reply' });
  return stay(state, { kind: 'alarm', code: 'osdp.sequence_anomaly' }, { kind: 'discarded', what: 'unsolicited_reply' });
}

/**
 * Nobody asked. A reader that is being looked for has answered late: it gets the full time at once. Not again and again: whoever says something in the name
 * of a reader that is not there would have the line wait for it all the time.
 */
function receiveUnsolicited(state: SessionState, frame: Frame, nowMs: number): Transition {
  if (isClearCredential(frame)) {
    return stay(state, { kind: 'alarm', code: 'osdp.cleartext_refused' }, { kind: 'discarded', what: 'unsolicited_reply' });
  }
  if (isSecondReply(state, frame, nowMs)) {
    const { state: warned, effects } = raiseOnce(state, 'osdp.address_conflict');
    return { state: warned, effects: [...effects, { kind: 'discarded', what: 'unsolicited_reply' }] };
  }
  if (state.phase === 'identify' && state.exchange.name === 'idle') {
    if (nowMs - state.lateReplyMs < LATE_REPLY_PAUSE_MS) return stay(state, { kind: 'discarded', what: 'late_reply' });
    return stay({ ...state, isPatient: true, dueMs: nowMs, lateReplyMs: nowMs }, { kind: 'discarded', what: 'late_reply' });
  }
  return stay(state, { kind: 'discarded', what: 'unsolicited_reply' });
}
