import fc from 'fast-check';
import type { Command } from '#adapters/osdp/messages/commands.ts';
import type { Reply } from '#adapters/osdp/messages/replies.ts';
import type { SmartCardCommand } from '#adapters/osdp/messages/smart-card-command.ts';
import type { SmartCardReply } from '#adapters/osdp/messages/smart-card-reply.ts';

const byte = fc.integer({ min: 0, max: 255 });
const uint16 = fc.integer({ min: 0, max: 0xffff });
const uint32 = fc.integer({ min: 0, max: 0xffffffff });
const empty = fc.constant({});
const bytes = (maxLength: number) => fc.uint8Array({ maxLength });
const block = (length: number) => fc.uint8Array({ minLength: length, maxLength: length });
const pattern = { action: byte, on100Ms: byte, off100Ms: byte, onColour: byte, offColour: byte };
const line = fc.record({ address: byte, baud: uint32 });
const states = fc.record({ states: fc.array(byte, { maxLength: 32 }) });
const raw = fc
  .record({ reader: byte, format: byte, bitCount: fc.integer({ min: 0, max: 1024 }) })
  .chain((head) => block(Math.ceil(head.bitCount / 8)).map((bits) => ({ ...head, bits })));
const scan = { reader: byte, type: byte, format: byte, quality: byte };
const manufacturer = fc.record({ vendor: block(3), data: bytes(64) });

/** Inside the message, or the early end behind it. */
export const anyPart = fc.oneof(
  fc
    .record({ offset: fc.integer({ min: 0, max: 0xff00 }), data: fc.uint8Array({ minLength: 1, maxLength: 128 }), more: byte })
    .map(({ offset, data, more }) => ({ total: Math.min(0xffff, offset + data.length + more), offset, data })),
  fc
    .record({ total: fc.integer({ min: 0, max: 0xff00 }), behind: byte })
    .map(({ total, behind }) => ({ total, offset: total + behind, data: new Uint8Array(0) })),
);
const reference = fc.record({ algorithm: byte, key: fc.uint8Array({ minLength: 1, maxLength: 16 }) });
const challenge = anyPart.chain((part) =>
  (part.offset === 0 ? fc.option(reference, { nil: null }) : fc.constant(null)).map((found) => ({ ...part, reference: found })),
);
const file = fc
  .record({ type: byte, offset: fc.integer({ min: 0, max: 0x7fffffff }), data: bytes(128), more: fc.integer({ min: 0, max: 0x7fffff00 }) })
  .map(({ type, offset, data, more }) => ({ type, total: offset + data.length + more, offset, data }));
const pin = fc.record({
  kind: fc.constant('enter_pin' as const),
  reader: byte,
  timeoutS: byte,
  timeoutAfterFirstS: byte,
  format: byte,
  block: byte,
  lengthFormat: byte,
  digitsMin: byte,
  digitsMax: byte,
  completesOn: byte,
  messageCount: byte,
  language: uint16,
  messageIndex: byte,
  prologue: block(3),
  apdu: bytes(64),
});
const write: fc.Arbitrary<SmartCardCommand> = fc.oneof(
  fc.constant({ kind: 'get_mode' as const }),
  fc.record({ kind: fc.constant('set_mode' as const), mode: byte, configuration: byte }),
  fc.record({ kind: fc.constant('apdu' as const), reader: byte, apdu: bytes(261) }),
  fc.record({ kind: fc.constant('end' as const), reader: byte }),
  pin,
  fc.record({ kind: fc.constant('scan' as const), reader: byte }),
  fc.record({ kind: fc.constant('unknown' as const), mode: fc.integer({ min: 2, max: 255 }), command: byte, data: bytes(32) }),
  fc.record({
    kind: fc.constant('unknown' as const),
    mode: fc.constantFrom(0, 1),
    command: fc.integer({ min: 5, max: 255 }),
    data: bytes(32),
  }),
);
const read: fc.Arbitrary<SmartCardReply> = fc.oneof(
  fc.record({ kind: fc.constant('mode' as const), mode: byte, configuration: byte }),
  fc.record({ kind: fc.constant('card_info' as const), reader: byte, protocol: byte, serial: bytes(32), details: bytes(32) }),
  fc.record({ kind: fc.constant('error' as const), mode: fc.constantFrom(0, 1), code: byte }),
  fc.record({ kind: fc.constant('presence' as const), reader: byte, status: fc.option(byte, { nil: null }) }),
  fc.record({ kind: fc.constant('apdu' as const), reader: byte, status: byte, apdu: bytes(258) }),
  fc.record({ kind: fc.constant('pin_entered' as const), reader: byte, status: byte, tries: byte }),
  fc.record({ kind: fc.constant('unknown' as const), mode: fc.integer({ min: 2, max: 255 }), reply: byte, data: bytes(32) }),
  fc.record({
    kind: fc.constant('unknown' as const),
    mode: fc.constant(1),
    reply: fc.constant(1),
    data: fc.uint8Array({ minLength: 3, maxLength: 32 }),
  }),
);

type Bodies<Message extends { readonly name: string; readonly body: unknown }> = {
  readonly [Name in Message['name']]: fc.Arbitrary<Extract<Message, { readonly name: Name }>['body']>;
};

/** A row of the table without its arbitrary here does not compile. */
export const commandBodies: Bodies<Command> = {
  POLL: empty,
  ID: fc.record({ form: byte }),
  CAP: fc.record({ form: byte }),
  LSTAT: empty,
  ISTAT: empty,
  OSTAT: empty,
  RSTAT: empty,
  OUT: fc.array(fc.record({ output: byte, action: byte, timer100Ms: uint16 }), { maxLength: 8 }),
  LED: fc.array(
    fc.record({ reader: byte, led: byte, temporary: fc.record({ ...pattern, timer100Ms: uint16 }), permanent: fc.record(pattern) }),
    { maxLength: 8 },
  ),
  BUZ: fc.record({ reader: byte, tone: byte, on100Ms: byte, off100Ms: byte, count: byte }),
  TEXT: fc.record({ reader: byte, command: byte, durationS: byte, row: byte, column: byte, text: bytes(255) }),
  RMODE: empty,
  TDSET: fc.record({ year: uint16, month: byte, day: byte, hour: byte, minute: byte, second: byte }),
  COMSET: line,
  BIOREAD: fc.record(scan),
  BIOMATCH: fc.record({ ...scan, template: bytes(300) }),
  KEYSET: fc.oneof(fc.record({ kind: fc.constant(1), key: block(16) }), fc.record({ kind: fc.constant(2), key: block(32) })),
  CHLNG: fc.record({ rndA: block(8) }),
  SCRYPT: fc.record({ cryptogram: block(16) }),
  ACURXSIZE: fc.record({ size: uint16 }),
  FILETRANSFER: file,
  MFG: manufacturer,
  XWR: write,
  ABORT: empty,
  PIVDATA: fc.oneof(
    fc.record({ object: block(3), element: byte, offset: byte, offsetLength: fc.constant(1 as const) }),
    fc.record({ object: block(3), element: byte, offset: uint16, offsetLength: fc.constant(2 as const) }),
  ),
  GENAUTH: challenge,
  CRAUTH: challenge,
  KEEPACTIVE: fc.record({ durationMs: uint16 }),
  PAIR: anyPart,
};

export const replyBodies: Bodies<Reply> = {
  ACK: empty,
  NAK: fc.record({ code: fc.integer({ min: 1, max: 255 }), detail: bytes(8) }),
  PDID: fc.record({ vendor: block(3), model: byte, version: byte, serial: block(4), firmware: fc.tuple(byte, byte, byte) }),
  PDCAP: fc.array(fc.record({ function: byte, compliance: byte, count: byte }), { maxLength: 20 }),
  LSTATR: fc.record({ tampered: fc.boolean(), powerFailed: fc.boolean() }),
  ISTATR: states,
  OSTATR: states,
  RSTATR: states,
  RAW: raw,
  FMT: fc.record({ reader: byte, direction: byte, digits: bytes(64) }),
  KEYPAD: fc.record({ reader: byte, keys: bytes(64) }),
  COM: line,
  BIOREADR: fc.record({ reader: byte, status: byte, type: byte, quality: byte, template: bytes(300) }),
  BIOMATCHR: fc.record({ reader: byte, status: byte, score: byte }),
  EXT_PDID: anyPart,
  CCRYPT: fc.record({ clientId: block(8), rndB: block(8), cryptogram: block(16) }),
  RMAC_I: fc.record({ rMac: block(16) }),
  BUSY: empty,
  FTSTAT: fc.record({ action: byte, delayMs: uint16, status: fc.integer({ min: -0x8000, max: 0x7fff }), messageMax: uint16 }),
  PIVDATAR: anyPart,
  GENAUTHR: anyPart,
  CRAUTHR: anyPart,
  MFGSTATR: fc.record({ data: bytes(64) }),
  MFGERRR: fc.record({ data: bytes(64) }),
  PAIRR: anyPart,
  MFGREP: manufacturer,
  XRD: read,
};

/** One arbitrary message for each row. */
export const commands = oneOfEach<Command>(commandBodies);
export const replies = oneOfEach<Reply>(replyBodies);

function oneOfEach<Message extends { readonly name: string; readonly body: unknown }>(bodies: Bodies<Message>) {
  return Object.entries<fc.Arbitrary<unknown>>(bodies).map(([name, body]) => ({
    name,
    arbitrary: body.map((value) => ({ name, body: value })) as fc.Arbitrary<unknown> as fc.Arbitrary<Message>, // name and body of one row
  }));
}
