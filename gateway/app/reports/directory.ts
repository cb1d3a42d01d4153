import type { PersonId } from '../../domain/site/ids.ts';
import type { SiteMap } from '../../domain/site/site-map.ts';
import { PEOPLE_PAGE_MAX, type PeopleStore } from '../../ports/people-store.ts';

/** Most names of people that one directory holds; beyond it the log shows identifiers. */
export const DIRECTORY_PEOPLE_MAX = 10_000;

export interface Directory {
  readonly people: Readonly<Record<string, string>>;
  readonly doors: Readonly<Record<string, string>>;
  readonly readers: Readonly<Record<string, string>>;
  readonly areas: Readonly<Record<string, string>>;
  readonly apps: Readonly<Record<string, string>>;
  readonly sites: Readonly<Record<string, string>>;
}

interface Named {
  readonly id: string;
  readonly name: string;
}

const byId = (items: readonly Named[]): Record<string, string> => Object.fromEntries(items.map(({ id, name }) => [id, name]));

/** Names for identifiers, so that the log itself holds none and a name can be forgotten. */
export function createDirectoryReport(deps: { readonly sites: SiteMap; readonly people: PeopleStore }): () => Promise<Directory> {
  const { installation } = deps.sites;
  const fixed = {
    doors: byId(installation.doors),
    readers: byId(installation.readers),
    areas: byId(installation.areas),
    sites: byId(installation.sites),
  };
  return async () => {
    const people: Record<string, string> = {};
    let after: PersonId | null = null;
    for (let count = 0; count < DIRECTORY_PEOPLE_MAX; count += PEOPLE_PAGE_MAX) {
      const page = await deps.people.list({ after, limit: PEOPLE_PAGE_MAX });
      for (const { id, displayName } of page) people[id] = displayName;
      const last = page.at(-1);
      if (last === undefined || page.length < PEOPLE_PAGE_MAX) break;
      after = last.id;
    }
    // Apps come and go while the gateway runs.
    return { people, ...fixed, apps: byId(deps.sites.installation.apps) };
  };
}
