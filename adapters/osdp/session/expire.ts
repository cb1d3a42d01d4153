import { unanswered } from './command-result.ts';
import { closeInstallation } from './installation.ts';
import { endKeyChange } from './key-change.ts';
import { expireLineChange } from './line-change.ts';
import { closePairing } from './pairing.ts';
import { expireCommands } from './queue.ts';
import { ALARM_ONCE_MS } from './limits.ts';
import type { SessionState } from './state.ts';
import { type SessionEffect, type Transition, stay } from './transition.ts';

const RULES: readonly ((state: SessionState, nowMs: number) => Transition)[] = [
  expireCommands,
  expireOperation,
  expireIncoming,
  expireKeyChange,
  expireInstallation,
  expirePairing,
  expireLineChange,
  expireRaised,
];

/** Ends what has run out of time. */
export function expireAll(state: SessionState, nowMs: number): Transition {
  let next = state;
  const effects: SessionEffect[] = [];
  for (const rule of RULES) {
    const result = rule(next, nowMs);
    next = result.state;
    effects.push(...result.effects);
  }
  return { state: next, effects };
}

/** The reader is told to give up too. */
function expireOperation(state: SessionState, nowMs: number): Transition {
  const { operation } = state;
  if (operation === null || nowMs <= operation.untilMs) return stay(state);
  return stay({ ...state, operation: null, incoming: null, isAborting: true }, unanswered(operation.command.id, 'timeout'));
}

/** Parts that a poll began to bring and that never became a whole. */
function expireIncoming(state: SessionState, nowMs: number): Transition {
  if (state.incoming === null || nowMs <= state.incoming.untilMs) return stay(state);
  return stay({ ...state, incoming: null }, { kind: 'discarded', what: 'malformed_reply' });
}

function expireKeyChange(state: SessionState, nowMs: number): Transition {
  const { keyChange } = state;
  if (keyChange === null || nowMs <= keyChange.untilMs) return stay(state);
  return endKeyChange(state, unanswered(keyChange.id, 'timeout'));
}

/** A key that is being handed out is let arrive or fail first. */
function expireInstallation(state: SessionState, nowMs: number): Transition {
  if (state.installation === null || nowMs <= state.installation.untilMs) return stay(state);
  return closeInstallation(state, 'timeout', nowMs);
}

function expirePairing(state: SessionState, nowMs: number): Transition {
  return state.pairing === null || nowMs < state.pairing.untilMs ? stay(state) : closePairing(state, 'timeout', nowMs);
}

/** A reader may be on line for a year: what happens to it again is news again. */
function expireRaised(state: SessionState, nowMs: number): Transition {
  if (state.reported !== 'online' || nowMs - state.raisedSinceMs < ALARM_ONCE_MS) return stay(state);
  return stay({ ...state, raised: [], raisedSinceMs: nowMs });
}
