import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodeFaceCode, FACE_CODE_BYTES_MAX, parseFaceCode } from '#gateway/domain/face/face-code.ts';
import { faceCodeSchema } from '#gateway/http/contract/me-face.ts';

const template = fc.stringMatching(/^[A-Za-z0-9_-]{1,64}$/);
const face = fc.record({ template, sealed: fc.uint8Array({ minLength: 1, maxLength: 600 }) });
const sealed = Uint8Array.from({ length: 542 }, (_, i) => (i * 7) & 255);
const textOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64url');

describe('a face code', () => {
  it('is read as what it was written from, also out of a link', () => {
    fc.assert(
      fc.property(face, (carried) => {
        const bytes = encodeFaceCode(carried);
        expect(parseFaceCode(bytes)).toEqual(carried);
        expect(faceCodeSchema.parse(textOf(bytes))).toEqual(bytes);
      }),
    );
  });

  it('is nothing for any other bytes, and never throws', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) => parseFaceCode(bytes) === null));
    fc.assert(fc.property(fc.string(), (text) => !faceCodeSchema.safeParse(text).success));
  });

  it('has a head that is whole, and something behind it', () => {
    const bytes = encodeFaceCode({ template: 'tpl_1', sealed: Uint8Array.of(1) });
    for (let length = 0; length < bytes.length; length += 1) expect(parseFaceCode(bytes.subarray(0, length))).toBeNull();
    for (let bit = 0; bit < 3 * 8; bit += 1) {
      const flipped = bytes.map((byte, at) => (at === bit >> 3 ? byte ^ (1 << (bit & 7)) : byte));
      expect(parseFaceCode(flipped)).toBeNull();
    }
  });

  it.each(['', 'a name', 'x'.repeat(65), 'ä'])('has no name %j', (name) => {
    expect(() => encodeFaceCode({ template: name, sealed })).toThrow(RangeError);
  });

  it('is as long as it may be, and no longer', () => {
    const most = new Uint8Array(FACE_CODE_BYTES_MAX - 5);
    const bytes = encodeFaceCode({ template: 't', sealed: most });
    expect(bytes).toHaveLength(FACE_CODE_BYTES_MAX);
    expect(faceCodeSchema.safeParse(textOf(bytes)).success).toBe(true);
    expect(() => encodeFaceCode({ template: 't', sealed: new Uint8Array(most.length + 1) })).toThrow(RangeError);
    expect(() => encodeFaceCode({ template: 't', sealed: new Uint8Array() })).toThrow(RangeError);
    const longer = new Uint8Array([...bytes, 0]);
    expect(parseFaceCode(longer)).toBeNull();
    expect(faceCodeSchema.safeParse(textOf(longer)).success).toBe(false);
  });
});
