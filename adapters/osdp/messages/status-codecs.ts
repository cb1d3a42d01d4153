import { byteOf, readByte } from './fields.ts';
import type { BodyCodec } from './message-table.ts';

/** osdp_LSTATR: tamper 1, power 1. Any value but 0 is a fault. */
export interface LocalStatus {
  readonly tampered: boolean;
  readonly powerFailed: boolean;
}

export const localStatus: BodyCodec<LocalStatus> = {
  encode: ({ tampered, powerFailed }) => Uint8Array.of(tampered ? 1 : 0, powerFailed ? 1 : 0),
  parse: (data) => (data.length === 2 ? { tampered: readByte(data, 0) !== 0, powerFailed: readByte(data, 1) !== 0 } : null),
};

/**
 * osdp_ISTATR, osdp_OSTATR, osdp_RSTATR: one byte for each input, output or attached reader, in order. Inputs: 0 inactive, 1 active, 2 short,
 * 3 open, 4 fault, 5 unknown. Outputs: 0 inactive, 1 active. Readers: 0 normal, 1 not connected, 2 tampered. Kept raw: meaning is the reader-adapter's.
 */
export interface StatusList {
  readonly states: readonly number[];
}

export const statusList: BodyCodec<StatusList> = {
  encode: ({ states }) => Uint8Array.from(states, (state) => byteOf(state, 'state')),
  parse: (data) => ({ states: Array.from(data) }),
};
