import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Command, commandTable } from '#adapters/osdp/messages/commands.ts';
import { type Reply, replyTable } from '#adapters/osdp/messages/replies.ts';
import { bitFlips } from '../wire/frame-samples.ts';

const byte = fc.integer({ min: 0, max: 255 });
const uint16 = fc.integer({ min: 0, max: 0xffff });
const uint32 = fc.integer({ min: 0, max: 0xffffffff });
const empty = fc.constant({});
const block = (length: number) => fc.uint8Array({ minLength: length, maxLength: length });
const pattern = { action: byte, on100Ms: byte, off100Ms: byte, onColour: byte, offColour: byte };
const line = fc.record({ address: byte, baud: uint32 });
const states = fc.record({ states: fc.array(byte, { maxLength: 32 }) });
const raw = fc
  .record({ reader: byte, format: byte, bitCount: fc.integer({ min: 0, max: 1024 }) })
  .chain((head) => block(Math.ceil(head.bitCount / 8)).map((bits) => ({ ...head, bits })));

const commandBodies: { readonly [Name in Command['name']]: fc.Arbitrary<Extract<Command, { name: Name }>['body']> } = {
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
  TEXT: fc.record({ reader: byte, command: byte, durationS: byte, row: byte, column: byte, text: fc.uint8Array({ maxLength: 255 }) }),
  COMSET: line,
  KEYSET: fc.record({ kind: byte, key: fc.uint8Array({ maxLength: 32 }) }),
  CHLNG: fc.record({ rndA: block(8) }),
  SCRYPT: fc.record({ cryptogram: block(16) }),
};

const replyBodies: { readonly [Name in Reply['name']]: fc.Arbitrary<Extract<Reply, { name: Name }>['body']> } = {
  ACK: empty,
  NAK: fc.record({ code: fc.integer({ min: 1, max: 255 }), detail: fc.uint8Array({ maxLength: 8 }) }),
  PDID: fc.record({ vendor: block(3), model: byte, version: byte, serial: block(4), firmware: fc.tuple(byte, byte, byte) }),
  PDCAP: fc.array(fc.record({ function: byte, compliance: byte, count: byte }), { maxLength: 20 }),
  LSTATR: fc.record({ tampered: fc.boolean(), powerFailed: fc.boolean() }),
  ISTATR: states,
  OSTATR: states,
  RSTATR: states,
  RAW: raw,
  KEYPAD: fc.record({ reader: byte, keys: fc.uint8Array({ maxLength: 64 }) }),
  COM: line,
  CCRYPT: fc.record({ clientId: block(8), rndB: block(8), cryptogram: block(16) }),
  RMAC_I: fc.record({ rMac: block(16) }),
  BUSY: empty,
};

const commands = oneOfEach<Command>(commandBodies);
const replies = oneOfEach<Reply>(replyBodies);

describe.each([
  ['command', commandTable, commands],
  ['reply', replyTable, replies],
] as const)('%s codecs', (_, table, messages) => {
  it.each(messages.map((message) => [message.name, message.arbitrary] as const))('%s survives a round trip', (_name, arbitrary) => {
    fc.assert(
      fc.property(arbitrary as fc.Arbitrary<never>, (message) => {
        const { code, data } = table.encode(message);
        expect(table.parse(code, data)).toEqual({ ok: true, message });
      }),
    );
  });

  it.each(messages.map((message) => [message.name, message.arbitrary] as const))(
    '%s refuses or reads, and never throws, at every truncation and bit flip',
    (_name, arbitrary) => {
      fc.assert(
        fc.property(arbitrary as fc.Arbitrary<never>, (message) => {
          const { code, data } = table.encode(message);
          for (let length = 0; length < data.length; length += 1) table.parse(code, data.subarray(0, length));
          for (const flipped of bitFlips(data)) table.parse(code, flipped);
        }),
        { numRuns: 20 },
      );
    },
  );

  it('never throws on a random code with random data', () => {
    fc.assert(
      fc.property(byte, fc.uint8Array({ maxLength: 1_440 }), (code, data) => {
        const parsed = table.parse(code, data);
        expect(parsed.ok || parsed.reason === 'unknown' || parsed.reason === 'malformed').toBe(true);
      }),
      { numRuns: 2_000 },
    );
  });

  it('names an unknown code as unknown', () => {
    expect(table.parse(0xee, new Uint8Array(0))).toEqual({ ok: false, reason: 'unknown' });
  });
});

describe('strictness', () => {
  it.each([
    ['a left-over byte after the bits of a card', 0x50, [0, 1, 8, 0, 0xaa, 0x00]],
    ['a card that is shorter than its bit count', 0x50, [0, 1, 26, 0, 1, 2, 3]],
    ['a keypad entry that is shorter than its count', 0x53, [0, 4, 0x31]],
    ['NAK 0, which means no error', 0x41, [0]],
    ['an empty NAK', 0x41, []],
    ['half a capability', 0x46, [1, 2]],
    ['an identity of 11 bytes', 0x45, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]],
    ['an ACK with data', 0x40, [1]],
  ])('refuses %s', (_, code, data) => {
    expect(replyTable.parse(code, Uint8Array.from(data))).toEqual({ ok: false, reason: 'malformed' });
  });

  it('never sends NAK 0', () => {
    expect(() => replyTable.encode({ name: 'NAK', body: { code: 0, detail: new Uint8Array(0) } })).toThrow(TypeError);
  });

  it('refuses to encode a number that does not fit its field', () => {
    expect(() => commandTable.encode({ name: 'OUT', body: [{ output: 256, action: 0, timer100Ms: 0 }] })).toThrow(TypeError);
    expect(() => commandTable.encode({ name: 'OUT', body: [{ output: 0, action: 0, timer100Ms: 65_536 }] })).toThrow(TypeError);
  });

  it('shares no memory with what it parsed', () => {
    const data = Buffer.from([0, 1, 8, 0, 0xaa]);
    const parsed = replyTable.parse(0x50, data);
    data.fill(0);
    expect(parsed).toMatchObject({ ok: true, message: { body: { bits: Uint8Array.of(0xaa) } } });
  });
});

function oneOfEach<Message extends { readonly name: string }>(bodies: Readonly<Record<string, fc.Arbitrary<unknown>>>) {
  return Object.entries(bodies).map(([name, body]) => ({
    name,
    arbitrary: body.map((value) => ({ name, body: value })) as fc.Arbitrary<unknown> as fc.Arbitrary<Message>,
  }));
}
