import type { PolicyDocument } from '../domain/policy/data/items.ts';
import type { DataVersion } from '../domain/policy/data/version.ts';

/** Versions of the policy data that are kept; the oldest go first. */
export const DATA_VERSIONS_MAX = 10_000;
export interface CurrentData {
  /** 0 before the first change; the document is then empty but for what was imported. */
  readonly version: number;
  readonly document: PolicyDocument;
  /** The version of profiles and grants, which an import raises beside this store. */
  readonly grantsVersion: number;
  /** False: profiles or grants were changed beside this store since the last version. */
  readonly isRecorded: boolean;
}

/** Keeps the policy data as operators edit it, every version of it, and who changed it. Profiles and grants are those of the grant store. */
export interface PolicyDataStore {
  current(): Promise<CurrentData>;
  /**
   * Makes `document` the current one, profiles and grants included, and keeps it as a version, all in one transaction; the version of the
   * grants rises, so that whoever watches it reads anew. False: somebody else was first, here or by an import.
   * @throws store.conflict there are as many grants or profiles as there may be
   */
  commit(change: {
    readonly from: Pick<CurrentData, 'version' | 'grantsVersion'>;
    readonly document: PolicyDocument;
    readonly entry: DataVersion;
  }): Promise<boolean>;
  /** Newest first. `before` continues after the last one of the page before. */
  versions(page: { readonly before: number | null; readonly limit: number }): Promise<readonly DataVersion[]>;
  /** The document as it was; 0 is the empty one. Null when it is not kept (any more). @throws store.corrupt */
  at(version: number): Promise<PolicyDocument | null>;
}
