import { describe, expect, it } from 'vitest';
import { createMemoryAuditLog } from '#adapters/memory/audit-log.ts';
import { createMemoryStores } from '#adapters/memory/create-memory-stores.ts';
import { createMemoryHoldingsStore } from '#adapters/memory/holdings-store.ts';
import { createAssembleInput } from '#gateway/app/access/assemble-input.ts';
import { createNetworkPosture } from '#gateway/app/access/network-posture.ts';
import { createOwnAccess, OWN_SEARCHES_AT_ONCE_MAX } from '#gateway/app/self/own-access.ts';
import type { DecisionInput } from '#gateway/domain/access/decision-input.ts';
import { createSiteMap } from '#gateway/domain/site/site-map.ts';
import type { PolicyEngine } from '#gateway/ports/policy-engine.ts';
import { personId, someBadge, somePerson } from '#test/support/people.ts';
import { sampleInstallation } from '#test/support/sample-installation.ts';
import { denyAnswer, permitAnswer, stubPolicy } from '#test/support/policy/stub-policy.ts';

const ann = personId('ann');
const asker = {
  personId: ann,
  ip: '192.0.2.7',
  authentication: { amr: ['hwk'], acr: 'urn:gatehouse:acr:passkey', userVerified: true, authenticatedAtMs: 1_000 },
};
const ALL = { kind: null, after: null, limit: 100 } as const;

async function start(answer: (input: DecisionInput) => unknown, over: Partial<PolicyEngine> = {}) {
  const stores = createMemoryStores();
  await stores.people.save(somePerson('ann'));
  await stores.credentials.saveBadge(someBadge('1'));
  const clock = { nowMs: () => 61_000, monotonicUs: () => performance.now() * 1_000 };
  const audit = createMemoryAuditLog({ clock });
  const sites = createSiteMap(sampleInstallation);
  const granted = { wait: Promise.resolve(), keys: new Set(['door:main', 'app:wiki']) };
  const access = createOwnAccess({
    ...stores,
    holdings: createMemoryHoldingsStore(stores),
    sites,
    network: createNetworkPosture([]),
    assemble: createAssembleInput(sites),
    policy: { ...stubPolicy(answer), ...over },
    granted: async () => {
      await granted.wait;
      return granted.keys;
    },
    listed: new Set(),
    audit,
    clock,
    random: { bytes: () => new Uint8Array(), id: (prefix) => `${prefix}_1` },
  });
  return { access, audit, granted };
}

describe('what is open to a person', () => {
  it('is asked with the facts of who asks: a badge at the door, this session elsewhere, from where it comes', async () => {
    const asked: DecisionInput[] = [];
    const { access } = await start((input) => {
      asked.push(input);
      return permitAnswer(input.resource.type === 'door' ? 'door.granted' : 'app.granted');
    });
    await access.page(asker, ALL);
    expect(asked.map(({ context, action }) => [action.name, context.channel, context.credential.kind, context.network.ip])).toEqual([
      ['app.login', 'portal', 'passkey', '192.0.2.7'],
      ['door.unlock', 'portal', 'badge', ''],
    ]);
    expect(asked[0]?.context.authentication).toMatchObject({ known: true, auth_age_s: 60 });
    expect(asked[1]?.context.authentication.known).toBe(false);
  });

  it('is closed with every reason of the policy, and conditional on what the person can do', async () => {
    const { access } = await start((input) =>
      input.resource.type === 'door'
        ? permitAnswer('door.granted', [{ id: 'extended_open_time' }, { id: 'pin', within_s: 10 }])
        : denyAnswer('network.elsewhere', 'grant.outside_schedule'),
    );
    const { items } = await access.page(asker, ALL);
    expect(items).toMatchObject([
      { id: 'wiki', state: 'closed', reasons: [{ code: 'network.elsewhere' }, { code: 'grant.outside_schedule' }] },
      { id: 'main', state: 'conditional', conditions: ['pin'], reasons: [] },
    ]);
  });

  it.each([
    ['nothing', undefined],
    ['a permit with a reason', { ...permitAnswer('door.granted'), denies: ['grant.missing'] }],
    ['an unknown obligation', permitAnswer('app.granted', [{ id: 'dance' }])],
  ])('is closed when the policy answers %s', async (_what, answer) => {
    const { access } = await start(() => answer);
    const { items } = await access.page(asker, ALL);
    expect(items.map(({ state }) => state)).toEqual(['closed', 'closed']);
  });

  it('is no answer when the policy cannot be asked: nobody is told that nothing is open', async () => {
    const { access, audit } = await start(() => expect.fail());
    await expect(access.page(asker, ALL)).rejects.toThrow();
    expect(await audit.headSeq()).toBe(0);
  });

  it('is answered to so many at once, and not to one more', async () => {
    const { access, granted } = await start(() => permitAnswer('app.granted'));
    let go: () => void = () => undefined;
    granted.wait = new Promise((resolve) => (go = resolve));
    const running = Array.from({ length: OWN_SEARCHES_AT_ONCE_MAX }, () => access.page(asker, ALL));
    await expect(access.page(asker, ALL)).rejects.toMatchObject({ code: 'request.rate_limited' });
    go();
    await Promise.all(running);
    expect((await access.page(asker, ALL)).items).toHaveLength(2);
  });
});
