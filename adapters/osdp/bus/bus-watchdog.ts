/** A line on which every reader is silent for this long is opened again: a serial server may have died without a word. */
export const LINK_SILENCE_MAX_MS = 5_000;
/** Twice what the fastest serial line can carry. A peer that sends more than this in noise is not a line of readers. */
export const NOISE_BYTES_PER_SECOND_MAX = 65_536;

/** Knows when a connection is one in name only. */
export class BusWatchdog {
  recycled = 0;
  #lastReplyMs = 0;
  #hasSent = false;
  #windowStartMs = 0;
  #windowStartNoise = 0;

  linkUp(nowMs: number): void {
    this.#lastReplyMs = nowMs;
    this.#hasSent = false;
  }

  frameSent(): void {
    this.#hasSent = true;
  }

  replySeen(nowMs: number): void {
    this.#lastReplyMs = nowMs;
  }

  /** True once for each silence. */
  isSilent(nowMs: number): boolean {
    if (!this.#hasSent || nowMs - this.#lastReplyMs <= LINK_SILENCE_MAX_MS) return false;
    this.linkUp(nowMs);
    this.recycled += 1;
    return true;
  }

  /** `noiseBytes` is the framer's running total. */
  isFlooded(noiseBytes: number, nowMs: number): boolean {
    if (nowMs - this.#windowStartMs >= 1_000) {
      this.#windowStartMs = nowMs;
      this.#windowStartNoise = noiseBytes;
    }
    if (noiseBytes - this.#windowStartNoise <= NOISE_BYTES_PER_SECOND_MAX) return false;
    this.#windowStartNoise = noiseBytes;
    this.recycled += 1;
    return true;
  }
}
