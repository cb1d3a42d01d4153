import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { commandTable } from '#adapters/osdp/messages/commands.ts';
import { replyTable } from '#adapters/osdp/messages/replies.ts';
import { bitFlips } from '../wire/frame-samples.ts';
import { commands, replies } from './message-arbitraries.ts';

const byte = fc.integer({ min: 0, max: 255 });

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

  it('keeps a message with an unknown code as it came', () => {
    const data = Buffer.from([1, 2, 3]);
    const parsed = table.parse(0xee, data);
    data.fill(0);
    expect(parsed).toEqual({ ok: false, reason: 'unknown', raw: { code: 0xee, data: Uint8Array.of(1, 2, 3) } });
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
    expect(replyTable.parse(code, Uint8Array.from(data))).toMatchObject({ ok: false, reason: 'malformed' });
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
