import { CONFIGURATION_ADDRESS } from '../wire/address.ts';
import { MARK, type Frame } from '../wire/frame.ts';
import { Framer } from '../wire/framer.ts';
import { type LineFaults, NOISE_LENGTH_MAX, NO_FAULTS, createSeededRandom, randomNoise, withFlippedBit } from './line-faults.ts';

/** Start bit, eight data bits, stop bit. */
const BITS_PER_BYTE = 10;
/** OSDP 2.2 clause 5.7: who wants to speak leaves the line alone for this long. */
export const IDLE_CHARACTERS = 2;
/** A serial adapter hands on what it has after this time, also in the middle of a frame. */
export const PIECE_MAX_MS = 16;
/** Things that are going to happen; beyond it the line forgets the latest. Only a peer that ignores the protocol gets there. */
export const LINE_EVENTS_MAX = 1_024;

/** A reader on the line, as far as the line knows: one frame in, the reply's bytes out, or null. */
export interface LineDevice {
  /** Where it listens, besides the configuration address; absent: everywhere. What is for others is then not even shown to it. */
  readonly address?: number;
  handle(frame: Frame): Uint8Array | null;
}

export interface LineReader {
  readonly device: LineDevice;
  /** From the last bit of the command to the first of the reply. */
  readonly turnaroundMs?: number;
  /** The speed it listens and speaks at; the line's own when left out. */
  readonly baud?: number;
  /** It speaks without being asked, and garbage when it is. */
  readonly babble?: { readonly everyMs: number; readonly lengthBytes: number };
}

export interface TimedLineModelOptions {
  readonly baud: number;
  /** Of readers that say nothing of their own. */
  readonly turnaroundMs: number;
  readonly readers: readonly LineReader[];
  readonly seed?: number;
}

interface Transmission {
  readonly startMs: number;
  readonly endMs: number;
  isGarbled: boolean;
}

interface LineEvent {
  readonly atMs: number;
  readonly run: (atMs: number) => void;
}

/**
 * A two-wire line in logical time: every byte takes ten bits, both directions share the wire, who speaks while another does garbles both. No
 * clock: it is told the time and tells when it next has something to do, so that a fake clock drives it in tests and a precise one in a process.
 */
export class TimedLineModel {
  readonly #readers: LineReader[];
  readonly #turnaroundMs: number;
  readonly #random: () => number;
  readonly #onBytes: (bytes: Uint8Array) => void;
  readonly #framer = new Framer();
  #faults: LineFaults = NO_FAULTS;
  #events: LineEvent[] = [];
  #onWire: Transmission[] = [];
  #freeMs = 0;
  #baud: number;
  /** Commands heard, replies put on the wire, transmissions that met another. */
  readonly counters = { commands: 0, replies: 0, collisions: 0, faults: 0 };

  constructor(options: TimedLineModelOptions, onBytes: (bytes: Uint8Array) => void) {
    this.#readers = [...options.readers];
    this.#turnaroundMs = options.turnaroundMs;
    this.#baud = options.baud;
    this.#random = createSeededRandom(options.seed ?? 1);
    this.#onBytes = onBytes;
  }

  /** The speed of the controller's side. */
  setBaud(baud: number): void {
    this.#baud = baud;
    this.#framer.reset();
  }

  setFaults(faults: LineFaults): void {
    this.#faults = faults;
  }

  /** Replaces what is known of one reader, for instance to make it slow. */
  setReader(index: number, reader: LineReader): void {
    const before = this.#readers[index];
    this.#readers[index] = reader;
    if (reader.babble !== undefined && before?.babble === undefined) this.#at(this.#freeMs, (atMs) => this.#babble(index, atMs));
  }

  /** Something of the outside, a card for instance, at a time of its own between whatever the line does. */
  at(atMs: number, run: (atMs: number) => void): void {
    this.#at(atMs, run);
  }

  start(nowMs: number): void {
    this.#freeMs = nowMs;
    this.#readers.forEach(({ babble }, index) => {
      if (babble !== undefined) this.#at(nowMs + babble.everyMs, (atMs) => this.#babble(index, atMs));
    });
  }

  /** The controller speaks. Its adapter leaves the line idle for two characters first. */
  receive(bytes: Uint8Array, nowMs: number): void {
    const byteMs = this.#byteMs(this.#baud);
    const startMs = Math.max(nowMs, this.#freeMs + IDLE_CHARACTERS * byteMs);
    const transmission = this.#occupy(startMs, startMs + bytes.length * byteMs);
    const copy = new Uint8Array(bytes);
    const baud = this.#baud;
    this.#at(transmission.endMs, (atMs) => this.#hear(copy, baud, transmission, atMs));
  }

  /** When it next has something to do; Infinity when never. */
  get nextMs(): number {
    return this.#events[0]?.atMs ?? Number.POSITIVE_INFINITY;
  }

  /** Does all that is due, in its order. */
  advance(nowMs: number): void {
    for (let next = this.#events[0]; next !== undefined && next.atMs <= nowMs; next = this.#events[0]) {
      this.#events.shift();
      next.run(next.atMs);
    }
  }

  #hear(bytes: Uint8Array, baud: number, transmission: Transmission, atMs: number): void {
    // Half a command is no command: what was garbled is heard as noise.
    if (transmission.isGarbled) {
      this.#framer.reset();
      return;
    }
    for (const frame of this.#framer.push(bytes)) {
      this.counters.commands += 1;
      this.#readers.forEach((reader, index) => {
        if ((reader.baud ?? baud) !== baud || !isFor(frame.address, reader.device)) return;
        const reply = reader.device.handle(frame);
        if (reply !== null) this.#reply(index, reply, atMs);
      });
    }
  }

  #reply(index: number, reply: Uint8Array, atMs: number): void {
    const { turnaroundMs = this.#turnaroundMs, baud = this.#baud, babble } = this.#readers[index] ?? {};
    const faults = this.#faults;
    this.counters.replies += 1;
    if (this.#strikes(faults.dropped01)) return;
    const startMs = atMs + turnaroundMs + (this.#strikes(faults.late01) ? faults.lateMs : 0);
    const noise = this.#strikes(faults.noisy01) ? randomNoise(this.#random, 1 + Math.floor(this.#random() * NOISE_LENGTH_MAX)) : null;
    const sound = babble === undefined ? reply : randomNoise(this.#random, reply.length);
    const spoken = marked(this.#strikes(faults.corrupted01) ? withFlippedBit(sound, this.#random) : sound);
    const endMs = this.#transmit(noise === null ? spoken : joined(noise, spoken), startMs, baud);
    if (this.#strikes(faults.duplicated01)) {
      const copy = new Uint8Array(spoken);
      this.#at(endMs + spoken.length * this.#byteMs(baud), () => this.#onBytes(copy));
    }
  }

  #babble(index: number, atMs: number): void {
    const { babble, baud = this.#baud } = this.#readers[index] ?? {};
    if (babble === undefined) return;
    this.#transmit(randomNoise(this.#random, babble.lengthBytes), atMs, baud);
    this.#at(atMs + babble.everyMs, (nextMs) => this.#babble(index, nextMs));
  }

  /** Occupies the wire from its start on and delivers in pieces, each when its last byte has come. Returns the end. */
  #transmit(bytes: Uint8Array, startMs: number, baud: number): number {
    const byteMs = this.#byteMs(baud);
    const endMs = startMs + bytes.length * byteMs;
    this.#at(startMs, () => {
      const transmission = this.#occupy(startMs, endMs);
      const pieceLength = Math.max(1, Math.floor(PIECE_MAX_MS / byteMs));
      for (let from = 0; from < bytes.length; from += pieceLength) {
        const piece = bytes.slice(from, from + pieceLength);
        this.#at(startMs + (from + piece.length) * byteMs, () => {
          const isReadable = !transmission.isGarbled && baud === this.#baud;
          this.#onBytes(isReadable ? piece : randomNoise(this.#random, piece.length));
        });
      }
    });
    return endMs;
  }

  #occupy(startMs: number, endMs: number): Transmission {
    const transmission: Transmission = { startMs, endMs, isGarbled: false };
    this.#onWire = this.#onWire.filter((other) => other.endMs > startMs - 1_000);
    for (const other of this.#onWire) {
      if (other.startMs >= endMs || other.endMs <= startMs) continue;
      other.isGarbled = true;
      transmission.isGarbled = true;
      this.counters.collisions += 1;
    }
    this.#onWire.push(transmission);
    this.#freeMs = Math.max(this.#freeMs, endMs);
    return transmission;
  }

  #at(atMs: number, run: (atMs: number) => void): void {
    let index = this.#events.length;
    while (index > 0 && (this.#events[index - 1]?.atMs ?? 0) > atMs) index -= 1;
    this.#events.splice(index, 0, { atMs, run });
    if (this.#events.length > LINE_EVENTS_MAX) this.#events.pop();
  }

  #strikes(share01: number): boolean {
    if (share01 === 0 || this.#random() >= share01) return false;
    this.counters.faults += 1;
    return true;
  }

  #byteMs(baud: number): number {
    return (BITS_PER_BYTE * 1_000) / baud;
  }
}

function isFor(address: number, device: LineDevice): boolean {
  return device.address === undefined || device.address === address || address === CONFIGURATION_ADDRESS;
}

function marked(frame: Uint8Array): Uint8Array {
  return joined(Uint8Array.of(MARK), frame);
}

function joined(first: Uint8Array, second: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(first.length + second.length);
  bytes.set(first);
  bytes.set(second, first.length);
  return bytes;
}
