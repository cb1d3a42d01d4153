import type { AppId, AreaId, DoorId, ReaderId, SiteId, VpnRealmId } from './ids.ts';
import type { App, Area, Door, Installation, Reader, Site, VpnRealm } from './site.ts';

/** Depth of the deepest area tree; deeper ones are a configuration error. */
export const AREA_DEPTH_MAX = 16;

/** Look-ups over the installation, built once. */
export interface SiteMap {
  readonly installation: Installation;
  site(id: SiteId): Site | undefined;
  area(id: AreaId): Area | undefined;
  door(id: DoorId): Door | undefined;
  reader(id: ReaderId): Reader | undefined;
  app(id: AppId): App | undefined;
  appOfClient(clientId: string): App | undefined;
  vpnRealm(id: VpnRealmId): VpnRealm | undefined;
  readersOf(doorId: DoorId): readonly Reader[];
  /** The area and all that contain it, innermost first, at most AREA_DEPTH_MAX. */
  areaChain(id: AreaId): readonly AreaId[];
}

export function createSiteMap(installation: Installation): SiteMap {
  const sites = byId(installation.sites);
  const areas = byId(installation.areas);
  const doors = byId(installation.doors);
  const readers = byId(installation.readers);
  const apps = byId(installation.apps);
  const realms = byId(installation.vpnRealms);
  const appsByClient = new Map(installation.apps.map((app) => [app.clientId, app]));
  const readersByDoor = Map.groupBy(installation.readers, (reader) => reader.doorId);
  return {
    installation,
    site: (id) => sites.get(id),
    area: (id) => areas.get(id),
    door: (id) => doors.get(id),
    reader: (id) => readers.get(id),
    app: (id) => apps.get(id),
    appOfClient: (clientId) => appsByClient.get(clientId),
    vpnRealm: (id) => realms.get(id),
    readersOf: (doorId) => readersByDoor.get(doorId) ?? [],
    areaChain: (id) => {
      const chain: AreaId[] = [];
      for (
        let area = areas.get(id);
        area !== undefined && chain.length < AREA_DEPTH_MAX;
        area = area.parentId === null ? undefined : areas.get(area.parentId)
      ) {
        chain.push(area.id);
      }
      return chain;
    },
  };
}

function byId<Id extends string, T extends { readonly id: Id }>(items: readonly T[]): ReadonlyMap<Id, T> {
  return new Map(items.map((item) => [item.id, item]));
}
