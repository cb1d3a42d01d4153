import { toPendingChange } from './directory-change.ts';
import type { ImportDeps, ImportPeople } from './import-types.ts';
import { planImport, toPerson } from './plan-import.ts';

/**
 * Adds and replaces people, badges, profiles and grants. Everything is compared with the store before anything is written, so a file
 * with one mistake changes nothing; then every change is recorded, and only then made. It removes nothing, moves nobody's standing, and leaves a lost or stolen badge what it is. Running
 * it twice is running it once.
 */
export function createImportPeople(deps: ImportDeps): ImportPeople {
  return async (written) => {
    const by = deps.changedBy === undefined ? {} : { changedBy: deps.changedBy };
    const { badges, changes, content, problems } = await planImport(deps, written);
    if (problems.length > 0) return { ok: false, problems };
    await deps.pendingRecords.add(changes.flatMap((change) => toPendingChange({ ...change, ...by }, deps) ?? []));
    for (const person of content.people) await deps.people.save(toPerson(person));
    for (const { badge } of badges) await deps.credentials.saveBadge(badge);
    for (const profile of content.profiles) await deps.grants.saveProfile(profile);
    for (const grant of content.grants) await deps.grants.saveGrant(grant);
    return {
      ok: true,
      people: content.people.length,
      badges: content.people.reduce((count, person) => count + person.badges.length, 0),
      profiles: content.profiles.length,
      grants: content.grants.length,
    };
  };
}
