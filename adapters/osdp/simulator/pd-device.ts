import { performance } from 'node:perf_hooks';
import type { InputState } from '#gateway/ports/readers.ts';
import type { BuzzerControl, LedControl, OutputControl } from '../messages/output-codecs.ts';
import { LED_PERMANENT, LED_TEMPORARY, OUTPUT_ACTION } from '../messages/output-codecs.ts';
import { RAW_FORMAT } from '../messages/credential-codecs.ts';
import { copyOf } from '../messages/fields.ts';
import type { Reply } from '../messages/replies.ts';

/** Events a simulated reader keeps until it is polled; the oldest is lost, as in real ones. */
export const PD_EVENTS_MAX = 32;

const INPUT_VALUES: { readonly [State in InputState]: number } = { inactive: 0, active: 1, short: 2, open: 3, fault: 4, unknown: 5 };

/** `atMs` is `performance.now()` at the moment the relay moved. */
export interface OutputChange {
  readonly output: number;
  readonly active: boolean;
  readonly atMs: number;
}

export interface PdDeviceOptions {
  readonly inputCount: number;
  readonly outputCount: number;
}

/** The things a reader has besides its protocol: contacts, relays, light, buzzer, and what it has to tell. */
export class PdDevice {
  readonly #inputs: InputState[];
  readonly #outputs: boolean[];
  readonly #timers: (NodeJS.Timeout | undefined)[];
  readonly #events: Reply[] = [];
  readonly #listeners = {
    output: new Set<(change: OutputChange) => void>(),
    led: new Set<(led: LedControl) => void>(),
    buzzer: new Set<(buzzer: BuzzerControl) => void>(),
  };
  #tampered = false;
  #powerFailed = false;
  #permanentColour = 0;
  #temporaryColour = 0;
  #temporaryUntilMs = 0;

  constructor(options: PdDeviceOptions) {
    this.#inputs = Array.from({ length: options.inputCount }, () => 'inactive' as const);
    this.#outputs = Array.from({ length: options.outputCount }, () => false);
    this.#timers = Array.from({ length: options.outputCount }, () => undefined);
  }

  get outputs(): readonly boolean[] {
    return [...this.#outputs];
  }

  /** The colour the LED shows now (`COLOUR`). */
  get colour(): number {
    return performance.now() < this.#temporaryUntilMs ? this.#temporaryColour : this.#permanentColour;
  }

  get pendingEvents(): number {
    return this.#events.length;
  }

  nextEvent(): Reply | undefined {
    return this.#events.shift();
  }

  presentCard(bits: Uint8Array, bitCount: number): void {
    this.#tell({ name: 'RAW', body: { reader: 0, format: RAW_FORMAT.wiegand, bitCount, bits: copyOf(bits, 0, Math.ceil(bitCount / 8)) } });
  }

  pressKeys(keys: Uint8Array): void {
    this.#tell({ name: 'KEYPAD', body: { reader: 0, keys } });
  }

  setInput(index: number, state: InputState): void {
    if (this.#inputs[index] === undefined) throw new TypeError(`no input ${index}`);
    this.#inputs[index] = state;
    this.#tell(this.inputStatus());
  }

  setTampered(tampered: boolean): void {
    this.#tampered = tampered;
    this.#tell(this.localStatus());
  }

  setPowerFailed(powerFailed: boolean): void {
    this.#powerFailed = powerFailed;
    this.#tell(this.localStatus());
  }

  localStatus(): Reply {
    return { name: 'LSTATR', body: { tampered: this.#tampered, powerFailed: this.#powerFailed } };
  }

  inputStatus(): Reply {
    return { name: 'ISTATR', body: { states: this.#inputs.map((state) => INPUT_VALUES[state]) } };
  }

  outputStatus(): Reply {
    return { name: 'OSTATR', body: { states: this.#outputs.map(Number) } };
  }

  /** False when an output does not exist; then nothing is done. */
  driveOutputs(controls: readonly OutputControl[]): boolean {
    if (controls.some(({ output }) => this.#outputs[output] === undefined)) return false;
    for (const control of controls) this.#drive(control);
    return true;
  }

  driveLeds(controls: readonly LedControl[]): void {
    for (const control of controls) {
      if (control.permanent.action === LED_PERMANENT.set) this.#permanentColour = control.permanent.onColour;
      if (control.temporary.action === LED_TEMPORARY.cancel) this.#temporaryUntilMs = 0;
      if (control.temporary.action === LED_TEMPORARY.set) {
        this.#temporaryColour = control.temporary.onColour;
        this.#temporaryUntilMs = performance.now() + control.temporary.timer100Ms * 100;
      }
      for (const listener of this.#listeners.led) listener(control);
    }
  }

  driveBuzzer(control: BuzzerControl): void {
    for (const listener of this.#listeners.buzzer) listener(control);
  }

  onOutput(listener: (change: OutputChange) => void): () => void {
    return listen(this.#listeners.output, listener);
  }

  onLed(listener: (led: LedControl) => void): () => void {
    return listen(this.#listeners.led, listener);
  }

  onBuzzer(listener: (buzzer: BuzzerControl) => void): () => void {
    return listen(this.#listeners.buzzer, listener);
  }

  /** Power lost and back: relays fall off, nothing is remembered but the contacts. */
  restart(): void {
    this.#events.length = 0;
    this.#outputs.forEach((_, output) => {
      this.#switch(output, false);
    });
    this.#events.length = 0;
    this.#temporaryUntilMs = 0;
    this.#permanentColour = 0;
  }

  /** Stops the timers of relays, so that a process can end. */
  dispose(): void {
    for (const timer of this.#timers) clearTimeout(timer);
  }

  #drive({ output, action, timer100Ms }: OutputControl): void {
    const turnsOn = action === OUTPUT_ACTION.onAbortTimer || action === OUTPUT_ACTION.onAfterTimer || action === OUTPUT_ACTION.onForTime;
    if (action === OUTPUT_ACTION.none) return;
    this.#switch(output, turnsOn);
    if (action === OUTPUT_ACTION.onForTime || action === OUTPUT_ACTION.offForTime) {
      this.#timers[output] = setTimeout(() => {
        this.#switch(output, !turnsOn);
      }, timer100Ms * 100);
    }
  }

  #switch(output: number, active: boolean): void {
    clearTimeout(this.#timers[output]);
    this.#timers[output] = undefined;
    if (this.#outputs[output] === active) return;
    this.#outputs[output] = active;
    const change: OutputChange = { output, active, atMs: performance.now() };
    for (const listener of this.#listeners.output) listener(change);
    this.#tell(this.outputStatus());
  }

  #tell(event: Reply): void {
    if (this.#events.length >= PD_EVENTS_MAX) this.#events.shift();
    this.#events.push(event);
  }
}

function listen<Listener>(listeners: Set<Listener>, listener: Listener): () => void {
  listeners.add(listener);
  return () => {
    listeners.delete(listener);
  };
}
