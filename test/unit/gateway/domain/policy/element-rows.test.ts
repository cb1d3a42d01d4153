import fc from 'fast-check';
import { expect, it } from 'vitest';
import { elementRows } from '#gateway/domain/policy/element-rows.ts';

it.each([
  ['[]', []],
  ['[\n]', []],
  ['[1]', [1]],
  ['[{"a": 1}, {"a": [1,\n2]},\n\n{"a": 3}]', [1, 1, 4]],
  ['[\n  {\n    "text": "a, b: [\\"\\n"\n  },\n  []\n]', [2, 5]],
])('finds the rows of the elements of %j', (json, rows) => {
  expect(elementRows(json)).toEqual(rows);
});

it('finds as many as there are, each where its line begins', () => {
  fc.assert(
    fc.property(fc.array(fc.jsonValue({ maxDepth: 3 })), (values) => {
      const lines = values.map((value, index) => `  ${JSON.stringify(value)}${index < values.length - 1 ? ',' : ''}`);
      expect(elementRows(`[\n${lines.join('\n')}\n]`)).toEqual(values.map((_, index) => index + 2));
    }),
  );
});
