import { describe, expect, it } from 'vitest';
import { createSystemRandom } from '#adapters/crypto/system-random.ts';
import { createMemoryAuditLog } from '#adapters/memory/audit-log.ts';
import { createMemoryStores } from '#adapters/memory/create-memory-stores.ts';
import { createMemoryHoldingsStore } from '#adapters/memory/holdings-store.ts';
import { createAssembleInput } from '#gateway/app/access/assemble-input.ts';
import { createAuthorizeApp } from '#gateway/app/access/authorize-app.ts';
import { createAuthorizeOperator } from '#gateway/app/access/authorize-operator.ts';
import { createDecide } from '#gateway/app/access/decide.ts';
import { createNetworkPosture } from '#gateway/app/access/network-posture.ts';
import { createRefuse } from '#gateway/app/access/refuse.ts';
import type { AuthorizeAppRequest, AuthorizeOperatorRequest } from '#gateway/app/access/types.ts';
import type { DecisionInput } from '#gateway/domain/access/decision-input.ts';
import { GatewayError } from '#gateway/domain/errors.ts';
import type { AreaId, PersonId, SiteId } from '#gateway/domain/site/ids.ts';
import { createSiteMap } from '#gateway/domain/site/site-map.ts';
import { sampleInstallation } from '#test/support/sample-installation.ts';
import { SAMPLE_NOW_MS, samplePerson } from '#test/support/sample-input.ts';
import { permitAnswer, stubPolicy } from '#test/support/policy/stub-policy.ts';

const gone = () => Promise.reject(new GatewayError('store.unavailable', 'gone'));
const PASSKEY = { amr: ['hwk', 'user'], acr: 'urn:gatehouse:acr:passkey', userVerified: true, authenticatedAtMs: SAMPLE_NOW_MS - 61_500 };

type Stores = ReturnType<typeof createMemoryStores>;

async function createRig(change: { readonly people?: Partial<Stores['people']>; readonly presence?: Partial<Stores['presences']> } = {}) {
  const clock = { nowMs: () => SAMPLE_NOW_MS, monotonicUs: () => 0 };
  const random = createSystemRandom();
  const stores = createMemoryStores();
  const audit = createMemoryAuditLog({ clock });
  const inputs: DecisionInput[] = [];
  const policy = stubPolicy((input) => {
    inputs.push(input);
    return permitAnswer(input.action.name.startsWith('app.') ? 'app.granted' : 'operator.granted', obligations);
  });
  let obligations: readonly unknown[] = [];
  const sites = createSiteMap(sampleInstallation);
  const people = { ...stores.people, ...change.people };
  const deps = {
    sites,
    people,
    holdings: createMemoryHoldingsStore({ ...stores, people, presences: { ...stores.presences, ...change.presence } }),
    network: createNetworkPosture([{ name: 'lan', cidr: '10.0.0.0/8', zone: 'site', siteId: 'hq' }]),
    assemble: createAssembleInput(sites),
    decide: createDecide({ policy, audit, clock, random, timeoutMs: 1_000 }),
    refuse: createRefuse({ policy, audit, clock, random }),
    clock,
    random,
  };
  await stores.people.save(samplePerson);
  return {
    stores,
    audit,
    /** The only input that the policy was asked with. */
    input: (): DecisionInput => inputs[0] ?? expect.fail('the policy was not asked'),
    inputs,
    oblige: (...ids: readonly unknown[]) => void (obligations = ids),
    decisions: async () => (await audit.read({ from: { afterSeq: 0 }, limit: 10, types: ['decision'] })).map(({ record }) => record),
    app: (request: Partial<AuthorizeAppRequest> = {}) =>
      createAuthorizeApp(deps)({
        action: 'app.login',
        personId: samplePerson.id,
        clientId: 'wiki-client',
        network: { source: 'request', ip: '10.1.2.3' },
        authentication: PASSKEY,
        correlation: 'uid_1',
        ...request,
      }),
    operator: (request: Partial<AuthorizeOperatorRequest> = {}) =>
      createAuthorizeOperator(deps)({
        action: 'person.suspend',
        operator: { id: samplePerson.id, channel: 'console', ip: '10.1.2.3', authentication: PASSKEY },
        target: { type: 'person', id: 'usr_bob' },
        reason: 'lost badge',
        firstOperatorId: null,
        ...request,
      }),
  };
}

describe('a login', () => {
  it('is asked with the live facts of person, network, presence and authentication', async () => {
    const rig = await createRig();
    await rig.stores.presences.put({
      personId: samplePerson.id,
      state: 'inside',
      siteId: 'hq' as SiteId,
      areaId: 'servers' as AreaId,
      confidence: 'high',
      observedAtMs: SAMPLE_NOW_MS - 5_000,
      sourceSeq: 1,
    });
    expect(await rig.app()).toMatchObject({ effect: 'permit' });
    expect(rig.input()).toMatchObject({
      subject: { id: samplePerson.id, properties: { status: 'active', known: true } },
      action: { name: 'app.login' },
      resource: { type: 'app', id: 'wiki' },
      context: {
        channel: 'oidc',
        network: { known: true, zone: 'site', name: 'lan', ip: '10.1.2.3', source: 'request', age_s: 0 },
        presence: { state: 'inside', areas: ['servers', 'building'], age_s: 5 },
        authentication: { known: true, user_verified: true, auth_age_s: 61 },
        credential: { kind: 'passkey' },
        request: { correlation: 'uid_1' },
      },
    });
  });

  it.each([
    ['10.1.2.3', { known: true, zone: 'site', source: 'login', age_s: 61 }],
    ['192.0.2.1', { known: true, zone: 'elsewhere', source: 'login', age_s: 61 }],
    [null, { known: false, zone: 'none', source: 'login', age_s: 0 }],
  ])('is refreshed by the network of the sign-in (%s), with its age', async (ip, network) => {
    const rig = await createRig();
    await rig.app({ action: 'token.refresh', network: { source: 'login', ip, observedAtMs: SAMPLE_NOW_MS - 61_000 } });
    expect(rig.input()).toMatchObject({ context: { network } });
  });

  it('is asked again without any network when no device takes part', async () => {
    const rig = await createRig();
    await rig.app({ action: 'token.refresh', network: { source: 'none' } });
    expect(rig.input()).toMatchObject({ context: { network: { known: false, zone: 'none', source: 'none', age_s: 0 } } });
  });

  it('of somebody unknown, at a client unknown, is asked as unknown and never left out', async () => {
    const rig = await createRig();
    await rig.app({
      personId: 'usr_ghost' as PersonId,
      clientId: 'nobody',
      network: { source: 'request', ip: null },
      authentication: null,
    });
    expect(rig.input()).toMatchObject({
      subject: { properties: { known: false } },
      resource: { id: 'nobody', properties: { known: false } },
      context: { network: { known: false }, presence: { known: false }, authentication: { known: false } },
    });
  });

  it('reads the epoch before the facts, so that a revocation in between is never missed', async () => {
    const order: string[] = [];
    const people = {
      epoch: () => {
        order.push('epoch');
        return Promise.resolve(3);
      },
      find: () => {
        order.push('person');
        return Promise.resolve(samplePerson);
      },
    };
    const rig = await createRig({ people });
    expect(await rig.app()).toMatchObject({ epoch: 3 });
    expect(order).toEqual(['epoch', 'person']);
  });

  it('may be told to step up, a refresh may not: nobody is there to do it', async () => {
    const rig = await createRig();
    rig.oblige({ id: 'step_up', acr: 'urn:gatehouse:acr:passkey', max_age_s: 300 });
    expect(await rig.app()).toMatchObject({ effect: 'permit', obligations: [{ id: 'step_up' }] });
    expect(await rig.app({ action: 'token.refresh' })).toMatchObject({ effect: 'deny', reasons: ['obligation.unsupported'] });
  });

  it.each([
    ['the epoch', { people: { epoch: gone } }],
    ['the person', { people: { find: gone } }],
    ['the presence', { presence: { find: gone } }],
  ])('is a recorded deny when %s cannot be read', async (_what, change) => {
    const rig = await createRig(change);
    const decision = await rig.app();
    expect(decision).toMatchObject({ effect: 'deny', reasons: ['store.unavailable'] });
    expect(await rig.decisions()).toMatchObject([
      { decisionId: decision.id, personId: samplePerson.id, resourceId: 'wiki', action: 'app.login', reasons: ['store.unavailable'] },
    ]);
    expect(rig.inputs).toEqual([]);
  });

  it('is a deny even when the store and the log are both down', async () => {
    const rig = await createRig({ people: { epoch: gone } });
    rig.audit.breakDown();
    expect(await rig.app()).toMatchObject({ effect: 'deny', reasons: ['store.unavailable'] });
  });
});

describe("an operator's command", () => {
  it('is asked with who acts, upon whom, and whether a reason was given', async () => {
    const rig = await createRig();
    expect(await rig.operator({ firstOperatorId: 'usr_eve' as PersonId })).toMatchObject({ effect: 'permit' });
    expect(rig.input()).toMatchObject({
      subject: { id: samplePerson.id },
      resource: { type: 'person', id: 'usr_bob' },
      context: { channel: 'console', operator: { acting: true, has_reason: true, target: 'usr_bob', first_operator: 'usr_eve' } },
    });
  });

  it.each(['', '   '])('has no reason when it is %j', async (reason) => {
    const rig = await createRig();
    await rig.operator({ reason });
    expect(rig.input().context.operator.has_reason).toBe(false);
  });

  it('of the host is asked as the host, whoever is called local in the store', async () => {
    const rig = await createRig({ people: { find: () => expect.fail('the host is nobody of the store') } });
    await rig.operator({ operator: { id: 'local' as PersonId, channel: 'cli', ip: null, authentication: null } });
    expect(rig.input()).toMatchObject({
      subject: { id: 'local', properties: { roles: ['host'] } },
      context: { pep: { id: 'control-socket' } },
    });
  });

  it('names no target person when it is about a door', async () => {
    const rig = await createRig();
    await rig.operator({ action: 'door.operate', target: { type: 'door', id: 'main' } });
    expect(rig.input().context.operator.target).toBe('');
  });

  it('is a recorded deny when the operator cannot be read', async () => {
    const rig = await createRig({ people: { find: gone } });
    const decision = await rig.operator();
    expect(decision).toMatchObject({ effect: 'deny', reasons: ['store.unavailable'] });
    expect(await rig.decisions()).toMatchObject([
      { decisionId: decision.id, personId: samplePerson.id, channel: 'console', resourceId: 'usr_bob', reasons: ['store.unavailable'] },
    ]);
  });
});
