import { OUTPUT_ACTION, type OutputControl } from '../messages/output-codecs.ts';
import { Listeners } from './listeners.ts';
import type { PdClock } from './pd-clock.ts';

const TIMER_UNIT_MS = 100;

/** `atMs` is the reader's clock (by default `performance.now()`) at the moment the relay moved. */
export interface OutputChange {
  readonly output: number;
  readonly active: boolean;
  readonly atMs: number;
}

/** One relay: what it returns to, and what it does for a while. */
interface Relay {
  permanent: boolean;
  temporary: { readonly active: boolean; readonly cancel: () => void } | null;
  shown: boolean;
}

/** The relays of a reader with all control codes of OSDP 2.2 table 17. */
export class PdOutputs {
  readonly #clock: PdClock;
  readonly #relays: readonly Relay[];
  readonly #changes = new Listeners<OutputChange>();

  constructor(count: number, clock: PdClock) {
    this.#clock = clock;
    this.#relays = Array.from({ length: count }, () => ({ permanent: false, temporary: null, shown: false }));
  }

  get states(): readonly boolean[] {
    return this.#relays.map(({ shown }) => shown);
  }

  onChange(listener: (change: OutputChange) => void): () => void {
    return this.#changes.add(listener);
  }

  /** False when an output or a code does not exist; then nothing is done. */
  drive(controls: readonly OutputControl[]): boolean {
    if (controls.some(({ output, action }) => this.#relays[output] === undefined || action > OUTPUT_ACTION.offForTime)) return false;
    for (const control of controls) this.#driveOne(control);
    return true;
  }

  /** Power lost: all fall off. */
  restart(): void {
    this.#relays.forEach((relay, output) => {
      relay.permanent = false;
      this.#endTemporary(relay);
      this.#show(relay, output);
    });
  }

  dispose(): void {
    for (const relay of this.#relays) this.#endTemporary(relay);
  }

  #driveOne({ output, action, timer100Ms }: OutputControl): void {
    const relay = this.#relays[output];
    if (relay === undefined || action === OUTPUT_ACTION.none) return;
    const active = action === OUTPUT_ACTION.onAbortTimer || action === OUTPUT_ACTION.onAfterTimer || action === OUTPUT_ACTION.onForTime;
    const isTimed = action === OUTPUT_ACTION.onForTime || action === OUTPUT_ACTION.offForTime;
    const waitsForTimer = action === OUTPUT_ACTION.onAfterTimer || action === OUTPUT_ACTION.offAfterTimer;
    if (!waitsForTimer) this.#endTemporary(relay);
    if (!isTimed) relay.permanent = active;
    else if (timer100Ms > 0) this.#beginTemporary(relay, output, { active, durationMs: timer100Ms * TIMER_UNIT_MS });
    this.#show(relay, output);
  }

  #beginTemporary(relay: Relay, output: number, { active, durationMs }: { readonly active: boolean; readonly durationMs: number }): void {
    const cancel = this.#clock.after(durationMs, () => {
      relay.temporary = null;
      this.#show(relay, output);
    });
    relay.temporary = { active, cancel };
  }

  #endTemporary(relay: Relay): void {
    relay.temporary?.cancel();
    relay.temporary = null;
  }

  #show(relay: Relay, output: number): void {
    const active = relay.temporary?.active ?? relay.permanent;
    if (relay.shown === active) return;
    relay.shown = active;
    this.#changes.tell({ output, active, atMs: this.#clock.nowMs() });
  }
}
