import type { BodyCodec } from './message-table.ts';

const NO_BYTES = new Uint8Array(0);

/** The body of messages without one. */
export const EMPTY = Object.freeze({});
export type Empty = Readonly<Record<never, never>>;

export const emptyBody: BodyCodec<Empty> = {
  encode: () => NO_BYTES,
  parse: (data) => (data.length === 0 ? EMPTY : null),
};

/** One unsigned byte. @throws TypeError */
export function byteOf(value: number, field: string): number {
  return inRange(value, 0xff, field);
}

/** Two bytes, low byte first. @throws TypeError */
export function uint16Of(value: number, field: string): readonly [number, number] {
  inRange(value, 0xffff, field);
  return [value & 0xff, value >> 8];
}

/** Four bytes, low byte first. @throws TypeError */
export function uint32Of(value: number, field: string): readonly [number, number, number, number] {
  inRange(value, 0xffffffff, field);
  return [value & 0xff, (value >>> 8) & 0xff, (value >>> 16) & 0xff, value >>> 24];
}

/** Two bytes, low byte first, two's complement. @throws TypeError */
export function int16Of(value: number, field: string): readonly [number, number] {
  if (!Number.isInteger(value) || value < -0x8000 || value > 0x7fff) throw new TypeError(`${field} must be -32768..32767`);
  return [value & 0xff, (value >> 8) & 0xff];
}

/** Fixed fields, then bytes to the end. */
export function withTail(head: readonly number[], tail: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(head.length + tail.length);
  bytes.set(head);
  bytes.set(tail, head.length);
  return bytes;
}

/** Exactly `length` bytes. @throws TypeError */
export function exactly(bytes: Uint8Array, length: number, field: string): Uint8Array {
  if (bytes.length !== length) throw new TypeError(`${field} must have ${length} bytes`);
  return bytes;
}

/** Reads are inside the length that the caller has checked; beyond it they give 0. */
export function readByte(data: Uint8Array, at: number): number {
  return data[at] ?? 0;
}

export function readUint16(data: Uint8Array, at: number): number {
  return readByte(data, at) | (readByte(data, at + 1) << 8);
}

export function readInt16(data: Uint8Array, at: number): number {
  return (readUint16(data, at) << 16) >> 16;
}

export function readUint32(data: Uint8Array, at: number): number {
  return (readUint16(data, at) | (readUint16(data, at + 2) << 16)) >>> 0;
}

/** A copy, also of a Buffer, whose own `slice` shares memory. */
export function copyOf(bytes: Uint8Array, start = 0, end: number = bytes.length): Uint8Array {
  return new Uint8Array(bytes.subarray(start, end));
}

/** A list of equal records that fills the body: none is allowed, a part of one is not. */
export function listOf<Item>(
  itemLength: number,
  encodeItem: (item: Item) => readonly number[],
  parseItem: (data: Uint8Array) => Item | null,
): BodyCodec<readonly Item[]> {
  return {
    encode: (items) => Uint8Array.from(items.flatMap(encodeItem)),
    parse(data) {
      if (data.length % itemLength !== 0) return null;
      const items: Item[] = [];
      for (let at = 0; at < data.length; at += itemLength) {
        const item = parseItem(data.subarray(at, at + itemLength));
        if (item === null) return null;
        items.push(item);
      }
      return items;
    },
  };
}

/** A body of exactly `length` bytes that has no inner fields. */
export function blob<Name extends string>(name: Name, length: number): BodyCodec<{ readonly [Field in Name]: Uint8Array }> {
  return {
    encode: (body) => copyOf(exactly(body[name], length, name)),
    parse: (data) => (data.length === length ? ({ [name]: copyOf(data) } as { readonly [Field in Name]: Uint8Array }) : null), // one computed key
  };
}

/** A body of a single number of two bytes, low byte first. */
export function uint16Body<Name extends string>(name: Name): BodyCodec<{ readonly [Field in Name]: number }> {
  return {
    encode: (body) => Uint8Array.from(uint16Of(body[name], name)),
    parse: (data) => (data.length === 2 ? ({ [name]: readUint16(data, 0) } as { readonly [Field in Name]: number }) : null), // one computed key
  };
}

/** A body whose inside is the manufacturer's own. */
export function anyBytes<Name extends string>(name: Name): BodyCodec<{ readonly [Field in Name]: Uint8Array }> {
  return {
    encode: (body) => copyOf(body[name]),
    parse: (data) => ({ [name]: copyOf(data) }) as { readonly [Field in Name]: Uint8Array }, // one computed key
  };
}

function inRange(value: number, max: number, field: string): number {
  if (!Number.isInteger(value) || value < 0 || value > max) throw new TypeError(`${field} must be 0..${max}`);
  return value;
}
