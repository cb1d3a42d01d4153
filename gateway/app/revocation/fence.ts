import type { PersonId } from '../../domain/site/ids.ts';
import type { PeopleStore, StandingChanged } from '../../ports/people-store.ts';

export interface Fence {
  readonly personId: PersonId;
  readonly to: 'suspended' | 'departed';
  readonly nowMs: number;
}

export interface Fenced extends StandingChanged {
  /** As it is now. */
  readonly to: Fence['to'];
}

/**
 * From here every new question is denied, whatever the standing was. Whoever has departed stays departed: two operators bring back whom
 * they have suspended, and nobody who has left. @throws resource.unknown, store.unavailable
 */
export async function fencePerson(people: Pick<PeopleStore, 'find' | 'changeStanding'>, fence: Fence): Promise<Fenced> {
  const person = await people.find(fence.personId);
  const to = person?.standing === 'departed' ? 'departed' : fence.to;
  // Whatever version the row has: a fence does not wait for whoever else is changing the person.
  const changed = await people.changeStanding({ ...fence, to });
  if (to === 'departed' || changed.from !== 'departed') return { ...changed, to };
  // They departed between the two.
  const { epoch } = await people.changeStanding({ ...fence, to: 'departed' });
  return { from: 'departed', epoch, to: 'departed' };
}
