import type { DecisionInput } from '../access/decision-input.ts';
import type { ObligationId } from '../access/obligation.ts';

/**
 * What the enforcement point that asked could fulfil. Records do not say it; it follows from the question: only a login can step up, and
 * only a badge that no PIN has followed yet can be asked for one.
 */
export function understoodObligations({ action, context }: DecisionInput): readonly ObligationId[] {
  if (action.name === 'app.login') return ['step_up'];
  if (action.name !== 'door.unlock') return [];
  return context.request.correlation === '' ? ['extended_open_time', 'pin', 'second_person'] : ['extended_open_time', 'second_person'];
}
