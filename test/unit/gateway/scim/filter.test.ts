import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FILTER_CHARS_MAX, parseFilter } from '#gateway/scim/filter.ts';
import { ScimError } from '#gateway/scim/scim-error.ts';

const user = (change: object = {}) => ({
  id: 'usr_1',
  userName: 'ann@corp.test',
  displayName: 'Ann Example',
  externalId: 'Object-1',
  active: true,
  emails: [{ value: 'ann@corp.test', type: 'work', primary: true }],
  ...change,
});
const word = fc.stringMatching(/^[A-Za-z0-9@._ -]{0,20}$/);
const attribute = fc.constantFrom('userName', 'displayName', 'externalId', 'emails.value', 'active', 'nickName');
const operator = fc.constantFrom('eq', 'ne', 'co', 'sw', 'ew', 'gt', 'ge', 'lt', 'le');
const comparison = fc.tuple(attribute, operator, word).map(([name, op, text]) => `${name} ${op} ${JSON.stringify(text)}`);
const { expression } = fc.letrec<{ expression: string }>((tie) => ({
  expression: fc.oneof(
    { maxDepth: 4 },
    comparison,
    attribute.map((name) => `${name} pr`),
    fc.tuple(tie('expression'), tie('expression')).map(([a, b]) => `(${a}) and (${b})`),
    fc.tuple(tie('expression'), tie('expression')).map(([a, b]) => `(${a}) or (${b})`),
    tie('expression').map((inner) => `not (${inner})`),
  ),
}));
/** True, false, or a refusal; anything else is a failure of ours. */
const judge = (text: string, resource: object = user()): boolean | 'refused' => {
  try {
    return parseFilter(text).matches(resource);
  } catch (failure) {
    if (failure instanceof ScimError && failure.status === 400) return 'refused';
    throw failure;
  }
};

describe('a filter of RFC 7644', () => {
  it('answers yes or no, or is refused, whatever somebody writes', () => {
    fc.assert(
      fc.property(
        fc.oneof(expression, fc.string({ maxLength: 200 }), fc.string({ unit: 'binary', maxLength: 100 })),
        (text) => void judge(text),
      ),
    );
  });

  it.each([
    ['an escaped backslash', String.raw`userName eq "CORP\\bob"`, String.raw`CORP\bob`],
    ['a backslash that is not escaped', String.raw`userName eq "CORP\bob"`, String.raw`CORP\bob`],
    ['an escaped letter', String.raw`userName eq "J\u00fcrgen"`, 'Jürgen'],
    ['an escaped quotation mark', String.raw`userName eq "a\"b"`, 'a"b'],
    ['a truth value as Entra writes it', `active eq "True" and emails[primary eq "True"]`, 'Ann'],
    ['an escaped slash', String.raw`userName eq "a\/b"`, 'a/b'],
  ])('reads %s', (_what, text, userName) => {
    expect(judge(text, user({ userName }))).toBe(true);
    expect(judge(text, user({ userName: 'other', active: false }))).toBe(false);
  });

  it('is the contrary of its negation', () => {
    fc.assert(
      fc.property(expression, (text) => {
        const plain = judge(text);
        fc.pre(plain !== 'refused');
        expect(judge(`not (${text})`)).toBe(!plain);
      }),
    );
  });

  it('takes both with and, and either with or', () => {
    fc.assert(
      fc.property(expression, expression, (a, b) => {
        const [left, right] = [judge(a), judge(b)];
        fc.pre(left !== 'refused' && right !== 'refused');
        expect(judge(`(${a}) and (${b})`)).toBe(left && right);
        expect(judge(`(${a}) or (${b})`)).toBe(left || right);
      }),
    );
  });

  it('finds a user by its own name in any case, and by no other', () => {
    const name = fc.stringMatching(/^[a-z0-9@._-]{1,30}$/);
    fc.assert(
      fc.property(name, name, (userName, other) => {
        expect(judge(`userName eq "${userName.toUpperCase()}"`, user({ userName }))).toBe(true);
        expect(judge(`userName eq "${other}"`, user({ userName }))).toBe(other === userName);
        expect(parseFilter(`userName eq "${userName}"`).equals).toEqual({ path: 'userName', value: userName });
      }),
    );
  });

  it('compares an external id as it is written', () => {
    expect([judge('externalId eq "Object-1"'), judge('externalId eq "object-1"')]).toEqual([true, false]);
  });

  it('may be nested as deeply as its length allows, and is then refused without exhausting the stack', () => {
    const deep = (levels: number) => `${'('.repeat(levels)}userName pr${')'.repeat(levels)}`;
    const levels = Math.floor((FILTER_CHARS_MAX - 'userName pr'.length) / 2);
    expect([true, false, 'refused']).toContain(judge(deep(levels)));
    expect(judge(deep(levels + 1))).toBe('refused');
    const nots = (count: number) => `${'not ('.repeat(count)}userName pr${')'.repeat(count)}`;
    expect([true, false, 'refused']).toContain(judge(nots(300)));
  });
});
