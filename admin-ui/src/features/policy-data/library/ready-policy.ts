import type { LibrarySetting, LibraryView } from '#gateway/http/contract/policy-data.ts';

export type ReadyPolicy = LibraryView['policies'][number];

/** A ready policy at its place: there may be several of one. */
export interface NamedSetting {
  readonly id: string;
  readonly setting: LibrarySetting;
}
