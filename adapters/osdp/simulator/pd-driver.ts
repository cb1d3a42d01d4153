import { randomBytes } from 'node:crypto';
import { suiteOf } from '../channels/suite-of.ts';
import type { Command } from '../messages/commands.ts';
import type { DeviceIdentity } from '../messages/identity-codecs.ts';
import type { LineSettings } from '../messages/line-codecs.ts';
import { ASSEMBLY_MAX } from '../messages/multi-part.ts';
import { type PdState, initialPd } from '../pd/state.ts';
import { beBusy, inInstallMode, stepPd, withKey } from '../pd/step.ts';
import type { BrokenFrame, PdEffect, PdEvent, PdReply } from '../pd/transition.ts';
import { destroySessionKeys } from '../secure-channel/session-keys.ts';
import { FRAME_LENGTH_MAX, type Frame } from '../wire/frame.ts';
import { type DeviceFacts, answerCommand, echoVendor, oddRefusal } from './device-answers.ts';
import { Listeners } from './listeners.ts';
import { type PdClock, SYSTEM_PD_CLOCK } from './pd-clock.ts';
import { DEFAULT_IDENTITY, capabilitiesOf } from './pd-description.ts';
import { PdDevice } from './pd-device.ts';
import { PdPairings } from './pd-pairings.ts';
import type { SimulatedPdOptions } from './simulated-pd-options.ts';

const BAUD_DEFAULT = 9_600;
const CLIENT_ID_LENGTH = 8;
const NO_BYTES = new Uint8Array(0);

/** Joins the pure protocol and the device: owns clock and randomness, carries out what the protocol asks for. */
export class PdDriver {
  readonly device: PdDevice;
  readonly effects = new Listeners<PdEffect>();
  identity: DeviceIdentity;
  isSilent = false;
  readonly #options: SimulatedPdOptions;
  readonly #clock: PdClock;
  readonly #random: (length: number) => Uint8Array;
  #state: PdState;
  #baud: number;
  readonly #pairings: PdPairings | null;
  /** Of a pairing that has just succeeded: it counts when the last word of it has gone out. */
  #pairedKey: Uint8Array | null = null;

  constructor(options: SimulatedPdOptions) {
    this.#options = options;
    this.#clock = options.clock ?? SYSTEM_PD_CLOCK;
    this.#random = options.random ?? ((length) => new Uint8Array(randomBytes(length)));
    this.identity = options.identity ?? DEFAULT_IDENTITY;
    this.#baud = options.baud ?? BAUD_DEFAULT;
    const { inputCount = 2, outputCount = 2, ledCount = 1 } = options;
    this.device = new PdDevice({ inputCount, outputCount, ledCount, clock: this.#clock });
    this.#pairings = options.pairing === undefined ? null : new PdPairings(options.pairing, this.#clock, this.#random);
    this.#state = initialPd({
      address: options.address,
      mode: options.security ?? 'keyed',
      scbk: options.scbk,
      config: {
        clientId: options.clientId ?? this.#random(CLIENT_ID_LENGTH),
        receiveMax: options.receiveMax ?? FRAME_LENGTH_MAX,
        combinedMax: options.combinedMax ?? ASSEMBLY_MAX,
        clearComset: options.clearComset ?? 'accepted',
        canPair: options.pairing !== undefined,
        quirks: options.quirks ?? {},
        secureChannel: options.secureChannel ?? 1,
      },
    });
  }

  get state(): PdState {
    return this.#state;
  }

  get baud(): number {
    return this.#baud;
  }

  powerCycle(): void {
    this.#run({ kind: 'power_cycle' });
    this.device.restart();
  }

  beBusy(times: number): void {
    this.#state = beBusy(this.#state, times);
  }

  setKey(scbk: Uint8Array): void {
    this.#state = withKey(this.#state, scbk);
  }

  enterInstallMode(): void {
    this.#state = inInstallMode(this.#state);
  }

  handle(frame: Frame): Uint8Array | null {
    if (this.isSilent) return null;
    // Fresh bytes cost as much as the rest of an exchange.
    const { blocks, nonceLength } = suiteOf(this.#options.secureChannel);
    const rndB = frame.block?.type === blocks.challenge ? this.#random(nonceLength) : NO_BYTES;
    return this.#run({ kind: 'frame', frame, nowMs: this.#clock.nowMs(), rndB });
  }

  handleBroken(broken: BrokenFrame): Uint8Array | null {
    if (this.isSilent || this.#options.brokenFrames === 'ignored') return null;
    return this.#run({ kind: 'broken_frame', broken, nowMs: this.#clock.nowMs() });
  }

  #run(event: PdEvent): Uint8Array | null {
    const { state, effects } = stepPd(this.#state, event);
    this.#state = state;
    let bytes: Uint8Array | null = null;
    for (const effect of effects) bytes = this.#perform(effect) ?? bytes;
    return bytes;
  }

  #perform(effect: PdEffect): Uint8Array | null {
    this.effects.tell(effect);
    switch (effect.kind) {
      case 'send':
        return this.#noisy(effect.bytes);
      case 'execute':
        return this.#execute(effect.id, effect.command);
      case 'line_changed':
        this.#baud = effect.settings.baud;
        return null;
      case 'undelivered':
        this.device.events.putBack(effect.reply);
        return null;
      case 'forget_keys':
        destroySessionKeys(effect.keys);
        return null;
      default:
        return null;
    }
  }

  #execute(id: number, command: Command): Uint8Array | null {
    const reply = this.#answer(command);
    const workMs = this.#options.workMs?.(command) ?? 0;
    if (workMs === 0) return this.#reply(id, reply);
    this.#clock.after(workMs, () => this.#reply(id, reply));
    return this.#run({ kind: 'working', nowMs: this.#clock.nowMs() });
  }

  #reply(id: number, reply: PdReply): Uint8Array | null {
    const bytes = this.#run({ kind: 'reply', id, reply, nowMs: this.#clock.nowMs() });
    if (this.#pairedKey !== null) {
      this.setKey(this.#pairedKey);
      this.#pairedKey.fill(0);
      this.#pairedKey = null;
    }
    return bytes;
  }

  #answer(command: Command): PdReply {
    if (command.name === 'PAIR' && this.#pairings !== null) {
      const { reply, scbk } = this.#pairings.take(command.body.data);
      this.#pairedKey = scbk;
      return reply;
    }
    const { quirks } = this.#state.config;
    if (command.name === 'MFG' && quirks.refusesVendorOddly === true) return oddRefusal();
    const reply = answerCommand(this.#facts(), command);
    return reply.name === 'ACK' && command.name === 'POLL' && quirks.reportsInputsUnasked === true
      ? this.device.contacts.inputStatus()
      : reply;
  }

  #facts(): DeviceFacts {
    const { receiveMax, combinedMax } = this.#state.config;
    const { inputCount = 2, outputCount = 2, ledCount = 1 } = this.#options;
    const sizes = { inputCount, outputCount, ledCount, receiveMax, combinedMax, isSecure: this.#state.mode !== 'none' };
    const line: LineSettings = { address: this.#state.address, baud: this.#baud };
    return {
      device: this.device,
      identity: this.identity,
      capabilities: this.#options.capabilities ?? capabilitiesOf(sizes),
      line,
      unsupported: new Set(this.#options.unsupported),
      answerVendor: this.#options.answerVendor ?? echoVendor(this.identity),
    };
  }

  #noisy(bytes: Uint8Array): Uint8Array {
    const { leadingNoise, trailingNoise } = this.#state.config.quirks;
    if (leadingNoise === undefined && trailingNoise === undefined) return bytes;
    return Buffer.concat([leadingNoise ?? new Uint8Array(0), bytes, trailingNoise ?? new Uint8Array(0)]);
  }
}
