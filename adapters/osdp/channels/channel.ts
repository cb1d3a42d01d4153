import type { EncodedMessage } from '../messages/message-table.ts';
import { type SecureChannel, openFrame as openFrame1, sealFrame as sealFrame1 } from '../secure-channel/channel.ts';
import { type SecureChannel2, openFrame2, sealFrame2 } from '../secure-channel-2/channel-2.ts';
import type { Direction } from '../wire/direction.ts';
import type { Frame } from '../wire/frame.ts';
import { hasMac, macLength } from '../wire/security-block.ts';
import type { FrameLine, Opened, Sealed } from './sealing.ts';

/** A secure channel of either kind: who holds one seals and opens with it and asks no further. */
export type Channel = SecureChannel | SecureChannel2;

/** The returned channel replaces the given one; a retry repeats the bytes. */
export function sealFrame(channel: Channel, direction: Direction, line: FrameLine, message: EncodedMessage): Sealed<Channel> {
  return channel.version === 1 ? sealFrame1(channel, direction, line, message) : sealFrame2(channel, direction, line, message);
}

/** Never throws for what comes from the wire. */
export function openFrame(channel: Channel, frame: Frame): Opened<Channel> {
  return channel.version === 1 ? openFrame1(channel, frame) : openFrame2(channel, frame);
}

/** Whether a frame of this security block claims to belong into the channel. Secure channel 2 looks at those of 1 too: they are a step down. */
export function isOfChannel(channel: Channel, blockType: number): boolean {
  return channel.version === 1 ? hasMac(blockType) : macLength(blockType) > 0;
}
