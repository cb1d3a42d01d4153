/**
 * A site's master key, from which the keys of its readers follow. While they are being changed there are two: `next` is the current one's successor, and
 * takes its place when every reader of the site has opened a channel under a key that follows from it.
 */
export interface MasterKeyState {
  readonly current: Uint8Array;
  /** Counts up with each master key of the site; a reader's keys say from which they follow. */
  readonly generation: number;
  readonly next: Uint8Array | null;
}

/** A reader, as far as it matters to which master key its key follows from. */
export interface FollowsMaster {
  readonly masterGeneration: number | null;
  readonly isSettled: boolean;
}

/** A master key that is staged already stays: readers may have keys that follow from it. */
export function stageMasterKey(state: MasterKeyState, fresh: Uint8Array): MasterKeyState {
  return state.next === null ? { ...state, next: fresh } : state;
}

/** What a new key of a reader follows from. */
export function newestMasterKey({ current, generation, next }: MasterKeyState): { readonly key: Uint8Array; readonly generation: number } {
  return next === null ? { key: current, generation } : { key: next, generation: generation + 1 };
}

/** The successor takes over once nobody is left behind; a reader without keys is. The same state when it does not. */
export function promoteMasterKey(state: MasterKeyState, readers: readonly (FollowsMaster | null)[]): MasterKeyState {
  const { next, generation } = state;
  const isLeftBehind = (reader: FollowsMaster | null): boolean => reader?.isSettled !== true || reader.masterGeneration !== generation + 1;
  if (next === null || readers.length === 0 || readers.some(isLeftBehind)) return state;
  return { current: next, generation: generation + 1, next: null };
}
