import { performance } from 'node:perf_hooks';
import type { InputState } from '#gateway/ports/readers.ts';
import { SCBK_LENGTH } from '../secure-channel/session-keys.ts';
import type { Command } from '../messages/commands.ts';
import { EMPTY } from '../messages/fields.ts';
import type { Frame } from '../wire/frame.ts';
import { CAPABILITY, type Capability, type DeviceIdentity } from '../messages/identity-codecs.ts';
import { NAK_CODE } from '../messages/line-codecs.ts';
import type { BuzzerControl, LedControl } from '../messages/output-codecs.ts';
import type { Reply } from '../messages/replies.ts';
import { type OutputChange, PdDevice } from './pd-device.ts';
import { PdProtocol } from './pd-protocol.ts';

export interface SimulatedPdOptions {
  readonly address: number;
  /** 16 bytes; copied. */
  readonly scbk: Uint8Array;
  readonly identity?: DeviceIdentity;
  readonly inputCount?: number;
  readonly outputCount?: number;
}

const DEFAULT_IDENTITY: DeviceIdentity = {
  vendor: Uint8Array.of(0x00, 0x53, 0x49),
  model: 1,
  version: 1,
  serial: Uint8Array.of(0, 0, 0, 1),
  firmware: [1, 0, 0],
};

const ASCII_STAR = 0x2a;
const ASCII_HASH = 0x23;
const KEY_STAR = 0x7f;
const KEY_HASH = 0x0d;

/** A reader that exists only in memory. Every method is what a hand, a wire or a power cut would do to a real one. */
export class SimulatedPd {
  readonly #device: PdDevice;
  readonly #protocol: PdProtocol;
  readonly #counts: { readonly inputCount: number; readonly outputCount: number };
  #identity: DeviceIdentity;
  #isSilent = false;
  #nextAddress: number | null = null;

  constructor(options: SimulatedPdOptions) {
    this.#counts = { inputCount: options.inputCount ?? 2, outputCount: options.outputCount ?? 2 };
    this.#device = new PdDevice(this.#counts);
    this.#identity = options.identity ?? DEFAULT_IDENTITY;
    this.#protocol = new PdProtocol({ address: options.address, scbk: options.scbk, answer: (command) => this.#answer(command) });
  }

  get address(): number {
    return this.#protocol.address;
  }

  get isSecure(): boolean {
    return this.#protocol.isSecure;
  }

  get outputs(): readonly boolean[] {
    return this.#device.outputs;
  }

  /** What the LED shows now (`COLOUR`). */
  get colour(): number {
    return this.#device.colour;
  }

  /** Not yet polled. */
  get pendingEvents(): number {
    return this.#device.pendingEvents;
  }

  /** First bit in the top of the first byte; reported at the next poll. */
  presentCard(bits: Uint8Array, bitCount: number): void {
    this.#device.presentCard(bits, bitCount);
  }

  /** Digits, `*` and `#`. */
  pressKeys(keys: string): void {
    this.#device.pressKeys(toKeyCodes(keys));
  }

  setInput(index: number, state: InputState): void {
    this.#device.setInput(index, state);
  }

  setTampered(tampered: boolean): void {
    this.#device.setTampered(tampered);
  }

  setPowerFailed(powerFailed: boolean): void {
    this.#device.setPowerFailed(powerFailed);
  }

  /** Called when a relay moves, with the time at which it moved. Returns the function that ends it. */
  onOutput(listener: (change: OutputChange) => void): () => void {
    return this.#device.onOutput(listener);
  }

  onLed(listener: (led: LedControl) => void): () => void {
    return this.#device.onLed(listener);
  }

  onBuzzer(listener: (buzzer: BuzzerControl) => void): () => void {
    return this.#device.onBuzzer(listener);
  }

  /** Power cut: sequence, channel, relays and unreported events are gone. */
  reboot(): void {
    this.#protocol.restart();
    this.#device.restart();
  }

  /** While silent it hears nothing and says nothing. */
  goSilent(isSilent: boolean): void {
    this.#isSilent = isSilent;
  }

  /** The next `times` commands are answered with osdp_BUSY. */
  beBusy(times: number): void {
    this.#protocol.beBusy(times);
  }

  /** From the next handshake on. */
  setKey(scbk: Uint8Array): void {
    this.#protocol.setKey(scbk);
  }

  setIdentity(identity: DeviceIdentity): void {
    this.#identity = identity;
  }

  /** Transport-free: one command frame in, the reply's bytes out, or null. */
  handle(frame: Frame): Uint8Array | null {
    if (this.#isSilent) return null;
    const reply = this.#protocol.handle(frame, performance.now());
    // osdp_COM still carries the old address (OSDP 2.2 clause 6.13).
    if (this.#nextAddress !== null) this.#protocol.address = this.#nextAddress;
    this.#nextAddress = null;
    return reply;
  }

  /** Stops its timers. */
  dispose(): void {
    this.#device.dispose();
  }

  #answer(command: Command): Reply {
    switch (command.name) {
      case 'ID':
        return { name: 'PDID', body: this.#identity };
      case 'CAP':
        return { name: 'PDCAP', body: capabilitiesOf(this.#counts) };
      case 'KEYSET':
        if (command.body.key.length !== SCBK_LENGTH) return refuse(NAK_CODE.recordRefused);
        this.#protocol.setKey(command.body.key);
        return ACK;
      case 'COMSET':
        this.#nextAddress = command.body.address;
        return { name: 'COM', body: command.body };
      default:
        return answerFromDevice(this.#device, command);
    }
  }
}

function answerFromDevice(device: PdDevice, command: Command): Reply {
  switch (command.name) {
    case 'POLL':
      return device.nextEvent() ?? ACK;
    case 'LSTAT':
      return device.localStatus();
    case 'ISTAT':
      return device.inputStatus();
    case 'OSTAT':
      return device.outputStatus();
    case 'RSTAT':
      return { name: 'RSTATR', body: { states: [0] } };
    case 'OUT':
      return device.driveOutputs(command.body) ? ACK : refuse(NAK_CODE.recordRefused);
    case 'LED':
      device.driveLeds(command.body);
      return ACK;
    case 'BUZ':
      device.driveBuzzer(command.body);
      return ACK;
    case 'TEXT':
      return ACK;
    default:
      return refuse(NAK_CODE.unknownCommand);
  }
}

const ACK: Reply = { name: 'ACK', body: EMPTY };

function refuse(code: number): Reply {
  return { name: 'NAK', body: { code, detail: new Uint8Array(0) } };
}

function capabilitiesOf(counts: { readonly inputCount: number; readonly outputCount: number }): readonly Capability[] {
  return [
    { function: CAPABILITY.inputs, compliance: 1, count: counts.inputCount },
    { function: CAPABILITY.outputs, compliance: 1, count: counts.outputCount },
    { function: CAPABILITY.cardFormat, compliance: 1, count: 0 },
    { function: CAPABILITY.led, compliance: 1, count: 1 },
    { function: CAPABILITY.buzzer, compliance: 1, count: 1 },
    { function: CAPABILITY.checkCharacter, compliance: 1, count: 0 },
    { function: CAPABILITY.security, compliance: 1, count: 0 },
    { function: CAPABILITY.osdpVersion, compliance: 2, count: 0 },
  ];
}

function toKeyCodes(keys: string): Uint8Array {
  return Uint8Array.from(keys, (key) => {
    const code = key.charCodeAt(0);
    if (code === ASCII_STAR) return KEY_STAR;
    return code === ASCII_HASH ? KEY_HASH : code;
  });
}
