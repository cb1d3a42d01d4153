import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CHANGES_MAX, diffJson } from '#admin-ui/src/features/policy-data/changes/diff-json.ts';

describe('what changed between two documents', () => {
  it('is nothing for equal ones, in whatever order their members stand', () => {
    fc.assert(fc.property(fc.jsonValue(), (value) => diffJson(value, structuredClone(value)).changes.length === 0));
    expect(diffJson({ a: 1, b: [{ id: 'x' }, { id: 'y' }] }, { b: [{ id: 'y' }, { id: 'x' }], a: 1 }).changes).toEqual([]);
  });

  it('names the place, the old and the new value', () => {
    expect(diffJson({ night: { from: 1 } }, { night: { from: 2 } }).changes).toEqual([{ path: ['night', 'from'], before: 1, after: 2 }]);
  });

  it('says what is new and what is gone', () => {
    expect(diffJson({ a: 1 }, { b: 2 }).changes).toEqual([
      { path: ['a'], before: 1, after: undefined },
      { path: ['b'], before: undefined, after: 2 },
    ]);
  });

  it('follows members of a list by their id', () => {
    const before = [
      { id: 'g1', schedule: 'day' },
      { id: 'g2', schedule: 'day' },
    ];
    const after = [{ id: 'g2', schedule: 'night' }];
    expect(diffJson(before, after).changes).toEqual([
      { path: ['g1'], before: { id: 'g1', schedule: 'day' }, after: undefined },
      { path: ['g2', 'schedule'], before: 'day', after: 'night' },
    ]);
  });

  it.each([
    [['a'], ['b']],
    [[], ['b']],
    [[{ id: 'x' }, { id: 'x' }], [{ id: 'x' }]],
  ])('shows a list without ids of its own whole: %j and %j', (before, after) => {
    expect(diffJson({ list: before }, { list: after }).changes).toEqual([{ path: ['list'], before, after }]);
  });

  it('finds every difference, whatever the documents are', () => {
    const objects = fc.dictionary(fc.string(), fc.jsonValue());
    fc.assert(
      fc.property(objects, objects, (left, right) => {
        const isSame = JSON.stringify(sorted(left)) === JSON.stringify(sorted(right));
        return isSame === (diffJson(left, right).changes.length === 0) || hasIds(left) || hasIds(right);
      }),
    );
  });

  it('lists no more than its most, and says how many it left out', () => {
    const many = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, index) => [`k${index}`, index]));
    expect(diffJson({}, many(CHANGES_MAX))).toMatchObject({ more: 0 });
    const cut = diffJson({}, many(CHANGES_MAX + 1));
    expect([cut.changes.length, cut.more]).toEqual([CHANGES_MAX, 1]);
  });
});

/** Members in one order, so that texts can be compared; -0 is 0 in JSON. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .toSorted(([left], [right]) => (left < right ? -1 : 1))
      .map(([key, member]) => [key, sorted(member)]),
  );
}

const hasIds = (value: unknown): boolean => JSON.stringify(value).includes('"id"');
