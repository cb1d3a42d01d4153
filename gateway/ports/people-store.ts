import type { Person, Standing } from '../domain/people/person.ts';
import type { PersonId } from '../domain/site/ids.ts';

/** Most people one page returns. */
export const PEOPLE_PAGE_MAX = 500;
/** Most people that are saved at once. */
export const PEOPLE_SAVED_MAX = 500;

export interface StandingChange {
  readonly personId: PersonId;
  readonly to: Standing;
  readonly nowMs: number;
  /** Change only if the person's row still has this version; absent = change in any case. */
  readonly expectedVersion?: number;
}

export interface StandingChanged {
  readonly from: Standing;
  /** The revocation epoch after the change; raised by every change of standing, in the same transaction. */
  readonly epoch: number;
}

export interface PeopleStore {
  find(id: PersonId): Promise<Person | null>;
  findByEmail(email: string): Promise<Person | null>;
  /** Ordered by id; `after` = last id of the page before. */
  list(page: { readonly after: PersonId | null; readonly limit: number }): Promise<readonly Person[]>;
  /**
   * Inserts, or replaces everything but `standing` (only `changeStanding` moves it) and raises `version`.
   * @throws store.conflict the e-mail belongs to another person.
   */
  save(person: Person): Promise<void>;
  /**
   * As `save` for each in turn, in one transaction: whoever writes beside it waits once. PEOPLE_SAVED_MAX at most.
   * @throws store.conflict an e-mail belongs to another person; nobody was saved then. TypeError for more.
   */
  saveAll(people: readonly Person[]): Promise<void>;
  /**
   * One durable transaction: standing, version and epoch together. Every call raises version and epoch, also one that leaves the standing as
   * it is: a second suspension is a fence of its own, which a reinstatement under way must notice.
   * @throws resource.unknown; store.conflict the row has another version than expected.
   */
  changeStanding(change: StandingChange): Promise<StandingChanged>;
  /** The current revocation epoch, 0 at the beginning. */
  epoch(): Promise<number>;
  listByStanding(standing: Standing): Promise<readonly Person[]>;
}
