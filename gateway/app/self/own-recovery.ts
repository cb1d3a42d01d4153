import { isOperator, mayEnrolAnybody } from '../../domain/people/operator.ts';
import type { Person } from '../../domain/people/person.ts';
import type { PersonId } from '../../domain/site/ids.ts';
import type { Clock } from '../../ports/clock.ts';
import type { CredentialStore } from '../../ports/credential-store.ts';
import { PEOPLE_PAGE_MAX, type PeopleStore } from '../../ports/people-store.ts';
import type { StaffedPlace } from './staffed-readers.ts';

export interface Recovery {
  /** The person can get in again without any passkey: by a badge of theirs, at one of the places. */
  readonly registered: boolean;
  /** Who gives the code: whoever is on duty there, or only somebody who enrols anybody; `nobody`: there is none but the person. */
  readonly from: 'duty' | 'administrator' | 'nobody';
  readonly places: readonly StaffedPlace[];
}

export interface OwnRecoveryDeps {
  readonly people: Pick<PeopleStore, 'find' | 'list'>;
  readonly credentials: Pick<CredentialStore, 'badgesOf' | 'passkeysOf'>;
  readonly staffedPlaces: readonly StaffedPlace[];
  readonly clock: Clock;
}

/** What the recovery desk would do for the person, told beforehand. @throws store.unavailable */
export function createRecoveryOf(deps: OwnRecoveryDeps): (personId: PersonId) => Promise<Recovery> {
  const { clock, credentials, people, staffedPlaces: places } = deps;

  const hasBadge = async (personId: PersonId): Promise<boolean> => {
    const nowMs = clock.nowMs();
    return (await credentials.badgesOf(personId)).some(
      ({ status, validFromMs, validUntilMs }) =>
        status === 'active' && (validFromMs ?? 0) <= nowMs && nowMs < (validUntilMs ?? Number.POSITIVE_INFINITY),
    );
  };

  return async (personId) => {
    const person = await people.find(personId);
    const hasWay = places.length > 0 && (await hasBadge(personId));
    if (person !== null && isOperator(person)) {
      const from = (await hasOtherAdministrator(deps, personId)) ? 'administrator' : 'nobody';
      return { registered: hasWay && from === 'administrator', from, places };
    }
    return { registered: hasWay, from: hasWay ? 'duty' : 'administrator', places };
  };
}

/** Somebody else who enrols anybody and can sign in themselves: an operator's way back. The pages end with the people. */
async function hasOtherAdministrator({ credentials, people }: OwnRecoveryDeps, personId: PersonId): Promise<boolean> {
  const canHelp = async (other: Person): Promise<boolean> =>
    other.id !== personId &&
    other.standing === 'active' &&
    mayEnrolAnybody(other) &&
    (await credentials.passkeysOf(other.id)).some(({ status }) => status === 'active');
  let after: PersonId | null = null;
  for (;;) {
    const page: readonly Person[] = await people.list({ after, limit: PEOPLE_PAGE_MAX });
    for (const other of page) if (await canHelp(other)) return true;
    const last = page.at(-1);
    if (last === undefined || page.length < PEOPLE_PAGE_MAX) return false;
    after = last.id;
  }
}
