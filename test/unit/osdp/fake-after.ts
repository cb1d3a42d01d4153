import type { After } from '#adapters/osdp/after.ts';

/** Time that only a test moves; what is due runs in its order. */
export class FakeTime {
  nowMs = 1_000;
  readonly #waiting = new Set<{ readonly atMs: number; readonly run: () => void }>();

  readonly after: After = (delayMs, run) => {
    const entry = { atMs: this.nowMs + delayMs, run };
    this.#waiting.add(entry);
    return () => this.#waiting.delete(entry);
  };

  get waiting(): number {
    return this.#waiting.size;
  }

  advance(durationMs: number): void {
    const untilMs = this.nowMs + durationMs;
    for (;;) {
      const [next] = [...this.#waiting].filter(({ atMs }) => atMs <= untilMs).sort((left, right) => left.atMs - right.atMs);
      if (next === undefined) break;
      this.#waiting.delete(next);
      this.nowMs = Math.max(this.nowMs, next.atMs);
      next.run();
    }
    this.nowMs = untilMs;
  }
}
