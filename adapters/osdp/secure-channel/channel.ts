import type { FrameLine, Opened, Sealed } from '../channels/sealing.ts';
import type { Direction } from '../wire/direction.ts';
import { type Frame, coveredByMac, encodeFrame } from '../wire/frame.ts';
import type { EncodedMessage } from '../messages/message-table.ts';
import { REPLY_CODE } from '../messages/replies.ts';
import { MAC_LENGTH, SCS } from '../wire/security-block.ts';
import { complement, computeMac, decryptPayload, encryptPayload } from './chaining.ts';
import { isSameSecret } from './same-secret.ts';
import type { SessionKeys } from './session-keys.ts';

/**
 * One end of secure channel 1 after the handshake, as a value. Each frame's MAC is computed from the other side's last one, so a frame fits at
 * exactly one place: it can be neither replayed, left out nor moved.
 */
export interface SecureChannel {
  readonly version: 1;
  readonly keys: SessionKeys;
  /** Last full MAC of a command. */
  readonly commandMac: Uint8Array;
  /** Last full MAC of a reply; RMAC_I at first. */
  readonly replyMac: Uint8Array;
}

export type SealedFrame = Sealed<SecureChannel>;
export type OpenedFrame = Opened<SecureChannel>;

const NO_DATA = new Uint8Array(0);

export function openChannel(keys: SessionKeys, rMac: Uint8Array): SecureChannel {
  return { version: 1, keys, commandMac: new Uint8Array(rMac.length), replyMac: rMac };
}

/**
 * OSDP 2.2 annex D.5. A body is encrypted (SCS_17, SCS_18); without one the frame carries the MAC alone (SCS_15, SCS_16). The returned channel
 * replaces the given one; a retry repeats `bytes`, never this call.
 */
export function sealFrame(channel: SecureChannel, direction: Direction, line: FrameLine, message: EncodedMessage): SealedFrame {
  const peerMac = direction === 'command' ? channel.replyMac : channel.commandMac;
  const data = message.data.length === 0 ? NO_DATA : encryptPayload(channel.keys, complement(peerMac), message.data);
  let mac: Uint8Array = peerMac;
  const bytes = encodeFrame(
    {
      ...line,
      direction,
      check: line.check ?? 'crc',
      block: { type: blockType(direction, data.length > 0), data: NO_DATA },
      code: message.code,
      data,
    },
    (covered) => (mac = computeMac(channel.keys, peerMac, covered)),
  );
  return { bytes, channel: advanced(channel, direction, mac) };
}

/**
 * Verifies the MAC, in constant time, before anything else is looked at; then decrypts. A body inside SCS_15 or SCS_16 is in clear and refused,
 * although its MAC is right; only an osdp_NAK may give its reason so (libosdp 3.2 does), as that is no secret.
 */
export function openFrame(channel: SecureChannel, frame: Frame): OpenedFrame {
  const peerMac = frame.direction === 'command' ? channel.replyMac : channel.commandMac;
  if (frame.block === null || frame.mac === null) return { ok: false, reason: 'cleartext' };
  const mac = computeMac(channel.keys, peerMac, coveredByMac(frame));
  if (!isSameSecret(mac.subarray(0, MAC_LENGTH), frame.mac)) return { ok: false, reason: 'mac_mismatch' };
  const next = advanced(channel, frame.direction, mac);
  if (frame.block.type === blockType(frame.direction, false)) {
    const isAllowed = frame.data.length === 0 || (frame.direction === 'reply' && frame.code === REPLY_CODE.nak);
    return isAllowed ? { ok: true, code: frame.code, data: frame.data, channel: next } : { ok: false, reason: 'cleartext' };
  }
  if (frame.block.type !== blockType(frame.direction, true)) return { ok: false, reason: 'malformed' };
  const data = decryptPayload(channel.keys, complement(peerMac), frame.data);
  return data === null ? { ok: false, reason: 'malformed' } : { ok: true, code: frame.code, data, channel: next };
}

function blockType(direction: Direction, isEncrypted: boolean): number {
  if (direction === 'command') return isEncrypted ? SCS.commandEncrypted : SCS.commandMac;
  return isEncrypted ? SCS.replyEncrypted : SCS.replyMac;
}

function advanced(channel: SecureChannel, direction: Direction, mac: Uint8Array): SecureChannel {
  return direction === 'command' ? { ...channel, commandMac: mac } : { ...channel, replyMac: mac };
}
