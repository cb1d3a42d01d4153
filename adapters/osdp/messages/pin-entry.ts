import { byteOf, copyOf, exactly, readByte, withTail } from './fields.ts';
import type { BodyCodec } from './message-table.ts';

/**
 * What osdp_XWR 1/3 says of a PIN that is typed at the reader and goes to the card alone: 17 fixed bytes, then an APDU with its length. The two
 * numbers of two bytes are high byte first, as in the smart card reader standard (CCID) that the record was taken from.
 */
export interface PinEntry {
  readonly timeoutS: number;
  readonly timeoutAfterFirstS: number;
  readonly format: number;
  readonly block: number;
  readonly lengthFormat: number;
  readonly digitsMin: number;
  readonly digitsMax: number;
  readonly completesOn: number;
  readonly messageCount: number;
  readonly language: number;
  readonly messageIndex: number;
  /** 3 bytes. */
  readonly prologue: Uint8Array;
  readonly apdu: Uint8Array;
}

const FIXED_LENGTH = 17;

export const pinEntry: BodyCodec<PinEntry> = {
  encode: (body) =>
    withTail(
      [
        byteOf(body.timeoutS, 'timeout'),
        byteOf(body.timeoutAfterFirstS, 'timeout after the first digit'),
        byteOf(body.format, 'format'),
        byteOf(body.block, 'block'),
        byteOf(body.lengthFormat, 'length format'),
        byteOf(body.digitsMin, 'digitsMin'),
        byteOf(body.digitsMax, 'digitsMax'),
        byteOf(body.completesOn, 'completesOn'),
        byteOf(body.messageCount, 'messageCount'),
        ...highFirst(body.language, 'language'),
        byteOf(body.messageIndex, 'messageIndex'),
        ...exactly(body.prologue, 3, 'prologue'),
        ...highFirst(body.apdu.length, 'APDU length'),
      ],
      body.apdu,
    ),
  parse(data) {
    if (data.length < FIXED_LENGTH || data.length !== FIXED_LENGTH + readHighFirst(data, 15)) return null;
    return {
      timeoutS: readByte(data, 0),
      timeoutAfterFirstS: readByte(data, 1),
      format: readByte(data, 2),
      block: readByte(data, 3),
      lengthFormat: readByte(data, 4),
      digitsMin: readByte(data, 5),
      digitsMax: readByte(data, 6),
      completesOn: readByte(data, 7),
      messageCount: readByte(data, 8),
      language: readHighFirst(data, 9),
      messageIndex: readByte(data, 11),
      prologue: copyOf(data, 12, 15),
      apdu: copyOf(data, FIXED_LENGTH),
    };
  },
};

function highFirst(value: number, field: string): readonly [number, number] {
  return [byteOf(value >> 8, field), value & 0xff];
}

function readHighFirst(data: Uint8Array, at: number): number {
  return (readByte(data, at) << 8) | readByte(data, at + 1);
}
