import { RAW_FORMAT } from '../messages/credential-codecs.ts';
import { copyOf } from '../messages/fields.ts';
import type { Reply } from '../messages/replies.ts';
import { PdBiometrics } from './pd-biometrics.ts';
import type { PdClock } from './pd-clock.ts';
import { PdContacts } from './pd-contacts.ts';
import { PdDisplay } from './pd-display.ts';
import { PdEvents } from './pd-events.ts';
import { PdFiles } from './pd-files.ts';
import { PdOutputs } from './pd-outputs.ts';
import { PdPiv } from './pd-piv.ts';
import { PdSmartCards } from './pd-smart-cards.ts';

export interface PdDeviceOptions {
  readonly inputCount: number;
  readonly outputCount: number;
  readonly ledCount: number;
  readonly clock: PdClock;
}

/** The things a reader has besides its protocol. */
export class PdDevice {
  readonly events = new PdEvents();
  readonly contacts: PdContacts;
  readonly outputs: PdOutputs;
  readonly display: PdDisplay;
  readonly files = new PdFiles();
  readonly biometrics = new PdBiometrics();
  readonly smartCards: PdSmartCards;
  readonly piv: PdPiv;
  readonly #clock: PdClock;
  #keepActiveUntilMs = Number.NEGATIVE_INFINITY;

  constructor(options: PdDeviceOptions) {
    const tell = (event: Reply): void => {
      this.events.tell(event);
    };
    this.#clock = options.clock;
    this.contacts = new PdContacts(options.inputCount, tell);
    this.outputs = new PdOutputs(options.outputCount, options.clock);
    this.outputs.onChange(() => {
      tell(this.outputStatus());
    });
    this.display = new PdDisplay(options.ledCount, options.clock);
    this.smartCards = new PdSmartCards(tell);
    this.piv = new PdPiv(tell);
  }

  /** The field for the card is kept up on request of the ACU. */
  get isKeptActive(): boolean {
    return this.#clock.nowMs() < this.#keepActiveUntilMs;
  }

  presentCard(bits: Uint8Array, bitCount: number, format: number = RAW_FORMAT.wiegand): void {
    this.events.tell({ name: 'RAW', body: { reader: 0, format, bitCount, bits: copyOf(bits, 0, Math.ceil(bitCount / 8)) } });
  }

  /** osdp_FMT: what old magnetic stripe readers send. */
  presentDigits(digits: string, direction: 'forward' | 'backward'): void {
    const body = { reader: 0, direction: direction === 'forward' ? 0 : 1, digits: new Uint8Array(Buffer.from(digits, 'latin1')) };
    this.events.tell({ name: 'FMT', body });
  }

  pressKeys(keys: Uint8Array): void {
    this.events.tell({ name: 'KEYPAD', body: { reader: 0, keys } });
  }

  outputStatus(): Reply {
    return { name: 'OSTATR', body: { states: this.outputs.states.map(Number) } };
  }

  keepActive(durationMs: number): void {
    this.#keepActiveUntilMs = this.#clock.nowMs() + durationMs;
  }

  /** osdp_ABORT: what takes its time ends. */
  abort(): void {
    this.files.abort();
    this.smartCards.reset();
    this.#keepActiveUntilMs = Number.NEGATIVE_INFINITY;
  }

  /** Power lost and back: relays fall off, nothing is remembered but the contacts. */
  restart(): void {
    this.abort();
    this.outputs.restart();
    this.display.restart();
    this.events.clear();
  }

  /** Stops the timers of relays, so that a process can end. */
  dispose(): void {
    this.outputs.dispose();
  }
}
