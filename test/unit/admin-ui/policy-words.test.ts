import { describe, expect, it } from 'vitest';
import { jsonFinding } from '#admin-ui/src/features/policy/editor/json-finding.ts';
import { createCopyStore, realEdits, toContent, withEdits } from '#admin-ui/src/features/policy/editor/working-copy.ts';
import { headlines, hoursText } from '#admin-ui/src/features/policy/impact-words.ts';
import { lifeSteps } from '#admin-ui/src/features/policy/life-steps.ts';
import { isRefused } from '#gateway/http/contract/policy.ts';
import type { ImpactReportView, RevisionDetailView } from '#gateway/http/contract/policy.ts';
import { sampleContent, sampleRevision } from '#test/support/policy/revisions.ts';

const hoursWith = (...used: readonly number[]): readonly number[] => Array.from({ length: 24 }, (_, hour) => (used.includes(hour) ? 1 : 0));

describe('the span of the day', () => {
  it.each([
    [[22, 23, 0, 5], 'between 22:00 and 06:00'],
    [[2], 'between 02:00 and 03:00'],
    [[8, 12, 16], 'between 08:00 and 17:00'],
    [[23], 'between 23:00 and 00:00'],
    [[0, 6, 12, 18], ''],
    [[], ''],
  ] as const)('of the hours %j is %j', (used, text) => {
    expect(hoursText(hoursWith(...used))).toBe(text);
  });
});

const none = { people: 0, doors: 0, apps: 0, hours: [...hoursWith()] };
const nothing = { total: 0, groups: [] };
function report(change: Partial<ImpactReportView>): ImpactReportView {
  return {
    revision: 'a'.repeat(64),
    window: { fromMs: 0, toMs: 1 },
    data: 'then',
    decisions: 100,
    replayed: 100,
    skipped: { no_input: 0, gateway_decided: 0, data_missing: 0 },
    flips: 0,
    kinds: { permit_to_deny: 0, deny_to_permit: 0, reasons_changed: 0, obligations_changed: 0 },
    reach: { permit_to_deny: none, deny_to_permit: none },
    byPerson: nothing,
    byDoor: nothing,
    byApp: nothing,
    byLine: nothing,
    failures: { total: 0, first: null },
    engineCheck: { checked: 0, differences: 0, firstDecisionId: null },
    tookMs: 1,
    cpuMs: 1,
    decisionsPerS: 1,
    ...change,
  };
}

describe('the headline of an impact', () => {
  it('names whom a draft would lock out, of what and when, before whom it would let in', () => {
    const lines = headlines(
      report({
        flips: 43,
        kinds: { permit_to_deny: 40, deny_to_permit: 2, reasons_changed: 1, obligations_changed: 0 },
        reach: {
          permit_to_deny: { people: 14, doors: 3, apps: 0, hours: [...hoursWith(22, 5)] },
          deny_to_permit: { people: 1, doors: 1, apps: 1, hours: [...hoursWith(9)] },
        },
      }),
    );
    expect(lines.map(({ text }) => text)).toEqual([
      '14 people would be locked out of 3 doors between 22:00 and 06:00 (40 decisions).',
      '1 person would be let into 1 door and 1 app between 09:00 and 10:00 (2 decisions).',
      '1 decision would stay, with other reasons or conditions.',
    ]);
  });

  it('does not take an empty window for a harmless draft', () => {
    expect(headlines(report({ decisions: 0, replayed: 0 }))).toMatchObject([
      { tone: 'unknown', text: expect.stringMatching(/^No decisions in the window/) as string },
    ]);
    expect(headlines(report({ replayed: 0 }))).toMatchObject([{ tone: 'unknown' }]);
    expect(headlines(report({}))).toMatchObject([{ tone: 'ok' }]);
  });

  it('says of operators only that they would be refused', () => {
    const kinds = { permit_to_deny: 2, deny_to_permit: 0, reasons_changed: 0, obligations_changed: 0 };
    const reach = { permit_to_deny: { ...none, people: 1 }, deny_to_permit: none };
    expect(headlines(report({ flips: 2, kinds, reach }))[0]?.text).toBe('1 person would be refused what was permitted (2 decisions).');
    expect(headlines(report({ flips: 2, kinds, reach: null }))[0]?.text).toBe('2 decisions would be refused what was permitted.');
  });
});

describe('the way of a revision', () => {
  const actions = ['policy.propose', 'policy.approve', 'policy.activate'];
  const detail = (change: Parameters<typeof sampleRevision>[0]): RevisionDetailView => ({
    revision: sampleRevision(change),
    content: { files: [...sampleContent.files], tests: [...sampleContent.tests] },
    check: null,
    test: null,
    impact: null,
  });
  const offered = (change: Parameters<typeof sampleRevision>[0], personId = 'usr_ben', may: readonly string[] = actions) =>
    lifeSteps(detail(change), { personId, actions: may }).flatMap(({ name, offered: isOffered }) => (isOffered ? [name] : []));

  it.each([
    ['draft', ['check']],
    ['checked', ['check', 'test', 'impact']],
    ['impact_known', ['check', 'test', 'impact', 'approve']],
    ['approved', ['impact', 'sign']],
    ['signed', ['impact', 'shadow', 'activate']],
    ['active', ['impact']],
    ['superseded', ['impact', 'shadow', 'activate']],
  ] as const)('offers at %s only what follows', (state, names) => {
    expect(offered({ state })).toEqual(names);
  });

  it('does not offer the approval to the author, and says why', () => {
    expect(offered({ state: 'impact_known', authorId: 'usr_ada' }, 'usr_ada')).not.toContain('approve');
    const approve = lifeSteps(detail({ state: 'impact_known' }), { personId: 'usr_ada', actions }).find(({ name }) => name === 'approve');
    expect(approve?.hindered).toContain('You wrote it');
  });

  it('asks to measure again what was measured before the tests had passed', () => {
    const steps = lifeSteps({ ...detail({ state: 'tested' }), impact: report({}) }, { personId: 'usr_ben', actions });
    expect(steps.find(({ name }) => name === 'impact')).toMatchObject({
      state: 'next',
      offered: true,
      detail: expect.stringContaining('again') as string,
    });
  });

  it('offers nothing to a role that only reads', () => {
    expect(offered({ state: 'impact_known' }, 'usr_ben', ['console.read'])).toEqual([]);
  });
});

describe('unsaved text', () => {
  const base = new Map([
    ['access/a.rego', 'package a\n'],
    ['tests/a_test.rego', 'package a_test\n'],
  ]);

  it('counts only what differs', () => {
    expect(realEdits(base, { 'access/a.rego': 'package a\n', 'access/b.rego': 'package b\n', 'access/c.rego': null })).toEqual({
      'access/b.rego': 'package b\n',
    });
  });

  it('keeps tests apart from the policy, and leaves out what was removed', () => {
    const files = withEdits(base, { 'access/a.rego': null, 'access/b.rego': 'package b\n', 'cases/x.cases.json': '[]' });
    const { files: policy, tests } = toContent(files);
    expect([policy.map(({ path }) => path), tests.map(({ path }) => path)]).toEqual([
      ['access/b.rego'],
      ['cases/x.cases.json', 'tests/a_test.rego'],
    ]);
  });

  it('is one operator’s, and what nobody wrote like this is nothing', () => {
    const kept = new Map<string, string>();
    const storage = {
      getItem: (key: string) => kept.get(key) ?? null,
      setItem: (key: string, value: string) => void kept.set(key, value),
      removeItem: (key: string) => void kept.delete(key),
    };
    const [ada, ben] = [createCopyStore(storage, 'usr_ada'), createCopyStore(storage, 'usr_ben')];
    expect(ada.write('rev_1', { edits: { 'a.rego': 'x' }, note: 'n', atMs: 1 })).toBe(true);
    expect([ada.read('rev_1')?.note, ben.read('rev_1')]).toEqual(['n', null]);
    for (const key of kept.keys()) kept.set(key, '{"edits":7}');
    expect(ada.read('rev_1')).toBeNull();
  });

  it('says so when the browser keeps nothing', () => {
    const full = { getItem: () => null, removeItem: () => undefined, setItem: () => expect.fail('full') };
    expect(createCopyStore(full, 'usr_ada').write('rev_1', { edits: {}, note: '', atMs: 1 })).toBe(false);
  });
});

describe('a broken case file', () => {
  it('is told at its place', () => {
    expect(jsonFinding('cases/a.json', '[1, 2]')).toBeNull();
    expect(jsonFinding('cases/a.json', '{\n  "a": 1,\n  b\n}')).toMatchObject({ file: 'cases/a.json', row: 3, code: 'json.syntax' });
    expect(jsonFinding('cases/a.json', '[1,')).toMatchObject({ row: 1 });
  });
});

it.each([
  ['it is what decides', 'a', 20, false],
  ['another decides since a start after it', 'b', 20, true],
  ['it was brought into force since the start', 'b', 5, false],
])('says that what is in force was refused only where another decides: %s', (_what, policyRevision, startedAtMs, refused) => {
  expect(isRefused({ revision: 'a', activatedAtMs: 10 }, { policyRevision, startedAtMs })).toBe(refused);
});
