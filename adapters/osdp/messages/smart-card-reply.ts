import { byteOf, copyOf, readByte, withTail } from './fields.ts';
import type { BodyCodec } from './message-table.ts';

/** Where the card is, in osdp_XRD 1/1. */
export const CARD_PRESENCE = { absent: 0, present: 1, contactless: 2, contact: 3 } as const;

/**
 * osdp_XRD: mode 1, reply 1, data. Readers disagree about some layouts (OSDP.Net answers an APDU under 1/1), so what does not fit the
 * layout of its pair is kept as it came as well as what is unknown.
 */
export type SmartCardReply =
  | { readonly kind: 'mode'; readonly mode: number; readonly configuration: number }
  | {
      readonly kind: 'card_info';
      readonly reader: number;
      readonly protocol: number;
      readonly serial: Uint8Array;
      readonly details: Uint8Array;
    }
  | { readonly kind: 'error'; readonly mode: number; readonly code: number }
  /** Without a status the reply itself is the news that a card is there. */
  | { readonly kind: 'presence'; readonly reader: number; readonly status: number | null }
  | { readonly kind: 'apdu'; readonly reader: number; readonly status: number; readonly apdu: Uint8Array }
  | { readonly kind: 'pin_entered'; readonly reader: number; readonly status: number; readonly tries: number }
  | { readonly kind: 'unknown'; readonly mode: number; readonly reply: number; readonly data: Uint8Array };

const HEADER_LENGTH = 2;
const CARD_INFO_LENGTH = 4;

export const smartCardReply: BodyCodec<SmartCardReply> = {
  encode(body) {
    switch (body.kind) {
      case 'mode':
        return Uint8Array.of(0, 1, byteOf(body.mode, 'mode'), byteOf(body.configuration, 'configuration'));
      case 'card_info':
        return withTail(
          [
            ...[0, 2, byteOf(body.reader, 'reader'), byteOf(body.protocol, 'protocol')],
            ...[byteOf(body.serial.length, 'serial'), byteOf(body.details.length, 'details'), ...body.serial],
          ],
          body.details,
        );
      case 'error':
        return Uint8Array.of(body.mode === 0 ? 0 : 1, 0, byteOf(body.code, 'code'));
      case 'presence':
        return Uint8Array.of(1, 1, byteOf(body.reader, 'reader'), ...(body.status === null ? [] : [byteOf(body.status, 'status')]));
      case 'apdu':
        return withTail([1, 2, byteOf(body.reader, 'reader'), byteOf(body.status, 'status')], body.apdu);
      case 'pin_entered':
        return Uint8Array.of(1, 3, byteOf(body.reader, 'reader'), byteOf(body.status, 'status'), byteOf(body.tries, 'tries'));
      case 'unknown':
        return encodeUnknown(body.mode, body.reply, body.data);
    }
  },
  parse(data) {
    if (data.length < HEADER_LENGTH) return null;
    const [mode, reply] = [readByte(data, 0), readByte(data, 1)];
    const rest = data.subarray(HEADER_LENGTH);
    return parseNamed(mode, reply, rest) ?? { kind: 'unknown', mode, reply, data: copyOf(rest) };
  },
};

function encodeUnknown(mode: number, reply: number, data: Uint8Array): Uint8Array {
  if (parseNamed(byteOf(mode, 'mode'), byteOf(reply, 'reply'), data) !== null) throw new TypeError('this reply has a name');
  return withTail([mode, reply], data);
}

function parseNamed(mode: number, reply: number, data: Uint8Array): SmartCardReply | null {
  const first = readByte(data, 0);
  const second = readByte(data, 1);
  switch ((mode << 8) | reply) {
    case 0x0000:
    case 0x0100:
      return data.length === 1 ? { kind: 'error', mode, code: first } : null;
    case 0x0001:
      return data.length === 2 ? { kind: 'mode', mode: first, configuration: second } : null;
    case 0x0002:
      return parseCardInfo(data);
    case 0x0101:
      if (data.length === 1) return { kind: 'presence', reader: first, status: null };
      return data.length === 2 ? { kind: 'presence', reader: first, status: second } : null;
    case 0x0102:
      return data.length >= 2 ? { kind: 'apdu', reader: first, status: second, apdu: copyOf(data, 2) } : null;
    case 0x0103:
      return data.length === 3 ? { kind: 'pin_entered', reader: first, status: second, tries: readByte(data, 2) } : null;
    default:
      return null;
  }
}

function parseCardInfo(data: Uint8Array): SmartCardReply | null {
  const serialEnd = CARD_INFO_LENGTH + readByte(data, 2);
  if (data.length < CARD_INFO_LENGTH || data.length !== serialEnd + readByte(data, 3)) return null;
  return {
    kind: 'card_info',
    reader: readByte(data, 0),
    protocol: readByte(data, 1),
    serial: copyOf(data, CARD_INFO_LENGTH, serialEnd),
    details: copyOf(data, serialEnd),
  };
}
