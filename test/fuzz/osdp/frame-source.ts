import fc from 'fast-check';
import { commandTable } from '#adapters/osdp/messages/commands.ts';
import type { EncodedMessage } from '#adapters/osdp/messages/message-table.ts';
import { replyTable } from '#adapters/osdp/messages/replies.ts';
import { parseControlByte } from '#adapters/osdp/wire/control-byte.ts';
import { checksum } from '#adapters/osdp/wire/checksum.ts';
import { crc16 } from '#adapters/osdp/wire/crc16.ts';
import type { Direction } from '#adapters/osdp/wire/direction.ts';
import { FRAME_LENGTH_MAX, FRAME_LENGTH_MIN, encodeFrame } from '#adapters/osdp/wire/frame.ts';
import { commands, replies } from '#test/unit/osdp/messages/message-arbitraries.ts';
import { BLOCK_TYPES } from '#test/unit/osdp/wire/frame-samples.ts';
import type { SeededRandom } from './seeded-random.ts';

/** The address of the readers under test. */
export const FUZZED_ADDRESS = 1;
const SAMPLES_OF_EACH_MESSAGE = 8;
const NO_BYTES = new Uint8Array(0);
const TAG = new Uint8Array(16);

interface Sample {
  readonly direction: Direction;
  readonly message: EncodedMessage;
}

/** Gives frames that are right, nearly right and plain noise. */
export class FrameSource {
  readonly #random: SeededRandom;
  readonly #samples: readonly Sample[];

  constructor(random: SeededRandom, seed: number) {
    this.#random = random;
    const options = { seed, numRuns: SAMPLES_OF_EACH_MESSAGE };
    this.#samples = [
      ...commands.flatMap(({ arbitrary }) =>
        fc.sample(arbitrary, options).map((message) => sample('command', commandTable.encode(message))),
      ),
      ...replies.flatMap(({ arbitrary }) => fc.sample(arbitrary, options).map((message) => sample('reply', replyTable.encode(message)))),
    ];
  }

  next(): Uint8Array {
    const choice = this.#random.below(16);
    if (choice === 0) return this.#random.bytes(1 + this.#random.below(64));
    if (choice === 1) return this.#fromRandomBody();
    const bytes = this.#fromSample();
    return choice < 4 ? bytes : this.mutate(bytes);
  }

  /** Changes a frame in one to four places. Mostly the check is made right again, so that the change gets past it. */
  mutate(bytes: Uint8Array): Uint8Array {
    let changed: Uint8Array = new Uint8Array(bytes);
    for (let left = 1 + this.#random.below(4); left > 0; left -= 1) changed = this.#mutateOnce(changed);
    if (this.#random.below(4) === 0) return changed;
    if (this.#random.below(4) !== 0) writeLength(changed);
    return withCheck(changed);
  }

  #fromSample(): Uint8Array {
    const { direction, message } = this.#random.pick(this.#samples);
    return this.#frame(direction, message);
  }

  #fromRandomBody(): Uint8Array {
    const length = this.#random.below(32) === 0 ? this.#random.below(FRAME_LENGTH_MAX - 64) : this.#random.below(48);
    const direction = this.#random.below(2) === 0 ? 'command' : 'reply';
    return this.#frame(direction, { code: this.#random.below(256), data: this.#random.bytes(length) });
  }

  #frame(direction: Direction, message: EncodedMessage): Uint8Array {
    const hasBlock = this.#random.below(2) === 0;
    const block = hasBlock ? { type: this.#random.pick(BLOCK_TYPES), data: this.#random.bytes(this.#random.below(3)) } : null;
    const sequence = this.#random.pick([0, 1, 2, 3] as const);
    return encodeFrame({ address: FUZZED_ADDRESS, direction, sequence, check: 'crc', block, ...message }, () => TAG);
  }

  #mutateOnce(bytes: Uint8Array): Uint8Array {
    const at = this.#random.below(Math.max(1, bytes.length));
    switch (this.#random.below(6)) {
      case 0:
        bytes[at] = (bytes[at] ?? 0) ^ (1 << this.#random.below(8));
        return bytes;
      case 1:
        bytes[at] = this.#random.pick([0x00, 0x01, 0x7f, 0x80, 0xff, 0x53]);
        return bytes;
      case 2:
        return bytes.subarray(0, at);
      case 3:
        return joined(bytes.subarray(0, at), this.#random.bytes(1 + this.#random.below(8)), bytes.subarray(at));
      case 4:
        return joined(bytes.subarray(0, at), NO_BYTES, bytes.subarray(Math.min(bytes.length, at + 1 + this.#random.below(8))));
      default:
        return joined(bytes, bytes.subarray(at, at + this.#random.below(16)), NO_BYTES);
    }
  }
}

function sample(direction: Direction, message: EncodedMessage): Sample {
  return { direction, message };
}

function joined(first: Uint8Array, second: Uint8Array, third: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(first.length + second.length + third.length);
  bytes.set(first);
  bytes.set(second, first.length);
  bytes.set(third, first.length + second.length);
  return bytes;
}

function writeLength(bytes: Uint8Array): void {
  if (bytes.length < FRAME_LENGTH_MIN) return;
  bytes[2] = bytes.length & 0xff;
  bytes[3] = bytes.length >> 8;
}

function withCheck(bytes: Uint8Array): Uint8Array {
  if (bytes.length < FRAME_LENGTH_MIN) return bytes;
  const isCrc = parseControlByte(bytes[4] ?? 0).check === 'crc';
  const end = bytes.length - (isCrc ? 2 : 1);
  const check = isCrc ? crc16(bytes, end) : checksum(bytes, end);
  bytes[end] = check & 0xff;
  if (isCrc) bytes[end + 1] = check >> 8;
  return bytes;
}
