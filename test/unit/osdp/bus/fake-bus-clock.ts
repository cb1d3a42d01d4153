import type { BusClock } from '#adapters/osdp/bus/bus-clock.ts';

interface Alarm {
  readonly atMs: number;
  readonly run: () => void;
}

/** Time that passes only when told; promises settle between its alarms. */
export class FakeBusClock implements BusClock {
  #nowMs = 0;
  readonly #alarms = new Set<Alarm>();

  nowMs(): number {
    return this.#nowMs;
  }

  schedule(delayMs: number, run: () => void): () => void {
    const alarm = { atMs: this.#nowMs + delayMs, run };
    this.#alarms.add(alarm);
    return () => this.#alarms.delete(alarm);
  }

  async advance(durationMs: number): Promise<void> {
    const untilMs = this.#nowMs + durationMs;
    for (;;) {
      await settle();
      const next = this.#earliest();
      if (next === null || next.atMs > untilMs) break;
      this.#alarms.delete(next);
      this.#nowMs = Math.max(this.#nowMs, next.atMs);
      next.run();
    }
    this.#nowMs = untilMs;
  }

  #earliest(): Alarm | null {
    let earliest: Alarm | null = null;
    for (const alarm of this.#alarms) if (earliest === null || alarm.atMs < earliest.atMs) earliest = alarm;
    return earliest;
  }
}

/** A key is fetched across a few promises. */
async function settle(): Promise<void> {
  for (let count = 0; count < 4; count += 1) await Promise.resolve();
}
