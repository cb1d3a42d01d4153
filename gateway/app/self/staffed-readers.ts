import type { DoorId, ReaderId } from '../../domain/site/ids.ts';
import type { SiteMap } from '../../domain/site/site-map.ts';

/** Where somebody is on duty who sees who badges, as people call it. */
export interface StaffedPlace {
  readonly reader: string;
  readonly site: string;
}

export interface StaffedReader extends StaffedPlace {
  readonly readerId: ReaderId;
  readonly doorId: DoorId;
}

/** The readers that the configuration marks as staffed. */
export function staffedReaders(sites: SiteMap, ids: readonly ReaderId[]): readonly StaffedReader[] {
  return sites.installation.readers.flatMap(({ id, name, doorId }) => {
    const door = ids.includes(id) ? sites.door(doorId) : undefined;
    return door === undefined ? [] : [{ readerId: id, doorId, reader: name, site: sites.site(door.siteId)?.name ?? door.siteId }];
  });
}
