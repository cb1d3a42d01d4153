import { ADDED_APPS_MAX, type AddedApp } from '#gateway/domain/apps/added-app.ts';
import { GatewayError } from '#gateway/domain/errors.ts';
import type { AppId } from '#gateway/domain/site/ids.ts';
import type { AppStore } from '#gateway/ports/app-store.ts';

export function createMemoryAppStore(limits = { appsMax: ADDED_APPS_MAX }): AppStore {
  const apps = new Map<AppId, AddedApp>();
  return {
    add: async (app) => {
      const isTaken = apps.has(app.id) || [...apps.values()].some(({ clientId }) => clientId === app.clientId);
      if (isTaken || apps.size >= limits.appsMax)
        throw new GatewayError('store.conflict', 'This app is there already, or there are too many.');
      apps.set(app.id, app);
    },
    list: async () => [...apps.values()],
    find: async (id) => apps.get(id) ?? null,
    replace: async (app) => {
      if (apps.get(app.id)?.version !== app.version - 1) return false;
      apps.set(app.id, app);
      return true;
    },
    remove: async (id) => apps.delete(id),
  };
}
