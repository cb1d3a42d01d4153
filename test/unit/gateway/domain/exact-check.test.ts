import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { policyAnswerSchema } from '#gateway/domain/access/decision.ts';
import { decisionInputSchema } from '#gateway/domain/access/decision-input.ts';
import { createExactCheck } from '#gateway/domain/exact-check.ts';
import { sampleInput } from '#test/support/sample-input.ts';

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/** Paths of every object, array and value of a document. */
function pathsOf(value: Json, path: readonly string[] = []): readonly (readonly string[])[] {
  if (typeof value !== 'object' || value === null) return [path];
  return [path, ...Object.entries(value).flatMap(([key, member]) => pathsOf(member, [...path, key]))];
}

function changed(value: Json, [key, ...rest]: readonly string[], put: Json | undefined): Json {
  if (key === undefined) return put ?? null;
  const isIndex = Array.isArray(value) && /^\d+$/.test(key);
  const copy = (isIndex || (typeof value === 'object' && !Array.isArray(value)) ? (structuredClone(value) ?? {}) : {}) as Record<
    string,
    Json
  >;
  const member = Object.hasOwn(copy, key) ? copy[key] : undefined;
  if (rest.length === 0 && put === undefined) delete copy[key];
  // Assigned, `__proto__` would become no member.
  else
    Object.defineProperty(copy, key, { value: changed(member ?? null, rest, put), enumerable: true, configurable: true, writable: true });
  return copy;
}

const input = JSON.parse(JSON.stringify(sampleInput)) as Json;
const isExact = createExactCheck(decisionInputSchema);

/** The sample with one member replaced, taken out, or put beside the others. */
const altered = (sample: Json) =>
  fc
    .record({
      path: fc.constantFrom(...pathsOf(sample)),
      put: fc.oneof(
        fc.constant(undefined),
        fc.jsonValue() as fc.Arbitrary<Json>,
        fc.constantFrom<Json>(
          0,
          -1,
          1,
          5,
          6,
          1.5,
          1e300,
          '',
          'x',
          'x'.repeat(128),
          'x'.repeat(129),
          '2026-11-03',
          'DE',
          true,
          false,
          [],
          ['x'],
        ),
      ),
      beside: fc.constantFrom('', 'extra', '__proto__', 'constructor', 'toJSON', 'length'),
    })
    .map(({ path, put, beside }) => changed(sample, beside === '' ? path : [...path, beside], put));

describe('createExactCheck', () => {
  it('takes what the input schema takes as it stands, and nothing else', () => {
    fc.assert(
      fc.property(altered(input), (value) => {
        expect(isExact(value)).toBe(isTakenAsItStands(decisionInputSchema, value));
      }),
      { numRuns: 3_000 },
    );
  });

  it('takes no answer of the policy but what its schema takes as it stands', () => {
    const stepUp = { id: 'step_up', acr: 'urn:gatehouse:acr:passkey', max_age_s: 300 };
    const answer: Json = { allow: true, permits: ['app.granted'], denies: [], obligations: [stepUp], ttl_s: 300 };
    const isExactAnswer = createExactCheck(policyAnswerSchema);
    expect(isExactAnswer(answer)).toBe(true);
    fc.assert(
      fc.property(altered(answer), (value) => {
        fc.pre(isExactAnswer(value));
        expect(isTakenAsItStands(policyAnswerSchema, value)).toBe(true);
      }),
      { numRuns: 500 },
    );
  });

  it('looks at every part of the input schema itself', () => {
    expect(isExact(sampleInput)).toBe(true);
  });

  it.each<[string, unknown]>([
    ['an object of a class', Object.assign(Object.create({ id: 'x' }) as object, {})],
    ['a member that is undefined', { id: undefined }],
    ['a member with an empty name beside', { id: 'x', '': 1 }],
  ])('leaves %s to the schema', (_, value) => {
    expect(createExactCheck(z.strictObject({ id: z.string() }))(value)).toBe(false);
  });

  it.each<[string, z.ZodType, unknown]>([
    ['an object that drops members', z.object({}), {}],
    ['a default', z.string().default('x'), 'x'],
    ['a union that changes', z.union([z.string().default('x'), z.int().transform(String)]), 1],
    ['what may be left out', z.string().optional(), 'x'],
    ['a transformation', z.string().transform((text) => `${text}!`), 'x'],
    ['an overwriting check', z.string().trim(), ' x '],
    ['a refinement', z.string().refine(() => false), 'x'],
    ['a pattern that remembers', z.string().regex(/x/g), 'x'],
    ['a format', z.email(), 'ann@demo.example'],
    ['a number of any kind', z.number(), 1],
    ['an array with a least length', z.array(z.string()).min(1), ['x']],
  ])('leaves %s to the schema', (_, schema, value) => {
    expect(createExactCheck(schema)(value)).toBe(false);
  });

  it.each([
    [z.string().min(2).max(3), 'xx', 'x'],
    [z.string().max(3), 'xxx', 'xxxx'],
    [z.int().min(2).max(3), 3, 4],
    [z.int().gt(2), undefined, 3],
    [z.array(z.boolean()).max(1), [true], [true, true]],
    [z.enum(['a', 'b']), 'b', 'c'],
    [z.literal('a'), 'a', 'A'],
    [z.union([z.literal(0), z.literal(1)]), 0, 2],
    [z.int().nullable(), null, undefined],
    [z.strictObject({ id: z.int() }), Object.assign(Object.create(null) as object, { id: 1 }), { id: 1, more: 1 }],
  ])('keeps the limits of %#', (schema, fits, unfit) => {
    expect(createExactCheck(schema)(fits)).toBe(fits !== undefined);
    expect(createExactCheck(schema)(unfit)).toBe(false);
  });
});

function isTakenAsItStands(schema: z.ZodType, value: Json): boolean {
  try {
    const { success, data } = schema.safeParse(value);
    return success && JSON.stringify(data, sortKeys) === JSON.stringify(value, sortKeys);
  } catch {
    return false; // What calls itself long without being text or a list, the schema throws at.
  }
}

/** Members in one order: the schema writes them in its own. */
function sortKeys(_: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}
