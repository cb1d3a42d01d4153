import { describe, expect, it } from 'vitest';
import { describeVersion } from '#admin-ui/src/features/policy-data/versions/describe-version.ts';
import { diffPlaces } from '#admin-ui/src/features/policy-data/changes/diff-json.ts';
import { exceptionsAt } from '#admin-ui/src/features/policy-data/grants/exceptions.ts';
import { impactWords } from '#admin-ui/src/features/policy-data/changes/impact-words.ts';
import { scheduleChoices, schedulesOf } from '#admin-ui/src/features/policy-data/schedules/schedules.ts';
import { threatsNow } from '#admin-ui/src/features/policy-data/threat/threats.ts';
import type { ImpactJobView } from '#gateway/http/contract/policy.ts';
import type { PolicyDataView } from '#gateway/http/contract/policy-data.ts';
import { FIRST_DOCUMENT, POLICY_FILE } from '#test/support/console/fake-policy-document.ts';

const parts = structuredClone(FIRST_DOCUMENT) as PolicyDataView['parts'];
const data: PolicyDataView = {
  version: 1,
  dataRevision: 'f'.repeat(64),
  parts,
  grantCount: 0,
  file: POLICY_FILE,
  may: { edit: true, open: true, raiseThreat: true },
};
const withThreats = (threats: PolicyDataView['parts']['threats']): PolicyDataView => ({ ...data, parts: { ...parts, threats } });

describe('the threat level now', () => {
  it('is what is raised and not over, the highest first', () => {
    const now = threatsNow(
      withThreats({
        global: { level: 1, untilMs: null, note: '' },
        'site:hq': { level: 3, untilMs: 101, note: 'a drill' },
        'area:are_server': { level: 4, untilMs: 100, note: 'over' },
        'area:are_office': { level: 0, untilMs: null, note: '' },
      }),
      100,
    );
    expect(now.map(({ place, level }) => `${place} ${level}`)).toEqual(['Headquarters 3', 'Everywhere 1']);
  });

  it('names a place that is no more by its id', () => {
    expect(threatsNow(withThreats({ 'area:gone': { level: 2, untilMs: null, note: '' } }), 0)[0]?.place).toBe('area:gone');
  });
});

describe('exceptions', () => {
  const item = (fromMs: number, untilMs: number) => ({ ...structuredClone(Object.values(parts.exceptions)[0]), fromMs, untilMs }) as never;

  it('end by themselves: in force first, then to come, then past', () => {
    const at = (nowMs: number) =>
      exceptionsAt({ a: item(0, 10), b: item(10, 20), c: item(20, 30) }, nowMs).map(({ id, state }) => `${id} ${state}`);
    expect(at(10)).toEqual(['b in_force', 'c to_come', 'a over']);
    expect(at(9)).toEqual(['a in_force', 'b to_come', 'c to_come']);
    expect(at(30)).toEqual(['c over', 'b over', 'a over']);
  });
});

describe('schedules', () => {
  it('are those of the configuration as far as no item takes their place', () => {
    const both = {
      ...data,
      parts: { ...parts, schedules: { ...parts.schedules, office: { name: 'Long days', windows: [], onHolidays: true } } },
    };
    expect(schedulesOf(data).map(({ id, name, source }) => `${id} ${name} ${source}`)).toEqual([
      'nights Night shift data',
      'office office file',
    ]);
    expect(schedulesOf(both).find(({ id }) => id === 'office')).toMatchObject({ name: 'Long days', source: 'both' });
  });

  it('begin with the one that exists in every document', () => {
    expect(scheduleChoices(data)[0]).toEqual({ value: 'always', label: 'Always' });
  });
});

describe('a version in one line', () => {
  const change = (id: string) => ({ part: 'grants' as const, id, kind: 'added' as const });
  const version = { version: 2, atMs: 0, operatorId: 'u', reason: 'r', opens: true, decisionId: null };

  it('names the first changes and counts the rest', () => {
    const changes = [change('a'), change('b'), change('c'), change('d')];
    const text = describeVersion({ ...version, origin: 'imported', changes, changeCount: 40 });
    expect(text).toBe('Imported: Grant a new, Grant b new, Grant c new, and 37 more');
  });

  it('says that it went back', () => {
    expect(describeVersion({ ...version, origin: 'reverted', changes: [change('a')], changeCount: 1 })).toBe('Went back: Grant a new');
  });
});

describe('the impact in one sentence', () => {
  const kinds = { permit_to_deny: 0, deny_to_permit: 0, reasons_changed: 0, obligations_changed: 0 };
  const job = (state: ImpactJobView['state'], report: object | null, message = ''): ImpactJobView => ({
    id: 'i',
    revisionId: 'r',
    state,
    progress: { decisions: 1_200, flips: 0, share01: 0.5 },
    message,
    report: report as ImpactJobView['report'],
  });

  it.each([
    [job('running', null), 'info', '1,200 decisions made again so far.'],
    [job('cancelled', null), 'info', 'Stopped. What it would have changed is not known.'],
    [job('failed', null, 'Too long.'), 'deny', 'Too long.'],
    [job('done', null), 'deny', 'This could not be tried.'],
    [
      job('done', { decisions: 10, replayed: 10, flips: 0, kinds }),
      'ok',
      'Of 10 decisions in the last 7 days none would have come out differently.',
    ],
    [
      job('done', { decisions: 11, replayed: 10, flips: 0, kinds }),
      'info',
      'Of 10 decisions in the last 7 days none would have come out differently. 1 decision could not be made again.',
    ],
    [
      job('done', { decisions: 10, replayed: 10, flips: 3, kinds: { ...kinds, permit_to_deny: 2, deny_to_permit: 1 } }),
      'warn',
      'Of 10 decisions in the last 7 days 3 would have come out differently: 2 denied instead of permitted, 1 permitted instead of denied.',
    ],
  ])('%#', (view, tone, text) => {
    expect(impactWords(view)).toEqual({ tone, text });
  });
});

describe('places that somebody else compared', () => {
  it('are shown under their path, and those that were left out are counted', () => {
    const diff = diffPlaces([{ path: 'grants/group:a', before: null, after: [{ id: 'g' }] }], 5);
    expect(diff).toEqual({ changes: [{ path: ['grants', 'group:a'], before: undefined, after: [{ id: 'g' }] }], more: 4 });
  });
});
