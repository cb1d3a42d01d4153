import { byteOf, readByte, readUint16, uint16Body, uint16Of } from './fields.ts';
import type { BodyCodec } from './message-table.ts';

/** osdp_ACURXSIZE: the largest frame the ACU can receive, LE16. */
export const receiveSize = uint16Body('size');

/** osdp_KEEPACTIVE: how long the reader shall keep the card's field up, LE16 in milliseconds. */
export const keepActive = uint16Body('durationMs');

/** osdp_TDSET (obsolete): year LE16, month, day, hour, minute, second. */
export interface WallClock {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
}

export const wallClock: BodyCodec<WallClock> = {
  encode: (clock) =>
    Uint8Array.of(
      ...uint16Of(clock.year, 'year'),
      byteOf(clock.month, 'month'),
      byteOf(clock.day, 'day'),
      byteOf(clock.hour, 'hour'),
      byteOf(clock.minute, 'minute'),
      byteOf(clock.second, 'second'),
    ),
  parse(data) {
    if (data.length !== 7) return null;
    return {
      year: readUint16(data, 0),
      month: readByte(data, 2),
      day: readByte(data, 3),
      hour: readByte(data, 4),
      minute: readByte(data, 5),
      second: readByte(data, 6),
    };
  },
};
