import type { ActionName } from '../../domain/access/action-name.ts';
import type { ResourceFacts } from '../../domain/access/decision-input.ts';
import type { AppId, DoorId, VpnRealmId } from '../../domain/site/ids.ts';
import type { SiteMap } from '../../domain/site/site-map.ts';
import { appFacts, doorFacts, unknownResourceFacts } from '../access/facts.ts';
import type { AskableType } from './types.ts';

/** What may be asked from outside. Operators' commands are not: they are given at the console or the host. */
export const ASKABLE_ACTIONS = ['door.unlock', 'app.login', 'token.refresh', 'vpn.connect'] as const satisfies readonly ActionName[];
export const ASKABLE_TYPES = ['door', 'app', 'vpn_realm'] as const satisfies readonly AskableType[];
/** A person by id or e-mail address. */
const PERSON_TYPES: readonly string[] = ['user', 'person'];

/** Names of the same actions in the words of OpenID. */
const ALIASES: Readonly<Record<string, ActionName>> = { 'oidc.login': 'app.login', 'oidc.token_refresh': 'token.refresh' };

/** Null for a name that is none of ours. */
export function actionOf(name: string): ActionName | null {
  return ASKABLE_ACTIONS.find((action) => action === name) ?? (Object.hasOwn(ALIASES, name) ? (ALIASES[name] ?? null) : null);
}

export function askableTypeOf(type: string): AskableType | null {
  return ASKABLE_TYPES.find((askable) => askable === type) ?? null;
}

/** How a subject of this type is named; null for a type that is none of ours. */
export function subjectKindOf(type: string): 'person' | 'badge' | null {
  if (type === 'badge') return 'badge';
  return PERSON_TYPES.includes(type) ? 'person' : null;
}

/** Which of the actions go with a type of resource. */
export function actionsOn(type: AskableType): readonly ActionName[] {
  switch (type) {
    case 'door':
      return ['door.unlock'];
    case 'app':
      return ['app.login', 'token.refresh'];
    case 'vpn_realm':
      return ['vpn.connect'];
  }
}

/** Ids of all resources of a type, in order. */
export function resourceIds(sites: SiteMap, type: AskableType): readonly string[] {
  const { doors, apps, vpnRealms } = sites.installation;
  const all = { door: doors, app: apps, vpn_realm: vpnRealms }[type];
  return all.map(({ id }): string => id).sort();
}

/** A resource that the installation does not have is one that the policy denies. */
export function resourceFacts(sites: SiteMap, type: AskableType, id: string): ResourceFacts {
  // Branded where they enter, and looked up at once.
  switch (type) {
    case 'door': {
      const door = sites.door(id as DoorId);
      return door === undefined ? unknownResourceFacts('door', id) : doorFacts(door, sites.area(door.toAreaId));
    }
    case 'app': {
      const app = sites.app(id as AppId);
      // One that is switched off has a name, and no client.
      return app === undefined || sites.appOfClient(app.clientId) === undefined ? unknownResourceFacts('app', id) : appFacts(app);
    }
    case 'vpn_realm': {
      const realm = sites.vpnRealm(id as VpnRealmId);
      const neutral = unknownResourceFacts('vpn_realm', id);
      if (realm === undefined) return neutral;
      return {
        ...neutral,
        properties: { ...neutral.properties, known: true, site: realm.siteId ?? '', security_level: realm.sensitivity },
      };
    }
  }
}
