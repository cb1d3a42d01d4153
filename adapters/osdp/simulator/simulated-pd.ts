import type { InputState } from '#gateway/ports/readers.ts';
import type { DeviceIdentity } from '../messages/identity-codecs.ts';
import type { BuzzerControl, LedControl } from '../messages/output-codecs.ts';
import type { PdState } from '../pd/state.ts';
import type { BrokenFrame, PdEffect } from '../pd/transition.ts';
import type { Frame } from '../wire/frame.ts';
import { toKeyCodes } from './key-codes.ts';
import type { PdDevice } from './pd-device.ts';
import { PdDriver } from './pd-driver.ts';
import type { OutputChange } from './pd-outputs.ts';
import type { SimulatedPdOptions } from './simulated-pd-options.ts';

export type { SimulatedPdOptions } from './simulated-pd-options.ts';

/** A reader that exists only in memory. Every method is what a hand, a wire or a power cut would do to a real one. */
export class SimulatedPd {
  /** What hangs on it: contacts, relays, lights, cards with a chip, fingers, files. */
  readonly device: PdDevice;
  readonly #driver: PdDriver;

  constructor(options: SimulatedPdOptions) {
    this.#driver = new PdDriver(options);
    this.device = this.#driver.device;
  }

  get address(): number {
    return this.#driver.state.address;
  }

  get baud(): number {
    return this.#driver.baud;
  }

  /** The whole protocol state, for tests that compare both ends. */
  get protocol(): PdState {
    return this.#driver.state;
  }

  get isSecure(): boolean {
    return this.#driver.state.security.name === 'open';
  }

  get outputs(): readonly boolean[] {
    return this.device.outputs.states;
  }

  /** The colour in which the first LED shines or blinks (`COLOUR`). */
  get colour(): number {
    return this.device.display.colourOf(0);
  }

  /** What stands on its display. */
  get text(): string {
    return this.device.display.text;
  }

  /** Not yet polled. */
  get pendingEvents(): number {
    return this.device.events.pending;
  }

  /** How late every reply leaves; the line's task. */
  get answersLateMs(): number {
    return this.#driver.state.config.quirks.answersLateMs ?? 0;
  }

  /** First bit in the top of the first byte; reported at the next poll. `format` is one of `RAW_FORMAT`, Wiegand if not said. */
  presentCard(bits: Uint8Array, bitCount: number, format?: number): void {
    this.device.presentCard(bits, bitCount, format);
  }

  /** Digits, `*` and `#`. */
  pressKeys(keys: string): void {
    this.device.pressKeys(toKeyCodes(keys));
  }

  setInput(index: number, state: InputState): void {
    this.device.contacts.setInput(index, state);
  }

  setTampered(tampered: boolean): void {
    this.device.contacts.setTampered(tampered);
  }

  setPowerFailed(powerFailed: boolean): void {
    this.device.contacts.setPowerFailed(powerFailed);
  }

  /** Called when a relay moves, with the time at which it moved. Returns the function that ends it. */
  onOutput(listener: (change: OutputChange) => void): () => void {
    return this.device.outputs.onChange(listener);
  }

  onLed(listener: (led: LedControl) => void): () => void {
    return this.device.display.onLed(listener);
  }

  onBuzzer(listener: (buzzer: BuzzerControl) => void): () => void {
    return this.device.display.onBuzzer(listener);
  }

  /** Everything the protocol does: channels opened and lost, keys set, commands refused. */
  onProtocol(listener: (effect: PdEffect) => void): () => void {
    return this.#driver.effects.add(listener);
  }

  /** Power cut: sequence, channel, relays and unreported events are gone; key, address and baud rate stay. */
  reboot(): void {
    this.#driver.powerCycle();
  }

  /** While silent it hears nothing and says nothing. */
  goSilent(isSilent: boolean): void {
    this.#driver.isSilent = isSilent;
  }

  /** The next `times` commands are answered with osdp_BUSY. */
  beBusy(times: number): void {
    this.#driver.beBusy(times);
  }

  /** From the next handshake on. */
  setKey(scbk: Uint8Array): void {
    this.#driver.setKey(scbk);
  }

  /** Takes SCBK-D until osdp_KEYSET gives it a key. */
  enterInstallMode(): void {
    this.#driver.enterInstallMode();
  }

  /** Another firmware, model or serial number, as after an update or an exchange. */
  setIdentity(identity: DeviceIdentity): void {
    this.#driver.identity = identity;
  }

  /** Transport-free: one command frame in, the reply's bytes out, or null. */
  handle(frame: Frame): Uint8Array | null {
    return this.#driver.handle(frame);
  }

  /** A frame whose check or lengths are wrong: NAK 1 or 2, or null. */
  handleBroken(broken: BrokenFrame): Uint8Array | null {
    return this.#driver.handleBroken(broken);
  }

  /** Stops its timers. */
  dispose(): void {
    this.device.dispose();
  }
}
