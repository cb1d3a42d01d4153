import type { AppId } from './ids.ts';
import type { App, Installation } from './site.ts';
import { createSiteMap, type SiteMap } from './site-map.ts';

/** What is added to the installation while the gateway runs. */
export interface AddedToSite {
  readonly app: App;
  /** A client that is switched off is unknown to everybody; grants and log go on to know the app. */
  readonly isEnabled: boolean;
}

export interface LiveSiteMap extends SiteMap {
  /**
   * In the place of those that were added before. Returns the ids of those that it took: an app of the configuration file is never covered by
   * one that was added.
   */
  setAdded(added: readonly AddedToSite[]): ReadonlySet<AppId>;
}

/** The installation of the configuration file and the apps that were added since. Whoever holds it sees each change at once. */
export function createLiveSiteMap(configured: Installation): LiveSiteMap {
  const ofFile = createSiteMap(configured);
  let current = ofFile;
  let closedClients: ReadonlySet<string> = new Set();
  return {
    get installation() {
      return current.installation;
    },
    site: (id) => current.site(id),
    area: (id) => current.area(id),
    door: (id) => current.door(id),
    reader: (id) => current.reader(id),
    app: (id) => current.app(id),
    appOfClient: (clientId) => (closedClients.has(clientId) ? undefined : current.appOfClient(clientId)),
    vpnRealm: (id) => current.vpnRealm(id),
    readersOf: (doorId) => current.readersOf(doorId),
    areaChain: (id) => current.areaChain(id),
    setAdded: (added) => {
      const own = added.filter(({ app }) => ofFile.app(app.id) === undefined && ofFile.appOfClient(app.clientId) === undefined);
      current = createSiteMap({ ...configured, apps: [...configured.apps, ...own.map(({ app }) => app)] });
      closedClients = new Set(own.filter(({ isEnabled }) => !isEnabled).map(({ app }) => app.clientId));
      return new Set(own.map(({ app }) => app.id));
    },
  };
}
