import { checksum } from '../wire/checksum.ts';
import { crc16 } from '../wire/crc16.ts';
import type { Frame } from '../wire/frame.ts';
import { SCS2 } from '../wire/security-block.ts';

const KEYSET = 0x75;
/** Type and length of the key stay. */
const KEYSET_HEADER_LENGTH = 2;
/** With a key of secure channel 2. */
const KEYSET2_LENGTH = KEYSET_HEADER_LENGTH + 32;

/**
 * A frame as it may be kept: the key of every osdp_KEYSET is zeroed, also where it is encrypted, since whoever has the key before it, or SCBK-D,
 * has this one too. Check and length stay right; the MAC of such a frame is zeroed with it. In secure channel 2 even the code is
 * ciphertext: there every command goes whose body is as long as that of a KEYSET. Everything else is kept as it was: also cards in clear.
 */
export function redactFrame(frame: Frame): Uint8Array {
  if (!mayBeKeySet(frame)) return frame.bytes;
  const bytes = frame.bytes.slice();
  const checkLength = frame.check === 'crc' ? 2 : 1;
  const end = bytes.length - checkLength;
  const dataAt = end - (frame.mac?.length ?? 0) - frame.data.length;
  bytes.fill(0, frame.mac === null ? Math.min(dataAt + KEYSET_HEADER_LENGTH, end) : dataAt, end);
  if (frame.check === 'checksum') {
    bytes[end] = checksum(bytes, end);
    return bytes;
  }
  const crc = crc16(bytes, end);
  bytes[end] = crc & 0xff;
  bytes[end + 1] = crc >> 8;
  return bytes;
}

function mayBeKeySet({ direction, block, code, data }: Frame): boolean {
  if (direction !== 'command') return false;
  return block?.type === SCS2.commandEncrypted ? data.length === KEYSET2_LENGTH : code === KEYSET;
}
