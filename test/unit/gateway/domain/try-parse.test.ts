import fc from 'fast-check';
import { expect, it } from 'vitest';
import { z } from 'zod';
import { tryParse } from '#gateway/domain/try-parse.ts';

const schema = z.strictObject({ reason: z.string().min(3).max(10), tags: z.array(z.string().max(5)).max(2).optional() });
/** Values at which zod 4 itself throws. */
const STUMBLING: unknown = { length: { toString: null } };

it('says what fits as the schema does', () => {
  expect(tryParse(schema, { reason: 'stolen' })).toEqual({ success: true, data: { reason: 'stolen' } });
});

it('names what does not, in the words that it is given', () => {
  const parsed = tryParse(schema, { reason: 1 }, { error: () => 'is no text' });
  expect(parsed).toMatchObject({ success: false, error: { issues: [{ path: ['reason'], message: 'is no text' }] } });
});

it('refuses as a whole what the schema throws at', () => {
  expect(() => schema.safeParse({ reason: STUMBLING })).toThrow(TypeError);
  expect(tryParse(schema, { reason: STUMBLING })).toMatchObject({
    success: false,
    error: { issues: [{ path: [], message: 'not valid' }] },
  });
});

it('never throws, whatever it is given', () => {
  const anything = fc.letrec((tie) => ({
    value: fc.oneof(
      { maxDepth: 4 },
      fc.jsonValue(),
      fc.dictionary(fc.constantFrom('length', 'size', 'toString', 'valueOf', '__proto__', 'reason', 'tags'), tie('value')),
      fc.array(tie('value'), { maxLength: 3 }),
    ),
  })).value;
  fc.assert(
    fc.property(anything, (value) => {
      expect([true, false]).toContain(tryParse(schema, value).success);
      expect(tryParse(schema, { reason: value, tags: value }).success).toBe(false);
    }),
    { numRuns: 500 },
  );
});
