import { type CommandOutcome, unanswered } from './command-result.ts';
import type { SessionState } from './state.ts';
import { type Transition, stay } from './transition.ts';

/** No more pairing; who waits for the reader to answer hears so. What is on its way is somebody else's to end. */
export function endPairing(state: SessionState, result: Exclude<CommandOutcome, 'ok'>): Transition {
  const { pairing } = state;
  if (pairing === null) return stay(state);
  return stay({ ...state, pairing: null }, ...(pairing.isAnswered ? [] : [unanswered(pairing.id, result)]));
}
