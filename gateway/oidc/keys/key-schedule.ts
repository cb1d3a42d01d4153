export const KEY_ALGS = ['ES256', 'EdDSA', 'RS256'] as const;
export type KeyAlg = (typeof KEY_ALGS)[number];

/** One set of signing keys, at most one of each algorithm. Times are epoch ms. */
export interface KeyGeneration {
  readonly number: number;
  readonly publishedAtMs: number;
  /** From here on it signs, until the next one does. */
  readonly signsFromMs: number;
  /** Its keys that were not retired; absent = one of each algorithm. */
  readonly algs?: readonly KeyAlg[] | undefined;
}

/** Where a key is in its life: it will sign, signs, or stays published for what it has signed. */
export type KeyState = 'next' | 'signing' | 'previous';

export interface ScheduledKey {
  readonly generation: number;
  readonly alg: KeyAlg;
  readonly state: KeyState;
  readonly publishedAtMs: number;
  readonly signsFromMs: number;
  /** When the next one signs; infinity when none is planned. */
  readonly signsUntilMs: number;
  /** When it is published no longer. */
  readonly publishedUntilMs: number;
}

export interface KeySchedule {
  /** Those that sign, one of each algorithm, and then the others. */
  readonly keys: readonly ScheduledKey[];
  /** When this stops being so; infinity when nothing is planned. */
  readonly changesAtMs: number;
}

/** Sets of keys that are published at a time: the one that signs, the next one, and those whose tokens may still be shown. */
export const KEY_GENERATIONS_MAX = 8;

export const algsOf = ({ algs }: KeyGeneration): readonly KeyAlg[] => algs ?? KEY_ALGS;

/**
 * Which keys sign and which are only published. A new key is published before it signs, for clients that cache the key set; the old one
 * stays for `keepMs` after its last signature, so that no token becomes unreadable before it expires. A retired key is neither.
 */
export function scheduleKeys(generations: readonly KeyGeneration[], keepMs: number, nowMs: number): KeySchedule {
  if (generations.length === 0) throw new TypeError('there is no generation of keys');
  // One that replaces a retired key begins before one that was planned earlier.
  const inOrder = generations.toSorted((a, b) => a.signsFromMs - b.signsFromMs || a.number - b.number);
  const keys = KEY_ALGS.flatMap((alg) => scheduleAlg(alg, inOrder, { keepMs, nowMs })).toSorted(bySigning);
  const times = keys.flatMap(({ publishedUntilMs, signsFromMs }) => [signsFromMs, publishedUntilMs]);
  return { keys, changesAtMs: Math.min(Number.POSITIVE_INFINITY, ...times.filter((time) => time > nowMs)) };
}

function scheduleAlg(
  alg: KeyAlg,
  inOrder: readonly KeyGeneration[],
  { keepMs, nowMs }: { readonly keepMs: number; readonly nowMs: number },
): readonly ScheduledKey[] {
  const own = inOrder.filter((generation) => algsOf(generation).includes(alg));
  const signing = own.findLast(({ signsFromMs }) => signsFromMs <= nowMs) ?? own[0];
  const keys = own.map(({ number, publishedAtMs, signsFromMs }, index): ScheduledKey => {
    const signsUntilMs = own[index + 1]?.signsFromMs ?? Number.POSITIVE_INFINITY;
    const state = number === signing?.number ? 'signing' : signsFromMs > nowMs ? 'next' : 'previous';
    return { generation: number, alg, state, publishedAtMs, signsFromMs, signsUntilMs, publishedUntilMs: signsUntilMs + keepMs };
  });
  return keys.filter(({ publishedUntilMs }) => publishedUntilMs > nowMs);
}

/** Those that sign, then set by set. */
function bySigning(a: ScheduledKey, b: ScheduledKey): number {
  const isSigning = [a, b].map(({ state }) => state === 'signing');
  if (isSigning[0] === true && isSigning[1] === true) return 0;
  return Number(isSigning[1]) - Number(isSigning[0]) || a.generation - b.generation;
}
