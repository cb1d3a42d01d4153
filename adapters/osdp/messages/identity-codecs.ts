import { byteOf, copyOf, exactly, listOf, readByte } from './fields.ts';
import type { BodyCodec } from './message-table.ts';

/** osdp_ID and osdp_CAP carry one byte: the wanted form of the reply. 0 is the standard one. */
export interface ReplyForm {
  readonly form: number;
}

export const replyForm: BodyCodec<ReplyForm> = {
  encode: ({ form }) => Uint8Array.of(byteOf(form, 'form')),
  parse: (data) => (data.length === 1 ? { form: readByte(data, 0) } : null),
};

/** osdp_PDID: vendor 3 (OUI, first octet first), model 1, version 1, serial 4, firmware major, minor, build. */
export interface DeviceIdentity {
  readonly vendor: Uint8Array;
  readonly model: number;
  readonly version: number;
  readonly serial: Uint8Array;
  readonly firmware: readonly [major: number, minor: number, build: number];
}

const IDENTITY_LENGTH = 12;

export const deviceIdentity: BodyCodec<DeviceIdentity> = {
  encode: ({ vendor, model, version, serial, firmware }) =>
    Uint8Array.of(
      ...exactly(vendor, 3, 'vendor'),
      byteOf(model, 'model'),
      byteOf(version, 'version'),
      ...exactly(serial, 4, 'serial'),
      ...firmware.map((part) => byteOf(part, 'firmware')),
    ),
  parse(data) {
    if (data.length !== IDENTITY_LENGTH) return null;
    return {
      vendor: copyOf(data, 0, 3),
      model: readByte(data, 3),
      version: readByte(data, 4),
      serial: copyOf(data, 5, 9),
      firmware: [readByte(data, 9), readByte(data, 10), readByte(data, 11)],
    };
  },
};

/** Forms of the identity that osdp_ID asks for: osdp_PDID or osdp_EXT_PDID. */
export const IDENTITY_FORM = { standard: 0, extended: 1 } as const;

/** Function codes of osdp_PDCAP (OSDP 2.2 annex B). 18 is mentioned there and not described. */
export const CAPABILITY = {
  inputs: 1,
  outputs: 2,
  cardFormat: 3,
  led: 4,
  buzzer: 5,
  text: 6,
  /** Obsolete. */
  time: 7,
  checkCharacter: 8,
  security: 9,
  /** The compliance byte is the low one of a length, the count byte the high one. */
  receiveBuffer: 10,
  /** As `receiveBuffer`. */
  combinedMessage: 11,
  smartCard: 12,
  readers: 13,
  biometrics: 14,
  securePin: 15,
  osdpVersion: 16,
  extendedIdentity: 17,
  undescribed: 18,
} as const;

/** Compliance values of `CAPABILITY.osdpVersion`. */
export const OSDP_VERSION = { unspecified: 0, iec60839: 1, sia22: 2 } as const;

/** One triple of osdp_PDCAP. */
export interface Capability {
  readonly function: number;
  readonly compliance: number;
  readonly count: number;
}

export const capabilities: BodyCodec<readonly Capability[]> = listOf(
  3,
  (entry) => [byteOf(entry.function, 'function'), byteOf(entry.compliance, 'compliance'), byteOf(entry.count, 'count')],
  (data) => ({ function: readByte(data, 0), compliance: readByte(data, 1), count: readByte(data, 2) }),
);
