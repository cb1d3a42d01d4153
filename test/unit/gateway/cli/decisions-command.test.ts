import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runCommand } from '#test/support/cli-run.ts';
import { atGateway, DIRECTORY } from '#test/support/command-at-gateway.ts';
import { serveFakeApi } from '#test/support/fake-control-api.ts';
import { temporaryFolder } from '#test/support/temporary-folder.ts';

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
