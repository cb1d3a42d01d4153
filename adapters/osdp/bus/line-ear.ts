import type { Frame } from '../wire/frame.ts';
import { Framer, type FramerCounters } from '../wire/framer.ts';
import type { LineReaders } from './line-readers.ts';
import { OwnCommands } from './own-commands.ts';
import type { Slot } from './reader-slot.ts';

export interface HeardCounters extends FramerCounters {
  /** Replies from addresses that are not on this bus. */
  readonly foreign: number;
  /** Commands of another ACU. */
  readonly overheard: number;
}

export interface LineEarDeps {
  readonly readers: LineReaders;
  readonly onReply: (slot: Slot, frame: Frame) => void;
  /** A command that this ACU did not send; `slot` is the reader it is for, or the first of the line. */
  readonly onOverheard: (slot: Slot) => void;
}

/** What comes from the line: bytes to frames, frames to the reader that they are from. */
export class LineEar {
  readonly #deps: LineEarDeps;
  readonly #framer = new Framer();
  readonly #ownCommands = new OwnCommands();
  readonly #counters = { foreign: 0, overheard: 0 };
  #noiseTold = 0;

  constructor(deps: LineEarDeps) {
    this.#deps = deps;
  }

  get counters(): HeardCounters {
    return { ...this.#framer.counters, ...this.#counters };
  }

  /** Bytes of a frame that has begun. */
  get pendingBytes(): number {
    return this.#framer.pendingBytes;
  }

  /** The command may be heard again: on two wires an ACU hears itself. */
  sent(bytes: Uint8Array): void {
    this.#ownCommands.sent(bytes);
  }

  /** Bytes that have turned out to be no frames since it was asked last. */
  takeNoise(): number {
    const { noiseBytes } = this.#framer.counters;
    const fresh = noiseBytes - this.#noiseTold;
    this.#noiseTold = noiseBytes;
    return fresh;
  }

  /** Finds the frames; `dispatch` gives them to their readers. */
  hear(chunk: Uint8Array): readonly Frame[] {
    return this.#framer.push(chunk);
  }

  /** What has begun will not be completed; the frames that it may have hidden. */
  giveUp(): readonly Frame[] {
    return this.#framer.reset();
  }

  dispatch(frames: readonly Frame[]): void {
    for (const frame of frames) {
      if (frame.direction === 'command') {
        this.#overhear(frame);
        continue;
      }
      const slot = this.#deps.readers.at(frame.address);
      if (slot === undefined) this.#counters.foreign += 1;
      else this.#deps.onReply(slot, frame);
    }
  }

  #overhear(frame: Frame): void {
    if (this.#ownCommands.has(frame.bytes)) return;
    this.#counters.overheard += 1;
    const slot = this.#deps.readers.at(frame.address) ?? this.#deps.readers.slots[0];
    if (slot !== undefined) this.#deps.onOverheard(slot);
  }
}
