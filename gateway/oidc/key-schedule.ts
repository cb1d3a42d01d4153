/** One set of signing keys, one of each algorithm. Times are epoch ms. */
export interface KeyGeneration {
  readonly number: number;
  readonly publishedAtMs: number;
  /** From here on it signs, until the next one does. */
  readonly signsFromMs: number;
}

export interface KeySchedule {
  /** Generations whose public keys are published, the one that signs first. */
  readonly published: readonly [number, ...number[]];
  /** When this stops being so; infinity when nothing is planned. */
  readonly changesAtMs: number;
}

/** Sets of keys that are published at a time: the one that signs, the next one, and those whose tokens may still be shown. */
export const KEY_GENERATIONS_MAX = 8;

/**
 * Which keys sign and which are only published. A new key is published before it signs, for clients that cache the key set; the old one
 * stays for `keepMs` after its last signature, so that no token becomes unreadable before it expires. Generations are in their order.
 */
export function scheduleKeys(generations: readonly KeyGeneration[], keepMs: number, nowMs: number): KeySchedule {
  const started = generations.filter(({ signsFromMs }) => signsFromMs <= nowMs);
  const signing = started.at(-1) ?? generations[0];
  if (signing === undefined) throw new TypeError('there is no generation of keys');
  const endOf = (index: number): number => {
    const next = generations[index + 1];
    return next === undefined ? Number.POSITIVE_INFINITY : next.signsFromMs + keepMs;
  };
  const live = generations.filter((_generation, index) => endOf(index) > nowMs);
  const others = live.filter((generation) => generation !== signing).map(({ number }) => number);
  const times = generations.flatMap((generation, index) => [generation.signsFromMs, endOf(index)]);
  const future = times.filter((time) => time > nowMs);
  return { published: [signing.number, ...others], changesAtMs: Math.min(Number.POSITIVE_INFINITY, ...future) };
}
