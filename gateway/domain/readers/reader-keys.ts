/** How a reader came to its key: given by hand, set in an install window, changed by the gateway inside a secure channel, or following from the
 * site's master key. */
export type KeyOrigin = 'imported' | 'installed' | 'rotated' | 'diversified';

/** An operator wants another key for this reader. Kept with the keys, so that it outlives the process and waits for a reader that is off line. */
export interface RotationWish {
  readonly operationId: string;
  readonly operatorId: string;
  readonly decisionId: string;
  readonly sinceMs: number;
}

/** Where a reader went by osdp_COMSET; it holds while the configuration still says where it was before. */
export interface ReaderPlace {
  readonly fromAddress: number;
  readonly address: number;
  readonly baud: number;
}

/**
 * Every key that a reader may have. It is stored before anything of it is sent, and a key leaves it only when another one has opened a channel:
 * at every moment the reader has one of `current`, `next` and `former`.
 */
export interface ReaderKeyState {
  readonly current: Uint8Array;
  readonly origin: KeyOrigin;
  /** Null: not known, as of a key that was given by hand. */
  readonly setAtMs: number | null;
  /** When `current` last opened a channel while there was another one; null: not since it was set. */
  readonly confirmedAtMs: number | null;
  readonly next: Uint8Array | null;
  readonly nextSetAtMs: number | null;
  /** From which master key of the site `current` follows, and `next`; null: it is a key of the reader's own. */
  readonly masterGeneration: number | null;
  readonly nextMasterGeneration: number | null;
  /** The keys from before an install window that has not been proved to have worked; newest first. */
  readonly former: readonly Uint8Array[];
  readonly rotation: RotationWish | null;
  /** An install window was open when this was written. */
  readonly hasWindow: boolean;
  /** Made for an install window in which nothing was sent: nobody has them, and the reader has no key. */
  readonly isVoid: boolean;
  readonly place: ReaderPlace | null;
}

/** Keys from before install windows that are kept: four windows in a row in which a key was sent and never seen to work. */
export const FORMER_KEYS_MAX = 7;

export function importedKey(key: Uint8Array): ReaderKeyState {
  return {
    current: key,
    origin: 'imported',
    setAtMs: null,
    confirmedAtMs: null,
    next: null,
    nextSetAtMs: null,
    masterGeneration: null,
    nextMasterGeneration: null,
    former: [],
    rotation: null,
    hasWindow: false,
    isVoid: false,
    place: null,
  };
}

/** Every key that the reader may have, likeliest first. */
export function candidateKeys({ current, next, former }: ReaderKeyState): readonly Uint8Array[] {
  return [current, ...(next === null ? [] : [next]), ...former];
}

/**
 * Before osdp_KEYSET. A key that is staged already stays: it may have been sent, and the reader may have it. Null while an install window is
 * unsettled: nobody knows which key would be replaced.
 */
export function stageRotation(
  state: ReaderKeyState,
  newKey: Uint8Array,
  nowMs: number,
  masterGeneration: number | null = null,
): ReaderKeyState | null {
  if (state.former.length > 0) return null;
  return state.next === null ? { ...state, next: newKey, nextSetAtMs: nowMs, nextMasterGeneration: masterGeneration } : state;
}

/**
 * Before an install window: the first key travels under a key that everybody knows, so the final one follows at once. The reader may turn out to
 * have kept its old key, so that stays too. Null when too many unsettled windows have left keys behind.
 */
export function stageInstallation(
  state: ReaderKeyState | null,
  { firstKey, finalKey }: { readonly firstKey: Uint8Array; readonly finalKey: Uint8Array },
  nowMs: number,
): ReaderKeyState | null {
  const former = state === null || state.isVoid ? [] : candidateKeys(state);
  if (former.length > FORMER_KEYS_MAX) return null;
  return {
    ...(state ?? importedKey(firstKey)),
    current: firstKey,
    origin: 'installed',
    setAtMs: nowMs,
    confirmedAtMs: null,
    next: finalKey,
    nextSetAtMs: nowMs,
    masterGeneration: null,
    nextMasterGeneration: null,
    former,
    hasWindow: true,
    isVoid: false,
  };
}

/** What is known of keys beside the keys, and how many they are: enough to put them back from `former`. */
export type KeysBefore = Pick<
  ReaderKeyState,
  'origin' | 'setAtMs' | 'confirmedAtMs' | 'nextSetAtMs' | 'masterGeneration' | 'nextMasterGeneration'
> & {
  readonly hasNext: boolean;
  readonly count: number;
};

export function toKeysBefore(state: ReaderKeyState | null): KeysBefore | null {
  if (state === null || state.isVoid) return null;
  const { origin, setAtMs, confirmedAtMs, nextSetAtMs, masterGeneration, nextMasterGeneration, next } = state;
  const hasNext = next !== null;
  return {
    origin,
    setAtMs,
    confirmedAtMs,
    nextSetAtMs,
    masterGeneration,
    nextMasterGeneration,
    hasNext,
    count: candidateKeys(state).length,
  };
}

/** The window is over, and nothing was sent in it, which only the process that opened it can know: all is as before. */
export function withdrawInstallation(state: ReaderKeyState, before: KeysBefore | null): ReaderKeyState {
  const closed = { ...state, hasWindow: false };
  if (before === null) return state.next === null ? closed : { ...closed, isVoid: true };
  const [current, ...others] = state.former;
  if (current === undefined || state.former.length !== before.count) return closed;
  const { hasNext, origin, setAtMs, confirmedAtMs, nextSetAtMs, masterGeneration, nextMasterGeneration } = before;
  const facts = { origin, setAtMs, confirmedAtMs, nextSetAtMs, masterGeneration, nextMasterGeneration };
  const next = hasNext ? (others[0] ?? null) : null;
  return { ...closed, ...facts, current, next, former: hasNext ? others.slice(1) : others };
}

/** The keys to try at a handshake in which `turn` counts up: `next` always, and in its turn each of the others. `index` names the other one. */
export function keysOfTurn(
  state: ReaderKeyState,
  turn: number,
): { readonly current: Uint8Array; readonly next: Uint8Array | null; readonly index: number } {
  const index = state.former.length === 0 ? 0 : turn % (state.former.length + 1);
  return { current: index === 0 ? state.current : (state.former[index - 1] ?? state.current), next: state.next, index };
}

/** A channel stands under one of two keys: the others are of no more use. `index` is that of `keysOfTurn`. A key alone says nothing new. */
export function confirmKey(state: ReaderKeyState, which: 'current' | 'next', index: number, nowMs: number): ReaderKeyState {
  const settled = { ...state, next: null, nextSetAtMs: null, nextMasterGeneration: null, former: [], confirmedAtMs: nowMs };
  if (which === 'next') {
    if (state.next === null) return state;
    // What a rotation was for has happened.
    const { nextMasterGeneration: masterGeneration } = state;
    const origin = masterGeneration === null ? 'rotated' : 'diversified';
    return { ...settled, current: state.next, origin, setAtMs: state.nextSetAtMs, masterGeneration, rotation: null };
  }
  const formerKey = index === 0 ? undefined : state.former[index - 1];
  if (formerKey === undefined) return settled;
  return { ...settled, current: formerKey, origin: 'imported', setAtMs: null, masterGeneration: null };
}

/** A reader without stored keys has opened a channel under one that follows from the site's master key. */
export function derivedKey(key: Uint8Array, masterGeneration: number, nowMs: number): ReaderKeyState {
  return { ...importedKey(key), origin: 'diversified', confirmedAtMs: nowMs, masterGeneration };
}
