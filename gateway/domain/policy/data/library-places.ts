import type { PolicyData } from '../../access/policy-data.ts';
import type { AreaId } from '../../site/ids.ts';
import type { SiteMap } from '../../site/site-map.ts';
import { LIBRARY, type LibrarySetting, type ResourceKind, type Where } from './library.ts';

type Settings = NonNullable<PolicyData['gatehouse']['library_settings']>;
type AtResource = Settings[string];

interface Place {
  readonly kind: ResourceKind;
  readonly id: string;
  readonly siteId: string;
  /** The area of the door, or the one that an app is used from, and all around it. */
  readonly areas: readonly string[];
}

/** Settings by the resource that they hold at: the policy looks up one key, however many there are. */
export function toLibrarySettings(settings: readonly LibrarySetting[], sites: Pick<SiteMap, 'installation' | 'areaChain'>): Settings {
  const found: Record<string, AtResource> = {};
  const enabled = settings.filter((setting) => setting.enabled);
  if (enabled.length === 0) return found;
  for (const place of placesOf(sites)) {
    const here = enabled.filter((setting) => kindsOf(setting.policy).includes(place.kind) && isHeldAt(setting.where, place));
    if (here.length > 0) found[`${place.kind}:${place.id}`] = here.reduce((at: AtResource, setting) => withSetting(at, setting, place.kind), {});
  }
  return found;
}

export function kindsOf(policy: LibrarySetting['policy']): readonly ResourceKind[] {
  return LIBRARY.find(({ id }) => id === policy)?.kinds ?? [];
}

function placesOf({ installation, areaChain }: Pick<SiteMap, 'installation' | 'areaChain'>): readonly Place[] {
  const chain = (id: AreaId | null): readonly string[] => (id === null ? [] : areaChain(id));
  return [
    ...installation.doors.map(({ id, siteId, toAreaId }) => ({ kind: 'door' as const, id, siteId, areas: chain(toAreaId) })),
    ...installation.apps.map(({ id, siteId, requiresAreaId }) => ({ kind: 'app' as const, id, siteId: siteId ?? '', areas: chain(requiresAreaId) })),
    ...installation.vpnRealms.map(({ id, siteId }) => ({ kind: 'vpn_realm' as const, id, siteId: siteId ?? '', areas: [] })),
  ];
}

function isHeldAt(where: Where, { kind, id, siteId, areas }: Place): boolean {
  if (where.everywhere || where.sites.includes(siteId) || areas.some((area) => where.areas.includes(area))) return true;
  return { door: where.doors, app: where.apps, vpn_realm: where.vpnRealms }[kind].includes(id);
}

/** The level that is asked for, and all that are more. */
const atLeast = (rising: readonly string[], level: string): string[] => rising.slice(rising.indexOf(level));

type Alternatives = Extract<LibrarySetting, { policy: 'face' }>['parameters']['alternatives'];

/** Nobody has to be looked at, anywhere: what was chosen for doors alone leaves the key at a login, and the other way round the PIN. */
function alternativesAt(kind: ResourceKind, chosen: Alternatives): string[] {
  const [isUsable, otherwise] =
    kind === 'door' ? [chosen.includes('pin'), 'pin'] : [chosen.includes('security_key') || chosen.includes('badge'), 'security_key'];
  return isUsable ? [...chosen] : [...chosen, otherwise];
}

function withSetting(at: AtResource, setting: LibrarySetting, kind: ResourceKind): AtResource {
  const groups = [...setting.where.groups];
  switch (setting.policy) {
    case 'on_site': {
      const { sites, maxAgeS, confidence } = setting.parameters;
      const accepted = confidence === 'high' ? ['high'] : ['high', 'medium'];
      return { ...at, on_site: [...(at.on_site ?? []), { groups, sites: [...sites], max_age_s: maxAgeS, confidence: accepted }] };
    }
    case 'two_person':
      return { ...at, two_person: [...(at.two_person ?? []), { groups, within_s: setting.parameters.withinS }] };
    case 'face': {
      const { alternatives, liveness, maxAgeS, scoreBand } = setting.parameters;
      const face = {
        groups,
        max_age_s: maxAgeS,
        score_bands: atLeast(['standard', 'high'], scoreBand),
        liveness: atLeast(['none', 'passive', 'active'], liveness),
        alternatives: alternativesAt(kind, alternatives),
      };
      return { ...at, face: [...(at.face ?? []), face] };
    }
    case 'after_hours': {
      const { schedule, allowedGroups } = setting.parameters;
      return { ...at, after_hours: [...(at.after_hours ?? []), { groups, schedule, allowed_groups: [...allowedGroups] }] };
    }
    case 'contractor': {
      const { groups: contractor_groups, schedule, endDateRequired: end_date_required } = setting.parameters;
      return { ...at, contractor: [...(at.contractor ?? []), { groups, contractor_groups, schedule, end_date_required }] };
    }
    case 'device': {
      const { compliant, managed, osAgeDaysMax: os_age_days_max, requires } = setting.parameters;
      return { ...at, device: [...(at.device ?? []), { groups, managed, compliant, requires: [...requires], os_age_days_max }] };
    }
    case 'travel': {
      const { countries, unknownCountry: unknown_country, elsewhereWhileInside: elsewhere_while_inside } = setting.parameters;
      return { ...at, travel: [...(at.travel ?? []), { groups, countries: [...countries], unknown_country, elsewhere_while_inside }] };
    }
  }
}
