import fc from 'fast-check';

/** A built-in as a test calls it: the expression over the arguments `a`, `b`, `c`, and what is drawn for them. */
export interface BuiltinCall {
  readonly name: string;
  readonly expression: string;
  readonly args: fc.Arbitrary<readonly unknown[]>;
  /** The result is a set, which WASM writes in the order of its hashes. */
  readonly isSet?: true;
}

export const words = fc.string({
  unit: fc.constantFrom('a', 'b', 'A', '.', '/', ':', ' ', 'ß', 'é', '日', '🚪', '\n', '"', '1', '-'),
  maxLength: 8,
});
export const numbers = fc.oneof(
  fc.integer({ min: -20, max: 20 }),
  fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }),
  fc.integer({ min: -1_000_000, max: 1_000_000 }).map((number) => number / 1000),
  fc.constantFrom(0.1, 0.2, 0.5, 1.5, 2.5, -0.5, 3.25, 1e15, 1e-7),
);
const small = fc.integer({ min: -3, max: 12 });
const scalars = fc.oneof(words, numbers, fc.boolean(), fc.constant(null));
/** Anything that JSON can hold, small. */
export const values = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', maxDepth: 3 },
    scalars,
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(fc.constantFrom('a', 'b', 'c', 'd/e', ''), tie('value'), { maxKeys: 4 }),
  ),
})).value;
/** Without objects of two members, whose order in text is WASM's own. */
const plain = fc.oneof(scalars, fc.array(scalars, { maxLength: 3 }), fc.dictionary(fc.constantFrom('a', 'é"'), scalars, { maxKeys: 1 }));
const lists = fc.array(values, { maxLength: 6 });
const objects = fc.dictionary(fc.constantFrom('a', 'b', 'c', 'd/e', ''), values, { maxKeys: 5 });
/** Mostly what the built-in is for, sometimes anything. */
const mostly = (arbitrary: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> =>
  fc.oneof({ weight: 9, arbitrary }, { weight: 1, arbitrary: values });

const call = (name: string, args: readonly fc.Arbitrary<unknown>[], isSet = false): BuiltinCall => ({
  name,
  expression: `${name}(${['a', 'b', 'c', 'd'].slice(0, args.length).join(', ')})`,
  args: fc.tuple(...args.map(mostly)),
  ...(isSet ? { isSet: true as const } : {}),
});
const infix = (name: string, operator: string, args: fc.Arbitrary<unknown>): BuiltinCall => ({
  name,
  expression: `a ${operator} b`,
  args: fc.tuple(mostly(args), mostly(args)),
});
/** Over sets that are made of the arrays that are drawn. */
const onSets = (name: string, expression: string): BuiltinCall => ({
  name,
  expression: expression.replaceAll(/\b([ab])\b/g, '{x | some x in $1}'),
  args: fc.tuple(lists, lists),
  isSet: true,
});

const octet = fc.integer({ min: 0, max: 260 });
const ipv4 = fc.tuple(octet, octet, octet, octet).map((parts) => parts.join('.'));
const ipv6 = fc.oneof(
  fc.ipV6(),
  fc.constantFrom('::', '::1', '1::', '::ffff:10.0.0.1', 'fe80::1::2', '1:2:3:4:5:6:7', 'FE80::a', ':1:2', '12345::'),
);
const addresses = fc.oneof(ipv4, ipv6);
const networks = fc.tuple(addresses, fc.integer({ min: 0, max: 130 })).map(([address, bits]) => `${address}/${String(bits)}`);
const patterns = fc.oneof(
  fc.constantFrom(
    '^a+$',
    'a|b',
    '[a-b]*',
    '(a)(b)?',
    '.',
    '\\d+',
    '(?i)a',
    '\\pL',
    '(',
    'a{2,3}',
    '^$',
    '\\bA',
    '(?P<x>a)',
    '[[:alpha:]]',
    'a**',
    '(?=a)',
    '\\1',
  ),
  words,
);
const globs = fc.string({
  unit: fc.constantFrom(
    'a',
    'b',
    '*',
    '**',
    '?',
    '[a-b]',
    '[!a]',
    '[ab]',
    '{a,b}',
    '{',
    '}',
    '.',
    ':',
    '\\',
    ',',
    '-',
    '[',
    ']',
    '(',
    ')',
    'é',
  ),
  maxLength: 6,
});
const delimiters = fc.oneof(fc.constantFrom([], null, ['.'], [':'], ['.', ':']), fc.array(words, { maxLength: 2 }));
const jsonText = fc.oneof(
  values.map((value) => JSON.stringify(value)),
  fc.constantFrom('', '{', 'nul', '{"a":1', '"a'),
);
const base64Text = fc.oneof(
  fc.string({ unit: fc.constantFrom('a', 'B', '9', '/', '+'), maxLength: 4 }).map((text) => Buffer.from(text).toString('base64')),
  fc.constantFrom('', 'YQ', 'YQ=', 'YQ==', 'YWI=', 'YWJj', 'Y Q = =', '====', 'Y===', '!!', 'YWJjZA', 'a-_b'),
);
const pointer = fc.oneof(
  fc.constantFrom('a', 'a/b', '/a/b/0', 'd~1e', '/', 'a/1', 'c'),
  fc.array(fc.constantFrom('a', 'b', 'c', '0', '1'), { minLength: 1, maxLength: 3 }),
);
const graph = fc.dictionary(fc.constantFrom('a', 'b', 'c', 'd'), fc.array(fc.constantFrom('a', 'b', 'c', 'd', 'e'), { maxLength: 3 }));
/** A key that is nothing beside a cutting edge: replaced text would never end. */
const someWords = words.filter((word) => word !== '');
const ascii = fc.string({ unit: fc.constantFrom('a', 'b', 'c', '-'), maxLength: 8 });
const numberText = fc.oneof(numbers.map(String), fc.constantFrom('1', '-1', '1.5', '1e3', '', 'a', '1a', '--1', '0x1', ' 1'));

/** Every built-in that OPA's WASM has of its own. */
export const NATIVE_CALLS: readonly BuiltinCall[] = [
  infix('plus', '+', numbers),
  infix('minus', '-', numbers),
  infix('mul', '*', numbers),
  infix('div', '/', numbers),
  infix('rem', '%', fc.integer({ min: -50, max: 50 })),
  ...['abs', 'round', 'ceil', 'floor', 'bits.negate'].map((name) => call(name, [numbers])),
  ...['bits.or', 'bits.and', 'bits.xor'].map((name) =>
    call(name, [fc.integer({ min: -300, max: 300 }), fc.integer({ min: -300, max: 300 })]),
  ),
  ...['bits.lsh', 'bits.rsh'].map((name) => call(name, [fc.integer({ min: 0, max: 300 }), fc.integer({ min: -1, max: 12 })])),
  ...['equal', 'neq', 'lt', 'lte', 'gt', 'gte'].map((name, index) => infix(name, ['==', '!=', '<', '<=', '>', '>='][index] ?? '', values)),
  call('array.concat', [lists, lists]),
  call('array.flatten', [lists]),
  call('array.reverse', [lists]),
  call('array.slice', [lists, small, small]),
  onSets('set_minus', 'a - b'),
  onSets('and', 'a & b'),
  onSets('or', 'a | b'),
  { name: 'union', expression: 'union({{x | some x in a}, {x | some x in b}})', args: fc.tuple(lists, lists), isSet: true },
  { name: 'intersection', expression: 'intersection({{x | some x in a}, {x | some x in b}})', args: fc.tuple(lists, lists), isSet: true },
  ...['is_number', 'is_string', 'is_boolean', 'is_array', 'is_set', 'is_object', 'is_null', 'type_name'].map((name) =>
    call(name, [values]),
  ),
  ...['count', 'max', 'min', 'sort'].map((name) => call(name, [fc.oneof(lists, objects, words)])),
  ...['sum', 'product'].map((name) => call(name, [fc.array(numbers, { maxLength: 4 })])),
  ...['base64.encode', 'base64url.encode'].map((name) => call(name, [words])),
  ...['base64.is_valid', 'base64.decode', 'base64url.decode'].map((name) => call(name, [base64Text])),
  call('net.cidr_contains', [networks, fc.oneof(addresses, networks)]),
  call('net.cidr_intersects', [networks, networks]),
  call('glob.match', [globs, delimiters, words]),
  { name: 'json.marshal', expression: 'json.unmarshal(json.marshal(a))', args: fc.tuple(values) }, // keys stand in the order of hashes
  { ...call('json.unmarshal', [jsonText]), args: fc.tuple(jsonText) }, // WASM reads `1a` as 1
  { ...call('json.is_valid', [jsonText]), args: fc.tuple(jsonText.filter((text) => text !== 'true' && text !== 'false')) }, // WASM frees its constants
  ...['json.remove', 'json.filter'].map((name) => call(name, [objects, fc.array(pointer, { maxLength: 3 })])),
  ...['object.filter', 'object.remove'].map((name) => call(name, [objects, fc.oneof(fc.array(fc.constantFrom('a', 'b', 'c')), objects)])),
  call('object.get', [
    objects,
    fc.oneof(words, fc.constantFrom('a', 'b'), fc.array(fc.constantFrom('a', 'b', 'c'), { maxLength: 3 })),
    values,
  ]),
  call('object.keys', [objects], true),
  call('object.union', [objects, objects]),
  { ...call('object.union_n', [objects]), args: fc.tuple(fc.oneof(fc.array(objects, { maxLength: 3 }), lists, scalars)) },
  call('concat', [words, fc.array(words, { maxLength: 4 })]),
  call('format_int', [numbers.filter((number) => Math.abs(number) < 2 ** 31), fc.constantFrom(2, 8, 10, 16, 7)]),
  call('indexof', [words, words]),
  call('substring', [words, small, small]),
  ...['lower', 'upper', 'strings.reverse', 'trim_space'].map((name) => call(name, [words])),
  ...['contains', 'startswith', 'endswith', 'split', 'trim', 'trim_left', 'trim_right', 'trim_prefix', 'trim_suffix'].map((name) =>
    call(name, [words, words]),
  ),
  { ...call('replace', [words, someWords, words]), args: fc.tuple(words, someWords, words) },
  {
    ...call('strings.replace_n', []),
    expression: 'strings.replace_n(a, b)',
    args: fc.tuple(fc.dictionary(ascii, ascii, { maxKeys: 3 }), ascii),
  },
  { name: 'template', expression: '$`<{a}|{b.a}|{a}>`', args: fc.tuple(plain, fc.dictionary(fc.constantFrom('a', 'c'), plain)) },
  call('numbers.range', [small, small]),
  call('to_number', [numberText]),
  { name: 'walk', expression: '[[p, v] | walk(a, [p, v])]', args: fc.tuple(values), isSet: true },
  call('graph.reachable', [graph, fc.array(fc.constantFrom('a', 'b', 'c'), { maxLength: 2 })], true),
  call('regex.is_valid', [patterns]),
  call('regex.match', [patterns, words]),
  call('regex.find_all_string_submatch_n', [patterns, words, fc.integer({ min: -1, max: 3 })]),
  { name: 'member', expression: 'member(a, b)', args: fc.tuple(values, lists) },
  { name: 'member_with_key', expression: 'member_with_key(a, b, c)', args: fc.tuple(small, values, lists) },
];

/** One policy that does every call for a list of cases: `[]` for undefined, `[result]` for a result. */
export function policyOfCalls(calls: readonly BuiltinCall[]): string {
  const rules = calls.map(({ name, expression }) => {
    const used = ['a', 'b', 'c', 'd'].filter((letter) => new RegExp(`\\b${letter}\\b`).test(expression));
    const parameters = used.join(', ');
    const passed = used.map((_, index) => `one[${String(index)}]`).join(', ');
    const call = `call_${name.replaceAll('.', '_')}`;
    return `${call}(${parameters}) := ${expression}\n\ndecision := [[result | result := ${call}(${passed})] | some one in input.cases] if input.call == "${name}"`;
  });
  return `package p\n\nmember(x, list) := x in list\n\nmember_with_key(k, x, list) := k, x in list\n\n${rules.join('\n\n')}\n`;
}
