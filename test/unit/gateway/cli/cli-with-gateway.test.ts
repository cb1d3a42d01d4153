import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runCommand } from '#test/support/cli-run.ts';
import { serveFakeApi, type FakeAnswer } from '#test/support/fake-control-api.ts';
import { temporaryFolder } from '#test/support/temporary-folder.ts';

const DIRECTORY = {
  people: { usr_ann: 'Ann Lee', usr_bob: 'Bob Anders', usr_bo: 'Bo' },
  doors: { front: 'Front door' },
  readers: { 'front-in': 'Front, outside', 'front-out': 'Front, inside' },
  areas: {},
  apps: {},
  sites: {},
};
const somebody = (id: string, email: string) => ({
  id,
  displayName: id,
  email,
  standing: 'active',
  roles: [],
  groups: [],
  clearance: 0,
  presence: null,
});
const RECEIPT = {
  personId: 'usr_ann',
  epoch: 7,
  state: 'contained',
  requestedAtMs: 1_000,
  targets: [{ target: 'doors', method: 'epoch push', acknowledgedAtMs: 1_042, count: 6 }],
};
const decision = (seq: number, over: object = {}) => ({
  seq,
  arrivedAtMs: seq,
  hash: 'a'.repeat(64),
  record: {
    type: 'decision',
    occurredAtMs: seq,
    decisionId: `dec_${seq}`,
    channel: 'osdp',
    action: 'door.unlock',
    personId: 'usr_ann',
    resourceType: 'door',
    resourceId: 'front',
    effect: 'deny',
    reasons: ['subject.suspended'],
    permits: [],
    obligations: [],
    policyRevision: 'p',
    dataRevision: 'd',
    epoch: 1,
    mode: 'online',
    latencyUs: 10,
    input: null,
    ...over,
  },
});

/** A gateway at the control socket of a data folder, and a command run beside it. */
async function atGateway(answers: Readonly<Record<string, FakeAnswer>>) {
  const cwd = await temporaryFolder();
  const api = await serveFakeApi({ 'GET /api/directory': { body: DIRECTORY }, ...answers }, join(cwd, 'control.sock'));
  return { api, cwd, run: (...args: string[]) => runCommand(['--data-dir', cwd, ...args], { cwd }) };
}

const SUSPENDED = { 'POST /api/people/usr_ann/suspend': { body: { decisionId: 'dec_1', receipt: RECEIPT } } };

describe('suspend', () => {
  it('sends the reason and prints the receipt', async () => {
    const { api, run } = await atGateway(SUSPENDED);
    const { exitCode, out } = await run('suspend', 'usr_ann', '--reason', 'Left the company');
    expect(exitCode).toBe(0);
    expect(api.requests.at(-1)).toBe('POST /api/people/usr_ann/suspend {"reason":"Left the company"}');
    expect(out).toMatch(/Ann Lee is suspended, contained \(decision dec_1, epoch 7\)/);
    expect(out).toMatch(/doors +epoch push +6 +42 ms/);
  });

  it('prints the answer alone for scripts', async () => {
    const { run } = await atGateway(SUSPENDED);
    const { out } = await run('suspend', 'ann', '--reason', 'Left the company', '--json');
    expect(JSON.parse(out)).toEqual({ decisionId: 'dec_1', receipt: RECEIPT });
  });

  it.each(['usr_ann', 'Ann Lee', 'ann l', 'lee'])('finds the person by %s', async (text) => {
    const { run } = await atGateway(SUSPENDED);
    expect(await run('suspend', text, '--reason', 'Left the company')).toMatchObject({ exitCode: 0 });
  });

  it('finds the person by e-mail over pages, without case', async () => {
    const { api, run } = await atGateway({
      ...SUSPENDED,
      'GET /api/people': { body: { people: [somebody('usr_ann', 'ann@example.test')], next: null } },
    });
    expect(await run('suspend', 'Ann@Example.test', '--reason', 'Left the company')).toMatchObject({ exitCode: 0 });
    expect(api.requests).toContain('GET /api/people');
    expect(await run('suspend', 'gone@example.test', '--reason', 'Left the company')).toMatchObject({ exitCode: 1 });
  });

  it('acts on nobody when the name fits several people, and names them', async () => {
    const { api, run } = await atGateway({});
    const { exitCode, err } = await run('suspend', 'an', '--reason', 'Left the company');
    expect(exitCode).toBe(2);
    expect(err).toMatch(/Ann Lee \(usr_ann\)/);
    expect(err).toMatch(/Bob Anders \(usr_bob\)/);
    expect(api.requests.some((request) => request.startsWith('POST'))).toBe(false);
  });

  it('says what names a person when there is none such', async () => {
    const { run } = await atGateway({});
    const err = 'gatehouse: there is no person zed: give an id, an e-mail, or the beginning of a name\n';
    expect(await run('enrol', 'zed')).toMatchObject({ exitCode: 1, err });
  });

  it('takes a whole name before the beginning of another', async () => {
    const { run } = await atGateway({ 'POST /api/people/usr_bo/suspend': SUSPENDED['POST /api/people/usr_ann/suspend'] });
    expect(await run('suspend', 'bo', '--reason', 'Left the company')).toMatchObject({ exitCode: 0 });
  });

  it('says why it was refused, with the decision', async () => {
    const error = { code: 'operator.not_authorized', message: 'Your role does not allow this.', decisionId: 'dec_9' };
    const { run } = await atGateway({ 'POST /api/people/usr_ann/suspend': { status: 403, body: { error } } });
    const { exitCode, err, out } = await run('suspend', 'usr_ann', '--reason', 'Left the company', '--json');
    expect(exitCode).toBe(1);
    expect(err).toMatch(/does not allow this\. \(operator\.not_authorized, decision dec_9\)/);
    expect(JSON.parse(out)).toEqual({ error });
  });

  it('needs a reason', async () => {
    const { run } = await atGateway({});
    expect(await run('suspend', 'usr_ann')).toMatchObject({ exitCode: 2 });
  });
});

describe('reinstate', () => {
  it('says that a second operator is needed', async () => {
    const body = { state: 'waiting_for_second_operator', decisionId: 'dec_2', expiresAtMs: 0 };
    const { run } = await atGateway({ 'POST /api/people/usr_ann/reinstate': { body } });
    expect((await run('reinstate', 'usr_ann', '--reason', 'A mistake')).out).toMatch(/stays suspended until a second, different operator/);
  });

  it('says when the person is back', async () => {
    const body = { state: 'reinstated', decisionId: 'dec_3', epoch: 8 };
    const { run } = await atGateway({ 'POST /api/people/usr_ann/reinstate': { body } });
    expect((await run('reinstate', 'usr_ann', '--reason', 'A mistake')).out).toMatch(/Ann Lee is reinstated \(decision dec_3, epoch 8\)/);
  });
});

describe('unrestrict', () => {
  it('ends a restriction, with a reason', async () => {
    const { run } = await atGateway({ 'POST /api/people/usr_ann/unrestrict': { body: { decisionId: 'dec_4', epoch: 9 } } });
    expect((await run('unrestrict', 'usr_ann', '--reason', 'She stood here')).out).toMatch(
      /Ann Lee is restricted no more \(decision dec_4, epoch 9\)/,
    );
    expect(await run('unrestrict', 'usr_ann')).toMatchObject({ exitCode: 2 });
  });
});

describe('enrol', () => {
  it('prints the link alone on standard output', async () => {
    const { run } = await atGateway({
      'POST /api/people/usr_ann/enrolment': { body: { url: 'http://localhost/enrol#x', expiresAtMs: 0 } },
    });
    const { out, err } = await run('enrol', 'usr_ann');
    expect(out).toBe('http://localhost/enrol#x\n');
    expect(err).toMatch(/For Ann Lee alone, once/);
  });
});

describe('badge', () => {
  const granted = { outcome: 'granted', decisionId: 'dec_4', reasons: [] };

  it('presents the badge and walks through', async () => {
    const { api, run } = await atGateway({ 'POST /api/demo/badge': { body: granted } });
    expect((await run('badge', 'ann', 'front-in')).out).toMatch(/Ann Lee at Front, outside: granted \(decision dec_4\)/);
    expect(api.requests.at(-1)).toBe('POST /api/demo/badge {"personId":"usr_ann","readerId":"front-in","walkThrough":true}');
  });

  it('stands still on request', async () => {
    const { api, run } = await atGateway({ 'POST /api/demo/badge': { body: granted } });
    await run('badge', 'ann', 'front-in', '--no-walk');
    expect(api.requests.at(-1)).toMatch(/"walkThrough":false/);
  });

  it('explains a denial and ends with 1', async () => {
    const { run } = await atGateway({
      'POST /api/demo/badge': { body: { outcome: 'denied', decisionId: 'dec_5', reasons: ['subject.suspended'] } },
    });
    const { exitCode, err } = await run('badge', 'ann', 'front-in');
    expect(exitCode).toBe(1);
    expect(err).toMatch(/denied \(decision dec_5\)\n {2}subject\.suspended: Your access is suspended/);
  });

  it('does not call a read denied that the reader dropped: nobody decided about it', async () => {
    const { run } = await atGateway({
      'POST /api/demo/badge': { body: { outcome: 'dropped', decisionId: null, reasons: ['osdp.card_rate_exceeded'] } },
    });
    const { exitCode, err } = await run('badge', 'ann', 'front-in');
    expect(exitCode).toBe(1);
    expect(err).toMatch(/Front, outside: the card was not read\n {2}osdp\.card_rate_exceeded: The reader dropped this read/);
    expect(err).not.toContain('denied');
  });

  it('asks for a person when the name is empty', async () => {
    const { run } = await atGateway({});
    expect(await run('badge', '', 'front-in')).toMatchObject({ exitCode: 2, err: expect.stringMatching(/the person is empty/) as string });
  });

  it('asks for the id when the reader is not clear', async () => {
    const { run } = await atGateway({});
    expect(await run('badge', 'ann', 'front')).toMatchObject({ exitCode: 2, err: expect.stringMatching(/front-in/) as string });
  });
});

describe('decisions', () => {
  const page = { 'GET /api/log': { body: { entries: [decision(2), decision(1, { effect: 'permit', reasons: [] })], next: null } } };

  it('prints the last ones, oldest first, with names', async () => {
    const { api, run } = await atGateway(page);
    const { out } = await run('decisions', '--person', 'ann', '--decisions-only', '--limit', '2');
    const lines = out.trim().split('\n');
    expect(lines[0]).toMatch(/permit door\.unlock Ann Lee -> Front door dec_1/);
    expect(lines[1]).toMatch(/deny +door\.unlock Ann Lee -> Front door subject\.suspended dec_2/);
    expect(api.requests.at(-1)).toBe('GET /api/log?types=decision&limit=2&person=usr_ann');
  });

  it('tells of a person all that the log says: standing, sessions, credentials, changes', async () => {
    const entry = (seq: number, record: object) => ({
      seq,
      arrivedAtMs: seq,
      hash: 'a'.repeat(64),
      record: { occurredAtMs: seq, personId: 'usr_ann', ...record },
    });
    const standing = {
      type: 'standing',
      from: 'active',
      to: 'suspended',
      operators: ['local'],
      reason: 'Lost her badge',
      epoch: 2,
      decisionId: 'dec_1',
    };
    const entries = [
      entry(1, standing),
      entry(2, {
        type: 'revocation_receipt',
        epoch: 2,
        requestedAtMs: 1,
        state: 'contained',
        targets: [{ target: 'doors', method: 'epoch', acknowledgedAtMs: 2, count: 6 }],
      }),
      entry(3, { type: 'session', event: 'ended', kind: 'app', sessionId: 's', appId: null, cause: 'person_suspended', decisionId: null }),
      entry(4, { type: 'reinstatement_requested', operatorId: 'usr_bob', reason: 'Found it', decisionId: null }),
      entry(5, { ...standing, from: 'suspended', to: 'active', operators: ['usr_bob', 'local'], reason: 'Found it' }),
      entry(6, { type: 'credential', event: 'enrolled', kind: 'passkey', credentialId: 'c', cause: 'enrolment', operatorId: null }),
      entry(7, {
        type: 'directory_change',
        changeId: 'x',
        subjectType: 'person',
        subjectId: 'usr_ann',
        change: 'replaced',
        changes: ['+role:guard'],
        digestBefore: null,
        digestAfter: null,
        operatorId: 'local',
      }),
      entry(8, { type: 'egress', doorId: 'front', cause: 'exit_reader', readerId: null }),
      entry(9, {
        type: 'credential',
        event: 'enrolment_offered',
        kind: 'enrolment_link',
        credentialId: null,
        cause: 'link',
        operatorId: 'local',
      }),
    ];
    const { api, run } = await atGateway({ 'GET /api/log': { body: { entries: entries.toReversed(), next: null } } });
    const { out } = await run('decisions', '--person', 'ann');
    expect(api.requests.at(-1)).toMatch(
      /types=decision,standing,reinstatement_requested,revocation_receipt,credential,session,directory_change,egress&/,
    );
    expect(
      out
        .trim()
        .split('\n')
        .map((line) => line.slice('2026-01-01 00:00:00 '.length)),
    ).toEqual([
      'standing Ann Lee: active -> suspended, by the host: Lost her badge',
      'receipt Ann Lee: contained, 1 targets, epoch 2',
      'session Ann Lee: app ended (person suspended)',
      'standing Ann Lee: return asked for, by Bob Anders: Found it',
      'standing Ann Lee: suspended -> active, by Bob Anders and the host: Found it',
      'credential Ann Lee: passkey enrolled (enrolment)',
      'change Ann Lee: person replaced by the host +role:guard',
      'egress Ann Lee: Front door (exit reader)',
      'credential Ann Lee: enrolment link offered (link)',
    ]);
  });

  it('says so when there are none', async () => {
    const { run } = await atGateway({ 'GET /api/log': { body: { entries: [], next: null } } });
    expect(await run('decisions', '--person', 'ann')).toMatchObject({
      exitCode: 0,
      out: '',
      err: 'No decisions of Ann Lee in this range.\n',
    });
    expect(await run('decisions')).toMatchObject({ exitCode: 0, out: '', err: 'No decisions yet.\n' });
  });

  it('goes on with new ones, skips what was shown and other people, and ends on Ctrl+C', async () => {
    const cwd = await temporaryFolder();
    const interrupt = new AbortController();
    const event = (entry: object): string => `: comment\nevent: entry\nid: 1\ndata: ${JSON.stringify(entry)}\n\n`;
    const stream = [decision(2), decision(3), decision(4, { personId: 'usr_bob' })].map(event).join('');
    await serveFakeApi(
      { 'GET /api/directory': { body: DIRECTORY }, ...page, 'GET /api/events': { body: stream, open: true } },
      join(cwd, 'control.sock'),
    );
    const running = runCommand(['--data-dir', cwd, 'decisions', '--person', 'ann', '--follow', '--json'], {
      cwd,
      catchInterrupt: () => {
        setTimeout(() => interrupt.abort(), 200);
        return interrupt.signal;
      },
    });
    const { exitCode, out } = await running;
    expect(exitCode).toBe(0);
    expect(
      out
        .trim()
        .split('\n')
        .map((line) => (JSON.parse(line) as { seq: number }).seq),
    ).toEqual([1, 2, 3]);
  });

  it('ends with 3 when the gateway goes away', async () => {
    const { run } = await atGateway({ ...page, 'GET /api/events': { body: ': hello\n\n' } });
    expect(await run('decisions', '--follow')).toMatchObject({ exitCode: 3, err: expect.stringMatching(/ended the stream/) as string });
  });

  it.each(['0', '1001', 'x', '1.5'])('refuses a limit of %s', async (limit) => {
    const { run } = await atGateway(page);
    expect(await run('decisions', '--limit', limit)).toMatchObject({ exitCode: 2 });
  });
});

describe('status', () => {
  const status = { policyRevision: 'pol', dataRevision: 'dat', epoch: 3, headSeq: 99, doorNode: 'lost', doorNodeEpoch: 2, startedAtMs: 0 };

  it('prints what the gateway runs on', async () => {
    const { run } = await atGateway({ 'GET /api/status': { body: status } });
    const { out } = await run('status');
    expect(out).toMatch(/log +99 entries/);
    expect(out).toMatch(/doors +lost, epoch 2/);
  });

  it('goes over HTTP with a token', async () => {
    const api = await serveFakeApi({ 'GET /api/status': { body: status } }, 0);
    const world = { cwd: await temporaryFolder(), env: { GATEHOUSE_TOKEN: 'secret-token' } };
    expect(await runCommand(['status', '--url', api.url, '--json'], world)).toMatchObject({ exitCode: 0 });
    expect(api.headers[0]?.authorization).toBe('Bearer secret-token');
  });

  it.each([
    ['an unknown form', { body: { ...status, more: 1 } }],
    ['no JSON', { body: 'hello' }],
    ['a failure', { status: 500, body: { error: { code: 'internal.failure', message: 'Something failed.' } } }],
    ['a failure without a reason', { status: 502, body: 'Bad gateway' }],
  ])('ends with 3 when the answer is %s', async (_name, answer) => {
    const { run } = await atGateway({ 'GET /api/status': answer });
    expect(await run('status')).toMatchObject({ exitCode: 3 });
  });

  it('ends with 1 when nobody is signed in', async () => {
    const { run } = await atGateway({
      'GET /api/status': { status: 401, body: { error: { code: 'request.unauthenticated', message: 'Sign in first.' } } },
    });
    expect(await run('status')).toMatchObject({ exitCode: 1, err: expect.stringMatching(/Sign in first/) as string });
  });
});
