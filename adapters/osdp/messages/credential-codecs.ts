import { byteOf, copyOf, readByte, readUint16, uint16Of, withTail } from './fields.ts';
import type { BodyCodec } from './message-table.ts';

/** Data formats of osdp_RAW. */
export const RAW_FORMAT = { raw: 0, wiegand: 1, uid: 2, ossSid: 3 } as const;

const RAW_HEADER_LENGTH = 4;
const KEYPAD_HEADER_LENGTH = 2;

/** osdp_RAW: reader 1, format 1, bit count LE16, then the bits, first bit in the top of the first byte, exactly as many bytes as they need. */
export interface RawCard {
  readonly reader: number;
  readonly format: number;
  readonly bitCount: number;
  readonly bits: Uint8Array;
}

export const rawCard: BodyCodec<RawCard> = {
  encode({ reader, format, bitCount, bits }) {
    if (bits.length !== byteCount(bitCount)) throw new TypeError('bits must fill bitCount exactly');
    return Uint8Array.of(byteOf(reader, 'reader'), byteOf(format, 'format'), ...uint16Of(bitCount, 'bitCount'), ...bits);
  },
  parse(data) {
    if (data.length < RAW_HEADER_LENGTH) return null;
    const bitCount = readUint16(data, 2);
    if (data.length !== RAW_HEADER_LENGTH + byteCount(bitCount)) return null;
    return { reader: readByte(data, 0), format: readByte(data, 1), bitCount, bits: copyOf(data, RAW_HEADER_LENGTH) };
  },
};

/** osdp_KEYPAD: reader 1, count 1, then one ASCII byte a key (`*` 0x7F, `#` 0x0D). */
export interface KeypadEntry {
  readonly reader: number;
  readonly keys: Uint8Array;
}

export const keypadEntry: BodyCodec<KeypadEntry> = {
  encode: ({ reader, keys }) => Uint8Array.of(byteOf(reader, 'reader'), byteOf(keys.length, 'keys'), ...keys),
  parse(data) {
    if (data.length < KEYPAD_HEADER_LENGTH || data.length !== KEYPAD_HEADER_LENGTH + readByte(data, 1)) return null;
    return { reader: readByte(data, 0), keys: copyOf(data, KEYPAD_HEADER_LENGTH) };
  },
};

const FORMATTED_HEADER_LENGTH = 3;

/** osdp_FMT (deprecated): reader 1, direction 1 (0 forward, 1 backward), count 1, then one character a byte. */
export interface FormattedCard {
  readonly reader: number;
  readonly direction: number;
  readonly digits: Uint8Array;
}

export const formattedCard: BodyCodec<FormattedCard> = {
  encode: ({ reader, direction, digits }) =>
    withTail([byteOf(reader, 'reader'), byteOf(direction, 'direction'), byteOf(digits.length, 'digits')], digits),
  parse(data) {
    if (data.length < FORMATTED_HEADER_LENGTH || data.length !== FORMATTED_HEADER_LENGTH + readByte(data, 2)) return null;
    return { reader: readByte(data, 0), direction: readByte(data, 1), digits: copyOf(data, FORMATTED_HEADER_LENGTH) };
  },
};

function byteCount(bitCount: number): number {
  return Math.ceil(bitCount / 8);
}
