import type { AddedApp } from '../domain/apps/added-app.ts';
import type { AppId } from '../domain/site/ids.ts';

/** Apps that were added beside the configuration file's, in the order in which they were. */
export interface AppStore {
  /** @throws store.conflict the id or the client id is taken, or ADDED_APPS_MAX are there */
  add(app: AddedApp): Promise<void>;
  list(): Promise<readonly AddedApp[]>;
  find(id: AppId): Promise<AddedApp | null>;
  /** Puts the app in the place of its version before. False when that is not the one stored: somebody else was faster. */
  replace(app: AddedApp): Promise<boolean>;
  /** False when there is none. */
  remove(id: AppId): Promise<boolean>;
}
