import { describe, expect, it } from 'vitest';
import { createMemoryAuditLog } from '#adapters/memory/audit-log.ts';
import { createMemoryCredentialStore } from '#adapters/memory/credential-store.ts';
import { OWN_LOG_AGE_MS_MAX } from '#gateway/app/self/own-log.ts';
import { createReadOwnOverview, OVERVIEW_SCAN_MAX, RECENT_DENIAL_AGE_MS_MAX } from '#gateway/app/self/own-overview.ts';
import type { AuditRecordOf } from '#gateway/domain/audit/record.ts';
import { createSiteMap } from '#gateway/domain/site/site-map.ts';
import { personId } from '#test/support/people.ts';
import { sampleInstallation } from '#test/support/sample-installation.ts';

const ann = personId('ann');

function start() {
  let nowMs = 10 * OWN_LOG_AGE_MS_MAX;
  const clock = { nowMs: () => nowMs, monotonicUs: () => 0 };
  const audit = createMemoryAuditLog({ clock });
  const read = createReadOwnOverview({
    auditReader: audit,
    clock,
    credentials: createMemoryCredentialStore(),
    deskDevices: { ofPerson: async () => [] },
    sites: createSiteMap(sampleInstallation),
  });
  const decide = (change: Partial<AuditRecordOf<'decision'>> = {}) =>
    audit.append({
      type: 'decision',
      occurredAtMs: nowMs,
      decisionId: 'dec_1',
      channel: 'oidc',
      action: 'app.login',
      personId: ann,
      resourceType: 'app',
      resourceId: 'wiki',
      effect: 'permit',
      reasons: [],
      permits: [],
      obligations: [],
      policyRevision: '',
      dataRevision: '',
      epoch: 0,
      mode: 'online',
      latencyUs: 0,
      operatorReason: null,
      input: null,
      ...change,
    });
  const badge = (effect: 'permit' | 'deny' = 'permit') =>
    decide({ channel: 'osdp', action: 'door.unlock', resourceType: 'door', resourceId: 'main', effect });
  const many = async (count: number) => {
    for (let index = 0; index < count; index += 1) await decide({ action: 'token.refresh' });
  };
  return { read: () => read(ann), decide, badge, many, pass: (ms: number) => void (nowMs += ms) };
}

describe('the overview', () => {
  it('counts the denials of the last seven days, and finds the last badge, granted or not, of the last thirty', async () => {
    const { badge, decide, pass, read } = start();
    expect(await read()).toEqual({ denials: { count: 0, isWhole: true }, lastBadge: { entry: null, isWhole: true } });
    await badge();
    await badge('deny');
    await decide({ effect: 'deny' });
    await decide({ effect: 'deny', personId: 'person_bob' });
    pass(RECENT_DENIAL_AGE_MS_MAX - 1);
    expect(await read()).toMatchObject({ denials: { count: 2, isWhole: true }, lastBadge: { entry: { effect: 'deny' }, isWhole: true } });
    pass(1);
    expect(await read()).toMatchObject({ denials: { count: 0, isWhole: true }, lastBadge: { entry: { effect: 'deny' } } });
    pass(OWN_LOG_AGE_MS_MAX);
    expect((await read()).lastBadge).toEqual({ entry: null, isWhole: true });
  });

  it('sees a denial and a badge behind more of other things than a page of the log holds', async () => {
    const { badge, many, read } = start();
    await badge('deny');
    await many(OVERVIEW_SCAN_MAX - 1);
    expect(await read()).toMatchObject({ denials: { count: 1 }, lastBadge: { entry: { action: 'door.unlock' } } });
  });

  it('claims nothing of what it has not looked through', async () => {
    const { badge, many, read } = start();
    await badge('deny');
    await many(OVERVIEW_SCAN_MAX);
    expect(await read()).toEqual({ denials: { count: 0, isWhole: false }, lastBadge: { entry: null, isWhole: false } });
    await badge('deny');
    expect(await read()).toMatchObject({ denials: { count: 1, isWhole: false }, lastBadge: { entry: { effect: 'deny' }, isWhole: true } });
  });

  it('knows the denials of a week when it has looked through the week, whatever was before', async () => {
    const { many, pass, read } = start();
    await many(OVERVIEW_SCAN_MAX);
    pass(RECENT_DENIAL_AGE_MS_MAX + 1);
    await many(1);
    expect(await read()).toEqual({ denials: { count: 0, isWhole: true }, lastBadge: { entry: null, isWhole: false } });
  });
});
