import { CONFIGURATION_ADDRESS, isAllowedAtAddress } from './address.ts';
import { checksum } from './checksum.ts';
import { type CheckKind, type Sequence, encodeControlByte, parseControlByte } from './control-byte.ts';
import { crc16 } from './crc16.ts';
import type { Direction } from './direction.ts';
import { SECURITY_BLOCK_LENGTH_MIN, type SecurityBlock, macLength } from './security-block.ts';

export const START_OF_MESSAGE = 0x53;
/** Sent before a frame so that the line settles (OSDP 2.2 clause 5.7); skipped by every receiver. */
export const MARK = 0xff;
/** The highest address that a PD may have. */
export const ADDRESS_MAX = 0x7e;
export const FRAME_LENGTH_MAX = 1440;
export const FRAME_LENGTH_MIN = 7;
/** Every device must be able to receive a frame of this length. */
export const RECEIVE_LENGTH_MIN = 128;
export const HEADER_LENGTH = 5;

const BLOCK_LENGTH_MAX = 0xff;
export const REPLY_BIT = 0x80;
const NO_BYTES = new Uint8Array(0);

interface FrameFields {
  readonly address: number;
  readonly direction: Direction;
  readonly sequence: Sequence;
  readonly check: CheckKind;
  readonly block: SecurityBlock | null;
  readonly code: number;
  /** As on the wire: under SCS_17, SCS_18, SCS_27 and SCS_28 it is ciphertext; under the last two the code is as well. */
  readonly data: Uint8Array;
}

/** One message whose check was right. Nothing in it is authenticated until a secure channel has opened it. */
export interface Frame extends FrameFields {
  /** Four bytes of secure channel 1 or sixteen of secure channel 2. */
  readonly mac: Uint8Array | null;
  /** The whole frame, start of message to check; for retries, duplicates and MACs. */
  readonly bytes: Uint8Array;
}

/** Gives the MAC over the frame's bytes up to the MAC itself. */
export type Authenticate = (covered: Uint8Array) => Uint8Array;

/**
 * `53 address length(LE16) control [block: length type data] code data [MAC 4 or 16] check`. The MAC is asked for only when the
 * block type carries one; it covers everything before it, with the final length in place.
 */
export function encodeFrame(fields: FrameFields, authenticate?: Authenticate): Uint8Array {
  checkAddress(fields);
  const blockLength = fields.block === null ? 0 : SECURITY_BLOCK_LENGTH_MIN + fields.block.data.length;
  if (blockLength > BLOCK_LENGTH_MAX) throw new TypeError(`security block of ${blockLength} bytes exceeds ${BLOCK_LENGTH_MAX}`);
  const macBytes = fields.block === null ? 0 : macLength(fields.block.type);
  const coveredLength = HEADER_LENGTH + blockLength + 1 + fields.data.length;
  const length = coveredLength + macBytes + checkLength(fields.check);
  if (length > FRAME_LENGTH_MAX) throw new TypeError(`frame of ${length} bytes exceeds ${FRAME_LENGTH_MAX}`);
  const bytes = new Uint8Array(length);
  bytes[0] = START_OF_MESSAGE;
  bytes[1] = fields.address | (fields.direction === 'reply' ? REPLY_BIT : 0);
  bytes[2] = length & 0xff;
  bytes[3] = length >> 8;
  bytes[4] = encodeControlByte({ sequence: fields.sequence, check: fields.check, hasSecurityBlock: fields.block !== null });
  if (fields.block !== null) {
    bytes[HEADER_LENGTH] = blockLength;
    bytes[HEADER_LENGTH + 1] = fields.block.type;
    bytes.set(fields.block.data, HEADER_LENGTH + SECURITY_BLOCK_LENGTH_MIN);
  }
  bytes[HEADER_LENGTH + blockLength] = fields.code;
  bytes.set(fields.data, HEADER_LENGTH + blockLength + 1);
  if (macBytes > 0) {
    if (authenticate === undefined) throw new TypeError('this security block needs a MAC');
    bytes.set(authenticate(bytes.subarray(0, coveredLength)).subarray(0, macBytes), coveredLength);
  }
  writeCheck(bytes, fields.check);
  return bytes;
}

/** The part of a frame that its MAC covers. */
export function coveredByMac(frame: Frame): Uint8Array {
  return frame.bytes.subarray(0, frame.bytes.length - checkLength(frame.check) - (frame.mac?.length ?? 0));
}

export function hasValidCheck(bytes: Uint8Array): boolean {
  const check = parseControlByte(bytes[4] ?? 0).check;
  const end = bytes.length - checkLength(check);
  if (check === 'checksum') return checksum(bytes, end) === bytes[end];
  return crc16(bytes, end) === ((bytes[end] ?? 0) | ((bytes[end + 1] ?? 0) << 8));
}

/** Reads the envelope of exactly one frame whose length and check are right; null when its inner lengths contradict each other. */
export function parseFrame(bytes: Uint8Array): Frame | null {
  const control = parseControlByte(bytes[4] ?? 0);
  const end = bytes.length - checkLength(control.check);
  const blockLength = control.hasSecurityBlock ? (bytes[HEADER_LENGTH] ?? 0) : 0;
  if (control.hasSecurityBlock && blockLength < SECURITY_BLOCK_LENGTH_MIN) return null;
  const block: SecurityBlock | null = control.hasSecurityBlock
    ? {
        type: bytes[HEADER_LENGTH + 1] ?? 0,
        data: bytes.subarray(HEADER_LENGTH + SECURITY_BLOCK_LENGTH_MIN, HEADER_LENGTH + blockLength),
      }
    : null;
  const macBytes = block === null ? 0 : macLength(block.type);
  const codeAt = HEADER_LENGTH + blockLength;
  const dataEnd = end - macBytes;
  if (codeAt >= dataEnd) return null;
  const wireAddress = bytes[1] ?? 0;
  return {
    address: wireAddress & ~REPLY_BIT,
    direction: wireAddress & REPLY_BIT ? 'reply' : 'command',
    sequence: control.sequence,
    check: control.check,
    block,
    code: bytes[codeAt] ?? 0,
    data: dataEnd > codeAt + 1 ? bytes.subarray(codeAt + 1, dataEnd) : NO_BYTES,
    mac: macBytes > 0 ? bytes.subarray(dataEnd, end) : null,
    bytes,
  };
}

function checkAddress({ address, direction, code, block }: FrameFields): void {
  if (!Number.isInteger(address) || address < 0 || address > CONFIGURATION_ADDRESS) throw new TypeError('address must be 0..0x7F');
  const isAllowed = address !== CONFIGURATION_ADDRESS || (block === null && isAllowedAtAddress(address, direction, code));
  if (!isAllowed) throw new TypeError('the configuration address is for ID, CAP and COMSET in clear');
}

function checkLength(check: CheckKind): number {
  return check === 'crc' ? 2 : 1;
}

function writeCheck(bytes: Uint8Array, check: CheckKind): void {
  const end = bytes.length - checkLength(check);
  if (check === 'checksum') {
    bytes[end] = checksum(bytes, end);
    return;
  }
  const crc = crc16(bytes, end);
  bytes[end] = crc & 0xff;
  bytes[end + 1] = crc >> 8;
}
