import { describe, expect, it } from 'vitest';
import { changedRows, findCause, sourceLines } from '#gateway/app/policy/replay/flip-cause.ts';
import { FlipGrouping, NOBODY_KEY, OTHER_GROUPS_KEY } from '#gateway/app/policy/replay/flip-groups.ts';
import { flipKind } from '#gateway/app/policy/replay/outcomes.ts';
import {
  IMPACT_EXAMPLES_MAX,
  IMPACT_GROUPS_MAX,
  type FlipExample,
  type FlipKind,
  type Outcome,
} from '#gateway/domain/policy/impact-report.ts';

const permit: Outcome = { effect: 'permit', codes: ['door.granted'], obligations: [] };
const deny: Outcome = { effect: 'deny', codes: ['grant.missing'], obligations: [] };
const example: FlipExample = {
  decisionId: 'dec',
  occurredAtMs: 1,
  kind: 'permit_to_deny',
  action: 'door.unlock',
  personId: 'p',
  resourceId: 'd',
  before: permit,
  after: deny,
};

it.each<[FlipKind | null, Outcome, Outcome]>([
  ['permit_to_deny', permit, deny],
  ['deny_to_permit', deny, permit],
  ['reasons_changed', deny, { ...deny, codes: ['grant.expired'] }],
  ['obligations_changed', permit, { ...permit, obligations: ['{"id":"pin"}'] }],
  [null, deny, { ...deny }],
])('tells %s', (kind, before, after) => {
  expect(flipKind(before, after)).toBe(kind);
});

describe('groups of flips', () => {
  it('count every flip and keep a few examples', () => {
    const groups = new FlipGrouping();
    for (let index = 0; index <= IMPACT_EXAMPLES_MAX; index += 1) groups.add('p', example);
    const [group] = groups.report().groups;
    expect([group?.flips, group?.kinds.permit_to_deny, group?.examples.length]).toEqual([
      IMPACT_EXAMPLES_MAX + 1,
      IMPACT_EXAMPLES_MAX + 1,
      IMPACT_EXAMPLES_MAX,
    ]);
  });

  it('name the largest, and count all', () => {
    const groups = new FlipGrouping();
    for (let index = 0; index <= IMPACT_GROUPS_MAX; index += 1) groups.add(`p${index}`, example);
    groups.add('p7', example);
    const report = groups.report();
    expect([report.total, report.groups.length, report.groups[0]?.key]).toEqual([IMPACT_GROUPS_MAX + 1, IMPACT_GROUPS_MAX, 'p7']);
  });

  it('take as many as they may, and count the rest together', () => {
    const groups = new FlipGrouping(2);
    for (const key of ['a', 'b', 'c', 'd', 'a']) groups.add(key, example);
    expect(groups.report().groups.map(({ key, flips }) => [key, flips])).toEqual([
      [OTHER_GROUPS_KEY, 2],
      ['a', 2],
      ['b', 1],
    ]);
  });
});

it('tells how many people one kind of flip concerns, nobody not among them', () => {
  const groups = new FlipGrouping();
  for (const key of ['a', 'a', 'b', NOBODY_KEY]) groups.add(key, example);
  groups.add('c', { ...example, kind: 'deny_to_permit' });
  expect([groups.count('permit_to_deny'), groups.count('deny_to_permit'), groups.count('reasons_changed')]).toEqual([2, 1, 0]);
});

describe('the line of a flip', () => {
  const lines = (text: string) => sourceLines([{ path: 'p.rego', text }]);
  const at = (row: number, reached = 1, passed = 1) => ({ file: 'p.rego', row, col: 1, reached, passed });
  const old = lines('package p\n\na if input.x\n\nr contains "grant.missing" if not a');
  const draft = lines('package p\n\na if input.y\n\nr contains "grant.missing" if not a');
  const flip = { from: permit, to: deny };

  it('is the changed one that the draft came to', () => {
    const side = { lines: draft, changed: changedRows(draft, old), statements: [at(5), at(3, 1, 0)] };
    expect(findCause(side, null, flip)).toEqual({ side: 'draft', file: 'p.rego', row: 3, text: 'a if input.y' });
  });

  it('is the one that went away when the draft has no changed one', () => {
    const shorter = lines('package p\n\nr contains "grant.missing" if not a');
    const side = { lines: shorter, changed: changedRows(shorter, old), statements: [at(3)] };
    const before = { lines: old, changed: changedRows(old, shorter), statements: [at(3)] };
    expect(findCause(side, before, flip)).toMatchObject({ side: 'before', row: 3 });
  });

  it('is the rule that gives the new reason when no line changed', () => {
    const side = { lines: old, changed: new Set<string>(), statements: [at(3, 1, 0), at(5)] };
    expect(findCause(side, { ...side, statements: [at(3)] }, flip)).toMatchObject({ side: 'draft', row: 5 });
  });
});
