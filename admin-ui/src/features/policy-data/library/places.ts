import type { LibrarySetting, PolicyDataView } from '#gateway/http/contract/policy-data.ts';
import type { Choice } from '../choice.ts';
import { resourceKindNames } from '../part-words.ts';
import type { ResourceRef } from '../resources.ts';

type Where = LibrarySetting['where'];
type PlaceList = 'sites' | 'areas' | 'doors' | 'apps' | 'vpnRealms';

const prefixes: Readonly<Record<PlaceList, string>> = { sites: 'site', areas: 'area', doors: 'door', apps: 'app', vpnRealms: 'vpn_realm' };
const LISTS = Object.keys(prefixes) as readonly PlaceList[];

export const NOWHERE: Where = { everywhere: false, sites: [], areas: [], doors: [], apps: [], vpnRealms: [], groups: [] };

/** The places of a setting in one list, each with its kind in front. */
export function placesOf(where: Where): readonly string[] {
  return LISTS.flatMap((list) => where[list].map((id) => `${prefixes[list]}:${id}`));
}

export function withPlaces(where: Where, places: readonly string[]): Where {
  const idsOf = (list: PlaceList): string[] => {
    const prefix = `${prefixes[list]}:`;
    return places.filter((place) => place.startsWith(prefix)).map((place) => place.slice(prefix.length));
  };
  return {
    ...where,
    sites: idsOf('sites'),
    areas: idsOf('areas'),
    doors: idsOf('doors'),
    apps: idsOf('apps'),
    vpnRealms: idsOf('vpnRealms'),
  };
}

/** What a policy that holds at these kinds of resource can be placed at. */
export function placeChoices({ file }: PolicyDataView, kinds: readonly ResourceRef['kind'][]): readonly Choice[] {
  return [
    ...file.sites.map(({ id, name }) => ({ value: `site:${id}`, label: name, note: 'Site' })),
    ...file.areas.map(({ id, name }) => ({ value: `area:${id}`, label: name, note: 'Area and what is inside it' })),
    ...file.resources
      .filter(({ kind }) => kinds.includes(kind))
      .map(({ kind, id, name }) => ({ value: `${kind}:${id}`, label: name, note: resourceKindNames[kind] })),
  ];
}

/** `Server room, Payroll; members of finance` */
export function describeWhere(data: PolicyDataView, where: Where): string {
  const names = new Map(placeChoices(data, ['door', 'app', 'vpn_realm']).map(({ value, label }) => [value, label]));
  const places = placesOf(where).map((place) => names.get(place) ?? place);
  const at = where.everywhere ? 'Everywhere' : places.length === 0 ? 'Nowhere yet' : places.join(', ');
  return where.groups.length === 0 ? at : `${at}; for ${where.groups.join(', ')} only`;
}
