import { byteOf, copyOf, int16Of, readByte, readInt16, readUint16, readUint32, uint16Of, uint32Of, withTail } from './fields.ts';
import type { BodyCodec } from './message-table.ts';

export const FILE_TYPE = { opaque: 1, biometricTemplate: 2, display: 3 } as const;

/** Bits of the action byte of osdp_FTSTAT. */
export const TRANSFER_ACTION = { interleave: 0x01, leaveSecureChannel: 0x02, pollAvailable: 0x04 } as const;

/** Status of osdp_FTSTAT: below 0 the reader has given up. */
export const TRANSFER_STATUS = {
  proceed: 0,
  processed: 1,
  rebooting: 2,
  finishing: 3,
  abort: -1,
  unrecognised: -2,
  malformed: -3,
} as const;

/** osdp_FILETRANSFER: type 1, total LE32, offset LE32, fragment length LE16, fragment. One without a fragment asks how it goes. */
export interface FileFragment {
  readonly type: number;
  readonly total: number;
  readonly offset: number;
  readonly data: Uint8Array;
}

export const FILE_FRAGMENT_HEADER_LENGTH = 11;

export const fileFragment: BodyCodec<FileFragment> = {
  encode(body) {
    if (!isInside(body)) throw new TypeError('the fragment lies outside its file');
    const { type, total, offset, data } = body;
    return withTail(
      [byteOf(type, 'type'), ...uint32Of(total, 'total'), ...uint32Of(offset, 'offset'), ...uint16Of(data.length, 'fragment')],
      data,
    );
  },
  parse(data) {
    if (data.length < FILE_FRAGMENT_HEADER_LENGTH || data.length !== FILE_FRAGMENT_HEADER_LENGTH + readUint16(data, 9)) return null;
    const body = {
      type: readByte(data, 0),
      total: readUint32(data, 1),
      offset: readUint32(data, 5),
      data: copyOf(data, FILE_FRAGMENT_HEADER_LENGTH),
    };
    return isInside(body) ? body : null;
  },
};

/** osdp_FTSTAT: action 1, delay LE16, status signed LE16, largest message LE16 (0 = as before). */
export interface TransferStatus {
  readonly action: number;
  readonly delayMs: number;
  readonly status: number;
  readonly messageMax: number;
}

export const transferStatus: BodyCodec<TransferStatus> = {
  encode: ({ action, delayMs, status, messageMax }) =>
    Uint8Array.of(
      byteOf(action, 'action'),
      ...uint16Of(delayMs, 'delay'),
      ...int16Of(status, 'status'),
      ...uint16Of(messageMax, 'messageMax'),
    ),
  parse(data) {
    if (data.length !== 7) return null;
    return { action: readByte(data, 0), delayMs: readUint16(data, 1), status: readInt16(data, 3), messageMax: readUint16(data, 5) };
  },
};

function isInside({ total, offset, data }: FileFragment): boolean {
  return data.length === 0 || offset + data.length <= total;
}
