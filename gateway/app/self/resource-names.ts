import type { AppId, DoorId, VpnRealmId } from '../../domain/site/ids.ts';
import type { SiteMap } from '../../domain/site/site-map.ts';
import type { AskableType } from '../authzen/types.ts';

/** The resource's own name and its site's; null when there is no such resource (any more). */
export interface ResourceName {
  readonly name: string;
  readonly site: string | null;
}

export function nameResource(sites: SiteMap, kind: AskableType, id: string): ResourceName | null {
  // Branded where they enter, and looked up at once.
  const found = kind === 'door' ? sites.door(id as DoorId) : kind === 'app' ? sites.app(id as AppId) : sites.vpnRealm(id as VpnRealmId);
  if (found === undefined) return null;
  return { name: found.name, site: found.siteId === null ? null : (sites.site(found.siteId)?.name ?? null) };
}

/** A reason as a code, with what its text may name. */
export interface OwnReason {
  readonly code: string;
  readonly params: Readonly<Record<string, string>>;
}

/** Where the remedy is to badge in, the area and its site are named. */
export function toOwnReasons(
  sites: SiteMap,
  resource: { readonly kind: AskableType; readonly id: string } | null,
  codes: readonly string[],
): readonly OwnReason[] {
  const app = resource?.kind === 'app' ? sites.app(resource.id as AppId) : undefined;
  const area = app === undefined || app.requiresAreaId === null ? undefined : sites.area(app.requiresAreaId);
  const place = area === undefined ? {} : { area: area.name, site: sites.site(area.siteId)?.name ?? '' };
  return codes.map((code) => ({ code, params: code.startsWith('presence.') ? place : {} }));
}
