import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ItemChange } from '#gateway/http/contract/policy-data.ts';
import type { PeopleFileInput } from '#gateway/platform/people-file.ts';
import { layOutSite, type ConfiguredSite } from '#test/support/configured-site.ts';
import { readLog } from '#test/support/gateway-log.ts';
import { consoleSignIn, enrolAt } from '#test/support/oidc/running-sign-in.ts';
import { startGateway, until, type RunningGateway } from '#test/support/running-gateway.ts';
import { TestBrowser } from '#test/support/console/test-browser.ts';

/** The whole gateway, so that the roles are the policy's and not the test's. Each test begins with the version that it reads. */
let site: ConfiguredSite;
let gateway: RunningGateway;
const browsers: Record<'admin' | 'guard' | 'auditor' | 'nobody', TestBrowser> = {
  admin: new TestBrowser(),
  guard: new TestBrowser(),
  auditor: new TestBrowser(),
  nobody: new TestBrowser(),
};
type Role = keyof typeof browsers;

const OPERATORS: PeopleFileInput = {
  people: [
    { id: 'usr_gus', name: 'Gus Example', roles: ['guard'] },
    { id: 'usr_aud', name: 'Aud Example', roles: ['auditor'] },
  ],
};

beforeAll(async () => {
  site = await layOutSite();
  gateway = await startGateway(site.process);
  const people = join(site.process.dataDir, 'operators.yaml');
  await writeFile(people, stringify(OPERATORS));
  expect(await gateway.cli('import', people)).toMatchObject({ code: 0 });
  for (const [role, id] of [
    ['admin', 'usr_sia'],
    ['guard', 'usr_gus'],
    ['auditor', 'usr_aud'],
  ] as const) {
    await consoleSignIn(gateway, await enrolAt(gateway, id, browsers[role]));
  }
}, 180_000);
afterAll(async () => {
  await gateway?.kill();
  await site?.remove();
});

interface Answer {
  readonly status: number;
  readonly body: {
    readonly error?: { readonly code: string; readonly field?: string; readonly decisionId?: string };
    readonly [key: string]: unknown;
  };
}

const call = (role: Role, path: string, body?: unknown): Promise<Answer> =>
  browsers[role].call<Answer['body']>(`${gateway.url}/api/policy/data${path}`, body);

async function version(): Promise<number> {
  const { body } = await call('admin', '');
  return Number(body['version']);
}

async function change(role: Role, ...changes: readonly ItemChange[]): Promise<Answer> {
  return call(role, '/changes', { baseVersion: await version(), changes, reason: 'For the test' });
}

const REFUSED = { status: 403, body: { error: { code: 'operator.not_authorized' } } };
const invalid = (field: string) => ({ status: 400, body: { error: { code: 'request.invalid', field } } });
const CONFLICT = { status: 409, body: { error: { code: 'request.conflict' } } };
const UNKNOWN = { status: 404, body: { error: { code: 'resource.unknown' } } };

const threat = (level: number): ItemChange => ({ part: 'threats', id: 'global', value: { level, untilMs: null, note: '' } });
const grant = (id: string, change: object = {}): ItemChange => ({
  part: 'grants',
  id,
  value: {
    profileId: 'building',
    holder: { kind: 'group', id: 'cleaners' },
    schedule: 'always',
    validFromMs: null,
    validUntilMs: null,
    reason: 'Cleans',
    ...change,
  },
});
const removed = (part: 'grants' | 'threats', id: string): ItemChange => ({ part, id, value: null });

describe('reading', () => {
  it.each([
    ['admin', { edit: true, open: true, raiseThreat: true }],
    ['guard', { edit: false, open: false, raiseThreat: true }],
    ['auditor', { edit: false, open: false, raiseThreat: false }],
  ] as const)('tells %s the document, and what their role lets them do', async (role, may) => {
    const { status, body } = await call(role, '');
    expect(status).toBe(200);
    expect(body).toMatchObject({ may, grantCount: 3, parts: { profiles: { building: { name: 'Building' } } } });
    expect(body['parts']).not.toHaveProperty('grants');
  });

  it.each(['', '/grants', '/seen?section=grants', '/library', '/history', '/diff?from=0&to=1', '/impact/imp_1'])(
    'at %s is for nobody who has not signed in',
    async (path) => {
      expect(await call('nobody', path)).toMatchObject({ status: 401, body: { error: { code: 'request.unauthenticated' } } });
    },
  );

  it('pages the grants, and finds those of a holder and a profile', async () => {
    const first = await call('auditor', '/grants?limit=2');
    expect(first).toMatchObject({ status: 200, body: { grants: [{ id: 'grt_ann' }, { id: 'grt_ben' }], next: 'grt_ben' } });
    expect((await call('auditor', '/grants?limit=2&after=grt_ben')).body).toMatchObject({ grants: [{ id: 'grt_vault' }], next: null });
    expect((await call('auditor', '/grants?holder=group:vault')).body['grants']).toHaveLength(1);
    expect((await call('auditor', '/grants?profile=building&holder=group:vault')).body['grants']).toHaveLength(0);
  });

  it('shows a section as the policy reads it, and none that it has not', async () => {
    const { status, body } = await call('auditor', '/seen?section=profiles');
    expect(status).toBe(200);
    expect(body).toMatchObject({ section: 'profiles', members: [{ key: 'building', value: { 'door:front': true } }, { key: 'vault' }] });
    expect(await call('auditor', '/seen?section=secrets')).toMatchObject(UNKNOWN);
    expect(await call('auditor', '/seen?section=__proto__')).toMatchObject(UNKNOWN);
  });

  it('describes the ready policies and what an exception may relax', async () => {
    const { status, body } = await call('auditor', '/library');
    expect(status).toBe(200);
    expect(body['policies']).toHaveLength(7);
    expect(JSON.stringify(body['relaxable'])).not.toContain('subject.');
  });

  it.each([
    ['/grants?limit=0', 'limit'],
    ['/grants?limit=501', 'limit'],
    ['/grants?owner=ann', 'owner'],
    ['/seen', 'section'],
    ['/history?before=0', 'before'],
    ['/history?limit=x', 'limit'],
    ['/diff?from=0', 'to'],
    ['/diff?from=-1&to=1', 'from'],
  ])('names the field of %s', async (path, field) => {
    expect(await call('admin', path)).toMatchObject(invalid(field));
  });
});

describe('previewing', () => {
  it('tells an editor what would open, which action it takes and what the policy would read, and changes nothing', async () => {
    const baseVersion = await version();
    expect(await call('admin', '/preview', { baseVersion, changes: [grant('grt_new')] })).toMatchObject({
      status: 200,
      body: {
        opens: true,
        action: 'policy.data_open',
        lines: [{ part: 'grants', id: 'grt_new', kind: 'added' }],
        seen: [{ path: 'grants/group:cleaners', before: null }],
        seenTotal: 1,
      },
    });
    expect((await call('admin', '/preview', { baseVersion, changes: [removed('grants', 'grt_ben')] })).body).toMatchObject({
      opens: false,
      action: 'policy.data_edit',
    });
    expect((await call('admin', '/preview', { baseVersion, changes: [threat(2)] })).body['action']).toBe('policy.threat_raise');
    expect(await version()).toBe(baseVersion);
  });

  it.each(['guard', 'auditor'] as const)('is not for a %s', async (role) => {
    const refused = await call(role, '/preview', { baseVersion: await version(), changes: [threat(2)] });
    expect(refused).toMatchObject({ status: 403, body: { error: { code: 'request.forbidden' } } });
  });

  it('refuses a version that is no longer the newest', async () => {
    expect(await call('admin', '/preview', { baseVersion: (await version()) + 1, changes: [threat(2)] })).toMatchObject(CONFLICT);
  });
});

describe('changing', () => {
  it('is in force and in the log under the decision that allowed it when it is answered', async () => {
    const baseVersion = await version();
    const { status, body } = await change('admin', grant('grt_new'));
    expect(status).toBe(200);
    expect(body).toMatchObject({
      version: { version: baseVersion + 1, operatorId: 'usr_sia', origin: 'edited', reason: 'For the test', opens: true },
    });
    const { decisionId } = body['version'] as { readonly decisionId: string };
    const decided = (await readLog(gateway, 'decision')).find(
      ({ record }) => record.type === 'decision' && record.decisionId === decisionId,
    );
    expect(decided?.record).toMatchObject({ action: 'policy.data_open', effect: 'permit', personId: 'usr_sia' });
    expect((await call('admin', '')).body['dataRevision']).toBe(body['dataRevision']);
  });

  it.each<[Role, string, ItemChange]>([
    ['guard', 'policy.data_open', grant('grt_guard')],
    ['auditor', 'policy.data_open', grant('grt_auditor')],
    ['guard', 'policy.data_edit', removed('grants', 'grt_ben')],
    ['auditor', 'policy.data_edit', removed('grants', 'grt_ben')],
    ['auditor', 'policy.threat_raise', threat(3)],
  ])('is denied to a %s where it takes %s, and leaves its deny', async (role, action, item) => {
    const baseVersion = await version();
    const refused = await change(role, item);
    expect(refused).toMatchObject(REFUSED);
    const id = refused.body.error?.decisionId;
    const denied = (await readLog(gateway, 'decision')).find(({ record }) => record.type === 'decision' && record.decisionId === id);
    expect(denied?.record).toMatchObject({ action, effect: 'deny' });
    expect(await version()).toBe(baseVersion);
  });

  it('lets a guard raise a threat level, and never lower, shorten or end one, nor carry something else along', async () => {
    expect((await change('guard', threat(3))).status).toBe(200);
    const ended: ItemChange = { part: 'threats', id: 'global', value: { level: 5, untilMs: 0, note: '' } };
    const shortened: ItemChange = { part: 'threats', id: 'global', value: { level: 5, untilMs: Date.now() + 60_000, note: '' } };
    for (const refused of [threat(2), shortened, ended, removed('threats', 'global')]) {
      expect(await change('guard', refused)).toMatchObject(REFUSED);
    }
    expect(await change('guard', threat(4), removed('grants', 'grt_ben'))).toMatchObject(REFUSED);
    expect((await change('admin', removed('threats', 'global'))).status).toBe(200);
  });

  it('takes a session: nobody changes anything without', async () => {
    const body = { baseVersion: await version(), changes: [threat(3)], reason: 'For the test' };
    expect((await call('nobody', '/changes', body)).status).toBe(401);
    expect((await call('nobody', '/revert', { baseVersion: 1, toVersion: 1, reason: 'why' })).status).toBe(401);
  });

  it.each<[string, object]>([
    ['reason', { changes: [threat(3)] }],
    ['reason', { changes: [threat(3)], reason: '  x ' }],
    ['changes', { changes: [], reason: 'For the test' }],
    ['changes', { changes: Array.from({ length: 201 }, () => threat(3)), reason: 'For the test' }],
    ['changes.0.part', { changes: [{ part: 'rules', id: 'x', value: null }], reason: 'For the test' }],
    ['changes.0.id', { changes: [{ ...threat(3), id: '../global' }], reason: 'For the test' }],
    ['changes.0.id', { changes: [{ ...threat(3), id: '__proto__' }], reason: 'For the test' }],
    ['changes.0.value.level', { changes: [threat(6)], reason: 'For the test' }],
    ['changes.1.value.untilMs', { changes: [threat(3), relaxing(['door.threat_level'], 86_400_001)], reason: 'For the test' }],
    ['changes.0.value.relaxes.0', { changes: [relaxing(['subject.suspended'])], reason: 'For the test' }],
    ['changes.0.value.relaxes.0', { changes: [relaxing(['door.locked_down'])], reason: 'For the test' }],
    ['changes.0.value.validUntilMs', { changes: [grant('g', { validFromMs: 2, validUntilMs: 1 })], reason: 'For the test' }],
    ['changes.0.value.profileId', { changes: [grant('g', { profileId: 'nothing' })], reason: 'For the test' }],
    ['changes.0.value.holder.id', { changes: [grant('g', { holder: { kind: 'person', id: 'usr_none' } })], reason: 'For the test' }],
    ['extra', { changes: [threat(3)], reason: 'For the test', extra: 1 }],
  ])('names %s of a body that cannot be', async (field, body) => {
    expect(await call('admin', '/changes', { baseVersion: await version(), ...body })).toMatchObject(invalid(field));
  });

  it('lets one of two editors be first, and tells the other', async () => {
    const body = { baseVersion: await version(), changes: [grant('grt_twice')], reason: 'For the test' };
    const answers = await Promise.all([call('admin', '/changes', body), call('admin', '/changes', body)]);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409]);
    expect(await change('admin', grant('grt_twice'))).toMatchObject(CONFLICT);
  });
});

describe('the versions', () => {
  it('are told newest first, page by page', async () => {
    await change('admin', removed('grants', 'grt_twice'));
    const newest = await version();
    const { status, body } = await call('auditor', '/history?limit=1');
    expect(status).toBe(200);
    expect(body).toMatchObject({ versions: [{ version: newest, operatorId: 'usr_sia' }], next: newest });
    expect((await call('auditor', `/history?limit=1&before=${newest}`)).body).toMatchObject({ versions: [{ version: newest - 1 }] });
  });

  it('are compared, and only those that are kept', async () => {
    const { status, body } = await call('auditor', `/diff?from=0&to=${await version()}`);
    expect(status).toBe(200);
    expect(body['lines']).toHaveLength(Number(body['total']));
    expect(await call('auditor', '/diff?from=0&to=9999')).toMatchObject(UNKNOWN);
  });

  it('come back as new ones, by whoever may make the change that it is', async () => {
    const before = await version();
    await change('guard', threat(3));
    const baseVersion = before + 1;
    const reason = 'For the test';
    expect(await call('guard', '/revert', { baseVersion, toVersion: before, reason })).toMatchObject(REFUSED);
    expect(await call('admin', '/revert', { baseVersion: before, toVersion: before, reason })).toMatchObject(CONFLICT);
    expect(await call('admin', '/revert', { baseVersion, toVersion: 9_999, reason })).toMatchObject(UNKNOWN);
    expect(await call('admin', '/revert', { baseVersion, toVersion: baseVersion, reason })).toMatchObject(CONFLICT);
    expect(await call('admin', '/revert', { baseVersion, toVersion: before })).toMatchObject(invalid('reason'));
    expect(await call('admin', '/revert', { baseVersion, toVersion: -1, reason })).toMatchObject(invalid('toVersion'));
    const reverted = await call('admin', '/revert', { baseVersion, toVersion: before, reason });
    expect(reverted).toMatchObject({ status: 200, body: { version: { version: baseVersion + 1, origin: 'reverted', opens: true } } });
    expect((await call('admin', `/diff?from=${before}&to=${baseVersion + 1}`)).body['total']).toBe(0);
  });
});

describe('the impact of a change', () => {
  it('is replayed, watched and ends in a report', async () => {
    const started = await call('admin', '/impact', { baseVersion: await version(), changes: [threat(5)] });
    expect(started).toMatchObject({ status: 202, body: { state: 'running' } });
    const path = `/impact/${String(started.body['id'])}`;
    const done = await until('the replay', 60_000, async () => {
      const { body } = await call('auditor', path);
      return body['state'] === 'running' ? null : body;
    });
    expect(done).toMatchObject({ state: 'done', progress: { share01: 1 } });
    const cancelled = await call('admin', `${path}/cancel`, {});
    expect(cancelled).toMatchObject({ status: 200, body: { state: 'done' } });
  });

  it.each(['guard', 'auditor'] as const)('is not started or cancelled by a %s', async (role) => {
    const forbidden = { status: 403, body: { error: { code: 'request.forbidden' } } };
    expect(await call(role, '/impact', { baseVersion: await version(), changes: [threat(5)] })).toMatchObject(forbidden);
    expect(await call(role, '/impact/imp_1/cancel', {})).toMatchObject(forbidden);
  });

  it('has no unknown job, no window that ends before it begins, and no older version', async () => {
    expect(await call('admin', '/impact/imp_none')).toMatchObject(UNKNOWN);
    expect(await call('admin', '/impact/imp_none/cancel', {})).toMatchObject(UNKNOWN);
    expect(await call('admin', '/impact/imp_none/cancel', { now: true })).toMatchObject(invalid('now'));
    const body = { baseVersion: await version(), changes: [threat(5)] };
    expect(await call('admin', '/impact', { ...body, window: { fromMs: 2, toMs: 1 } })).toMatchObject(invalid('window'));
    expect(await call('admin', '/impact', { ...body, baseVersion: body.baseVersion + 1 })).toMatchObject(CONFLICT);
  });
});

function relaxing(relaxes: readonly string[], lengthMs = 3_600_000) {
  const [fromMs, resource] = [Date.now(), { kind: 'door', id: 'front' }];
  return {
    part: 'exceptions',
    id: 'e1',
    value: { personId: 'usr_ann', resource, relaxes, fromMs, untilMs: fromMs + lengthMs, reason: 'why not' },
  };
}
