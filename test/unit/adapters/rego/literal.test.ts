import { describe, expect, it } from 'vitest';
import { parseLiteral, toLiteral } from '#adapters/rego/values/literal.ts';
import { equal, RegoObject, RegoSet, type RegoValue } from '#adapters/rego/values/rego-value.ts';

const objectOf = (...entries: readonly (readonly [RegoValue, RegoValue])[]): RegoObject => {
  const object = new RegoObject();
  for (const [key, value] of entries) object.set(key, value);
  return object;
};

const VALUES: readonly (readonly [name: string, value: RegoValue, text: string])[] = [
  ['null', null, 'null'],
  ['a truth value', true, 'true'],
  ['a number', -1.5, '-1.5'],
  ['an integer beyond 2^53', 9_007_199_254_740_993n, '9007199254740993'],
  ['text with quotes and braces', 'a "b" {c}', '"a \\"b\\" {c}"'],
  ['an array', [1, 'a', []], '[1, "a", []]'],
  ['an empty object', {}, '{}'],
  ['an object, its keys sorted', { b: 1, a: [true] }, '{"a": [true], "b": 1}'],
  ['an empty set', new RegoSet(), 'set()'],
  ['a set, sorted', new RegoSet(['b', 'a', 1]), '{1, "a", "b"}'],
  ['a set of sets', new RegoSet([new RegoSet(), new RegoSet([1])]), '{set(), {1}}'],
  ['an object with keys of any kind', objectOf([1, 'one'], [['a'], null]), '{1: "one", ["a"]: null}'],
];

describe('literals', () => {
  it.each(VALUES)('write %s', (_name, value, text) => {
    expect(toLiteral(value)).toBe(text);
  });

  it.each(VALUES)('read %s', (_name, value, text) => {
    expect(equal(parseLiteral(text), value)).toBe(true);
    expect(toLiteral(parseLiteral(text))).toBe(text);
  });

  it.each(['', '{', '[1', '{1, 2', 'nul', '{"a": }', '1 2'])('refuse %j', (text) => {
    expect(() => parseLiteral(text)).toThrow();
  });
});
