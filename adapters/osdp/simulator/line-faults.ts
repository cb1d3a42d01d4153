/** What goes wrong on a simulated line, each as a share 0..1 of the replies. */
export interface LineFaults {
  /** One bit is turned over. */
  readonly corrupted01: number;
  readonly dropped01: number;
  /** A serial server sends the reply a second time. */
  readonly duplicated01: number;
  /** 1..NOISE_LENGTH_MAX random bytes come before it. */
  readonly noisy01: number;
  /** It starts `lateMs` after it should. */
  readonly late01: number;
  readonly lateMs: number;
}

export const NO_FAULTS: LineFaults = { corrupted01: 0, dropped01: 0, duplicated01: 0, noisy01: 0, late01: 0, lateMs: 250 };
export const NOISE_LENGTH_MAX = 8;

/** A seeded generator of 0 <= x < 1 (mulberry32): a run can be repeated. Not for secrets. */
export function createSeededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

export function randomNoise(random: () => number, length: number): Uint8Array {
  return Uint8Array.from({ length }, () => Math.floor(random() * 256));
}

export function withFlippedBit(bytes: Uint8Array, random: () => number): Uint8Array {
  const copy = new Uint8Array(bytes);
  const bit = Math.floor(random() * copy.length * 8);
  copy[bit >> 3] = (copy[bit >> 3] ?? 0) ^ (1 << (bit & 7));
  return copy;
}
