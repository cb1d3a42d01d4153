import type { Badge, Person } from '../domain/people/person.ts';
import type { Presence } from '../domain/presence/presence.ts';
import type { PersonId } from '../domain/site/ids.ts';

/** A person with everything of theirs that a decision looks at, and no secret. */
export interface Holdings {
  readonly person: Person;
  /** Of any status, ordered by id. */
  readonly badges: readonly Badge[];
  /** A PIN, and a passkey, that are in use. */
  readonly hasPin: boolean;
  readonly hasPasskey: boolean;
  readonly presence: Presence | null;
}

/** Who asks and where they are, as of one moment: all that a decision reads of whoever shows no credential of their own. */
export interface FoundPerson {
  /** The revocation epoch of that moment; see `PeopleStore.epoch`. */
  readonly epoch: number;
  /** Null when there is no such person. */
  readonly person: Person | null;
  readonly presence: Presence | null;
}

/** What a decision about one person rests on, as of one moment. */
export interface FoundHoldings {
  /** The revocation epoch of that moment; see `PeopleStore.epoch`. */
  readonly epoch: number;
  /** Null when there is no such person. */
  readonly holdings: Holdings | null;
}

/**
 * What a decision looks at, in few reads. Many people at once, for questions about everybody: asking for one after the other would take
 * as many reads as there are people.
 */
export interface HoldingsStore {
  /** One person's, all as of one moment; null when there is no such person. */
  find(personId: PersonId): Promise<Holdings | null>;
  /** The same with the revocation epoch of that moment. */
  findUnderEpoch(personId: PersonId): Promise<FoundHoldings>;
  /** The person and their presence alone: half of what the whole costs. */
  findPerson(personId: PersonId): Promise<FoundPerson>;
  /** Ordered by the person's id; `after` = last id of the page before; at most PEOPLE_PAGE_MAX. */
  page(page: { readonly after: PersonId | null; readonly limit: number }): Promise<readonly Holdings[]>;
}
