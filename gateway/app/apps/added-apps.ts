import { toSiteApp, toWebsite, type AddedApp } from '../../domain/apps/added-app.ts';
import type { AppId } from '../../domain/site/ids.ts';
import type { LiveSiteMap } from '../../domain/site/live-site-map.ts';
import type { Website } from '../../domain/site/website.ts';
import type { AppStore } from '../../ports/app-store.ts';

/** The apps that were added, as this thread knows them. */
export interface AddedApps {
  /** Reads them anew; from then on every decision and every client of this thread is by what was read. @throws store.unavailable, store.corrupt */
  reload(): Promise<void>;
  all(): readonly AddedApp[];
  find(id: AppId): AddedApp | undefined;
  ofClient(clientId: string): AddedApp | undefined;
  /** Those that are switched on. */
  websites(): readonly Website[];
}

interface Deps {
  readonly store: Pick<AppStore, 'list'>;
  readonly sites: LiveSiteMap;
}

export function createAddedApps({ sites, store }: Deps): AddedApps {
  let apps: readonly AddedApp[] = [];
  let byId: ReadonlyMap<AppId, AddedApp> = new Map();
  let byClient: ReadonlyMap<string, AddedApp> = new Map();
  let websites: readonly Website[] = [];
  return {
    reload: async () => {
      const stored = await store.list();
      const taken = sites.setAdded(stored.map((app) => ({ app: toSiteApp(app), isEnabled: app.isEnabled })));
      // An app that the configuration file has come to know is the file's.
      apps = stored.filter(({ id }) => taken.has(id));
      byId = new Map(apps.map((app) => [app.id, app]));
      byClient = new Map(apps.map((app) => [app.clientId, app]));
      websites = apps.filter(({ isEnabled }) => isEnabled).flatMap((app) => toWebsite(app) ?? []);
    },
    all: () => apps,
    find: (id) => byId.get(id),
    ofClient: (clientId) => byClient.get(clientId),
    websites: () => websites,
  };
}
