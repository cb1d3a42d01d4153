import type { SiteMap } from '../../domain/site/site-map.ts';
import type { Door, Reader } from '../../domain/site/site.ts';
import type { DoorStates, DoorStateView } from '../doors/door-states.ts';

export interface DoorRow {
  readonly door: Door;
  readonly siteName: string;
  /** Null = outside the site. */
  readonly fromArea: string | null;
  readonly toArea: string;
  readonly state: DoorStateView;
  readonly readers: readonly (Reader & { readonly online: boolean })[];
}

/** Every door with its live state, in the order of the configuration. */
export function createDoorsReport(deps: { readonly sites: SiteMap; readonly doorStates: DoorStates }): () => readonly DoorRow[] {
  const { sites, doorStates } = deps;
  return () =>
    doorStates.list().flatMap((state): DoorRow[] => {
      const door = sites.door(state.doorId);
      if (door === undefined) return [];
      return [
        {
          door,
          siteName: sites.site(door.siteId)?.name ?? door.siteId,
          fromArea: door.fromAreaId === null ? null : (sites.area(door.fromAreaId)?.name ?? door.fromAreaId),
          toArea: sites.area(door.toAreaId)?.name ?? door.toAreaId,
          state,
          readers: sites.readersOf(door.id).map((reader) => ({ ...reader, online: doorStates.readerOnline(reader.id) })),
        },
      ];
    });
}
