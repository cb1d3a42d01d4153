import type { FaceDevice } from '../../domain/face/face-device.ts';
import { leaseLifeMsMax } from '../../domain/face/lease.ts';
import type { SiteMap } from '../../domain/site/site-map.ts';
import type { Door, Reader } from '../../domain/site/site.ts';

/** The door that a terminal may open alone, and for how long at most; null = none. */
export function leasedPlaceOf(
  sites: SiteMap,
  { readerId }: FaceDevice,
): { readonly door: Door; readonly reader: Reader; readonly lifeMs: number } | null {
  const reader = sites.reader(readerId);
  const door = reader === undefined ? undefined : sites.door(reader.doorId);
  if (reader?.side !== 'entry' || door === undefined) return null;
  const lifeMs = Math.min((door.offlineLeaseS ?? 0) * 1_000, leaseLifeMsMax(sites.area(door.toAreaId)?.securityLevel ?? 5));
  return lifeMs > 0 ? { door, reader, lifeMs } : null;
}
