import { copyOf, exactly, withTail } from './fields.ts';
import type { BodyCodec } from './message-table.ts';

const OUI_LENGTH = 3;

/** osdp_MFG, osdp_MFGREP: the manufacturer's OUI 3 (first octet first), then what only the manufacturer knows. */
export interface ManufacturerMessage {
  readonly vendor: Uint8Array;
  readonly data: Uint8Array;
}

export const manufacturerMessage: BodyCodec<ManufacturerMessage> = {
  encode: ({ vendor, data }) => withTail([...exactly(vendor, OUI_LENGTH, 'vendor')], data),
  parse: (data) => (data.length < OUI_LENGTH ? null : { vendor: copyOf(data, 0, OUI_LENGTH), data: copyOf(data, OUI_LENGTH) }),
};
