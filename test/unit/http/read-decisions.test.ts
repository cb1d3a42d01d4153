import { expect, it } from 'vitest';
import { denyBecause, type Decision } from '#gateway/domain/access/decision.ts';
import type { DecisionId, PersonId, SessionId } from '#gateway/domain/site/ids.ts';
import type { Caller } from '#gateway/http/callers.ts';
import { createDecideRead, READ_DENY_TTL_MS, READ_PERMIT_TTL_MS } from '#gateway/http/read-decisions.ts';

const stamp = { id: 'decision_1' as DecisionId, policyRevision: 'r1', epoch: 0 };
const permit: Decision = { ...stamp, effect: 'permit', permits: ['operator.granted'], obligations: [], ttlS: 0 };

function start(decisionsMax?: number) {
  const world = { nowMs: 1_000, epoch: 1, policy: { revision: 'r1', dataRevision: 'd1' }, answer: permit, asked: [] as string[] };
  const decideRead = createDecideRead({
    authorizeOperator: async ({ action, operator }) => {
      world.asked.push(`${action} ${operator.id}`);
      return world.answer;
    },
    people: { epoch: async () => world.epoch },
    policy: world.policy,
    clock: { nowMs: () => world.nowMs, monotonicUs: () => 0 },
    ...(decisionsMax === undefined ? {} : { decisionsMax }),
  });
  return { world, decideRead };
}

function caller(name: string, change: { readonly version?: number; readonly ip?: string } = {}): Caller {
  const id = `person_${name}` as PersonId;
  const times = { createdAtMs: 0, authenticatedAtMs: 0, expiresAtMs: 9_000 };
  const shown = { amr: [], acr: '', userVerified: false, credentialId: null };
  return {
    operator: { id, channel: 'console', ip: change.ip ?? '192.0.2.1', authentication: null },
    displayName: name,
    roles: [],
    actions: new Set(),
    version: change.version ?? 1,
    session: { id: `session_${name}` as SessionId, personId: id, kind: 'console', secretSha256: '', ...times, ...shown },
  };
}

it('asks once for a session, also when a page reads many things at once', async () => {
  const { world, decideRead } = start();
  await Promise.all(Array.from({ length: 5 }, () => decideRead(caller('ada'))));
  expect(await decideRead(caller('ada'))).toBe(permit);
  expect(world.asked).toEqual(['console.read person_ada']);
});

it('keeps a permit until its end and a deny for a shorter time', async () => {
  const { world, decideRead } = start();
  await decideRead(caller('ada'));
  world.nowMs += READ_PERMIT_TTL_MS - 1;
  await decideRead(caller('ada'));
  expect(world.asked).toHaveLength(1);
  world.nowMs += 1;
  world.answer = denyBecause(stamp, 'subject.employment_ended');
  expect((await decideRead(caller('ada'))).effect).toBe('deny');
  world.nowMs += READ_DENY_TTL_MS - 1;
  expect((await decideRead(caller('ada'))).effect).toBe('deny');
  expect(world.asked).toHaveLength(2);
  world.nowMs += 1;
  await decideRead(caller('ada'));
  expect(world.asked).toHaveLength(3);
});

it.each([
  ['anybody’s standing changes', (world: ReturnType<typeof start>['world']) => void (world.epoch += 1), {}],
  ['the policy changes', (world) => void (world.policy.revision = 'r2'), {}],
  ['the grants change', (world) => void (world.policy.dataRevision = 'd2'), {}],
  ['the person’s record changes', () => undefined, { version: 2 }],
  ['the request comes from elsewhere', () => undefined, { ip: '192.0.2.2' }],
] as const satisfies readonly (readonly [string, (world: ReturnType<typeof start>['world']) => void, object])[])(
  'asks again when %s',
  async (_what, happen, change) => {
    const { world, decideRead } = start();
    await decideRead(caller('ada'));
    happen(world);
    await decideRead(caller('ada', change));
    expect(world.asked).toHaveLength(2);
  },
);

it('keeps as many decisions as its limit; the oldest gives way', async () => {
  const { world, decideRead } = start(2);
  for (const name of ['ada', 'bea', 'ada', 'bea']) await decideRead(caller(name));
  expect(world.asked).toHaveLength(2);
  await decideRead(caller('cem'));
  await decideRead(caller('bea'));
  expect(world.asked).toHaveLength(3);
  await decideRead(caller('ada'));
  expect(world.asked).toHaveLength(4);
});
