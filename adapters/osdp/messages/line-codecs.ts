import { byteOf, copyOf, exactly, readByte, readUint32, uint32Of, withTail } from './fields.ts';
import type { BodyCodec } from './message-table.ts';

/** osdp_COMSET and osdp_COM: address 1, baud rate LE32. */
export interface LineSettings {
  readonly address: number;
  readonly baud: number;
}

export const lineSettings: BodyCodec<LineSettings> = {
  encode: ({ address, baud }) => Uint8Array.of(byteOf(address, 'address'), ...uint32Of(baud, 'baud')),
  parse: (data) => (data.length === 5 ? { address: readByte(data, 0), baud: readUint32(data, 1) } : null),
};

/** Error codes of osdp_NAK (OSDP 2.2 table 47). */
export const NAK_CODE = {
  badCheck: 1,
  badLength: 2,
  unknownCommand: 3,
  badSequence: 4,
  securityBlockUnsupported: 5,
  encryptionRequired: 6,
  bioTypeUnsupported: 7,
  bioFormatUnsupported: 8,
  recordRefused: 9,
  unspecified: 0xff,
} as const;

/** osdp_NAK: code 1, optional data. Code 0 means "no error": it must be neither sent nor accepted (SIA OSDP Verified 070-03-03). */
export interface Refusal {
  readonly code: number;
  readonly detail: Uint8Array;
}

export const refusal: BodyCodec<Refusal> = {
  encode({ code, detail }) {
    if (code === 0) throw new TypeError('NAK code 0 must never be sent');
    return Uint8Array.of(byteOf(code, 'code'), ...detail);
  },
  parse: (data) => (data.length === 0 || data[0] === 0 ? null : { code: readByte(data, 0), detail: copyOf(data, 1) }),
};

/** Key types of osdp_KEYSET with the only length that each may have. */
export const KEY_TYPE = { scbk: 1, scbk2: 2 } as const;
const KEY_LENGTHS: ReadonlyMap<number, number> = new Map([
  [KEY_TYPE.scbk, 16],
  [KEY_TYPE.scbk2, 32],
]);

/** osdp_KEYSET: type 1 (1 = SCBK of secure channel 1, 2 = of secure channel 2), length 1, key. Only ever sent inside a secure channel. */
export interface KeySetting {
  readonly kind: number;
  readonly key: Uint8Array;
}

export const keySetting: BodyCodec<KeySetting> = {
  encode({ kind, key }) {
    if (KEY_LENGTHS.get(kind) !== key.length) throw new TypeError('key type and length do not belong together');
    return withTail([kind, key.length], key);
  },
  parse(data) {
    const length = KEY_LENGTHS.get(readByte(data, 0));
    if (length === undefined || readByte(data, 1) !== length || data.length !== 2 + length) return null;
    return { kind: readByte(data, 0), key: copyOf(data, 2) };
  },
};

/** osdp_CCRYPT: cUID 8, RND.B 8, client cryptogram 16. */
export interface ClientAnswer {
  readonly clientId: Uint8Array;
  readonly rndB: Uint8Array;
  readonly cryptogram: Uint8Array;
}

export const clientAnswer: BodyCodec<ClientAnswer> = {
  encode: ({ clientId, rndB, cryptogram }) =>
    Uint8Array.of(...exactly(clientId, 8, 'cUID'), ...exactly(rndB, 8, 'RND.B'), ...exactly(cryptogram, 16, 'cryptogram')),
  parse: (data) => (data.length === 32 ? { clientId: copyOf(data, 0, 8), rndB: copyOf(data, 8, 16), cryptogram: copyOf(data, 16) } : null),
};
