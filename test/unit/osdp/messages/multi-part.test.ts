import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { IDENTITY_TAG, extendedIdentity } from '#adapters/osdp/messages/extended-identity.ts';
import {
  ASSEMBLY_MAX,
  type Assembled,
  PARTS_MAX,
  type Part,
  assemblePart,
  earlyEnd,
  part,
  splitParts,
} from '#adapters/osdp/messages/multi-part.ts';
import { KEY_REFERENCE_LENGTH_MAX, challengePart, splitChallenge } from '#adapters/osdp/messages/piv-codecs.ts';
import { anyPart } from './message-arbitraries.ts';

const NONE: Assembled = { assembly: null, payload: null, error: null };
const payloads = fc.uint8Array({ minLength: 1, maxLength: 600 });
const fragments = fc.integer({ min: 1, max: 200 });
const bytes = (length: number): Uint8Array => new Uint8Array(length).map((_, index) => index * 7);
const only = (parts: readonly Part[], at: number): Part => parts[at] ?? earlyEnd(1);

function assembleAll(parts: readonly Part[], from: Assembled = NONE): Assembled {
  return parts.reduce((before, next) => assemblePart(before.assembly, next), from);
}

describe('multi-part messages', () => {
  it('050-10-01: are whole again after split, encode, parse and assemble', () => {
    fc.assert(
      fc.property(payloads, fragments, (payload, fragmentMax) => {
        const parts = splitParts(payload, fragmentMax).map((next) => part.parse(part.encode(next)) ?? earlyEnd(1));
        expect(assembleAll(parts)).toEqual({ ...NONE, payload });
        expect(assembleAll(parts.slice(0, -1)).payload).toBeNull();
      }),
    );
  });

  it('carry the largest message and refuse a larger one', () => {
    const largest = bytes(ASSEMBLY_MAX);
    expect(assembleAll(splitParts(largest, 1_400)).payload).toEqual(largest);
    expect(() => splitParts(bytes(ASSEMBLY_MAX + 1), 1_400)).toThrow(TypeError);
    expect(assemblePart(null, { total: ASSEMBLY_MAX + 1, offset: 0, data: bytes(1) }).error).toBe('too_large');
    expect(assemblePart(null, { total: 4, offset: 0, data: bytes(5) }).error).toBe('too_large');
  });

  it('have at least one byte in all and in each fragment', () => {
    expect(() => splitParts(new Uint8Array(0), 8)).toThrow(TypeError);
    expect(() => splitParts(bytes(8), 0)).toThrow(TypeError);
    expect(splitParts(bytes(8), 1)).toHaveLength(8);
  });

  it('start anew at offset 0', () => {
    const parts = splitParts(bytes(30), 10);
    const half = assembleAll(parts.slice(0, 2));
    const other = splitParts(bytes(12), 10);
    expect(assembleAll(other, half).payload).toEqual(bytes(12));
  });

  it('fail on a gap, a repetition, a start in the middle and another total', () => {
    const parts = splitParts(bytes(40), 10);
    const first = assemblePart(null, only(parts, 0));
    expect(assemblePart(first.assembly, only(parts, 2))).toEqual({ ...NONE, error: 'out_of_order' });
    const second = assemblePart(first.assembly, only(parts, 1));
    expect(assemblePart(second.assembly, only(parts, 1)).error).toBe('out_of_order');
    expect(assemblePart(null, only(parts, 1)).error).toBe('out_of_order');
    expect(assemblePart(first.assembly, { ...only(parts, 1), total: 41 }).error).toBe('total_changed');
  });

  it('end early without a message and without an error', () => {
    const first = assemblePart(null, only(splitParts(bytes(40), 10), 0));
    const end = part.parse(part.encode(earlyEnd(40)));
    expect(end).toEqual(earlyEnd(40));
    expect(assemblePart(first.assembly, end ?? only([], 0))).toEqual(NONE);
  });

  it('hold only what has arrived, whatever total is claimed', () => {
    const { assembly } = assemblePart(null, { total: ASSEMBLY_MAX, offset: 0, data: bytes(3) });
    expect(assembly?.received).toBe(3);
  });

  it.each([
    [PARTS_MAX, null],
    [PARTS_MAX + 1, 'too_many'],
  ])('have at most so many parts: %i', (count, error) => {
    const whole = bytes(count);
    const { payload, error: ended } = assembleAll(splitParts(whole, 1));
    expect(ended).toBe(error);
    expect(payload).toEqual(error === null ? whole : null);
  });

  it('take in each part for itself: what came before is not copied', () => {
    const parts = splitParts(bytes(4_000), 10);
    let state = NONE;
    for (const next of parts.slice(0, -1)) {
      const after = assemblePart(state.assembly, next);
      expect(after.assembly?.newest.data).toBe(next.data);
      expect(after.assembly?.newest.before).toBe(state.assembly?.newest ?? null);
      state = after;
    }
  });

  it('never throw and never grow beyond their total, whatever parts come', () => {
    fc.assert(
      fc.property(fc.array(anyPart, { maxLength: 30 }), (parts) => {
        let state = NONE;
        for (const next of parts) {
          state = assemblePart(state.assembly, next);
          expect(state.assembly?.received ?? 0).toBeLessThanOrEqual(state.assembly?.total ?? 0);
        }
      }),
    );
  });

  it.each([
    ['a fragment beyond the total', [4, 0, 2, 0, 3, 0, 1, 2, 3]],
    ['a fragment that is shorter than it says', [9, 0, 0, 0, 4, 0, 1, 2, 3]],
    ['a fragment that is longer than it says', [9, 0, 0, 0, 2, 0, 1, 2, 3]],
    ['no fragment inside the message', [9, 0, 0, 0, 0, 0]],
    ['half a header', [9, 0, 0, 0, 1]],
  ])('refuse %s', (_, data) => {
    expect(part.parse(Uint8Array.from(data))).toBeNull();
  });

  it('refuse to be encoded when the fragment lies outside', () => {
    expect(() => part.encode({ total: 4, offset: 2, data: bytes(3) })).toThrow(TypeError);
    expect(() => part.encode({ total: 4, offset: 2, data: bytes(0) })).toThrow(TypeError);
  });
});

describe('challenges', () => {
  it('060-24-01, 060-25-01: name algorithm and key in the first part only, outside of both lengths', () => {
    const [first, second] = splitChallenge({ algorithm: 7, key: Uint8Array.of(0x9e) }, bytes(12), 10).map((next) =>
      challengePart.encode(next),
    );
    expect(first).toEqual(Uint8Array.of(12, 0, 0, 0, 10, 0, 7, 0x9e, ...bytes(10)));
    expect(second).toEqual(Uint8Array.of(12, 0, 10, 0, 2, 0, ...bytes(12).subarray(10)));
  });

  it('060-25-03: carry an extended key reference', () => {
    const key = Uint8Array.of(0x01, 0x9e, 0x20);
    const [first] = splitChallenge({ algorithm: 0x14, key }, bytes(4), 10);
    if (first === undefined) throw new TypeError('one part');
    expect(challengePart.parse(challengePart.encode(first))?.reference).toEqual({ algorithm: 0x14, key });
  });

  it('take a key reference of the greatest length and none longer', () => {
    const of = (length: number) => ({ total: 1, offset: 0, data: bytes(1), reference: { algorithm: 1, key: bytes(length) } });
    expect(challengePart.parse(challengePart.encode(of(KEY_REFERENCE_LENGTH_MAX)))).toEqual(of(KEY_REFERENCE_LENGTH_MAX));
    expect(() => challengePart.encode(of(KEY_REFERENCE_LENGTH_MAX + 1))).toThrow(TypeError);
    expect(() => challengePart.encode(of(0))).toThrow(TypeError);
    expect(challengePart.parse(Uint8Array.of(1, 0, 0, 0, 1, 0, ...bytes(KEY_REFERENCE_LENGTH_MAX + 2), 9))).toBeNull();
  });

  it('refuse a key reference behind the first part', () => {
    expect(() => challengePart.encode({ total: 4, offset: 2, data: bytes(2), reference: { algorithm: 1, key: bytes(1) } })).toThrow(
      TypeError,
    );
    expect(challengePart.parse(Uint8Array.of(4, 0, 2, 0, 2, 0, 7, 0x9e, 1, 2))).toBeNull();
  });
});

describe('the extended identity', () => {
  it('survives a round trip with every tag, several firmwares and a tag that nobody knows', () => {
    const value = new TextEncoder().encode('Türleser');
    const entries = [...Object.values(IDENTITY_TAG), IDENTITY_TAG.firmware, 0x40].map((tag) => ({ tag, value }));
    expect(extendedIdentity.parse(extendedIdentity.encode(entries))).toEqual(entries);
    expect(extendedIdentity.parse(new Uint8Array(0))).toEqual([]);
  });

  it('is refused at every truncation that does not end between two entries, and never throws', () => {
    const data = extendedIdentity.encode([
      { tag: 0, value: bytes(3) },
      { tag: 1, value: bytes(2) },
    ]);
    const accepted = Array.from({ length: data.length + 1 }, (_, length) => length).filter((length) =>
      extendedIdentity.parse(data.subarray(0, length)),
    );
    expect(accepted).toEqual([0, 6, 11]);
    fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), (random) => extendedIdentity.parse(random) !== undefined));
  });
});
