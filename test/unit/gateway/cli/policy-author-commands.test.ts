import { mkdir, rm, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { CheckReportView, TestReportView } from '#gateway/http/contract/policy.ts';
import { REVISION_FILE_BYTES_MAX } from '#gateway/domain/policy/revision.ts';
import { atGateway as startGateway, type FakeAnswers } from '#test/support/command-at-gateway.ts';
import { sampleRevision } from '#test/support/policy/revisions.ts';
import { temporaryFolder } from '#test/support/temporary-folder.ts';

const HASH = 'a'.repeat(64);
const revision = sampleRevision({ id: 'rev_7f3k', state: 'checked', revision: HASH });
const DRAFTS = { 'POST /api/policy/drafts': { status: 201, body: { revision: sampleRevision({ id: 'rev_7f3k' }) } } };
const ACTIVE = {
  'GET /api/policy/revisions': {
    body: {
      revisions: [],
      next: null,
      activations: [{ number: 1, revisionId: 'rev_7f3k', revision: HASH, previousId: null, activatedAtMs: 1 }],
      wayBackId: null,
    },
  },
};

const checked = (report: Partial<CheckReportView> = {}, state: 'draft' | 'checked' = 'checked') => ({
  'POST /api/policy/revisions/rev_7f3k/check': {
    body: {
      revision: { ...revision, state },
      report: {
        findings: [],
        revision: state === 'draft' ? null : HASH,
        trial: { inputs: 40, stepsMax: 900, slowestMs: 1.5, slowest: 'x' },
        tookMs: 282,
        ...report,
      },
    },
  },
});
const tested = (report: Partial<TestReportView> = {}) => ({
  ...checked(),
  'POST /api/policy/revisions/rev_7f3k/test': {
    body: {
      revision: { ...revision, state: (report.failed ?? 0) > 0 ? 'checked' : 'tested' },
      report: {
        tests: 12,
        cases: 400,
        failed: 0,
        failures: [],
        differences: 0,
        coverage: [],
        coverage01: 0.934,
        findings: [],
        tookMs: 5_000,
        ...report,
      },
    },
  },
});

/** A gateway at the control socket, and a folder to run in that holds these files. */
async function atGateway(answers: FakeAnswers, files: Readonly<Record<string, string>> = {}) {
  const cwd = await temporaryFolder();
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(cwd, path)), { recursive: true });
    await writeFile(join(cwd, path), text);
  }
  return startGateway(answers, { command: 'policy', cwd });
}

interface Sent {
  readonly content: Record<'files' | 'tests', readonly { readonly path: string; readonly text: string }[]>;
  readonly note: string;
}
const sentDraft = (requests: readonly string[]): Sent =>
  JSON.parse(
    requests.find((request) => request.startsWith('POST /api/policy/drafts'))?.slice('POST /api/policy/drafts'.length) ?? 'null',
  ) as Sent;

describe('policy check', () => {
  it('prints warnings with their place, the worst case and what the revision is', async () => {
    const finding = {
      code: 'lint.fact_missing',
      severity: 'warning',
      message: 'no twin',
      file: 'access/doors.rego',
      row: 7,
      col: 2,
    } as const;
    const { run } = await atGateway(checked({ findings: [finding] }));
    const { exitCode, out } = await run('check', 'rev_7f3k');
    expect(exitCode).toBe(0);
    expect(out.split('\n')).toEqual([
      'access/doors.rego:7:2 warning lint.fact_missing: no twin',
      'worst case: 40 largest inputs, at most 900 steps and 1.5 ms',
      `rev_7f3k checked ${HASH} (282 ms)`,
      '',
    ]);
  });

  it('ends with 1 where there are errors, and counts them', async () => {
    const error = { code: 'rego_parse_error', severity: 'error', message: 'unexpected token', file: 'a.rego', row: 2, col: 1 } as const;
    const nowhere = { ...error, code: 'trial.too_slow', file: '', row: 0, col: 0 };
    const { run } = await atGateway(checked({ findings: [error, nowhere], trial: null }, 'draft'));
    const { exitCode, out, err } = await run('check', 'rev_7f3k');
    expect(exitCode).toBe(1);
    expect(out.split('\n')).toEqual([
      'a.rego:2:1 error rego_parse_error: unexpected token',
      'error trial.too_slow: unexpected token',
      'rev_7f3k draft (282 ms)',
      '',
    ]);
    expect(err).toBe('gatehouse: 2 errors\n');
  });

  it('takes what is in force, and prints the answer alone for scripts', async () => {
    const { api, run } = await atGateway({ ...ACTIVE, ...checked() });
    const { exitCode, out } = await run('check', 'active', '--json');
    expect(exitCode).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ revision: { id: 'rev_7f3k' }, report: { tookMs: 282 } });
    expect(api.requests.at(-1)).toBe('POST /api/policy/revisions/rev_7f3k/check {}');
  });

  it.each([
    [404, 'resource.unknown', 1],
    [403, 'operator.not_authorized', 1],
    [400, 'request.invalid', 2],
    [500, 'policy.toolchain_timed_out', 3],
  ])('ends where the gateway answers %i with its code', async (status, code, exitCode) => {
    const error = { code, message: 'No.' };
    const { run } = await atGateway({ 'POST /api/policy/revisions/rev_7f3k/check': { status, body: { error } } });
    expect(await run('check', 'rev_7f3k')).toMatchObject({ exitCode, err: `gatehouse: No. (${code})\n` });
  });

  it('says what a target may be', async () => {
    const { run } = await atGateway({});
    expect(await run('check', 'nowhere')).toMatchObject({ exitCode: 2, err: 'gatehouse: nowhere is no revision and no folder\n' });
    expect(await run('check')).toMatchObject({ exitCode: 2 });
  });
});

describe('a folder as target', () => {
  const FILES = {
    'site/policies/access/doors.rego': 'package d',
    'site/policies/tests/doors_test.rego': 'package d_test',
    'site/policies/access/more_test.rego': 'package m_test',
    'site/policies/cases/door.cases.json': '[]',
    'site/policies/data/site.json': '{}',
    'site/policies/dist/policy.rego': 'package built',
    'site/policies/.git/x.rego': 'package hidden',
    'site/policies/README.md': '# Policies',
    'site/.git/HEAD': 'ref: refs/heads/main\n',
    'site/.git/refs/heads/main': `${'c'.repeat(40)}\n`,
  };

  it('is sent as a draft of its Rego, tests and cases, with its commit as note', async () => {
    const { api, run } = await atGateway({ ...DRAFTS, ...checked() }, FILES);
    expect(await run('check', 'site')).toMatchObject({ exitCode: 0, err: 'site is draft rev_7f3k\n' });
    const { content, note } = sentDraft(api.requests);
    expect(content.files).toEqual([{ path: 'access/doors.rego', text: 'package d' }]);
    expect(content.tests.map(({ path }) => path)).toEqual(['access/more_test.rego', 'cases/door.cases.json', 'tests/doors_test.rego']);
    expect(note).toBe(`git ${'c'.repeat(40)}`);
  });

  it('has the note that it is given', async () => {
    const { api, run } = await atGateway({ ...DRAFTS, ...checked() }, FILES);
    await run('check', 'site/policies', '--note', 'Doors at night');
    expect(sentDraft(api.requests).note).toBe('Doors at night');
  });

  it.each([
    ['empty', {}, 'holds no .rego file'],
    ['other', { 'other/README.md': 'x', 'other/cases.json': '{}' }, 'holds no .rego file'],
    ['tests', { 'tests/a_test.rego': 'package a_test' }, 'holds no .rego file beside tests'],
    ['large', { 'large/a.rego': 'x'.repeat(REVISION_FILE_BYTES_MAX + 1) }, 'is larger than 524288 bytes'],
    ['odd', { 'odd/a b.rego': 'package a' }, 'must be a relative path to a .rego or .json file'],
  ])('that is %s is not sent, and the reason is said', async (name, files, message) => {
    const { api, cwd, run } = await atGateway({ ...DRAFTS, ...checked() }, files);
    await mkdir(join(cwd, name), { recursive: true });
    const { exitCode, err } = await run('check', name);
    expect(exitCode).toBe(2);
    expect(err).toContain(message);
    expect(api.requests).toEqual([]);
  });

  it('with a link in the place of a rule, or a rule that is no UTF-8, is not sent: a denial could be missing', async () => {
    const { api, cwd, run } = await atGateway({ ...DRAFTS, ...checked() }, { 'site/a.rego': 'package a', 'secret.rego': 'package s' });
    await symlink(join(cwd, 'secret.rego'), join(cwd, 'site/b.rego'));
    expect(await run('check', 'site')).toMatchObject({ exitCode: 2, err: expect.stringContaining('b.rego is a link') as string });
    await rm(join(cwd, 'site/b.rego'));
    await mkdir(join(cwd, 'denials'));
    await symlink(join(cwd, 'denials'), join(cwd, 'site/denials'));
    expect(await run('check', 'site')).toMatchObject({ exitCode: 2, err: expect.stringContaining('denials is a link') as string });
    await rm(join(cwd, 'site/denials'));
    await writeFile(join(cwd, 'site/türe.rego'), 'package b\n');
    expect(await run('check', 'site')).toMatchObject({ exitCode: 2, err: expect.stringContaining('türe.rego must be') as string });
    await rm(join(cwd, 'site/türe.rego'));
    await writeFile(join(cwd, 'site/b.rego'), Uint8Array.of(0x70, 0xff, 0x61));
    expect(await run('check', 'site')).toMatchObject({ exitCode: 2, err: expect.stringContaining('b.rego is not UTF-8') as string });
    expect(api.requests).toEqual([]);
  });
});

describe('policy test', () => {
  it('checks first, then prints counts, coverage and what the revision is', async () => {
    const { api, run } = await atGateway(tested());
    const { exitCode, out } = await run('test', 'rev_7f3k');
    expect(exitCode).toBe(0);
    expect(out.split('\n')).toEqual([
      '12 tests, 400 cases in two engines, 0 failed, 0 differences; 93 % of the lines (5000 ms)',
      'rev_7f3k tested',
      '',
    ]);
    expect(api.requests.map((request) => request.split('/').at(-1))).toEqual(['check {}', 'test {}']);
  });

  it('ends with 1 where some fail, each with as much of a place as it has', async () => {
    const failures = [
      { name: 'a login without authentication', file: 'cases/login.cases.json', row: 41, message: 'answered {"allow":true}' },
      { name: 'cases', file: 'cases/site.json', row: 0, message: 'bases: not valid' },
      { name: 'coverage', file: '', row: 0, message: 'tests reach 70 % of the lines, 80 % are needed' },
    ];
    const { run } = await atGateway(tested({ failed: 3, failures }));
    const { exitCode, out, err } = await run('test', 'rev_7f3k');
    expect({ exitCode, err }).toEqual({ exitCode: 1, err: 'gatehouse: 3 failed\n' });
    expect(out.split('\n').slice(0, 3)).toEqual([
      'cases/login.cases.json:41 failed a login without authentication: answered {"allow":true}',
      'cases/site.json failed cases: bases: not valid',
      'failed coverage: tests reach 70 % of the lines, 80 % are needed',
    ]);
  });

  it('prints the answer alone for scripts, and still ends with 1', async () => {
    const { run } = await atGateway(tested({ failed: 1 }));
    const { exitCode, out } = await run('test', 'rev_7f3k', '--json');
    expect(exitCode).toBe(1);
    expect(JSON.parse(out)).toMatchObject({ report: { failed: 1 } });
  });
});
