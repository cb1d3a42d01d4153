import { nextSequence } from '../wire/control-byte.ts';
import type { Frame } from '../wire/frame.ts';
import { failSession } from './failure.ts';
import { BUSY_DELAY_MS, BUSY_MAX, OWED_REPLIES_MAX_MS, REPEATED_REPLIES_MAX, RETRIES_MAX, RETRY_PAUSE_STEP_MS } from './limits.ts';
import type { SessionOfflineCause } from './alarms.ts';
import type { InFlight } from './in-flight.ts';
import type { SessionState } from './state.ts';
import { type Transition, stay } from './transition.ts';

/** The reply is the right one: the sequence moves on and the line is free. */
export function acceptReply(state: SessionState, frame: Frame, nowMs: number): SessionState {
  return {
    ...state,
    sequence: nextSequence(state.sequence),
    exchange: { name: 'idle' },
    lastReply: frame.bytes,
    owed: owedReplies(state, nowMs),
    repeatedReplies: isRepeated(state) ? [...state.repeatedReplies.slice(1 - REPEATED_REPLIES_MAX), frame.bytes] : state.repeatedReplies,
    lastReplyMs: nowMs,
  };
}

/** It was asked for more than once: a second one may be on its way. */
function isRepeated({ exchange }: SessionState): boolean {
  return exchange.name !== 'idle' && exchange.inFlight.retries + exchange.inFlight.busyReplies > 0;
}

/** Each repetition may bring a reply of its own, which a reader that keeps none makes anew: what was asked twice is answered twice. */
function owedReplies({ exchange, sequence }: SessionState, nowMs: number): SessionState['owed'] {
  const count = exchange.name === 'idle' ? 0 : exchange.inFlight.retries;
  return count === 0 ? null : { sequence, count, untilMs: nowMs + OWED_REPLIES_MAX_MS };
}

/** The same bytes go out again at the reader's next turn; meanwhile the others have theirs. */
export function retryLater(state: SessionState, inFlight: InFlight, nowMs: number): Transition {
  if (inFlight.retries >= RETRIES_MAX) return failSession(state, nowMs, silenceCause(state));
  return stay({
    ...state,
    exchange: { name: 'resend_due', inFlight: { ...inFlight, retries: inFlight.retries + 1 } },
    dueMs: nowMs + RETRY_PAUSE_STEP_MS * inFlight.retries,
  });
}

/** osdp_BUSY is in clear, carries sequence 0 and stands outside the MAC chain: the command keeps its sequence and its bytes. */
export function waitWhileBusy(state: SessionState, inFlight: InFlight, nowMs: number): Transition {
  if (inFlight.busyReplies >= BUSY_MAX) return failSession(state, nowMs, 'timeout');
  return stay({
    ...state,
    exchange: { name: 'resend_due', inFlight: { ...inFlight, busyReplies: inFlight.busyReplies + 1 } },
    dueMs: nowMs + BUSY_DELAY_MS,
  });
}

/** No reply in time. A reader that is only being looked for gets no retries: its next probe is one. */
export function missReply(state: SessionState, nowMs: number): Transition {
  if (state.exchange.name !== 'awaiting_reply') return stay(state);
  if (state.phase === 'identify') return failSession(state, nowMs, silenceCause(state));
  return retryLater(state, state.exchange.inFlight, nowMs);
}

/** A probe that is not answered says nothing new about a reader whose secure channel failed; silence in a session does. */
function silenceCause(state: SessionState): SessionOfflineCause {
  return state.lastReplyMs === Number.NEGATIVE_INFINITY ? 'never_seen' : 'timeout';
}
