import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalAnswer } from '#adapters/rego/canonical-answer.ts';

describe('canonicalAnswer', () => {
  it('orders the elements of every list, at any depth', () => {
    const answer = { denies: ['b', 'a'], obligations: [{ id: 'z' }, { id: 'y', of: [2, 1] }] };
    expect(canonicalAnswer(answer)).toEqual({ denies: ['a', 'b'], obligations: [{ id: 'y', of: [1, 2] }, { id: 'z' }] });
  });

  it('does not let the order inside an element decide its place', () => {
    const one = canonicalAnswer([{ of: [3, 1] }, { of: [2, 4] }]);
    expect(canonicalAnswer([{ of: [4, 2] }, { of: [1, 3] }])).toEqual(one);
  });

  it('gives the same answer for every order of the same elements', () => {
    fc.assert(
      fc.property(fc.array(fc.jsonValue(), { maxLength: 6 }), (list) => {
        const one = JSON.stringify(canonicalAnswer(JSON.parse(JSON.stringify(list))));
        expect(JSON.stringify(canonicalAnswer(JSON.parse(JSON.stringify([...list].reverse()))))).toBe(one);
      }),
    );
  });

  it.each([undefined, null, true, 0, ''])('leaves %s as it is', (value) => {
    expect(canonicalAnswer(value)).toBe(value);
  });
});
