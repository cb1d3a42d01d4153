import { describe, expect, it } from 'vitest';
import type { Explanation } from '#gateway/domain/policy/explanation.ts';
import type { PolicyRevision } from '#gateway/domain/policy/revision.ts';
import { atGateway as startGateway, type FakeAnswers } from '#test/support/command-at-gateway.ts';
import { sampleContent, sampleRevision } from '#test/support/policy/revisions.ts';

const HASH = 'a'.repeat(64);
const REASON = ['--reason', 'Read with the night shift'] as const;
const reason = { reason: REASON[1] };
const SIGNATURE = { keyId: 'k', signature: 's', operatorId: 'usr_ben', atMs: 1 };

const known = (change: Partial<PolicyRevision> = {}) => {
  const revision = sampleRevision({ id: 'rev_7f3k', state: 'impact_known', revision: HASH, note: 'Doors at night', ...change });
  return {
    [`GET /api/policy/revisions/${revision.id}`]: { body: { revision, content: sampleContent, check: null, test: null, impact: null } },
  };
};
const step = (name: string, state: PolicyRevision['state']) => ({
  [`POST /api/policy/revisions/rev_7f3k/${name}`]: { body: { revision: sampleRevision({ id: 'rev_7f3k', state, revision: HASH }) } },
});
const listed = (wayBackId: string | null) => ({
  'GET /api/policy/revisions': {
    body: {
      revisions: [sampleRevision({ id: 'rev_7f3k', state: 'active', revision: HASH, note: 'Doors at night' })],
      next: null,
      activations: [{ number: 2, revisionId: 'rev_7f3k', revision: HASH, previousId: 'rev_old', activatedAtMs: 1 }],
      wayBackId,
    },
  },
});

async function atGateway(answers: FakeAnswers) {
  const { api, run } = await startGateway(answers, { command: 'policy' });
  return { run, posts: () => api.requests.filter((request) => request.startsWith('POST')), requests: api.requests };
}

describe('every step that is recorded', () => {
  it.each([['approve', 'rev_7f3k'], ['publish', 'rev_7f3k'], ['rollback']])('needs a reason: policy %s', async (...args) => {
    const { run, requests } = await atGateway({});
    expect(await run(...args)).toMatchObject({ exitCode: 2 });
    for (const text of ['no', ' x ', 'x'.repeat(501)]) {
      const { exitCode, err } = await run(...args, '--reason', text);
      expect(exitCode).toBe(2);
      expect(err).toContain('--reason');
    }
    expect(requests).toEqual([]);
  });
});

describe('policy approve', () => {
  it('approves the content that the revision has now', async () => {
    const { run, posts } = await atGateway({ ...known(), ...step('approve', 'approved') });
    expect(await run('approve', 'rev_7f3k', ...REASON)).toMatchObject({ exitCode: 0, out: 'rev_7f3k is approved\n' });
    expect(posts()).toEqual([`POST /api/policy/revisions/rev_7f3k/approve ${JSON.stringify({ ...reason, revision: HASH })}`]);
  });

  it('approves nothing that was not compiled', async () => {
    const { run, posts } = await atGateway(known({ revision: null, state: 'draft' }));
    expect(await run('approve', 'rev_7f3k', ...REASON)).toMatchObject({ exitCode: 1, err: 'gatehouse: rev_7f3k has not been checked\n' });
    expect(posts()).toEqual([]);
  });

  it('says why it was refused', async () => {
    const error = { code: 'operator.same_person', message: 'Whoever asked does not approve.', decisionId: 'dec_1' };
    const { run } = await atGateway({ ...known(), 'POST /api/policy/revisions/rev_7f3k/approve': { status: 403, body: { error } } });
    const { exitCode, err } = await run('approve', 'rev_7f3k', ...REASON);
    expect(exitCode).toBe(1);
    expect(err).toContain('operator.same_person, decision dec_1');
  });
});

describe('policy publish', () => {
  const ALL = { ...step('sign', 'signed'), ...step('emergency', 'signed'), ...step('activate', 'active'), ...step('shadow', 'shadow') };
  it.each<[args: readonly string[], signed: boolean, steps: readonly string[]]>([
    [[], false, ['sign', 'activate']],
    [[], true, ['activate']],
    [['--sign-only'], false, ['sign']],
    [['--sign-only'], true, []],
    [['--shadow'], false, ['sign', 'shadow']],
    [['--emergency'], false, ['emergency', 'activate']],
    [['--emergency', '--shadow'], false, ['emergency', 'shadow']],
    [['--emergency'], true, ['activate']],
  ])('with %j of what is signed: %s goes through %j', async (args, isSigned, steps) => {
    const { run, posts } = await atGateway({ ...known({ signature: isSigned ? SIGNATURE : null }), ...ALL });
    expect((await run('publish', 'rev_7f3k', ...REASON, ...args)).exitCode).toBe(0);
    expect(posts().map((request) => request.split(' ')[1]?.split('/').at(-1))).toEqual(steps);
  });

  it.each([
    [[], false],
    [['--despite-tests'], true],
  ])('in an emergency with %j says whether tests matter', async (args, despiteTests) => {
    const { run, posts } = await atGateway({ ...known(), ...ALL });
    await run('publish', 'rev_7f3k', '--emergency', ...REASON, ...args);
    expect(posts()).toEqual([
      `POST /api/policy/revisions/rev_7f3k/emergency ${JSON.stringify({ ...reason, despiteTests })}`,
      `POST /api/policy/revisions/rev_7f3k/activate ${JSON.stringify(reason)}`,
    ]);
  });

  it('goes past tests in an emergency only', async () => {
    const { run, requests } = await atGateway({ ...known(), ...ALL });
    expect(await run('publish', 'rev_7f3k', '--despite-tests', ...REASON)).toMatchObject({
      exitCode: 2,
      err: 'gatehouse: --despite-tests needs --emergency\n',
    });
    expect(requests).toEqual([]);
  });

  it('stops at the step that is refused, and says what comes first', async () => {
    const error = {
      code: 'request.conflict',
      message: 'rev_7f3k is checked; its tests have not passed. Next: gatehouse policy test rev_7f3k',
    };
    const refused = { 'POST /api/policy/revisions/rev_7f3k/sign': { status: 409, body: { error } } };
    const { run, posts } = await atGateway({ ...known({ state: 'checked' }), ...ALL, ...refused });
    expect(await run('publish', 'rev_7f3k', ...REASON)).toMatchObject({
      exitCode: 1,
      err: `gatehouse: ${error.message} (request.conflict)\n`,
    });
    expect(posts()).toHaveLength(1);
  });

  it('prints an answer for each step for scripts', async () => {
    const { run } = await atGateway({ ...known(), ...ALL });
    const { out } = await run('publish', 'rev_7f3k', ...REASON, '--json');
    const states = out
      .trim()
      .split('\n')
      .map((line) => (JSON.parse(line) as { revision: PolicyRevision }).revision.state);
    expect(states).toEqual(['signed', 'active']);
  });
});

describe('policy rollback', () => {
  const BACK = {
    ...known({ id: 'rev_old', state: 'superseded', note: 'Doors by day' }),
    'POST /api/policy/rollback': { body: { revision: sampleRevision({ id: 'rev_old', state: 'active', revision: HASH }) } },
  };

  it('says which revision comes back before it does, and brings back that one', async () => {
    const { run, posts } = await atGateway({ ...listed('rev_old'), ...BACK });
    expect(await run('rollback', ...REASON)).toEqual({
      exitCode: 0,
      out: 'rev_old is active\n',
      err: 'rev_old (aaaaaaaaaaaa, Doors by day) comes back instead of rev_7f3k\n',
    });
    expect(posts()).toEqual([`POST /api/policy/rollback ${JSON.stringify({ ...reason, revisionId: 'rev_old' })}`]);
  });

  it('brings back what is named', async () => {
    const { run, posts } = await atGateway({ ...listed(null), ...BACK });
    expect(await run('rollback', 'rev_old', ...REASON)).toMatchObject({ exitCode: 0 });
    expect(posts()).toHaveLength(1);
  });

  it('brings back nothing that is not known', async () => {
    const { run, posts } = await atGateway({ ...listed('rev_old'), ...BACK });
    expect(await run('rollback', 'rev_nobody', ...REASON)).toMatchObject({ exitCode: 1 });
    expect(posts()).toEqual([]);
  });

  it('ends with the gateway’s reason where there is nothing to go back to', async () => {
    const error = { code: 'request.conflict', message: 'There is no revision to go back to.' };
    const { run, posts } = await atGateway({ ...listed(null), 'POST /api/policy/rollback': { status: 409, body: { error } } });
    expect(await run('rollback', ...REASON)).toEqual({ exitCode: 1, out: '', err: `gatehouse: ${error.message} (request.conflict)\n` });
    expect(posts()).toEqual([`POST /api/policy/rollback ${JSON.stringify({ ...reason, revisionId: null })}`]);
  });
});

describe('policy list, diff and shadow', () => {
  const STATUS = { dataRevision: 'd', epoch: 0, headSeq: 1, doorNode: 'online', doorNodeEpoch: 0, startedAtMs: 5 };

  it('list the newest revisions', async () => {
    const { run } = await atGateway({ ...listed(null), 'GET /api/status': { body: { ...STATUS, policyRevision: HASH } } });
    const { err, exitCode, out } = await run('list');
    expect([exitCode, err]).toEqual([0, '']);
    expect(out).toMatch(/rev_7f3k +active +usr_ada .* aaaaaaaaaaaa +Doors at night/);
    expect(JSON.parse((await run('list', '--json')).out)).toEqual(listed(null)['GET /api/policy/revisions'].body);
  });

  it('say that the one in force does not decide when its bundle was refused at the start', async () => {
    const body = { ...STATUS, policyRevision: 'b'.repeat(64) };
    const { run } = await atGateway({ ...listed(null), 'GET /api/status': { body } });
    expect((await run('list')).err).toContain(
      'rev_7f3k does not decide: at the start its bundle was not what was signed, and policy bbbbbbbbbbbb decides',
    );
  });

  it('show lines with their rows, against what is in force', async () => {
    const lines = [
      { kind: 'same', text: 'package a', before: 1, after: 1 },
      { kind: 'removed', text: 'x := 1', before: 2, after: null },
      { kind: 'added', text: 'x := 2', before: null, after: 2 },
    ];
    const body = { files: [{ path: 'access/doors.rego', change: 'changed', lines }] };
    const { run, requests } = await atGateway({ ...listed(null), 'GET /api/policy/diff': { body } });
    const { exitCode, out } = await run('diff', 'active', 'rev_new');
    expect(exitCode).toBe(0);
    expect(out.split('\n')).toEqual(['access/doors.rego (changed)', '    1   package a', '    2 - x := 1', '    2 + x := 2', '']);
    expect(requests.at(-1)).toBe('GET /api/policy/diff?from=rev_7f3k&to=rev_new');
    expect(await run('diff', 'nowhere', 'rev_new')).toMatchObject({
      exitCode: 2,
      err: 'gatehouse: nowhere is no revision and no folder\n',
    });
  });

  it('say that two revisions are the same', async () => {
    const { run } = await atGateway({ 'GET /api/policy/diff': { body: { files: [] } } });
    expect(await run('diff', 'rev_a', 'rev_b')).toMatchObject({ exitCode: 0, out: 'no difference\n' });
  });

  it.each([
    ['rev_7f3k', 'shadow run of rev_7f3k'],
    [null, 'no shadow run goes on; the last one:'],
  ])('tell what a shadow run of %s found', async (revisionId, heading) => {
    const points = { doors: { compared: 9, differences: 2, failures: 1, dropped: 0 } };
    const { run } = await atGateway({ 'GET /api/policy/shadow': { body: { revisionId, points } } });
    const { exitCode, out } = await run('shadow');
    expect(exitCode).toBe(0);
    expect(out.split('\n')[0]).toBe(heading);
    expect(out).toMatch(/doors +9 +2 +1 +0/);
    expect(JSON.parse((await run('shadow', '--json')).out)).toEqual({ revisionId, points });
  });
});

describe('policy explain', () => {
  const found: Explanation = {
    decisionId: 'dec_1',
    occurredAtMs: 0,
    action: 'door.unlock',
    personId: 'usr_ann',
    resourceId: 'front',
    policyRevision: HASH,
    dataRevision: 'b'.repeat(64),
    engineVersion: '1.2.3',
    recorded: { effect: 'deny', codes: ['grant.outside_schedule'], obligations: [] },
    rerun: 'same',
    missing: [],
    again: null,
    enginesAgree: true,
    summary: 'Ann may not pass now.',
    rules: [
      {
        code: 'grant.outside_schedule',
        message: 'Not at this time.',
        line: { file: 'access/doors.rego', row: 90, text: 'not by_day' },
        title: 'Night',
        description: 'Nobody enters at night.',
      },
    ],
    against: [{ file: 'access/doors.rego', row: 90, text: 'not by_day' }],
    wouldPermit: [{ path: 'context.time.minute_of_day', from: '30', to: '600', text: 'by day' }],
    input: null,
    masked: ['context.credential.id'],
  };

  it('tells who, what, the rules behind it, and what would have permitted it', async () => {
    const { run } = await atGateway({ 'GET /api/policy/decisions/dec_1': { body: found } });
    const { exitCode, out } = await run('explain', 'dec_1');
    expect(exitCode).toBe(0);
    expect(out).toContain('Ann may not pass now.\ndoor.unlock of usr_ann at front, ');
    expect(out).toContain('access/doors.rego:90 grant.outside_schedule (Night)\n  not by_day\n  Nobody enters at night.');
    expect(out).toMatch(/context\.time\.minute_of_day +30 +600/);
    expect(out).toContain('decided again: the same; policy aaaaaaaaaaaa, data bbbbbbbbbbbb, compiler 1.2.3');
    expect(out).toContain('masked: context.credential.id');
    expect(JSON.parse((await run('explain', 'dec_1', '--json')).out)).toEqual(found);
  });

  it.each([
    ['different', 'decided again: DIFFERENT'],
    ['impossible', 'cannot be decided again'],
  ] as const)('says that decided again it is %s', async (rerun, text) => {
    const body = { ...found, rerun, missing: ['the data of that time'] };
    const { run } = await atGateway({ 'GET /api/policy/decisions/dec_1': { body } });
    const { out } = await run('explain', 'dec_1');
    expect(out).toContain(text);
    expect(out).toContain('missing: the data of that time');
  });

  it('ends with 1 for a decision that is not in the log', async () => {
    const { run } = await atGateway({});
    expect(await run('explain', 'dec_9')).toMatchObject({ exitCode: 1, out: '' });
  });
});
