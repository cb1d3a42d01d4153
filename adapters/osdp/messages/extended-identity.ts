import { byteOf, copyOf, readByte, readUint16, uint16Of } from './fields.ts';
import type { BodyCodec } from './message-table.ts';

/** Tags of osdp_EXT_PDID. Values are UTF-8; `firmware` may occur once for each controller inside. */
export const IDENTITY_TAG = {
  manufacturer: 0,
  product: 1,
  serial: 2,
  firmware: 3,
  hardware: 4,
  url: 5,
  configuration: 6,
} as const;

/** One entry: tag 1, length LE16, value. Unknown tags are kept. */
export interface IdentityEntry {
  readonly tag: number;
  readonly value: Uint8Array;
}

const ENTRY_HEADER_LENGTH = 3;

/** The message that the parts of osdp_EXT_PDID make up. */
export const extendedIdentity: BodyCodec<readonly IdentityEntry[]> = {
  encode: (entries) =>
    Uint8Array.from(entries.flatMap(({ tag, value }) => [byteOf(tag, 'tag'), ...uint16Of(value.length, 'value length'), ...value])),
  parse(data) {
    const entries: IdentityEntry[] = [];
    for (let at = 0; at < data.length;) {
      const end = at + ENTRY_HEADER_LENGTH + readUint16(data, at + 1);
      if (at + ENTRY_HEADER_LENGTH > data.length || end > data.length) return null;
      entries.push({ tag: readByte(data, at), value: copyOf(data, at + ENTRY_HEADER_LENGTH, end) });
      at = end;
    }
    return entries;
  },
};
