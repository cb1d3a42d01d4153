import { CBOR_DEPTH_MAX, CBOR_ITEMS_MAX } from './limits.ts';

/** The four kinds that pairing uses: unsigned integer, bytes, text, array. */
export type CborValue = number | Uint8Array | string | readonly CborValue[];

const MAJOR = { unsigned: 0, bytes: 2, text: 3, array: 4 } as const;
const ENCODER = new TextEncoder();
const DECODER = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
/** The argument stands in the first byte below this; after it 24, 25, 26, 27 say 1, 2, 4, 8 bytes. */
const INLINE_BELOW = 24;
const ARGUMENT_LENGTHS: readonly number[] = [1, 2, 4, 8];

/**
 * Deterministic CBOR (RFC 8949 section 4.2.1): shortest heads, definite lengths. Signatures and hashes are over these bytes, so a value has exactly one
 * encoding. @throws TypeError for a number that is no unsigned integer
 */
export function encodeCbor(value: CborValue): Uint8Array {
  const parts: Uint8Array[] = [];
  write(value, parts);
  const bytes = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

/** Strict: null for another encoding of the same value, another kind, a byte left over, or more depth or items than pairing has. Never throws. */
export function parseCbor(bytes: Uint8Array): CborValue | null {
  const read = readValue(bytes, 0, CBOR_DEPTH_MAX);
  return read !== null && read.end === bytes.length ? read.value : null;
}

function write(value: CborValue, parts: Uint8Array[]): void {
  if (typeof value === 'number') {
    parts.push(head(MAJOR.unsigned, value));
  } else if (typeof value === 'string') {
    const text = ENCODER.encode(value);
    parts.push(head(MAJOR.text, text.length), text);
  } else if (value instanceof Uint8Array) {
    parts.push(head(MAJOR.bytes, value.length), value);
  } else {
    parts.push(head(MAJOR.array, value.length));
    for (const item of value) write(item, parts);
  }
}

function head(major: number, argument: number): Uint8Array {
  if (!Number.isSafeInteger(argument) || argument < 0) throw new TypeError('an unsigned integer is 0..2^53 - 1');
  if (argument < INLINE_BELOW) return Uint8Array.of((major << 5) | argument);
  const index = ARGUMENT_LENGTHS.findIndex((bytes) => argument < 2 ** (8 * bytes));
  const length = ARGUMENT_LENGTHS[index] ?? 8;
  const bytes = new Uint8Array(1 + length);
  bytes[0] = (major << 5) | (INLINE_BELOW + index);
  for (let at = length, rest = argument; at > 0; at -= 1, rest = Math.floor(rest / 256)) bytes[at] = rest % 256;
  return bytes;
}

interface Read<Value> {
  readonly value: Value;
  readonly end: number;
}

function readValue(bytes: Uint8Array, at: number, depth: number): Read<CborValue> | null {
  const first = readHead(bytes, at);
  if (first === null) return null;
  const { argument } = first.value;
  switch (first.value.major) {
    case MAJOR.unsigned:
      return { value: argument, end: first.end };
    case MAJOR.bytes:
    case MAJOR.text:
      return argument > bytes.length - first.end ? null : readString(bytes, first.end, argument, first.value.major === MAJOR.text);
    case MAJOR.array:
      return depth === 0 || argument > CBOR_ITEMS_MAX ? null : readArray(bytes, first.end, argument, depth - 1);
    default:
      return null;
  }
}

function readString(bytes: Uint8Array, at: number, length: number, isText: boolean): Read<CborValue> | null {
  const end = at + length;
  const content = new Uint8Array(bytes.subarray(at, end));
  if (!isText) return { value: content, end };
  try {
    return { value: DECODER.decode(content), end };
  } catch {
    // The only way in which the decoder says that it is no UTF-8.
    return null;
  }
}

function readArray(bytes: Uint8Array, start: number, count: number, depth: number): Read<CborValue> | null {
  const items: CborValue[] = [];
  let at = start;
  for (let index = 0; index < count; index += 1) {
    const item = readValue(bytes, at, depth);
    if (item === null) return null;
    items.push(item.value);
    at = item.end;
  }
  return { value: items, end: at };
}

/** A longer head than needed, 28..31, and what is beyond 2^53 are refused. */
function readHead(bytes: Uint8Array, at: number): Read<{ readonly major: number; readonly argument: number }> | null {
  const first = bytes[at];
  if (first === undefined) return null;
  const major = first >> 5;
  const short = first & 0x1f;
  if (short < INLINE_BELOW) return { value: { major, argument: short }, end: at + 1 };
  const length = ARGUMENT_LENGTHS[short - INLINE_BELOW];
  if (length === undefined || at + 1 + length > bytes.length) return null;
  let argument = 0;
  for (let index = 1; index <= length; index += 1) argument = argument * 256 + (bytes[at + index] ?? 0);
  const smallest = length === 1 ? INLINE_BELOW : 2 ** (4 * length);
  return argument < smallest || !Number.isSafeInteger(argument) ? null : { value: { major, argument }, end: at + 1 + length };
}
