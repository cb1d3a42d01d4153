import type { Decision } from '../../domain/access/decision.ts';
import type { DecisionInput } from '../../domain/access/decision-input.ts';
import { inCompany } from './in-company.ts';
import type { Refusal, Refuse } from './refuse.ts';
import type { Decide, DecideRequest } from './types.ts';

interface Gathered extends Omit<DecideRequest, 'input'> {
  readonly gather: () => Promise<DecisionInput>;
  /** What is denied where there are no facts. */
  readonly about: Omit<Refusal, 'reason'>;
}

/** Gathers the facts and asks the policy, right after and before others who ask in this turn. Never throws: facts that cannot be read are a recorded deny. */
export async function decideGathered(
  { decide, refuse }: { readonly decide: Decide; readonly refuse: Refuse },
  { about, gather, ...how }: Gathered,
): Promise<Decision> {
  await inCompany();
  const input = await gather().catch(() => null);
  return input === null ? refuse({ ...about, reason: 'store.unavailable' }) : decide({ ...how, input });
}
