import type { Restriction } from '../domain/people/restriction.ts';
import type { PersonId } from '../domain/site/ids.ts';

/** Restrictions that end by themselves, one a person at most. The standing itself is the people store's. */
export interface RestrictionStore {
  /** In place of an earlier one. @throws resource.unknown there is no such person */
  put(restriction: Restriction): Promise<void>;
  find(personId: PersonId): Promise<Restriction | null>;
  /** Those whose time is over at `nowMs`, the oldest first, `limit` at most. */
  ended(nowMs: number, limit: number): Promise<readonly Restriction[]>;
  /** Takes it away. False when there was none, or it ends later than `untilMs` says: it was renewed meanwhile. */
  remove(personId: PersonId, untilMs: number): Promise<boolean>;
}
