import type { Express, Response } from 'express';
import type { z } from 'zod';
import * as contract from '#gateway/http/contract/policy.ts';

type Answer = <T>(response: Response, schema: z.ZodType<T>, value: T) => void;

const DAY_MS = 86_400_000;
const startedMs = Date.now();
const hash = (digit: string): string => digit.repeat(64);
const decisionId = 'dec_03';

const rego = `package gatehouse.access

# METADATA
# title: Doors
permits contains "door.granted" if {
	unlocking
	granted("door")
}

unlocking if input.action.name == "door.unlock"
`;
const content = {
  files: [{ path: 'access/doors.rego', text: rego }],
  tests: [
    { path: 'tests/doors_test.rego', text: 'package gatehouse.access_test\n' },
    { path: 'cases/door.cases.json', text: '[]\n' },
  ],
};

function revision(number: number, change: Partial<contract.RevisionView>): contract.RevisionView {
  return {
    id: `rev_${String(number)}`,
    state: 'draft',
    contentHash: hash(String(number % 10)),
    authorId: 'usr_ada',
    createdAtMs: startedMs - number * DAY_MS,
    parentId: 'rev_4',
    note: '',
    revision: hash(String(number % 10)),
    approval: null,
    signature: null,
    emergency: null,
    activatedAtMs: null,
    ...change,
  };
}

const approval = { operatorId: 'usr_ben', atMs: startedMs, revision: hash('3'), reason: 'Read it twice', decisionId };
const signature = { keyId: 'k1', signature: 'c2ln', operatorId: 'usr_ben', atMs: startedMs };

export const fakeRevisions: readonly contract.RevisionView[] = [
  revision(1, { state: 'impact_known', note: 'Doors are closed at night' }),
  revision(2, { state: 'draft', revision: null }),
  revision(3, { state: 'active', note: 'Contractors come by day', approval, signature, activatedAtMs: startedMs - DAY_MS }),
  revision(4, {
    state: 'superseded',
    authorId: 'gatehouse',
    parentId: null,
    note: 'Came with the program',
    activatedAtMs: startedMs - 4 * DAY_MS,
  }),
];

const check: contract.CheckReportView = {
  findings: [
    {
      code: 'lint.fact_missing',
      severity: 'warning',
      message: 'A missing fact does not deny here.',
      file: 'access/doors.rego',
      row: 7,
      col: 2,
    },
  ],
  revision: hash('1'),
  trial: { inputs: 12, stepsMax: 900, slowestMs: 0.4, slowest: 'door.unlock' },
  tookMs: 40,
};
const test: contract.TestReportView = {
  tests: 4,
  cases: 9,
  failed: 1,
  failures: [{ name: 'a badge at night', file: 'cases/door.cases.json', row: 0, message: 'answered {"allow":true}' }],
  differences: 0,
  coverage: [{ file: 'access/doors.rego', covered: [5, 6, 7], notCovered: [10] }],
  coverage01: 0.75,
  findings: [],
  tookMs: 60,
};

const permit = { effect: 'permit' as const, codes: ['door.granted'], obligations: [] };
const deny = { effect: 'deny' as const, codes: ['grant.outside_schedule'], obligations: [] };
const flip = { decisionId, kind: 'permit_to_deny' as const, action: 'door.unlock', personId: 'usr_ben', resourceId: 'dor_main' };
const group = (key: string, cause: contract.ImpactReportView['byLine']['groups'][number]['cause'] = null) => ({
  key,
  flips: 8,
  kinds: { permit_to_deny: 7, deny_to_permit: 1, reasons_changed: 0, obligations_changed: 0 },
  cause,
  examples: [{ ...flip, occurredAtMs: startedMs - DAY_MS, before: permit, after: deny }],
});
const hours = (...used: readonly number[]) => Array.from({ length: 24 }, (_, hour) => (used.includes(hour) ? 1 : 0));

export const fakeImpact: contract.ImpactReportView = {
  revision: hash('1'),
  window: { fromMs: startedMs - 7 * DAY_MS, toMs: startedMs },
  data: 'then',
  decisions: 420,
  replayed: 418,
  skipped: { no_input: 1, gateway_decided: 1, data_missing: 0 },
  flips: 8,
  kinds: { permit_to_deny: 7, deny_to_permit: 1, reasons_changed: 0, obligations_changed: 0 },
  reach: {
    permit_to_deny: { people: 14, doors: 3, apps: 0, hours: hours(22, 23, 5) },
    deny_to_permit: { people: 1, doors: 1, apps: 0, hours: hours(9) },
  },
  byPerson: { total: 1, groups: [group('usr_ben')] },
  byDoor: { total: 1, groups: [group('dor_main')] },
  byApp: { total: 0, groups: [] },
  byLine: {
    total: 1,
    groups: [group('access/doors.rego:7', { side: 'draft', file: 'access/doors.rego', row: 7, text: 'granted("door")' })],
  },
  failures: { total: 0, first: null },
  engineCheck: { checked: 12, differences: 0, firstDecisionId: null },
  tookMs: 30,
  cpuMs: 20,
  decisionsPerS: 14_000,
};

const explanation: contract.ExplanationView = {
  decisionId,
  occurredAtMs: startedMs,
  action: 'app.login',
  personId: 'usr_ben',
  resourceId: 'app_ops',
  policyRevision: hash('3'),
  dataRevision: hash('d'),
  engineVersion: '1.14.1',
  recorded: { effect: 'deny', codes: ['presence.required'], obligations: [] },
  rerun: 'same',
  missing: [],
  again: { effect: 'deny', codes: ['presence.required'], obligations: [] },
  enginesAgree: true,
  summary: 'Denied: You are not badged into the area. It would be permitted if the person were inside the area.',
  rules: [
    {
      code: 'presence.required',
      message: 'You are not badged into the area.',
      line: { file: 'access/presence.rego', row: 12, text: 'presence_reasons contains "presence.required" if not inside' },
      title: 'Presence',
      description: 'Whoever uses it must be where it is.',
    },
  ],
  against: [{ file: 'access/presence.rego', row: 20, text: 'input.context.presence.area == input.resource.properties.area' }],
  wouldPermit: [{ path: 'context.presence.area', from: '""', to: '"are_server"', text: 'if the person were inside the area' }],
  input: {},
  masked: ['context.credential.id'],
};

/** Answers as the gateway's routes under /api/policy do; a replay takes two looks at it. */
export function fakePolicyRoutes(app: Express, answer: Answer): void {
  let looks = 0;
  const job = (state: contract.ImpactJobView['state']): contract.ImpactJobView => ({
    id: 'imp_1',
    revisionId: 'rev_1',
    state,
    progress: { decisions: 200, flips: 3, share01: 0.48 },
    message: '',
    report: state === 'done' ? fakeImpact : null,
  });
  const find = (id: string | undefined) => fakeRevisions.find((each) => each.id === id) ?? fakeRevisions[0];
  const activation = { number: 2, revisionId: 'rev_3', revision: hash('3'), previousId: 'rev_4', activatedAtMs: startedMs - DAY_MS };
  app.get('/api/policy/revisions', (_request, response) =>
    answer(response, contract.revisionsSchema, {
      revisions: [...fakeRevisions],
      next: null,
      activations: [activation],
      wayBackId: 'rev_4',
    }),
  );
  app.get('/api/policy/revisions/:id', (request, response) => {
    const found = find(request.params.id);
    if (found === undefined) throw new TypeError('there are revisions');
    const reports = found.state === 'impact_known' ? { check, test, impact: fakeImpact } : { check: null, test: null, impact: null };
    answer(response, contract.revisionDetailSchema, { revision: found, content, ...reports });
  });
  app.get('/api/policy/diff', (_request, response) =>
    answer(response, contract.policyDiffSchema, {
      files: [
        {
          path: 'access/doors.rego',
          change: 'changed',
          lines: [
            { kind: 'same', text: 'permits contains "door.granted" if {', before: 5, after: 5 },
            { kind: 'removed', text: '\tunlocking', before: 6, after: null },
            { kind: 'added', text: '\tunlocking # by day', before: null, after: 6 },
          ],
        },
      ],
    }),
  );
  app.get('/api/policy/shadow', (_request, response) => answer(response, contract.shadowSchema, { revisionId: null, points: {} }));
  app.get('/api/policy/decisions/:id', (_request, response) => answer(response, contract.explanationResultSchema, explanation));
  app.post('/api/policy/revisions/:id/impact', (_request, response) => {
    looks = 0;
    answer(response, contract.impactJobSchema, job('running'));
  });
  app.get('/api/policy/impact/:id', (_request, response) =>
    answer(response, contract.impactJobSchema, job(++looks > 20 ? 'done' : 'running')),
  );
  app.post('/api/policy/impact/:id/cancel', (_request, response) => answer(response, contract.impactJobSchema, job('cancelled')));
}
