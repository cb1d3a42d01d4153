import { describe, expect, it } from 'vitest';
import { createMemoryAuditLog } from '#adapters/memory/audit-log.ts';
import { createMemoryPeopleStore } from '#adapters/memory/people-store.ts';
import {
  createReliedAnswers,
  RELIED_PEOPLE_MAX,
  RELIED_QUESTIONS_MAX,
  relianceMs,
  RELY_MS_MAX,
  SETTLE_MS,
  type ReliedAnswer,
} from '#gateway/app/access/relied-answers.ts';
import type { AuthorizeAppRequest } from '#gateway/app/access/types.ts';
import { denyBecause, type Decision } from '#gateway/domain/access/decision.ts';
import type { DecisionId, PersonId } from '#gateway/domain/site/ids.ts';
import { someDecision } from '#test/support/audit-records.ts';
import { somePerson } from '#test/support/people.ts';

const ANN = 'usr_ann' as PersonId;
/** The start of a minute. */
const START_MS = 1_800_000_000_000;
const stamp = { id: 'dec_1' as DecisionId, policyRevision: 'r1', epoch: 0 };
const permit = (ttlS: number): Decision => ({ ...stamp, effect: 'permit', permits: ['app.granted'], obligations: [], ttlS });

const question: AuthorizeAppRequest = {
  action: 'token.refresh',
  personId: ANN,
  clientId: 'wiki',
  network: { source: 'login', ip: '10.0.0.1', observedAtMs: START_MS },
  authentication: null,
  sessionUid: 'uid',
  correlation: 'grant-1',
};

async function rig() {
  const people = createMemoryPeopleStore();
  await people.save({ ...somePerson('ann'), id: ANN });
  const world = { nowMs: START_MS, goodForMs: RELY_MS_MAX, fails: false };
  const clock = { nowMs: () => world.nowMs, monotonicUs: () => 0 };
  const audit = createMemoryAuditLog({ clock });
  const policy = { revision: 'r1', dataRevision: 'd1' };
  let asked = 0;
  const relyOn = createReliedAnswers<number>({ audit, people, policy, clock });
  const ask = (change: Partial<AuthorizeAppRequest> = {}) =>
    relyOn({ ...question, ...change }, async (): Promise<ReliedAnswer<number>> => {
      asked += 1;
      if (world.fails) throw new Error('no answer');
      return { answer: asked, goodForMs: world.goodForMs };
    });
  const present = (personId: PersonId) =>
    audit.append({
      type: 'presence',
      occurredAtMs: world.nowMs,
      personId,
      state: 'outside',
      siteId: 'hq',
      areaId: null,
      confidence: 'high',
      cause: 'badge_out',
      decisionId: null,
    });
  const regroup = () =>
    audit.append({
      type: 'directory_change',
      occurredAtMs: world.nowMs,
      changeId: 'chg_1',
      subjectType: 'group',
      subjectId: 'night',
      personId: null,
      change: 'replaced',
      changes: [],
      digestBefore: null,
      digestAfter: null,
      operatorId: 'local',
    });
  return { ask, asked: () => asked, audit, people, policy, present, regroup, world };
}
type Rig = Awaited<ReturnType<typeof rig>>;

describe('an answer that is relied on', () => {
  it('serves the same question for its time, and not a moment longer', async () => {
    const { ask, world } = await rig();
    world.goodForMs = 10_000;
    expect(await Promise.all([ask(), ask()])).toEqual([1, 1]);
    world.nowMs += 9_999;
    expect(await ask()).toBe(1);
    world.nowMs += 1;
    expect(await ask()).toBe(2);
  });

  it.each([
    ['somebody else', { personId: 'usr_ben' as PersonId }],
    ['another client', { clientId: 'board' }],
    ['another network', { network: { source: 'login', ip: '10.0.0.2', observedAtMs: START_MS } }],
    ['another session', { sessionUid: 'other' }],
    ['another grant', { correlation: 'grant-2' }],
    ['a login', { action: 'app.login' }],
    ['another sign-in', { authentication: { amr: ['hwk'], acr: 'a', userVerified: true, authenticatedAtMs: 0 } }],
  ] satisfies [string, Partial<AuthorizeAppRequest>][])('is not for %s', async (_who, change) => {
    const { ask } = await rig();
    await ask();
    expect(await ask(change)).toBe(2);
    expect(await ask()).toBe(1);
  });

  it.each([
    ['the policy', ({ policy }: Rig) => void (policy.revision = 'r2')],
    ['its data', ({ policy }: Rig) => void (policy.dataRevision = 'd2')],
    ['the revocation epoch', ({ people }: Rig) => people.changeStanding({ personId: ANN, to: 'active', nowMs: 0 })],
    ['what the log knows of the person', ({ present }: Rig) => present(ANN)],
    ['a group, which does not say whose', ({ regroup }: Rig) => regroup()],
    ['the minute of the day', ({ world }: Rig) => void (world.nowMs += 60_000 - RELY_MS_MAX)],
    ['a clock that goes back', ({ world }: Rig) => void (world.nowMs -= 1)],
  ])('ends with a change of %s', async (_what, change) => {
    const started = await rig();
    // Late in the minute, so that the next one comes before the answer's own end.
    started.world.nowMs += RELY_MS_MAX + 1;
    await started.ask();
    await change(started);
    expect(await started.ask()).toBe(2);
  });

  it('outlasts what the log hears of others, and the decisions about the person', async () => {
    const { ask, audit, present } = await rig();
    await ask();
    await present('usr_ben' as PersonId);
    await audit.append(someDecision('dec_2', { personId: ANN }));
    expect(await ask()).toBe(1);
  });

  it.each([
    ['the person', ({ present }: Rig) => present(ANN)],
    ['a group', ({ regroup }: Rig) => regroup()],
  ])('is not kept until a change of %s, which is logged before it is stored, must have been', async (_what, change) => {
    const started = await rig();
    const { ask, world } = started;
    await change(started);
    await ask();
    world.nowMs += SETTLE_MS - 1;
    expect(await ask()).toBe(2);
    world.nowMs += 1;
    expect(await ask()).toBe(3);
    expect(await ask()).toBe(3);
  });

  it('is not kept when a fact changes while it is being asked for', async () => {
    const { ask, present } = await rig();
    const asking = ask();
    await present(ANN);
    expect(await asking).toBe(1);
    expect(await ask()).toBe(2);
  });

  it('is nobody’s when asking fails: all who waited hear it, and the next asks anew', async () => {
    const { ask, asked, world } = await rig();
    world.fails = true;
    const answers = await Promise.allSettled([ask(), ask()]);
    expect(answers.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect(asked()).toBe(1);
    world.fails = false;
    expect(await ask()).toBe(2);
  });

  it('is forgotten with the person asked about longest ago, when there are too many', async () => {
    const { ask, asked } = await rig();
    const about = (index: number) => ask({ personId: `usr_${String(index)}` as PersonId });
    for (let index = 0; index < RELIED_PEOPLE_MAX; index += 1) await about(index);
    await about(0);
    expect(asked()).toBe(RELIED_PEOPLE_MAX);
    await about(RELIED_PEOPLE_MAX);
    await about(0);
    expect(asked()).toBe(RELIED_PEOPLE_MAX + 1);
    await about(1);
    expect(asked()).toBe(RELIED_PEOPLE_MAX + 2);
  });

  it('is forgotten with all of the person’s, when there are too many of theirs', async () => {
    const { ask, asked } = await rig();
    const of = (index: number) => ask({ correlation: `grant-${String(index)}` });
    for (let index = 0; index < RELIED_QUESTIONS_MAX; index += 1) await of(index);
    await of(0);
    expect(asked()).toBe(RELIED_QUESTIONS_MAX);
    await of(RELIED_QUESTIONS_MAX);
    await of(0);
    expect(asked()).toBe(RELIED_QUESTIONS_MAX + 2);
  });
});

it('relies on a permit as long as the policy says, within the bound, and on a deny never', () => {
  expect([0, 5, 30, 300].map((ttlS) => relianceMs(permit(ttlS)))).toEqual([0, 5_000, RELY_MS_MAX, RELY_MS_MAX]);
  expect(relianceMs(denyBecause(stamp, 'grant.missing'))).toBe(0);
});
