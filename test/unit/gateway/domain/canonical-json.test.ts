import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CANONICAL_DEPTH_MAX, canonicalJson } from '#gateway/domain/canonical-json.ts';

const nested = (depth: number): unknown => Array.from({ length: depth }).reduce<unknown>((inner) => [inner], 1);

describe('canonicalJson', () => {
  it('writes members in the order of their keys, without white space', () => {
    expect(canonicalJson({ b: 1, a: [true, null, { d: '', c: 1.5 }] })).toBe('{"a":[true,null,{"c":1.5,"d":""}],"b":1}');
  });

  it('is JSON of the same value, whatever the order of keys', () => {
    fc.assert(
      fc.property(fc.jsonValue({ noUnicodeString: false }), (value) => {
        const text = canonicalJson(value);
        expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)));
        expect(canonicalJson(JSON.parse(text))).toBe(text);
      }),
    );
  });

  it.each([undefined, Number.NaN, Number.POSITIVE_INFINITY, 1n, () => 1, { a: undefined }])('refuses %s', (value) => {
    expect(() => canonicalJson(value)).toThrow(TypeError);
  });

  it('takes the deepest value allowed and none deeper', () => {
    expect(canonicalJson(nested(CANONICAL_DEPTH_MAX))).toContain('1');
    expect(() => canonicalJson(nested(CANONICAL_DEPTH_MAX + 1))).toThrow(TypeError);
  });
});
