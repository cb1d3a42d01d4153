import { describe, expect, it } from 'vitest';
import type { ImpactJobView, ImpactReportView } from '#gateway/http/contract/policy.ts';
import { runCommand } from '#test/support/cli-run.ts';
import { atGateway as startGateway, type FakeAnswers } from '#test/support/command-at-gateway.ts';

const HASH = 'a'.repeat(64);

const atGateway = (answers: FakeAnswers) => startGateway(answers, { command: 'policy' });

const NONE = { total: 0, groups: [] };
const REPORT: ImpactReportView = {
  revision: HASH,
  window: { fromMs: 0, toMs: 3_600_000 },
  data: 'then',
  decisions: 10,
  replayed: 8,
  skipped: { no_input: 2, gateway_decided: 0, data_missing: 0 },
  flips: 0,
  kinds: { permit_to_deny: 0, deny_to_permit: 0, reasons_changed: 0, obligations_changed: 0 },
  reach: null,
  byPerson: NONE,
  byDoor: NONE,
  byApp: NONE,
  byLine: NONE,
  failures: { total: 0, first: null },
  engineCheck: { checked: 0, differences: 0, firstDecisionId: null },
  tookMs: 1,
  cpuMs: 1,
  decisionsPerS: 8_000,
};
const kinds = { permit_to_deny: 3, deny_to_permit: 0, reasons_changed: 0, obligations_changed: 0 };
const outcome = (effect: 'permit' | 'deny', code: string) => ({ effect, codes: [code], obligations: [] });
const FLIPPED: ImpactReportView = {
  ...REPORT,
  flips: 3,
  kinds,
  engineCheck: { checked: 3, differences: 0, firstDecisionId: null },
  byLine: {
    total: 1,
    groups: [
      {
        key: 'access/doors.rego:90',
        flips: 3,
        kinds,
        cause: { side: 'draft', file: 'access/doors.rego', row: 90, text: 'not by_day' },
        examples: [
          {
            decisionId: 'dec_1',
            occurredAtMs: 1,
            kind: 'permit_to_deny',
            action: 'door.unlock',
            personId: 'usr_ann',
            resourceId: 'front',
            before: outcome('permit', 'door.granted'),
            after: outcome('deny', 'grant.outside_schedule'),
          },
        ],
      },
    ],
  },
};
const job = (state: ImpactJobView['state'], report: ImpactReportView | null = null): ImpactJobView => ({
  id: 'imp_1',
  revisionId: 'rev_7f3k',
  state,
  progress: { decisions: 4, flips: 1, share01: 0.42 },
  message: state === 'failed' ? 'It took too long.' : '',
  report,
});
const impactOf = (ended: ImpactJobView) => ({
  'POST /api/policy/revisions/rev_7f3k/impact': { status: 202, body: job('running') },
  'POST /api/policy/impact/imp_1/cancel': { body: job('running') },
  'GET /api/policy/impact/imp_1': { body: ended },
});

describe('policy impact', () => {
  it('shows progress, and of a draft without flips neither groups nor engines that had nothing to compare', async () => {
    const { api, run } = await atGateway(impactOf(job('done', REPORT)));
    const { exitCode, out, err } = await run('impact', 'rev_7f3k');
    expect({ exitCode, err }).toEqual({ exitCode: 0, err: '42 %, 4 decisions, 1 flips\n' });
    expect(out.split('\n').slice(1)).toEqual([
      '10 decisions, 8 decided again (8000 a second)',
      'not decided again: 2 no input',
      'no flips: 0 permit to deny, 0 deny to permit, 0 other reasons, 0 other obligations',
      '',
    ]);
    expect(api.requests[0]).toBe('POST /api/policy/revisions/rev_7f3k/impact {"data":"then"}');
  });

  it('names the line behind flips with an example', async () => {
    const { run } = await atGateway(impactOf(job('done', FLIPPED)));
    const { exitCode, out } = await run('impact', 'rev_7f3k');
    expect(exitCode).toBe(0);
    expect(out).toContain('3 flips: 3 permit to deny');
    expect(out).toContain('flips in both engines: 3 compared, 0 different');
    expect(out).toMatch(/access\/doors\.rego:90 not by_day +3 +3 +0 +dec_1 deny grant\.outside_schedule/);
  });

  it('asks for the window and the data that it is given, and prints the answer alone for scripts', async () => {
    const { api, run } = await atGateway(impactOf(job('done', REPORT)));
    const { out, err } = await run('impact', 'rev_7f3k', '--from', '2026-11-01', '--to', '2026-11-02T06:00Z', '--data', 'today', '--json');
    expect(err).toBe('');
    expect(JSON.parse(out)).toMatchObject({ state: 'done' });
    const body = { data: 'today', window: { fromMs: Date.UTC(2026, 10, 1), toMs: Date.UTC(2026, 10, 2, 6) } };
    expect(api.requests[0]).toBe(`POST /api/policy/revisions/rev_7f3k/impact ${JSON.stringify(body)}`);
  });

  it.each([
    [['--data', 'tomorrow'], '--data'],
    [['--from', 'yesterday'], '--from'],
    [['--to', '11'], '--to'],
    [['--from', '2026-11-02', '--to', '2026-11-02'], '--from'],
  ])('does not ask anything with %j', async (args, named) => {
    const { api, run } = await atGateway({});
    const { exitCode, err } = await run('impact', 'rev_7f3k', ...args);
    expect(exitCode).toBe(2);
    expect(err).toContain(named);
    expect(api.requests).toEqual([]);
  });

  it.each([
    ['failed', 'gatehouse: the replay is failed: It took too long.\n'],
    ['cancelled', 'gatehouse: the replay is cancelled: \n'],
  ] as const)('ends with 1 when it is %s', async (state, err) => {
    const { run } = await atGateway(impactOf(job(state)));
    const ended = await run('impact', 'rev_7f3k', '--json');
    expect(ended).toMatchObject({ exitCode: 1, err });
    expect(JSON.parse(ended.out)).toMatchObject({ state });
  });

  it('is cancelled by an interrupt', async () => {
    const { api, cwd } = await atGateway(impactOf(job('cancelled')));
    const world = { cwd, catchInterrupt: () => AbortSignal.abort() };
    expect(await runCommand(['policy', 'impact', 'rev_7f3k', '--data-dir', cwd], world)).toMatchObject({ exitCode: 1 });
    expect(api.requests).toContain('POST /api/policy/impact/imp_1/cancel {}');
  });
});
