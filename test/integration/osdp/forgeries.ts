import { crc16 } from '#adapters/osdp/wire/crc16.ts';
import { type Frame, encodeFrame } from '#adapters/osdp/wire/frame.ts';
import type { EncodedMessage } from '#adapters/osdp/messages/message-table.ts';
import { REPLY_CODE, type Reply, replyTable } from '#adapters/osdp/messages/replies.ts';
import { FORGED_CARD } from './attack-rig.ts';
import { inClear } from './man-in-the-middle.ts';

const CHECK_LENGTH = 2;

/** Everything that a reader could be made to say in clear, each with what an attacker would like. */
export const CLEAR_REPLIES: readonly Reply[] = [
  { name: 'ACK', body: {} },
  { name: 'RAW', body: { reader: 0, format: 1, bitCount: 26, bits: FORGED_CARD } },
  { name: 'FMT', body: { reader: 0, direction: 0, digits: Uint8Array.of(0x31, 0x32) } },
  { name: 'KEYPAD', body: { reader: 0, keys: Uint8Array.of(0x31, 0x32) } },
  { name: 'BIOREADR', body: { reader: 0, status: 0, type: 1, quality: 9, template: FORGED_CARD } },
  { name: 'BIOMATCHR', body: { reader: 0, status: 0, score: 255 } },
  { name: 'PIVDATAR', body: { total: 4, offset: 0, data: FORGED_CARD } },
  { name: 'LSTATR', body: { tampered: false, powerFailed: false } },
  { name: 'ISTATR', body: { states: [0, 0] } },
  { name: 'OSTATR', body: { states: [0, 0] } },
  { name: 'MFGREP', body: { vendor: Uint8Array.of(1, 2, 3), data: FORGED_CARD } },
  { name: 'COM', body: { address: 9, baud: 9_600 } },
];

/** Any code, also 0, which no true reader may send. */
export const nak = (code: number): EncodedMessage => ({ code: REPLY_CODE.nak, data: Uint8Array.of(code) });
export const busy: EncodedMessage = replyTable.encode({ name: 'BUSY', body: {} });

export function forgedCard(frame: Frame): Uint8Array {
  return inClear(frame, replyTable.encode({ name: 'RAW', body: { reader: 0, format: 1, bitCount: 26, bits: FORGED_CARD } }));
}

/** The bytes of a frame changed anywhere, with length and CRC made right again. */
export function rebuilt(bytes: Uint8Array, change: (body: number[]) => void): Uint8Array {
  const body = [...bytes.subarray(0, bytes.length - CHECK_LENGTH)];
  change(body);
  const length = body.length + CHECK_LENGTH;
  body[2] = length & 0xff;
  body[3] = length >> 8;
  const crc = crc16(Uint8Array.from(body), body.length);
  return Uint8Array.of(...body, crc & 0xff, crc >> 8);
}

export function flipped(bytes: Uint8Array, at: number): Uint8Array {
  return rebuilt(bytes, (body) => {
    body[at] = (body[at] ?? 0) ^ 1;
  });
}

export function busyTo(frame: Frame): Uint8Array {
  return encodeFrame({ address: frame.address, direction: 'reply', sequence: 0, check: 'crc', block: null, ...busy });
}
