import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { wayBack } from '#gateway/domain/policy/way-back.ts';

/** Letters in the order in which they came into force. */
const backFrom = (inForce: string) => wayBack([...inForce]);

describe('the way back', () => {
  it.each([
    ['', null],
    ['a', null],
    ['ab', 'a'],
    ['abc', 'b'],
    // Rolled back once: what was left does not come back.
    ['aba', null],
    ['abcb', 'a'],
    ['abcba', null],
    // Published after a roll-back.
    ['abac', 'a'],
    ['abcbd', 'b'],
    ['abcbdb', 'a'],
    // What was left is published once more, by its name: it counts again.
    ['abab', 'a'],
    ['abcbc', 'b'],
    // Over several steps at once.
    ['abcda', null],
    ['abcdb', 'a'],
    // The same one twice in a row, as a failed activation that was taken back leaves it.
    ['aab', 'a'],
  ])('after %s leads to %s', (inForce, back) => {
    expect(backFrom(inForce)).toBe(back);
  });

  it('ends, and never meets what it has left', () => {
    const letters = fc.array(fc.constantFrom('a', 'b', 'c', 'd', 'e'), { maxLength: 30 });
    fc.assert(
      fc.property(letters, (history) => {
        const inForce: string[] = [...history];
        const left = new Set<string>();
        for (let back = wayBack(inForce); back !== null; back = wayBack(inForce)) {
          left.add(inForce.at(-1) ?? '');
          expect(left).not.toContain(back);
          inForce.push(back);
        }
      }),
    );
  });
});
