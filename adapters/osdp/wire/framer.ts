import { parseControlByte } from './control-byte.ts';
import {
  FRAME_LENGTH_MAX,
  FRAME_LENGTH_MIN,
  type Frame,
  HEADER_LENGTH,
  MARK,
  START_OF_MESSAGE,
  hasValidCheck,
  parseFrame,
} from './frame.ts';

/** Two of the largest frames: one being read, one arriving behind it. */
export const FRAMER_BUFFER_MAX = 2 * FRAME_LENGTH_MAX;

/** What the framer threw away, by kind. Only ever grows. */
export interface FramerCounters {
  readonly frames: number;
  readonly noiseBytes: number;
  readonly badCheck: number;
  readonly badLength: number;
  readonly malformed: number;
  readonly checksumRefused: number;
}

export interface FramerOptions {
  /** SIA OSDP Verified 050-09-15: only the CRC is accepted, unless an old reader leaves no choice. */
  readonly checksum: 'refuse' | 'accept';
  /** A whole frame, as far as its length says, that was thrown away; what its header says is a guess. A copy. A reader answers it with a NAK. */
  readonly onRejected?: (bytes: Uint8Array, fault: 'check' | 'length') => void;
}

/**
 * Finds frames in a stream cut anywhere. Never throws, holds at most FRAMER_BUFFER_MAX bytes. After a false start of message it resumes one byte
 * later, never after the claimed length: a real frame may begin inside. Frames given out are copies.
 */
export class Framer {
  readonly #acceptsChecksum: boolean;
  readonly #onRejected: FramerOptions['onRejected'];
  readonly #buffer = new Uint8Array(FRAMER_BUFFER_MAX);
  #start = 0;
  #end = 0;
  #counters = { frames: 0, noiseBytes: 0, badCheck: 0, badLength: 0, malformed: 0, checksumRefused: 0 };

  constructor(options: FramerOptions = { checksum: 'refuse' }) {
    this.#acceptsChecksum = options.checksum === 'accept';
    this.#onRejected = options.onRejected;
  }

  get counters(): FramerCounters {
    return { ...this.#counters };
  }

  /** Bytes of an unfinished frame. Non-zero means that a peer is in the middle of a message. */
  get pendingBytes(): number {
    return this.#end - this.#start;
  }

  /** Takes any number of bytes and returns the frames they complete, in order. */
  push(chunk: Uint8Array): Frame[] {
    const frames: Frame[] = [];
    let taken = 0;
    while (taken < chunk.length) {
      this.#compact();
      const part = chunk.subarray(taken, taken + FRAMER_BUFFER_MAX - this.#end);
      this.#buffer.set(part, this.#end);
      this.#end += part.length;
      taken += part.length;
      this.#scan(frames);
    }
    return frames;
  }

  /**
   * The line fell silent inside a frame: what is held will never be completed. A false start may have swallowed a whole
   * frame, so everything behind it is looked at again; afterwards nothing is held.
   */
  reset(): Frame[] {
    const frames: Frame[] = [];
    while (this.pendingBytes > 0) {
      this.#drop(1);
      this.#scan(frames);
    }
    return frames;
  }

  #scan(frames: Frame[]): void {
    for (;;) {
      this.#skipToStart();
      const held = this.#end - this.#start;
      if (held < HEADER_LENGTH) return;
      const length = (this.#buffer[this.#start + 2] ?? 0) | ((this.#buffer[this.#start + 3] ?? 0) << 8);
      if (length < FRAME_LENGTH_MIN || length > FRAME_LENGTH_MAX) {
        this.#counters.badLength += 1;
        this.#drop(1);
        continue;
      }
      if (held < length) return;
      this.#take(length, frames);
    }
  }

  #take(length: number, frames: Frame[]): void {
    const view = this.#buffer.subarray(this.#start, this.#start + length);
    if (!hasValidCheck(view)) {
      this.#counters.badCheck += 1;
      this.#onRejected?.(view.slice(), 'check');
      this.#drop(1);
      return;
    }
    if (!this.#acceptsChecksum && parseControlByte(view[4] ?? 0).check === 'checksum') {
      this.#counters.checksumRefused += 1;
      this.#drop(1);
      return;
    }
    const frame = parseFrame(view.slice());
    if (frame === null) {
      this.#counters.malformed += 1;
      this.#onRejected?.(view.slice(), 'length');
      this.#drop(1);
      return;
    }
    this.#counters.frames += 1;
    this.#start += length;
    frames.push(frame);
  }

  #skipToStart(): void {
    const found = this.#buffer.subarray(this.#start, this.#end).indexOf(START_OF_MESSAGE);
    this.#drop(found === -1 ? this.#end - this.#start : found);
  }

  /** Marks between frames are the standard's own and no noise. */
  #drop(count: number): void {
    for (let index = this.#start; index < this.#start + count; index += 1) {
      if (this.#buffer[index] !== MARK) this.#counters.noiseBytes += 1;
    }
    this.#start += count;
  }

  #compact(): void {
    this.#buffer.copyWithin(0, this.#start, this.#end);
    this.#end -= this.#start;
    this.#start = 0;
  }
}
