import type { Presence } from '../domain/presence/presence.ts';
import type { AreaId, PersonId } from '../domain/site/ids.ts';

export interface PresenceStore {
  find(personId: PersonId): Promise<Presence | null>;
  /** Keeps the newer by `sourceSeq`: false when the stored one is as new or newer. Atomic. */
  put(presence: Presence): Promise<boolean>;
  inArea(areaId: AreaId): Promise<readonly Presence[]>;
  list(): Promise<readonly Presence[]>;
  /** Forgets where everybody is; returns how many rows. Afterwards any sequence number counts as new. */
  clear(): Promise<number>;
}
