import type { DecisionInput } from '../access/decision-input.ts';
import type { ObligationId } from '../access/obligation.ts';

/**
 * What the enforcement point that asked could fulfil, as far as it follows from the question: only a login can step up, only a badge that no
 * PIN has followed yet can be asked for one, and a face only while none was compared.
 */
export function understoodObligations({ action, context }: DecisionInput): readonly ObligationId[] {
  if (action.name === 'app.login') return ['step_up', 'face'];
  if (action.name !== 'door.unlock') return [];
  const pin: readonly ObligationId[] = context.request.correlation === '' ? ['pin'] : [];
  const face: readonly ObligationId[] = context.face.known ? [] : ['face'];
  return ['extended_open_time', 'second_person', ...pin, ...face];
}

/** What the record has to say beside the question, so that it can be decided again to the letter: null when that is nothing. */
export function understoodBeside(input: DecisionInput, understands: readonly ObligationId[]): readonly ObligationId[] | null {
  const following = understoodObligations(input);
  const isSame = following.length === understands.length && following.every((id) => understands.includes(id));
  return isSame ? null : understands;
}
