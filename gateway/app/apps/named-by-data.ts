import type { LibrarySetting, Where } from '../../domain/policy/data/library.ts';
import type { PolicyDocument } from '../../domain/policy/data/items.ts';
import type { AppId } from '../../domain/site/ids.ts';
import type { ItemChange } from '../policy-data/types.ts';

type Named = { readonly ok: true; readonly changes: readonly ItemChange[] } | { readonly ok: false; readonly profileName: string };

const PLACES = ['sites', 'areas', 'doors', 'apps', 'vpnRealms'] as const;

/** What takes an app out of the policy data. Not possible while a profile names nothing else: without it the profile would be nothing. */
export function takeAppOut(document: PolicyDocument, id: AppId): Named {
  const isApp = (resource: { readonly kind: string; readonly id: string }): boolean => resource.kind === 'app' && resource.id === id;
  const changes: ItemChange[] = [];
  for (const [profileId, profile] of Object.entries(document.profiles)) {
    if (!profile.resources.some(isApp)) continue;
    const resources = profile.resources.filter((resource) => !isApp(resource));
    if (resources.length === 0) return { ok: false, profileName: profile.name };
    changes.push({ part: 'profiles', id: profileId, value: { ...profile, resources } });
  }
  for (const [exceptionId, { resource }] of Object.entries(document.exceptions)) {
    if (isApp(resource)) changes.push({ part: 'exceptions', id: exceptionId, value: null });
  }
  for (const [settingId, setting] of Object.entries(document.library)) {
    if (!setting.where.apps.includes(id)) continue;
    changes.push({ part: 'library', id: settingId, value: withoutApp(setting, id) });
  }
  return { ok: true, changes };
}

/** Null when it held at this app alone. */
function withoutApp(setting: LibrarySetting, id: AppId): LibrarySetting | null {
  const where: Where = { ...setting.where, apps: setting.where.apps.filter((app) => app !== id) };
  return where.everywhere || PLACES.some((place) => where[place].length > 0) ? { ...setting, where } : null;
}

/** Whether something of the data would hold for an app of this id before anybody has said so: what an app of that name left behind. */
export function isNamed(document: PolicyDocument, id: string): boolean {
  const taken = takeAppOut(document, id as AppId);
  return !taken.ok || taken.changes.length > 0;
}
