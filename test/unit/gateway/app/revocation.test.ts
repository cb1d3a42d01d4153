import { describe, expect, it } from 'vitest';
import { createMemoryAuditLog } from '#adapters/memory/audit-log.ts';
import { createMemoryStores } from '#adapters/memory/create-memory-stores.ts';
import { createSystemRandom } from '#adapters/crypto/system-random.ts';
import { createAssembleInput } from '#gateway/app/access/assemble-input.ts';
import { createAuthorizeOperator } from '#gateway/app/access/authorize-operator.ts';
import { createDecide } from '#gateway/app/access/decide.ts';
import { createNetworkPosture } from '#gateway/app/access/network-posture.ts';
import { createRefuse } from '#gateway/app/access/refuse.ts';
import type { Operator } from '#gateway/app/access/types.ts';
import { createReinstatePerson } from '#gateway/app/revocation/reinstate.ts';
import { createSuspendPerson } from '#gateway/app/revocation/suspend.ts';
import type { DecisionInput } from '#gateway/domain/access/decision-input.ts';
import { GatewayError } from '#gateway/domain/errors.ts';
import type { PersonId, SessionId } from '#gateway/domain/site/ids.ts';
import type { DoorNode } from '#gateway/ports/door-node.ts';
import { createSiteMap } from '#gateway/domain/site/site-map.ts';
import { SAMPLE_NOW_MS, samplePerson } from '#test/support/sample-input.ts';
import { sampleInstallation } from '#test/support/sample-installation.ts';
import { denyAnswer, permitAnswer, stubPolicy } from '#test/support/policy/stub-policy.ts';
import { noReaderOperations } from '#test/support/readers/no-reader-operations.ts';
import { noReaderWatch } from '#test/support/readers/no-reader-watch.ts';
import { noFacePoint } from '#test/support/face/no-face-point.ts';
import { noPolicyPoint } from '#test/support/policy/no-policy-point.ts';

const REQUEST_TTL_MS = 600_000;

/** The operator rules that matter here; the real ones are the policy's own cases. */
function operatorPolicy(input: DecisionInput): unknown {
  if (input.context.operator.first_operator === input.subject.id) return denyAnswer('operator.same_person');
  return input.context.operator.has_reason ? permitAnswer('operator.granted') : denyAnswer('operator.reason_missing');
}

async function setUp(over: { doorsAnswer?: boolean; appsAcknowledge?: boolean; leasesRecalled?: boolean } = {}) {
  let nowMs = SAMPLE_NOW_MS;
  const clock = { nowMs: () => nowMs, monotonicUs: () => 0 };
  const random = createSystemRandom();
  const stores = createMemoryStores();
  const audit = createMemoryAuditLog({ clock });
  const policy = stubPolicy(operatorPolicy);
  const authorizeOperator = createAuthorizeOperator({
    people: stores.people,
    network: createNetworkPosture([]),
    assemble: createAssembleInput(createSiteMap(sampleInstallation)),
    decide: createDecide({ policy, audit, clock, random, timeoutMs: 1_000 }),
    refuse: createRefuse({ policy, audit, clock, random }),
    clock,
    random,
  });
  const endedFor: string[] = [];
  let doorEpoch = 0;
  const doorNode: DoorNode = {
    watch: noReaderWatch,
    operations: noReaderOperations,
    release: () => expect.fail('not asked for'),
    policyPoint: noPolicyPoint,
    faces: noFacePoint,
    reloadGrants: () => Promise.resolve(),
    stop: () => Promise.resolve(),
    status: () => ({ state: 'online', epoch: doorEpoch }),
    applyEpoch: (epoch) => {
      if (over.doorsAnswer === false) return Promise.reject(new GatewayError('store.unavailable', 'gone'));
      doorEpoch = epoch;
      return Promise.resolve({ epoch, doors: 2 });
    },
  };
  const suspend = createSuspendPerson({
    people: stores.people,
    sessions: stores.sessions,
    oneTime: stores.oneTime,
    audit,
    authorizeOperator,
    clock,
    liveSessions: {
      ofPerson: () => Promise.resolve([]),
      signInOf: () => Promise.resolve(null),
      endAppOf: () => expect.fail('a suspension ends everything'),
      endOne: () => expect.fail('a suspension ends everything'),
      signInsOf: async () => [],
      endGrant: () => expect.fail(),
      endAllOf: (personId) => {
        endedFor.push(personId);
        return Promise.resolve({
          sessions: 2,
          tokens: 3,
          logoutTokensSent: 1,
          logoutTokensAcknowledged: over.appsAcknowledge === false ? 0 : 1,
        });
      },
    },
    doorNode,
    leases:
      over.leasesRecalled === undefined
        ? null
        : {
            recall: () =>
              over.leasesRecalled === true ? Promise.resolve(1) : Promise.reject(new GatewayError('store.unavailable', 'gone')),
          },
  });
  const reinstate = createReinstatePerson({
    people: stores.people,
    oneTime: stores.oneTime,
    doorNode,
    audit,
    authorizeOperator,
    clock,
    requestTtlMs: REQUEST_TTL_MS,
  });
  await stores.people.save(samplePerson);
  for (const id of ['usr_op1', 'usr_op2']) await stores.people.save({ ...samplePerson, id: id as PersonId, email: `${id}@demo.example` });
  const by = (id: string): Operator => ({ id: id as PersonId, channel: 'console', ip: null, authentication: null });
  return {
    stores,
    audit,
    endedFor,
    doorNode,
    advance: (ms: number) => void (nowMs += ms),
    suspend: (operator: string, reason = 'lost laptop') => suspend({ personId: samplePerson.id, operator: by(operator), reason }),
    reinstate: (operator: string, reason = 'found again') => reinstate({ personId: samplePerson.id, operator: by(operator), reason }),
    standing: async () => (await stores.people.find(samplePerson.id))?.standing,
  };
}

describe('suspending a person', () => {
  it('fences first, closes doors and sessions, and returns who acknowledged', async () => {
    const { suspend, standing, endedFor, audit } = await setUp();
    const outcome = await suspend('usr_op1');
    expect(outcome).toMatchObject({ ok: true, receipt: { epoch: 1, state: 'contained' } });
    expect(await standing()).toBe('suspended');
    expect(endedFor).toEqual([samplePerson.id]);
    const types = (await audit.read({ from: { afterSeq: 0 }, limit: 10 })).map(({ record }) => record.type);
    expect(types).toEqual(['decision', 'standing', 'revocation_receipt']);
  });

  it('ends console sessions and tokens too', async () => {
    const { suspend, stores, audit } = await setUp();
    await stores.sessions.create({
      id: 'ses_1' as SessionId,
      personId: samplePerson.id,
      kind: 'cli',
      secretSha256: 'c'.repeat(64),
      createdAtMs: SAMPLE_NOW_MS,
      authenticatedAtMs: SAMPLE_NOW_MS,
      amr: ['hwk', 'user', 'mfa'],
      acr: 'urn:gatehouse:acr:passkey',
      userVerified: true,
      credentialId: null,
      expiresAtMs: SAMPLE_NOW_MS + 1_000,
    });
    await suspend('usr_op1');
    expect(await stores.sessions.findBySecret('c'.repeat(64), SAMPLE_NOW_MS)).toBeNull();
    expect(await audit.read({ from: { afterSeq: 0 }, limit: 10, types: ['session'] })).toMatchObject([
      { record: { event: 'ended', kind: 'cli', sessionId: 'ses_1' } },
    ]);
  });

  it('says residual when the doors do not acknowledge, and closes the rest all the same', async () => {
    const { suspend, standing, endedFor } = await setUp({ doorsAnswer: false });
    const outcome = await suspend('usr_op1');
    expect(outcome).toMatchObject({ ok: true, receipt: { state: 'residual' } });
    expect(outcome.ok && outcome.receipt.targets.find(({ target }) => target === 'doors')).toMatchObject({ acknowledgedAtMs: null });
    expect(await standing()).toBe('suspended');
    expect(endedFor).toHaveLength(1);
  });

  it('says residual when an app does not acknowledge its logout token', async () => {
    const { suspend } = await setUp({ appsAcknowledge: false });
    const outcome = await suspend('usr_op1');
    expect(outcome).toMatchObject({ ok: true, receipt: { state: 'residual' } });
    expect(outcome.ok && outcome.receipt.targets.find(({ target }) => target === 'app_logout')).toMatchObject({ acknowledgedAtMs: null });
    expect(outcome.ok && outcome.receipt.targets.find(({ target }) => target === 'apps')?.acknowledgedAtMs).toBeTypeOf('number');
  });

  it.each([
    [true, 'contained'],
    [false, 'residual'],
  ] as const)('says whether terminals that open alone have given up the person (%s)', async (leasesRecalled, state) => {
    const { suspend } = await setUp({ leasesRecalled });
    const outcome = await suspend('usr_op1');
    const leases = { target: 'leases', method: 'recall', acknowledgedAtMs: leasesRecalled ? SAMPLE_NOW_MS : null };
    expect(outcome).toMatchObject({
      ok: true,
      receipt: { state, targets: expect.arrayContaining([expect.objectContaining(leases)]) as unknown },
    });
  });

  it('fences even when the log takes nothing, and says so', async () => {
    const { suspend, standing, endedFor, audit } = await setUp();
    audit.breakDown();
    const outcome = await suspend('usr_op1');
    expect(outcome).toMatchObject({ ok: true, receipt: { state: 'residual' } });
    expect(outcome.ok && outcome.receipt.targets.find(({ target }) => target === 'log')).toMatchObject({ acknowledgedAtMs: null });
    expect(await standing()).toBe('suspended');
    expect(endedFor).toHaveLength(1);
  });

  it('does not fence when the log takes nothing and the policy said no', async () => {
    const { suspend, standing, audit } = await setUp();
    audit.breakDown();
    expect(await suspend('usr_op1', '  ')).toMatchObject({ ok: false, deny: { reasons: ['audit.unavailable'] } });
    expect(await standing()).toBe('active');
  });

  it('is refused without a reason, and then changes nothing', async () => {
    const { suspend, standing } = await setUp();
    expect(await suspend('usr_op1', '  ')).toMatchObject({
      ok: false,
      code: 'request.forbidden',
      deny: { reasons: ['operator.reason_missing'] },
    });
    expect(await standing()).toBe('active');
  });
});

describe('a person who has departed', () => {
  const depart = async ({ stores }: Awaited<ReturnType<typeof setUp>>) =>
    stores.people.changeStanding({ personId: samplePerson.id, to: 'departed', nowMs: SAMPLE_NOW_MS });

  it('stays departed when suspended, and is closed everywhere once more', async () => {
    const rig = await setUp();
    await depart(rig);
    expect(await rig.suspend('usr_op1')).toMatchObject({ ok: true, receipt: { epoch: 2, state: 'contained' } });
    expect(await rig.standing()).toBe('departed');
    expect(rig.endedFor).toEqual([samplePerson.id]);
    expect(rig.doorNode.status().epoch).toBe(2);
    expect(await rig.audit.read({ from: { afterSeq: 0 }, limit: 10, types: ['standing'] })).toMatchObject([
      { record: { from: 'departed', to: 'departed', operators: ['usr_op1'] } },
    ]);
  });

  it('is not brought back by two operators after a suspension', async () => {
    const rig = await setUp();
    await depart(rig);
    await rig.suspend('usr_op1');
    expect(await rig.reinstate('usr_op1')).toEqual({ ok: false, code: 'request.conflict' });
    expect(await rig.reinstate('usr_op2')).toEqual({ ok: false, code: 'request.conflict' });
    expect(await rig.standing()).toBe('departed');
  });

  it('stays departed when they depart in the middle of a suspension', async () => {
    const rig = await setUp();
    const change = rig.stores.people.changeStanding.bind(rig.stores.people);
    rig.stores.people.changeStanding = async (request) => {
      rig.stores.people.changeStanding = change;
      await depart(rig);
      return change(request);
    };
    expect(await rig.suspend('usr_op1')).toMatchObject({ ok: true, receipt: { epoch: 3 } });
    expect(await rig.standing()).toBe('departed');
  });

  it('stays departed when a reinstatement that nobody could record is taken back', async () => {
    const rig = await setUp();
    await rig.suspend('usr_op1');
    await rig.reinstate('usr_op1');
    const change = rig.stores.people.changeStanding.bind(rig.stores.people);
    rig.stores.people.changeStanding = async (request) => {
      rig.stores.people.changeStanding = change;
      const changed = await change(request);
      await depart(rig);
      rig.audit.breakDown();
      return changed;
    };
    await expect(rig.reinstate('usr_op2')).rejects.toMatchObject({ code: 'audit.unavailable' });
    expect(await rig.standing()).toBe('departed');
  });
});

describe('reinstating a person', () => {
  it('needs a second, different operator', async () => {
    const { suspend, reinstate, standing } = await setUp();
    await suspend('usr_op1');
    expect(await reinstate('usr_op1')).toMatchObject({ ok: true, state: 'waiting_for_second_operator' });
    expect(await standing()).toBe('suspended');
    expect(await reinstate('usr_op1')).toMatchObject({ ok: false, deny: { reasons: ['operator.same_person'] } });
    expect(await standing()).toBe('suspended');
    expect(await reinstate('usr_op2')).toMatchObject({ ok: true, state: 'reinstated', epoch: 2 });
    expect(await standing()).toBe('active');
  });

  it('forgets the first operator when the request expires, and when the person is suspended again', async () => {
    const { suspend, reinstate, advance, standing } = await setUp();
    await suspend('usr_op1');
    await reinstate('usr_op1');
    advance(REQUEST_TTL_MS);
    expect(await reinstate('usr_op2')).toMatchObject({ ok: true, state: 'waiting_for_second_operator' });
    await suspend('usr_op1');
    expect(await reinstate('usr_op1')).toMatchObject({ ok: true, state: 'waiting_for_second_operator' });
    expect(await standing()).toBe('suspended');
  });

  it('lets one of two simultaneous second operators complete it', async () => {
    const { suspend, reinstate, stores } = await setUp();
    await suspend('usr_op1');
    await reinstate('usr_op1');
    const outcomes = await Promise.all([reinstate('usr_op2'), reinstate('usr_op2')]);
    expect(outcomes.filter((outcome) => outcome.ok && outcome.state === 'reinstated')).toHaveLength(1);
    expect(await stores.people.epoch()).toBe(2);
  });

  it('counts the slower of two operators who ask at the same moment as the second', async () => {
    const { suspend, reinstate, standing } = await setUp();
    await suspend('usr_op1');
    const outcomes = await Promise.all([reinstate('usr_op1'), reinstate('usr_op2')]);
    expect(outcomes.map((outcome) => outcome.ok && outcome.state).sort()).toEqual(['reinstated', 'waiting_for_second_operator']);
    expect(await standing()).toBe('active');
  });

  it('does not count one operator who asks twice at the same moment as two', async () => {
    const { suspend, reinstate, standing } = await setUp();
    await suspend('usr_op1');
    const outcomes = await Promise.all([reinstate('usr_op1'), reinstate('usr_op1')]);
    expect(outcomes.filter(({ ok }) => ok)).toMatchObject([{ state: 'waiting_for_second_operator' }]);
    expect(outcomes.filter(({ ok }) => !ok)).toMatchObject([{ deny: { reasons: ['operator.same_person'] } }]);
    expect(await standing()).toBe('suspended');
  });

  it('brings the doors to its epoch', async () => {
    const { suspend, reinstate, stores, doorNode } = await setUp();
    await suspend('usr_op1');
    await reinstate('usr_op1');
    await reinstate('usr_op2');
    expect(doorNode.status().epoch).toBe(await stores.people.epoch());
  });

  it('does not wait for doors that do not answer', async () => {
    const { suspend, reinstate, standing } = await setUp({ doorsAnswer: false });
    await suspend('usr_op1');
    await reinstate('usr_op1');
    expect(await reinstate('usr_op2')).toMatchObject({ ok: true, state: 'reinstated' });
    expect(await standing()).toBe('active');
  });

  it('gives way to a suspension that lands meanwhile', async () => {
    const { suspend, reinstate, stores, standing } = await setUp();
    await suspend('usr_op1');
    await reinstate('usr_op1');
    const take = stores.oneTime.take.bind(stores.oneTime);
    stores.oneTime.take = async (...request) => {
      const payload = await take(...request);
      await stores.people.changeStanding({ personId: samplePerson.id, to: 'suspended', nowMs: SAMPLE_NOW_MS });
      return payload;
    };
    expect(await reinstate('usr_op2')).toEqual({ ok: false, code: 'request.conflict' });
    expect(await standing()).toBe('suspended');
  });

  it('does not count a first operator who was suspended since', async () => {
    const { suspend, reinstate, stores, standing } = await setUp();
    await suspend('usr_op1');
    await reinstate('usr_op1');
    await stores.people.changeStanding({ personId: 'usr_op1' as PersonId, to: 'suspended', nowMs: SAMPLE_NOW_MS });
    expect(await reinstate('usr_op2')).toEqual({ ok: false, code: 'request.conflict' });
    expect(await standing()).toBe('suspended');
  });

  it('takes nobody back without a record of it', async () => {
    const { suspend, reinstate, stores, audit, standing } = await setUp();
    await suspend('usr_op1');
    await reinstate('usr_op1');
    const change = stores.people.changeStanding.bind(stores.people);
    stores.people.changeStanding = async (request) => {
      const changed = await change(request);
      audit.breakDown();
      return changed;
    };
    await expect(reinstate('usr_op2')).rejects.toMatchObject({ code: 'audit.unavailable' });
    expect(await standing()).toBe('suspended');
  });

  it('is a conflict for somebody who is not suspended', async () => {
    const { reinstate } = await setUp();
    expect(await reinstate('usr_op1')).toEqual({ ok: false, code: 'request.conflict' });
  });
});
