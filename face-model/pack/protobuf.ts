/** Wire types of Protocol Buffers that ONNX files use. */
export const WIRE = { varint: 0, fixed64: 1, bytes: 2, fixed32: 5 } as const;

/** One field of a message: its bytes, without tag and length, as a view into the file. */
export interface Field {
  readonly number: number;
  readonly wire: number;
  readonly start: number;
  readonly end: number;
}

/** Longest varint, bytes: 64 bits, seven at a time. */
const VARINT_BYTES_MAX = 10;

function readVarint(bytes: Uint8Array, at: number, end: number): { value: number; next: number } {
  let value = 0;
  for (let i = 0; i < VARINT_BYTES_MAX && at + i < end; i += 1) {
    const byte = bytes[at + i] ?? 0;
    value += (byte & 0x7f) * 2 ** (7 * i);
    if (byte < 0x80) return { value, next: at + i + 1 };
  }
  throw new RangeError(`no whole number at byte ${String(at)}`);
}

/** The fields of the message between two offsets, in order. @throws RangeError when the bytes end inside a field */
export function* readFields(bytes: Uint8Array, start = 0, end = bytes.length): Generator<Field> {
  let at = start;
  while (at < end) {
    const tag = readVarint(bytes, at, end);
    const number = Math.floor(tag.value / 8);
    const wire = tag.value % 8;
    const { start: from, end: to } = bodyOf(bytes, { wire, at: tag.next, end });
    if (to > end) throw new RangeError(`field ${String(number)} at byte ${String(at)} is longer than its message`);
    yield { number, wire, start: from, end: to };
    at = to;
  }
}

function bodyOf(bytes: Uint8Array, { at, end, wire }: { wire: number; at: number; end: number }): { start: number; end: number } {
  if (wire === WIRE.varint) return { start: at, end: readVarint(bytes, at, end).next };
  if (wire === WIRE.fixed64) return { start: at, end: at + 8 };
  if (wire === WIRE.fixed32) return { start: at, end: at + 4 };
  if (wire !== WIRE.bytes) throw new RangeError(`wire type ${String(wire)} at byte ${String(at)} is none`);
  const length = readVarint(bytes, at, end);
  return { start: length.next, end: length.next + length.value };
}

/** Value of a varint field. */
export function numberOf(bytes: Uint8Array, field: Field): number {
  return readVarint(bytes, field.start, field.end).value;
}

/** Builds a message field by field; `Uint8Array`s are taken as they are. */
export class MessageWriter {
  readonly #parts: Uint8Array[] = [];

  varint(number: number, value: number): this {
    this.#parts.push(Uint8Array.from([...varint(number * 8 + WIRE.varint), ...varint(value)]));
    return this;
  }

  float(number: number, value: number): this {
    const bytes = new Uint8Array(4);
    new DataView(bytes.buffer).setFloat32(0, value, true);
    this.#parts.push(Uint8Array.from(varint(number * 8 + WIRE.fixed32)), bytes);
    return this;
  }

  bytes(number: number, value: Uint8Array): this {
    this.#parts.push(Uint8Array.from([...varint(number * 8 + WIRE.bytes), ...varint(value.length)]), value);
    return this;
  }

  text(number: number, value: string): this {
    return this.bytes(number, new TextEncoder().encode(value));
  }

  /** Packed numbers. */
  varints(number: number, values: readonly number[]): this {
    return this.bytes(number, Uint8Array.from(values.flatMap(varint)));
  }

  message(number: number, value: MessageWriter): this {
    return this.bytes(number, value.toBytes());
  }

  toBytes(): Uint8Array {
    return Buffer.concat(this.#parts);
  }
}

/** Two's complement of 64 bits for what is negative, as the format wants. */
function varint(value: number): number[] {
  let rest = BigInt.asUintN(64, BigInt(value));
  const bytes: number[] = [];
  while (rest > 127n) {
    bytes.push(Number(rest & 127n) | 128);
    rest >>= 7n;
  }
  return [...bytes, Number(rest)];
}
