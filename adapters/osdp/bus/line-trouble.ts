import { type Bucket, EMPTY_BUCKET, pour } from '../session/bucket.ts';

/**
 * Bytes that are no frames. A line on which one reply of a hundred is broken and one of twenty comes behind noise stays below (about 250 bytes
 * a second at 115200); one frame of the greatest length that is none does too.
 */
export const LINE_NOISE = { max: 2_048, leakPerS: 384 } as const;
/** While no reply is awaited nobody may speak: there less is enough. A late and broken reply or two stay below. */
export const IDLE_NOISE = { max: 256, leakPerS: 32 } as const;
/** Of one trouble only one is told. The other is, when the first has not been seen for this time. */
export const TROUBLE_OVER_AFTER_MS = 10_000;

/** Tells what is wrong with a line from what a bad line delivers now and then. */
export class LineTrouble {
  #all: Bucket = EMPTY_BUCKET;
  #idle: Bucket = EMPTY_BUCKET;
  #noiseMs = Number.NEGATIVE_INFINITY;
  #stallMs = Number.NEGATIVE_INFINITY;

  /** Bytes have turned out to be no frames. True when there are too many of them. */
  isNoise(byteCount: number, isReplyAwaited: boolean, nowMs: number): boolean {
    if (byteCount === 0 || nowMs - this.#stallMs < TROUBLE_OVER_AFTER_MS) return false;
    const all = pour(this.#all, byteCount, nowMs, LINE_NOISE);
    const idle = pour(this.#idle, isReplyAwaited ? 0 : byteCount, nowMs, IDLE_NOISE);
    this.#all = all.bucket;
    this.#idle = idle.bucket;
    if (!all.runsOver && !idle.runsOver) return false;
    this.#noiseMs = nowMs;
    return true;
  }

  /** A frame was given up while its bytes still came. True when it is a trouble of its own. */
  isStall(nowMs: number): boolean {
    if (nowMs - this.#noiseMs < TROUBLE_OVER_AFTER_MS) return false;
    this.#stallMs = nowMs;
    return true;
  }
}
