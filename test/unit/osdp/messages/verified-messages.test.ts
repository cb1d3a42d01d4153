import { describe, expect, it } from 'vitest';
import { type Command, commandTable } from '#adapters/osdp/messages/commands.ts';
import { CAPABILITY, OSDP_VERSION } from '#adapters/osdp/messages/identity-codecs.ts';
import { NAK_CODE } from '#adapters/osdp/messages/line-codecs.ts';
import { type Reply, replyTable } from '#adapters/osdp/messages/replies.ts';
import { SCBK_PATTERN, bytesOfHex, countingBytes } from './verified-samples.ts';

const EMPTY = {};
const part = (data: Uint8Array) => ({ total: data.length, offset: 0, data });
const led = (colour: number): Command => {
  const pattern = { action: 1, on100Ms: 5, off100Ms: 0, onColour: colour, offColour: 0 };
  return { name: 'LED', body: [{ reader: 0, led: 0, temporary: { ...pattern, action: 2, timer100Ms: 300 }, permanent: pattern }] };
};
const card = (bitCount: number, format = 0): Reply => ({
  name: 'RAW',
  body: { reader: 0, format, bitCount, bits: countingBytes(Math.ceil(bitCount / 8)) },
});
const nak = (code: number): Reply => ({ name: 'NAK', body: { code, detail: new Uint8Array(0) } });
const capability = (code: number, compliance: number, count = 0): Reply => ({
  name: 'PDCAP',
  body: [{ function: code, compliance, count }],
});

/** Every command as it stands on the wire: code, then body. Numbers of two and four bytes are low byte first (050-05-01). */
const COMMANDS: readonly (readonly [name: string, command: Command, wire: string])[] = [
  ['060-02-01: POLL', { name: 'POLL', body: EMPTY }, '60'],
  ['060-03-01: ID', { name: 'ID', body: { form: 0 } }, '6100'],
  ['060-04-01: CAP', { name: 'CAP', body: { form: 0 } }, '6200'],
  ['060-05-01: LSTAT', { name: 'LSTAT', body: EMPTY }, '64'],
  ['060-06-01: ISTAT', { name: 'ISTAT', body: EMPTY }, '65'],
  ['060-07-01: OSTAT', { name: 'OSTAT', body: EMPTY }, '66'],
  ['060-08-01: RSTAT', { name: 'RSTAT', body: EMPTY }, '67'],
  ['060-09-01: OUT', { name: 'OUT', body: [{ output: 1, action: 5, timer100Ms: 0x0102 }] }, '6801050201'],
  ['060-10-01: LED', led(2), '6900000205000200' + '2c010105000200'],
  ['060-10-02: LED black', led(0), '6900000205000000' + '2c010105000000'],
  ['060-10-03: LED red', led(1), '6900000205000100' + '2c010105000100'],
  ['060-10-04: LED green', led(2), '6900000205000200' + '2c010105000200'],
  ['060-10-05: LED amber', led(3), '6900000205000300' + '2c010105000300'],
  ['060-10-06: LED blue', led(4), '6900000205000400' + '2c010105000400'],
  ['060-10-07: LED magenta', led(5), '6900000205000500' + '2c010105000500'],
  ['060-10-08: LED cyan', led(6), '6900000205000600' + '2c010105000600'],
  ['060-10-09: LED white', led(7), '6900000205000700' + '2c010105000700'],
  ['060-11-01: BUZ', { name: 'BUZ', body: { reader: 0, tone: 2, on100Ms: 3, off100Ms: 1, count: 4 } }, '6a0002030104'],
  [
    '060-12-01: TEXT',
    { name: 'TEXT', body: { reader: 0, command: 2, durationS: 5, row: 1, column: 1, text: Uint8Array.of(0x48, 0x69) } },
    '6b000205010102' + '4869',
  ],
  ['060-13-01, 050-05-01: COMSET', { name: 'COMSET', body: { address: 3, baud: 115_200 } }, '6e0300c20100'],
  ['060-14-01: BIOREAD', { name: 'BIOREAD', body: { reader: 0, type: 1, format: 2, quality: 3 } }, '7300010203'],
  [
    '060-15-01: BIOMATCH',
    { name: 'BIOMATCH', body: { reader: 0, type: 1, format: 2, quality: 3, template: Uint8Array.of(9) } },
    '7400010203010009',
  ],
  ['060-16-01: KEYSET', { name: 'KEYSET', body: { kind: 1, key: SCBK_PATTERN } }, '750110' + '000102030405060708090a0b0c0d0e0f'],
  ['060-17-01: CHLNG', { name: 'CHLNG', body: { rndA: countingBytes(8) } }, '76' + '0001020304050607'],
  ['060-18-01: SCRYPT', { name: 'SCRYPT', body: { cryptogram: SCBK_PATTERN } }, '77' + '000102030405060708090a0b0c0d0e0f'],
  ['060-19-01: MFG', { name: 'MFG', body: { vendor: Uint8Array.of(0x00, 0x06, 0x8e), data: Uint8Array.of(1) } }, '8000068e01'],
  ['060-20-01: ACURXSIZE', { name: 'ACURXSIZE', body: { size: 1_440 } }, '7ba005'],
  ['060-21-01: KEEPACTIVE', { name: 'KEEPACTIVE', body: { durationMs: 7_000 } }, 'a7581b'],
  ['060-22-01: ABORT', { name: 'ABORT', body: EMPTY }, 'a2'],
  [
    '060-23-01: PIVDATA',
    { name: 'PIVDATA', body: { object: bytesOfHex('5fc102'), element: 1, offset: 0, offsetLength: 2 } },
    'a35fc102010000',
  ],
  [
    '060-24-01: GENAUTH',
    { name: 'GENAUTH', body: { ...part(Uint8Array.of(1, 2)), reference: { algorithm: 7, key: Uint8Array.of(0x9e) } } },
    'a4020000000200079e0102',
  ],
  [
    '060-25-01: CRAUTH',
    { name: 'CRAUTH', body: { ...part(Uint8Array.of(1, 2)), reference: { algorithm: 7, key: Uint8Array.of(0x9e) } } },
    'a5020000000200079e0102',
  ],
  [
    '060-26-01: FILETRANSFER',
    { name: 'FILETRANSFER', body: { type: 1, total: 0x01020304, offset: 0x100, data: Uint8Array.of(7) } },
    '7c01' + '04030201' + '00010000' + '0100' + '07',
  ],
  [
    '060-26-02: FILETRANSFER of a template',
    { name: 'FILETRANSFER', body: { type: 2, total: 1, offset: 0, data: Uint8Array.of(7) } },
    '7c02' + '01000000' + '00000000' + '0100' + '07',
  ],
  ['060-27-01: XWR', { name: 'XWR', body: { kind: 'apdu', reader: 0, apdu: bytesOfHex('00a40400') } }, 'a1010100' + '00a40400'],
];

const REPLIES: readonly (readonly [name: string, reply: Reply, wire: string])[] = [
  ['070-02-01: ACK', { name: 'ACK', body: EMPTY }, '40'],
  ['070-03-01: NAK', { name: 'NAK', body: { code: 3, detail: Uint8Array.of(0x60) } }, '410360'],
  ['070-03-05: NAK 2', nak(NAK_CODE.badLength), '4102'],
  ['070-03-06, 070-03-02: NAK 3', nak(NAK_CODE.unknownCommand), '4103'],
  ['070-03-07: NAK 4', nak(NAK_CODE.badSequence), '4104'],
  ['070-03-08: NAK 5', nak(NAK_CODE.securityBlockUnsupported), '4105'],
  ['070-03-09: NAK 6', nak(NAK_CODE.encryptionRequired), '4106'],
  ['070-03-10: NAK 7', nak(NAK_CODE.bioTypeUnsupported), '4107'],
  ['070-03-11: NAK 8', nak(NAK_CODE.bioFormatUnsupported), '4108'],
  ['070-03-12: NAK 9', nak(NAK_CODE.recordRefused), '4109'],
  ['070-03-13: NAK FF', nak(NAK_CODE.unspecified), '41ff'],
  [
    '070-04-01: PDID',
    { name: 'PDID', body: { vendor: bytesOfHex('00068e'), model: 1, version: 2, serial: bytesOfHex('01020304'), firmware: [5, 6, 7] } },
    '4500068e0102' + '01020304' + '050607',
  ],
  [
    '070-05-01: PDCAP',
    {
      name: 'PDCAP',
      body: [
        { function: 1, compliance: 3, count: 2 },
        { function: 9, compliance: 1, count: 1 },
      ],
    },
    '46010302090101',
  ],
  ['070-05-02: PDCAP inputs', capability(CAPABILITY.inputs, 3, 2), '46010302'],
  ['070-05-03: PDCAP outputs', capability(CAPABILITY.outputs, 1, 2), '46020102'],
  ['070-05-04: PDCAP card format', capability(CAPABILITY.cardFormat, 1), '46030100'],
  ['070-05-05: PDCAP LED', capability(CAPABILITY.led, 4, 1), '46040401'],
  ['070-05-06: PDCAP audible', capability(CAPABILITY.buzzer, 2, 1), '46050201'],
  ['070-05-07: PDCAP text', capability(CAPABILITY.text, 1, 1), '46060101'],
  ['070-05-09: PDCAP check character', capability(CAPABILITY.checkCharacter, 1), '46080100'],
  ['070-05-10: PDCAP security', capability(CAPABILITY.security, 1, 1), '46090101'],
  ['070-05-11: PDCAP receive buffer of 1440', capability(CAPABILITY.receiveBuffer, 0xa0, 0x05), '460aa005'],
  ['070-05-12: PDCAP combined message', capability(CAPABILITY.combinedMessage, 0xff, 0xff), '460bffff'],
  ['070-05-13: PDCAP smart card', capability(CAPABILITY.smartCard, 3), '460c0300'],
  ['070-05-14: PDCAP readers', capability(CAPABILITY.readers, 0, 1), '460d0001'],
  ['070-05-15: PDCAP biometrics', capability(CAPABILITY.biometrics, 1), '460e0100'],
  ['070-05-16: PDCAP secure PIN entry', capability(CAPABILITY.securePin, 1), '460f0100'],
  ['070-05-17: PDCAP version', capability(CAPABILITY.osdpVersion, OSDP_VERSION.unspecified), '46100000'],
  ['070-05-19: PDCAP version SIA 2.2', capability(CAPABILITY.osdpVersion, OSDP_VERSION.sia22), '46100200'],
  ['070-06-01: LSTATR', { name: 'LSTATR', body: { tampered: false, powerFailed: false } }, '480000'],
  ['070-06-02: LSTATR tamper', { name: 'LSTATR', body: { tampered: true, powerFailed: false } }, '480100'],
  ['070-06-03: LSTATR power', { name: 'LSTATR', body: { tampered: false, powerFailed: true } }, '480001'],
  ['070-07-01: ISTATR', { name: 'ISTATR', body: { states: [0, 1] } }, '490001'],
  ['070-07-02: ISTATR of supervised inputs', { name: 'ISTATR', body: { states: [2, 3, 4, 5] } }, '4902030405'],
  ['070-08-01: OSTATR', { name: 'OSTATR', body: { states: [0, 1] } }, '4a0001'],
  ['070-09-01: RSTATR', { name: 'RSTATR', body: { states: [2] } }, '4b02'],
  ['070-10-01, 070-10-02: RAW of 26 bits with parity', card(26, 1), '5000011a00' + '00010203'],
  ['070-10-03: RAW of 26 bits', card(26), '5000001a00' + '00010203'],
  ['070-10-04: RAW of 200 bits', card(200), '500000c800' + '000102030405060708090a0b0c0d0e0f101112131415161718'],
  ['070-10-05: RAW of 128 bits', card(128), '5000008000' + '000102030405060708090a0b0c0d0e0f'],
  ['070-10-06: RAW of 75 bits', card(75), '5000004b00' + '00010203040506070809'],
  ['070-10-07: RAW of 64 bits', card(64), '5000004000' + '0001020304050607'],
  ['070-12-01: KEYPAD', { name: 'KEYPAD', body: { reader: 0, keys: Uint8Array.of(0x31, 0x7f, 0x0d) } }, '530003317f0d'],
  ['070-13-01: COM', { name: 'COM', body: { address: 3, baud: 115_200 } }, '540300c20100'],
  [
    '070-14-01: BIOREADR',
    { name: 'BIOREADR', body: { reader: 0, status: 0, type: 1, quality: 2, template: Uint8Array.of(9) } },
    '5700000102010009',
  ],
  ['070-15-01: BIOMATCHR', { name: 'BIOMATCHR', body: { reader: 0, status: 0, score: 0xc8 } }, '580000c8'],
  [
    '070-16-01: CCRYPT',
    { name: 'CCRYPT', body: { clientId: countingBytes(8), rndB: countingBytes(8), cryptogram: SCBK_PATTERN } },
    '76' + '0001020304050607' + '0001020304050607' + '000102030405060708090a0b0c0d0e0f',
  ],
  ['070-17-01: RMAC_I', { name: 'RMAC_I', body: { rMac: SCBK_PATTERN } }, '78' + '000102030405060708090a0b0c0d0e0f'],
  ['070-18-01: MFGREP', { name: 'MFGREP', body: { vendor: bytesOfHex('00068e'), data: Uint8Array.of(1) } }, '9000068e01'],
  ['070-19-01: BUSY', { name: 'BUSY', body: EMPTY }, '79'],
  ['070-20-01: PIVDATAR', { name: 'PIVDATAR', body: part(Uint8Array.of(1, 2)) }, '800200000002000102'],
  ['070-21-01: GENAUTHR', { name: 'GENAUTHR', body: part(Uint8Array.of(1, 2)) }, '810200000002000102'],
  ['070-22-01: CRAUTHR', { name: 'CRAUTHR', body: part(Uint8Array.of(1, 2)) }, '820200000002000102'],
  ['070-23-01: MFGSTATR', { name: 'MFGSTATR', body: { data: Uint8Array.of(1) } }, '8301'],
  ['070-24-01: MFGERRR', { name: 'MFGERRR', body: { data: Uint8Array.of(1) } }, '8401'],
  ['070-25-01: FTSTAT', { name: 'FTSTAT', body: { action: 0, delayMs: 500, status: -3, messageMax: 256 } }, '7a00f401fdff0001'],
  ['070-26-01: XRD', { name: 'XRD', body: { kind: 'apdu', reader: 0, status: 0, apdu: bytesOfHex('9000') } }, 'b1010200009000'],
];

describe('on the wire', () => {
  it.each(COMMANDS)('%s is exactly these bytes, both ways', (_, message, wire) => {
    const { code, data } = commandTable.encode(message);
    expect(Buffer.of(code, ...data).toString('hex')).toBe(wire);
    expect(commandTable.parse(code, data)).toEqual({ ok: true, message });
  });

  it.each(REPLIES)('%s is exactly these bytes, both ways', (_, message, wire) => {
    const { code, data } = replyTable.encode(message);
    expect(Buffer.of(code, ...data).toString('hex')).toBe(wire);
    expect(replyTable.parse(code, data)).toEqual({ ok: true, message });
  });

  it('070-03-03: NAK 0 is neither sent nor taken', () => {
    expect(() => replyTable.encode(nak(0))).toThrow(TypeError);
    expect(replyTable.parse(0x41, Uint8Array.of(0))).toMatchObject({ ok: false, reason: 'malformed' });
  });

  it('050-09-10: every code that stands in no table is told as unknown', () => {
    const known = (parse: (code: number) => boolean): number => Array.from({ length: 256 }, (_, code) => code).filter(parse).length;
    const isKnown = (table: typeof commandTable | typeof replyTable) => (code: number) => {
      const parsed = table.parse(code, new Uint8Array(0));
      return parsed.ok || parsed.reason !== 'unknown';
    };
    expect(known(isKnown(commandTable))).toBe(29);
    expect(known(isKnown(replyTable))).toBe(27);
  });

  it('KEYSET has 16 bytes for secure channel 1, 32 for secure channel 2, and no other length or type', () => {
    for (const [kind, length] of [
      [1, 15],
      [1, 17],
      [1, 32],
      [2, 16],
      [2, 31],
      [2, 33],
      [0, 16],
      [3, 32],
    ] as const) {
      expect(() => commandTable.encode({ name: 'KEYSET', body: { kind, key: new Uint8Array(length) } })).toThrow(TypeError);
      expect(commandTable.parse(0x75, Uint8Array.of(kind, length, ...new Uint8Array(length))).ok).toBe(false);
    }
    expect(commandTable.encode({ name: 'KEYSET', body: { kind: 2, key: new Uint8Array(32) } }).data).toHaveLength(34);
  });
});
