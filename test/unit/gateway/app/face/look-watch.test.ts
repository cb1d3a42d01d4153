import { describe, expect, it } from 'vitest';
import { createMemoryAuditLog } from '#adapters/memory/audit-log.ts';
import { createMemoryStores } from '#adapters/memory/create-memory-stores.ts';
import { startLookWatch } from '#gateway/app/face/look-watch.ts';
import { createLiftRestriction, endRestrictions, restrictPerson } from '#gateway/app/revocation/restrict.ts';
import type { AuthorizeOperatorRequest } from '#gateway/app/access/types.ts';
import type { Decision } from '#gateway/domain/access/decision.ts';
import { MISMATCH_WINDOW_MS, RESTRICTION_MS } from '#gateway/domain/face/mismatches.ts';
import type { Standing } from '#gateway/domain/people/person.ts';
import { personId, somePerson } from '#test/support/people.ts';

const START_MS = 1_700_000_000_000;
const ANN = personId('ann');

async function rig() {
  let nowMs = START_MS;
  const clock = { nowMs: () => nowMs, monotonicUs: () => nowMs * 1_000 };
  const { people, restrictions } = createMemoryStores();
  const audit = createMemoryAuditLog({ clock });
  for (const name of ['ann', 'ben', 'olga']) await people.save(somePerson(name));
  const epochs: number[] = [];
  const asked: AuthorizeOperatorRequest[] = [];
  let answer: 'permit' | 'deny' = 'permit';
  const deps = {
    people,
    restrictions,
    audit,
    clock,
    doorNode: { applyEpoch: async (epoch: number) => (epochs.push(epoch), { epoch, doors: 1 }) },
    authorizeOperator: async (request: AuthorizeOperatorRequest) => {
      asked.push(request);
      const about = { id: 'dec_1', policyRevision: 'p', dataRevision: 'd' };
      const permit = { ...about, effect: 'permit', permits: ['operator.granted'], obligations: [] };
      const deny = { ...about, effect: 'deny', reasons: ['operator.not_authorized'] };
      return (answer === 'permit' ? permit : deny) as unknown as Decision;
    },
  };
  const failures: unknown[] = [];
  const watch = () =>
    startLookWatch({
      audit,
      reader: audit,
      nowMs: clock.nowMs,
      restrict: (id, cause) => restrictPerson(deps, id, cause),
      onFailure: (failure) => void failures.push(failure),
    });
  const look = async (cause: string, who = ANN): Promise<void> => {
    nowMs += 1_000;
    const about = { event: 'authentication_failed', kind: 'face_template', credentialId: null, operatorId: null } as const;
    await audit.append({ type: 'credential', occurredAtMs: nowMs, ...about, personId: who, cause });
    await new Promise((resolve) => setImmediate(resolve));
  };
  const looks = async (...causes: readonly string[]): Promise<void> => {
    for (const cause of causes) await look(cause);
  };
  const standing = async (): Promise<Standing | undefined> => (await people.find(ANN))?.standing;
  const told = async (type: 'standing' | 'alarm') =>
    (await audit.read({ from: { afterSeq: 0 }, limit: 100, types: [type] })).map(({ record }) => record);
  const operator = { id: personId('olga'), channel: 'console', ip: null, authentication: null } as const;
  const lift = () => createLiftRestriction(deps)({ personId: ANN, operator, reason: 'I saw her at the desk' });
  return {
    people,
    restrictions,
    watch,
    look,
    looks,
    standing,
    told,
    lift,
    asked,
    epochs,
    failures,
    end: () => endRestrictions(deps),
    restrict: () => restrictPerson(deps, ANN, 'door:no_match'),
    pass: (ms: number) => void (nowMs += ms),
    refuse: () => void (answer = 'deny'),
  };
}

describe('faces that were somebody else’s', () => {
  it('restrict whose badge it was, at doors and logins together, with an alarm', async () => {
    const { epochs, failures, looks, restrictions, standing, told, watch } = await rig();
    await watch();
    await looks('door:no_match', 'login:no_match');
    expect(await standing()).toBe('active');
    await looks('door:identity_changed');
    await expect.poll(standing).toBe('restricted');
    expect(await restrictions.find(ANN)).toMatchObject({ cause: 'door:identity_changed', untilMs: START_MS + 3_000 + RESTRICTION_MS });
    await expect.poll(() => told('standing')).toMatchObject([{ from: 'active', to: 'restricted', operators: ['gateway'], personId: ANN }]);
    expect(await told('alarm')).toMatchObject([{ code: 'face.person_restricted', active: true, personId: ANN, sourceType: 'gateway' }]);
    expect(epochs).toHaveLength(1);
    expect(failures).toEqual([]);
  });

  it('count for each person alone', async () => {
    const { look, standing, watch } = await rig();
    await watch();
    for (const who of [ANN, personId('ben'), ANN, personId('ben')]) await look('door:no_match', who);
    expect(await standing()).toBe('active');
  });

  it('are counted on by a gateway that begins anew, as far as they are recent', async () => {
    const { looks, pass, standing, watch } = await rig();
    await looks('door:no_match', 'door:no_match');
    const stop = await watch();
    stop();
    pass(MISMATCH_WINDOW_MS);
    await watch();
    await looks('door:no_match');
    expect(await standing()).toBe('active');
    await looks('door:no_match');
    (await watch())();
    await looks('door:no_match');
    await expect.poll(standing).toBe('restricted');
  });

  it('never touch who is suspended or has left', async () => {
    for (const to of ['suspended', 'departed'] as const) {
      const { looks, people, restrictions, standing, watch } = await rig();
      await people.changeStanding({ personId: ANN, to, nowMs: 1 });
      await watch();
      await looks('door:no_match', 'door:no_match', 'door:no_match');
      expect(await standing()).toBe(to);
      expect(await restrictions.find(ANN)).toBeNull();
    }
  });
});

describe('a restriction', () => {
  it('ends by itself at its time, and not before', async () => {
    const { end, pass, restrict, standing, told } = await rig();
    await restrict();
    pass(RESTRICTION_MS - 1);
    expect(await end()).toBe(0);
    expect(await standing()).toBe('restricted');
    pass(1);
    expect(await end()).toBe(1);
    expect(await standing()).toBe('active');
    expect((await told('standing')).at(-1)).toMatchObject({ from: 'restricted', to: 'active', operators: ['gateway'] });
    expect((await told('alarm')).at(-1)).toMatchObject({ active: false });
    expect(await end()).toBe(0);
  });

  it('lasts longer when it goes on, and still ends: nobody is shut out for good by whoever has their badge', async () => {
    const { end, pass, restrict, standing, told } = await rig();
    for (let round = 0; round < 5; round += 1) {
      await restrict();
      pass(RESTRICTION_MS - 1);
      expect(await end()).toBe(0);
    }
    pass(1);
    expect(await end()).toBe(1);
    expect(await standing()).toBe('active');
    // One change of standing there and one back: what went on is in the alarms.
    expect(await told('standing')).toHaveLength(2);
  });

  it('that ends brings nobody back who was suspended meanwhile', async () => {
    const { end, pass, people, restrict, restrictions, standing } = await rig();
    await restrict();
    await people.changeStanding({ personId: ANN, to: 'suspended', nowMs: 2 });
    pass(RESTRICTION_MS);
    await end();
    expect(await standing()).toBe('suspended');
    expect(await restrictions.find(ANN)).toBeNull();
  });

  it('is ended by an operator whom the policy allows it, with the reason in the log', async () => {
    const { asked, lift, restrict, restrictions, standing, told } = await rig();
    await restrict();
    expect(await lift()).toMatchObject({ ok: true, decisionId: 'dec_1' });
    expect(asked).toMatchObject([{ action: 'person.unrestrict', target: { type: 'person', id: ANN }, firstOperatorId: null }]);
    expect(await standing()).toBe('active');
    expect(await restrictions.find(ANN)).toBeNull();
    expect((await told('standing')).at(-1)).toMatchObject({
      operators: [personId('olga')],
      reason: 'I saw her at the desk',
      decisionId: 'dec_1',
    });
    expect(await lift()).toEqual({ ok: false, code: 'request.conflict' });
  });

  it('stays when the policy denies it', async () => {
    const { lift, refuse, restrict, standing } = await rig();
    await restrict();
    refuse();
    expect(await lift()).toMatchObject({ ok: false, code: 'request.forbidden' });
    expect(await standing()).toBe('restricted');
  });
});
