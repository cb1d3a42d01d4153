import { describe, expect, it } from 'vitest';
import { lintRevision, RULE_FAN_MAX, uncoveredFindings } from '#gateway/domain/policy/lint/lint-revision.ts';
import { rulesOf } from '#gateway/domain/policy/lint/rego-rules.ts';
import { COMPREHENSIONS_MAX, findTooLarge, NESTING_MAX, RULE_CHARS_MAX } from '#gateway/domain/policy/lint/text-limits.ts';
import { readPolicySources } from '#adapters/rego-toolchain/policy-sources.ts';

const file = (text: string) => ({ path: 'access/p.rego', text });
const found = (text: string) => lintRevision([file(text)]).map(({ code, row, col }) => [code, row, col]);

describe('rules of a file', () => {
  it('are found with their rows, members and expressions', () => {
    const rules = rulesOf(
      file('package p\n\n# a { brace\ndenies contains "x{" if {\n\tinput.a == 1; not b\n\n\tinput.c == "}"\n}\n\nb if input.d\n\nc := 1\n'),
    );
    expect(rules.map(({ name, member, row, lastRow }) => [name, member, row, lastRow])).toEqual([
      ['denies', 'x{', 4, 8],
      ['b', null, 10, 10],
      ['c', null, 12, 12],
    ]);
    expect(rules[0]?.body).toEqual([
      { text: 'input.a == 1', row: 5, col: 2 },
      { text: 'not b', row: 5, col: 16 },
      { text: 'input.c == "}"', row: 7, col: 2 },
    ]);
    expect(rules[1]?.body).toEqual([{ text: 'input.d', row: 10, col: 6 }]);
  });
});

describe('a deny without its missing-fact twin', () => {
  const risky = 'package p\n\ndenies contains "risk" if input.risk.score > 80\n';

  it('is found where it compares', () => {
    expect(found(risky)).toEqual([['lint.deny_without_twin', 3, 27]]);
  });

  it.each([
    ['a rule of the same set negates the fact', 'denies contains "risk" if not input.risk.score\n'],
    ['a rule of the same set negates a proof of the fact', 'denies contains "risk" if not known\n\nknown if is_number(input.risk.score)\n'],
  ])('is none when %s', (_how, twin) => {
    expect(found(`${risky}\n${twin}`)).toEqual([]);
  });

  it('is still one when the twin belongs to another set, or the comparison is in a string', () => {
    expect(found(`${risky}\nothers contains "risk" if not input.risk.score\n`)).toHaveLength(1);
    expect(found('package p\n\ndenies contains "a" if input.name == "input.x > 3"\n')).toEqual([['lint.deny_without_twin', 3, 24]]);
  });

  it('is none where the question is told apart, or where it permits', () => {
    expect(found('package p\n\ndenies contains "a" if input.action.name == "x"\n\npermits contains "b" if input.risk.score < 3\n')).toEqual(
      [],
    );
  });
});

it.each([
  ['denies contains "door.lockd_down" if not input.a', [['lint.unknown_code', 3, 1]]],
  ['denies contains "door.locked_down" if not input.a', []],
  ['permits contains "door.opened" if input.a', [['lint.unknown_code', 3, 1]]],
  ['permits contains "door.granted" if input.a', []],
  ['countries contains "DE" if input.a', []],
])('looks whether the gateway knows the code of %s', (rule, expected) => {
  expect(found(`package p\n\n${rule}\n`)).toEqual(expected);
});

describe('what the compiler could not be asked about', () => {
  const tooLarge = (text: string) => findTooLarge([file(text)]).map(({ code, row, col }) => [code, row, col]);
  const nested = (depth: number) => `package p\n\n# [[[\na := ${'['.repeat(depth)}"[[["${']'.repeat(depth)}\n`;

  it('are more brackets inside one another than there may be, at the first of them', () => {
    expect(tooLarge(nested(NESTING_MAX))).toEqual([]);
    expect(tooLarge(nested(NESTING_MAX + 1))).toEqual([['lint.nested_too_deep', 4, 6 + NESTING_MAX]]);
  });

  it.each([
    ['in their bodies', '[x | x := ', ']'],
    ['in their heads', '[', ' | true]'],
    ['of sets', '{x | some x in ', '}'],
  ])('are more comprehensions %s than there may be, at the outermost one that is too much', (_where, opens, closes) => {
    const comprehensions = (count: number) => `package p\n\na := ${opens.repeat(count)}[1]${closes.repeat(count)}\n`;
    expect(tooLarge(comprehensions(COMPREHENSIONS_MAX))).toEqual([]);
    expect(tooLarge(comprehensions(COMPREHENSIONS_MAX + 1))).toEqual([['lint.nested_too_deep', 3, 6]]);
  });

  it('is a rule that is longer with all its branches than one may be', () => {
    expect(tooLarge(`package p\n\na := "${'x'.repeat(RULE_CHARS_MAX - 8)}"\n`)).toEqual([]);
    expect(tooLarge(`package p\n\na := "${'x'.repeat(RULE_CHARS_MAX - 7)}"\n`)).toEqual([['lint.rule_too_long', 3, 1]]);
    expect(tooLarge(`package p\n\na := 1 if input.a\n${'else := 2 if input.b\n'.repeat(RULE_CHARS_MAX / 20)}`)).toEqual([
      ['lint.rule_too_long', 3, 1],
    ]);
  });

  it('is nothing in what comes with the program', async () => {
    expect(findTooLarge(await readPolicySources())).toEqual([]);
  });
});

it('finds sprintf in code, and neither in comments nor in strings', () => {
  expect(found('package p\n\n# sprintf(\na := "sprintf("\nb := sprintf("%v", [1])\n')).toEqual([['lint.sprintf', 5, 6]]);
});

it('takes as many rules that differ in constants as there may be, and names one more a fan', () => {
  const fan = (count: number) =>
    `package p\n\n${Array.from({ length: count }, (_, index) => `may if input.id == "p${index}"`).join('\n\n')}\n`;
  expect(found(fan(RULE_FAN_MAX))).toEqual([]);
  expect(found(fan(RULE_FAN_MAX + 1))).toEqual([['lint.rule_fan', 3, 1]]);
});

it('names each rule that no test reaches once, at its first such row', () => {
  const text = 'package p\n\na if {\n\tinput.x\n\tinput.y\n}\n\nb if input.z\n';
  const findings = uncoveredFindings([{ file: 'access/p.rego', notCovered: [4, 5, 8] }], [file(text)]);
  expect(findings.map(({ row, message }) => [row, message])).toEqual([
    [4, 'no test reaches rows 4, 5 of "a"'],
    [8, 'no test reaches row 8 of "b"'],
  ]);
});

it('finds nothing in the policy that comes with the program', async () => {
  expect(lintRevision(await readPolicySources())).toEqual([]);
});
