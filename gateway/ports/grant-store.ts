import type { AccessProfile, Grant } from '../domain/people/person.ts';
import type { GrantId } from '../domain/site/ids.ts';

/** Most grants and most profiles a document may hold; the policy's data is rebuilt from all of them. */
export const GRANTS_MAX = 100_000;
export const PROFILES_MAX = 5_000;

export interface GrantStore {
  profiles(): Promise<readonly AccessProfile[]>;
  grants(): Promise<readonly Grant[]>;
  /** Inserts or replaces. @throws store.conflict the limit is reached. */
  saveProfile(profile: AccessProfile): Promise<void>;
  /** @throws resource.unknown the profile does not exist; store.conflict the limit is reached. */
  saveGrant(grant: Grant): Promise<void>;
  removeGrant(id: GrantId): Promise<boolean>;
  /** Raised by every change of a profile or grant, in the same transaction. */
  version(): Promise<number>;
}
