import type { EncodedMessage } from '../messages/message-table.ts';
import type { FrameLine, Opened, Sealed } from '../channels/sealing.ts';
import { BLOCK_LENGTH } from '../secure-channel/aes-blocks.ts';
import { encodeControlByte } from '../wire/control-byte.ts';
import type { Direction } from '../wire/direction.ts';
import { type Frame, HEADER_LENGTH, REPLY_BIT, START_OF_MESSAGE, encodeFrame } from '../wire/frame.ts';
import { SCS2, SECURITY_BLOCK_LENGTH_MIN, TAG_LENGTH } from '../wire/security-block.ts';
import type { SessionKeys2 } from './session-keys-2.ts';

/** Messages of both directions under one pair of keys; then there must be a new handshake. */
export const MESSAGES_MAX = 500_000_000;

/** What GCM authenticates beside the ciphertext: start of message, address, length, control byte, security block. */
const SEALED_HEADER_LENGTH = HEADER_LENGTH + SECURITY_BLOCK_LENGTH_MIN;
const CHECK_LENGTHS = { crc: 2, checksum: 1 } as const;
const NO_DATA = new Uint8Array(0);
const PAD = 0x80;

/**
 * One end of secure channel 2 after the handshake, as a value. Both directions share one counter, which is never sent: a frame fits at exactly one
 * place and in one direction, so it can be neither replayed, left out nor moved.
 */
export interface SecureChannel2 {
  readonly version: 2;
  readonly keys: SessionKeys2;
  readonly clientId: Uint8Array;
  /** Of the next message, whoever sends it. */
  readonly counter: number;
}

export function openChannel2(keys: SessionKeys2, clientId: Uint8Array): SecureChannel2 {
  return { version: 2, keys, clientId: new Uint8Array(clientId), counter: 0 };
}

/** AES-CBC(S-NONCE, cUID || counter LE32 || 80 00 00 00), the first 12 bytes. */
export function gcmNonce(keys: SessionKeys2, clientId: Uint8Array, counter: number): Uint8Array {
  const block = new Uint8Array(BLOCK_LENGTH);
  block.set(clientId.subarray(0, 8));
  new DataView(block.buffer).setUint32(8, counter, true);
  block[12] = PAD;
  return keys.nonceOf(block);
}

/**
 * SCS_27 and SCS_28: code and body are one ciphertext. The returned channel replaces the given one; a retry repeats `bytes`, never this call:
 * a nonce is used for one message only.
 * @throws TypeError when the keys are used up
 */
export function sealFrame2(
  channel: SecureChannel2,
  direction: Direction,
  line: FrameLine,
  { code, data }: EncodedMessage,
): Sealed<SecureChannel2> {
  if (isSpent(channel, direction)) throw new TypeError('the keys of this channel are used up');
  const check = line.check ?? 'crc';
  const plaintext = new Uint8Array(1 + data.length);
  plaintext[0] = code;
  plaintext.set(data, 1);
  const header = new Uint8Array(SEALED_HEADER_LENGTH);
  const length = SEALED_HEADER_LENGTH + plaintext.length + TAG_LENGTH + CHECK_LENGTHS[check];
  const type = direction === 'command' ? SCS2.commandEncrypted : SCS2.replyEncrypted;
  header.set([
    START_OF_MESSAGE,
    line.address | (direction === 'reply' ? REPLY_BIT : 0),
    length & 0xff,
    length >> 8,
    encodeControlByte({ sequence: line.sequence, check, hasSecurityBlock: true }),
    SECURITY_BLOCK_LENGTH_MIN,
    type,
  ]);
  const { ciphertext, tag } = channel.keys.seal(gcmNonce(channel.keys, channel.clientId, channel.counter), header, plaintext);
  plaintext.fill(0);
  const sealed = { code: ciphertext[0] ?? 0, data: ciphertext.subarray(1) };
  const bytes = encodeFrame({ ...line, check, direction, block: { type, data: NO_DATA }, ...sealed }, () => tag);
  return { bytes, channel: { ...channel, counter: channel.counter + 1 } };
}

/**
 * Nothing of a frame is looked at before its tag. SCS_25 and SCS_26, whose contents would be in clear, have no use in this channel: even an osdp_POLL
 * is encrypted. They are refused, and so are the frames of secure channel 1.
 */
export function openFrame2(channel: SecureChannel2, frame: Frame): Opened<SecureChannel2> {
  const isCommand = frame.direction === 'command';
  if (frame.block?.type !== (isCommand ? SCS2.commandEncrypted : SCS2.replyEncrypted) || frame.mac === null) {
    return { ok: false, reason: 'cleartext' };
  }
  // A longer block would stand where the ciphertext begins.
  if (frame.block.data.length > 0 || isSpent(channel, frame.direction)) return { ok: false, reason: 'malformed' };
  const header = frame.bytes.subarray(0, SEALED_HEADER_LENGTH);
  const ciphertext = frame.bytes.subarray(SEALED_HEADER_LENGTH, SEALED_HEADER_LENGTH + 1 + frame.data.length);
  const nonce = gcmNonce(channel.keys, channel.clientId, channel.counter);
  const plaintext = channel.keys.open(nonce, header, { ciphertext, tag: frame.mac });
  if (plaintext === null) return { ok: false, reason: 'mac_mismatch' };
  const next = { ...channel, counter: channel.counter + 1 };
  return { ok: true, code: plaintext[0] ?? 0, data: plaintext.subarray(1), channel: next };
}

/** A command needs a number for its reply as well: a reader is never left with an answer that it cannot give. */
function isSpent({ counter }: SecureChannel2, direction: Direction): boolean {
  return counter + (direction === 'command' ? 2 : 1) > MESSAGES_MAX;
}
