import type { Request } from 'express';
import { expect, it } from 'vitest';
import { z } from 'zod';
import { parseBody } from '#gateway/http/middleware/parse.ts';

const schema = z.strictObject({ reason: z.string().min(3).max(10) });
const requestOf = (body: unknown): Request => ({ body }) as Request;

it.each([
  ['nothing', undefined],
  ['text that is too long', { reason: 'x'.repeat(11) }],
  ['an object in the place of text', { reason: { length: 4 } }],
  ['what calls itself long, and cannot say how', { reason: { length: { toString: null } } }],
])('refuses %s as invalid', (_, body) => {
  expect(() => parseBody(schema, requestOf(body))).toThrow(expect.objectContaining({ code: 'request.invalid' }));
});

it('takes what fits', () => {
  expect(parseBody(schema, requestOf({ reason: 'stolen' }))).toEqual({ reason: 'stolen' });
});
