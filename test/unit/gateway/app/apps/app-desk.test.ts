import { beforeEach, describe, expect, it } from 'vitest';
import { createSystemRandom } from '#adapters/crypto/system-random.ts';
import { createMemoryAppStore } from '#adapters/memory/app-store.ts';
import { createMemoryAuditLog } from '#adapters/memory/audit-log.ts';
import { createMemoryPolicyDataStore } from '#adapters/memory/policy-data-store.ts';
import type { Operator } from '#gateway/app/access/types.ts';
import { createAddedApps } from '#gateway/app/apps/added-apps.ts';
import { createAppDesk } from '#gateway/app/apps/app-desk.ts';
import { createPolicyDataDesk } from '#gateway/app/policy-data/policy-data-desk.ts';
import { denyBecause } from '#gateway/domain/access/decision.ts';
import type { ReasonCode } from '#gateway/domain/access/reason-code.ts';
import { ADDED_APPS_MAX, APP_SECRET_KEEP_S_MAX } from '#gateway/domain/apps/added-app.ts';
import { GatewayError } from '#gateway/domain/errors.ts';
import type { AppId, DecisionId, PersonId } from '#gateway/domain/site/ids.ts';
import { createLiveSiteMap } from '#gateway/domain/site/live-site-map.ts';
import { sampleInstallation } from '#test/support/sample-installation.ts';
import { sha256, someApp, someDraft } from '#test/support/oidc/some-app.ts';

const OTTO: Operator = { id: 'otto' as PersonId, channel: 'console', ip: null, authentication: null };
const BOARD = 'board' as AppId;
const by = { operator: OTTO, reason: 'a test' };

let nowMs: number;
let reasons: readonly ReasonCode[];
/** What happened, in its order. */
let happened: string[];
let isDoorThreadDown: boolean;

function createRig() {
  const clock = { nowMs: () => nowMs, monotonicUs: () => 0 };
  const random = createSystemRandom();
  const store = createMemoryAppStore();
  const sites = createLiveSiteMap(sampleInstallation);
  const apps = createAddedApps({ store, sites });
  const audit = createMemoryAuditLog({ clock });
  const authorizeOperator: Parameters<typeof createAppDesk>[0]['authorizeOperator'] = async ({ action }) => {
    happened.push(action);
    const stamp = { id: random.id('dec') as DecisionId, policyRevision: 'test', epoch: 0 };
    const [reason] = reasons;
    if (reason !== undefined) return denyBecause(stamp, reason);
    return { ...stamp, effect: 'permit', permits: ['operator.granted'], obligations: [], ttlS: 0 };
  };
  const policyData = createPolicyDataDesk({
    store: createMemoryPolicyDataStore(),
    file: { schedules: {}, holidays: new Map() },
    sites,
    people: { find: async () => null },
    authorizeOperator,
    audit,
    clock,
    apply: async () => undefined,
  });
  const desk = createAppDesk({
    store,
    apps,
    sites,
    policyData,
    authorizeOperator,
    audit,
    clock,
    random,
    apis: [{ id: 'payroll', scopes: ['read'] }],
    websites: () => apps.websites(),
    publicUrl: 'https://gate.example.com',
    checkClient: async ({ name }) => (name === 'refused' ? 'the provider says: no' : null),
    apply: async () => {
      await apps.reload();
      happened.push('applied');
      if (isDoorThreadDown) throw new GatewayError('store.unavailable', 'the door thread starts again');
    },
    endClient: async (_clientId, cause) => void happened.push(cause),
    removeRegistered: async (appId) => void happened.push(`registered:${appId}`),
  });
  const setProfile = async (resources: readonly { kind: 'app' | 'door'; id: string }[]) => {
    const { version } = await policyData.current();
    const value = { name: 'Everyday', resources: [...resources] };
    const changed = await policyData.change({ ...by, baseVersion: version, changes: [{ part: 'profiles', id: 'everyday', value }] });
    expect(changed.ok).toBe(true);
    happened = [];
  };
  return { apps, audit, desk, policyData, setProfile, sites, store };
}

let rig: ReturnType<typeof createRig>;
const add = async (change: Parameters<typeof someDraft>[0] = {}) => {
  const added = await rig.desk.add({ ...by, draft: someDraft(change) });
  if (!added.ok) throw new Error(added.code);
  happened = [];
  return added;
};

beforeEach(() => {
  nowMs = 1_000_000;
  reasons = [];
  happened = [];
  isDoorThreadDown = false;
  rig = createRig();
});

describe('adding an app', () => {
  it('gives it a client id of its own and a secret of which only the hash is kept', async () => {
    const { app, secret } = await add();
    expect(app.clientId).toMatch(/^board-[a-z2-7]{10}$/);
    expect(secret).toMatch(/^[\w-]{43}$/);
    expect(app.secrets).toEqual([{ sha256: sha256(secret ?? ''), createdAtMs: nowMs, validUntilMs: null }]);
    expect(JSON.stringify([await rig.store.list(), await rig.audit.read({ from: { afterSeq: 0 }, limit: 100 })])).not.toContain(secret);
    expect(rig.sites.app(BOARD)).toMatchObject({ name: 'Board', clientId: app.clientId });
    expect(rig.sites.appOfClient(app.clientId)?.id).toBe('board');
  });

  it('gives apps that cannot keep a secret none', async () => {
    expect(await add({ kind: 'browser' })).toMatchObject({ secret: null, app: { secrets: [] } });
  });

  it('never gives a client id twice, so that nothing of an earlier app is a later one’s', async () => {
    const first = await add();
    await rig.desk.remove({ ...by, id: BOARD });
    expect((await add()).app.clientId).not.toBe(first.app.clientId);
  });

  it('is decided, recorded, stored and in force, in this order; a denied one is nowhere', async () => {
    await rig.desk.add({ ...by, draft: someDraft() });
    expect(happened).toEqual(['app.manage', 'applied']);
    reasons = ['operator.not_authorized'];
    expect(await rig.desk.add({ ...by, draft: someDraft({ id: 'chart' }) })).toMatchObject({ ok: false, code: 'request.forbidden' });
    expect((await rig.store.list()).map(({ id }) => id)).toEqual(['board']);
  });

  it('does not happen where it cannot be recorded', async () => {
    await rig.audit.close();
    await expect(rig.desk.add({ ...by, draft: someDraft() })).rejects.toMatchObject({ code: 'audit.unavailable' });
    expect(await rig.store.list()).toEqual([]);
  });

  it.each([
    ['an app of the configuration file', { id: 'wiki' }, 'id'],
    ['what the provider refuses', { name: 'refused' }, 'redirectUris'],
    ['an unknown site', { rules: { ...someDraft().rules, siteId: 'moon' } }, 'rules.siteId'],
    ['an API for a website', { kind: 'website', redirectUris: [], origin: 'https://w.example', paths: ['/'], apis: ['payroll'] }, 'apis'],
    ['scopes of what is no machine', { apis: ['payroll'], apiScopes: ['read'] }, 'apiScopes'],
    ['a scope that no API has', { kind: 'machine', redirectUris: [], apis: ['payroll'], apiScopes: ['write'] }, 'apiScopes.0'],
  ] as const)('is refused for %s', async (_what, change, field) => {
    const refused = await rig.desk.add({ ...by, draft: someDraft(change as Parameters<typeof someDraft>[0]) });
    expect(refused).toMatchObject({ ok: false, code: 'app.invalid', problems: [{ path: field }] });
    expect(happened).toEqual([]);
  });

  it('is refused while the policy data still name its id: nobody would have granted it', async () => {
    await add({ id: 'ghost' });
    await rig.setProfile([
      { kind: 'app', id: 'ghost' },
      { kind: 'app', id: 'wiki' },
    ]);
    await rig.store.remove('ghost' as AppId);
    await rig.apps.reload();
    expect(await rig.desk.add({ ...by, draft: someDraft({ id: 'ghost' }) })).toMatchObject({
      code: 'app.invalid',
      problems: [{ path: 'id' }],
    });
  });

  it('is refused at a place where another website is', async () => {
    const website = { kind: 'website', redirectUris: [], origin: 'https://w.example', paths: ['/'] } as const;
    await add({ ...website, id: 'first', redirectUris: [], paths: ['/'] });
    expect(await rig.desk.add({ ...by, draft: someDraft({ ...website, id: 'second', redirectUris: [], paths: ['/'] }) })).toMatchObject({
      code: 'app.invalid',
      problems: [{ path: 'paths.0', message: 'is the website Board already' }],
    });
  });

  it('takes as many as there may be, and not one more', async () => {
    for (let index = 0; index < ADDED_APPS_MAX; index += 1) await rig.store.add(someApp({ id: `app-${String(index)}` as AppId }));
    await rig.apps.reload();
    expect(await rig.desk.add({ ...by, draft: someDraft() })).toMatchObject({ ok: false, code: 'app.too_many' });
    await rig.store.remove('app-0' as AppId);
    await rig.apps.reload();
    expect(await rig.desk.add({ ...by, draft: someDraft() })).toMatchObject({ ok: true });
  });
});

describe('changing an app', () => {
  it('keeps id, kind and client, whatever the draft says', async () => {
    const { app } = await add();
    const draft = someDraft({ id: 'other', kind: 'browser', name: 'Boards' });
    expect(await rig.desk.change({ ...by, id: BOARD, draft, version: 1 })).toMatchObject({
      ok: true,
      app: { id: 'board', kind: 'web', clientId: app.clientId, name: 'Boards', version: 2, secrets: app.secrets },
    });
  });

  it('refuses whoever has not seen the newest version', async () => {
    await add();
    await rig.desk.change({ ...by, id: BOARD, draft: someDraft({ name: 'Boards' }), version: 1 });
    expect(await rig.desk.change({ ...by, id: BOARD, draft: someDraft(), version: 1 })).toMatchObject({ code: 'app.changed_meanwhile' });
  });

  it('makes one change after the other: two secrets at once are two secrets', async () => {
    await add();
    const made = await Promise.all([1, 2].map(async () => rig.desk.rotateSecret({ ...by, id: BOARD, keepOldS: 60 })));
    expect(made.every(({ ok }) => ok)).toBe(true);
    expect((await rig.store.find(BOARD))?.secrets).toHaveLength(2);
    expect((await rig.store.find(BOARD))?.version).toBe(3);
  });

  it('keeps the secret before to the second that was asked for, a month at most', async () => {
    const { app } = await add();
    const rotated = await rig.desk.rotateSecret({ ...by, id: BOARD, keepOldS: APP_SECRET_KEEP_S_MAX });
    if (!rotated.ok) throw new Error(rotated.code);
    expect(rotated.app.secrets[1]).toEqual({ ...app.secrets[0], validUntilMs: nowMs + APP_SECRET_KEEP_S_MAX * 1_000 });
    expect(rotated.app.secrets[0]?.sha256).toBe(sha256(rotated.secret ?? ''));
  });

  it('gives no secret to an app that has none, and knows no app of the file', async () => {
    await add({ kind: 'native' });
    expect(await rig.desk.rotateSecret({ ...by, id: BOARD, keepOldS: 0 })).toMatchObject({ code: 'app.no_secret' });
    expect(await rig.desk.disable({ ...by, id: 'wiki' as AppId })).toMatchObject({ code: 'app.of_file' });
    expect(await rig.desk.disable({ ...by, id: 'nobody' as AppId })).toMatchObject({ code: 'app.unknown' });
  });
});

describe('ending an app', () => {
  it('closes it to everybody before its sessions end', async () => {
    const { app } = await add();
    await rig.desk.disable({ ...by, id: BOARD });
    expect(happened).toEqual(['app.manage', 'applied', 'app_disabled']);
    expect(rig.sites.appOfClient(app.clientId)).toBeUndefined();
    expect(rig.sites.app(BOARD)?.name).toBe('Board');
    await rig.desk.enable({ ...by, id: BOARD });
    expect(rig.sites.appOfClient(app.clientId)?.id).toBe('board');
  });

  it('ends its sessions even where another thread does not hear of it', async () => {
    await add();
    isDoorThreadDown = true;
    await expect(rig.desk.disable({ ...by, id: BOARD })).rejects.toMatchObject({ code: 'store.unavailable' });
    expect(happened).toEqual(['app.manage', 'applied', 'app_disabled']);
    expect((await rig.store.find(BOARD))?.isEnabled).toBe(false);
    happened = [];
    await expect(rig.desk.remove({ ...by, id: BOARD })).rejects.toMatchObject({ code: 'store.unavailable' });
    expect(happened).toContain('app_removed');
    isDoorThreadDown = false;
    expect(await rig.desk.remove({ ...by, id: BOARD })).toEqual({ ok: true });
  });

  it('takes it out of access profiles, and leaves the rest of them', async () => {
    await add();
    await rig.setProfile([
      { kind: 'app', id: 'wiki' },
      { kind: 'app', id: 'board' },
    ]);
    expect(await rig.desk.remove({ ...by, id: BOARD })).toEqual({ ok: true });
    expect(happened).toEqual(['app.manage', 'applied', 'app_removed', 'registered:board', 'policy.data_edit', 'applied']);
    expect((await rig.policyData.current()).document.profiles['everyday']?.resources).toEqual([{ kind: 'app', id: 'wiki' }]);
    expect(rig.sites.app(BOARD)).toBeUndefined();
  });

  it('does not begin while a profile names nothing else', async () => {
    await add();
    await rig.setProfile([{ kind: 'app', id: 'board' }]);
    expect(await rig.desk.remove({ ...by, id: BOARD })).toEqual({ ok: false, code: 'app.still_named' });
    expect(happened).toEqual([]);
    expect((await rig.store.find(BOARD))?.isEnabled).toBe(true);
  });

  it('does nothing where the policy says no', async () => {
    await add();
    reasons = ['authentication.too_old'];
    for (const end of ['disable', 'remove'] as const) {
      expect(await rig.desk[end]({ ...by, id: BOARD })).toMatchObject({ ok: false, code: 'request.forbidden' });
    }
    expect((await rig.store.find(BOARD))?.isEnabled).toBe(true);
  });
});

describe('apps of the configuration file', () => {
  it('are never covered by one that was added before', async () => {
    await rig.store.add(someApp({ id: 'wiki' as AppId, name: 'Impostor' }));
    await rig.apps.reload();
    expect(rig.sites.app('wiki' as AppId)?.name).not.toBe('Impostor');
    expect(rig.apps.find('wiki' as AppId)).toBeUndefined();
    expect(rig.apps.ofClient('wiki-client')?.name).not.toBe('Impostor');
  });
});
