import { describe, expect, it } from 'vitest';
import { createMemoryAuditLog } from '#adapters/memory/audit-log.ts';
import { createSystemRandom } from '#adapters/crypto/system-random.ts';
import { createSystemClock } from '#adapters/time/system-clock.ts';
import type { AuthorizeOperator, Operator } from '#gateway/app/access/types.ts';
import type { Decision } from '#gateway/domain/access/decision.ts';
import type { DecisionId, PersonId } from '#gateway/domain/site/ids.ts';
import { NESTING_MAX } from '#gateway/domain/policy/lint/text-limits.ts';
import { BROKEN, createPolicyLifeSite, draftContent, FAILING, UNUSABLE } from '#test/support/policy/life-site.ts';

const authentication = { amr: ['hwk'], acr: 'urn:gatehouse:acr:passkey', userVerified: true, authenticatedAtMs: 1 };
const operatorNamed = (name: string): Operator => ({ id: name as PersonId, channel: 'console', ip: null, authentication });
const [ada, ben] = [operatorNamed('usr_ada'), operatorNamed('usr_ben')];

async function makeSite() {
  const clock = createSystemClock();
  const random = createSystemRandom();
  const audit = createMemoryAuditLog({ clock });
  const permit: Decision = {
    id: 'dec_1' as DecisionId,
    policyRevision: 'p',
    epoch: 1,
    effect: 'permit',
    permits: ['operator.granted'],
    obligations: [],
    ttlS: 1,
  };
  const authorizeOperator: AuthorizeOperator = async () => permit;
  const site = await createPolicyLifeSite({ authorizeOperator, audit, clock, random });
  const { policyLife } = site;
  const about = (revisionId: string, operator = ada) => ({ operator, revisionId, reason: 'because of the test' });
  const propose = async (remark: string, testRemark = ''): Promise<string> => {
    const proposed = await policyLife.propose({ operator: ada, content: draftContent(remark, testRemark), note: remark, parentId: null });
    if (!proposed.ok) throw new TypeError(proposed.code);
    return proposed.revision.id;
  };
  const emergency = (id: string, despiteTests = false) => policyLife.signInEmergency({ ...about(id), despiteTests });
  return {
    ...site,
    about,
    propose,
    emergency,
    measure: async (id: string): Promise<void> => {
      const started = await policyLife.startImpact({ ...about(id), window: { fromMs: 0, toMs: 1 }, data: 'then' });
      if (!started.ok) throw new TypeError(started.code);
      await expect.poll(() => policyLife.impactJob(started.job.id)?.state).toBe('done');
    },
    /** Through checks and tests, and into force without a second person. */
    publish: async (remark: string): Promise<string> => {
      const id = await propose(`# ${remark}`);
      await policyLife.check(about(id));
      await policyLife.test(about(id));
      await emergency(id);
      expect(await policyLife.activate(about(id))).toMatchObject({ ok: true });
      return id;
    },
    rollBack: (revisionId: string | null = null) => policyLife.rollBack({ operator: ada, reason: 'because of the test', revisionId }),
    records: async () => (await audit.read({ from: { afterSeq: 0 }, limit: 1_000 })).map(({ record }) => record),
    alarms: async () =>
      (await audit.read({ from: { afterSeq: 0 }, limit: 1_000 })).flatMap(({ record }) => (record.type === 'alarm' ? [record.code] : [])),
  };
}

describe('a roll-back', () => {
  it('goes back two steps when it is asked for twice, and never to what was left', async () => {
    const { publish, rollBack, policyLife, doors, main } = await makeSite();
    const good = await publish('good');
    await publish('bad');
    expect((await policyLife.activations()).wayBackId).toBe(good);
    expect(await rollBack()).toMatchObject({ ok: true, revision: { id: good, state: 'active' } });
    const { newestFirst, wayBackId } = await policyLife.activations();
    expect(wayBackId).toBe(newestFirst.at(-1)?.revisionId);
    expect(await rollBack()).toMatchObject({ ok: true, revision: { id: wayBackId, authorId: 'gatehouse' } });
    expect([doors.inForce, main.inForce]).toEqual([wayBackId, wayBackId]);
    expect(await rollBack()).toEqual({ ok: false, code: 'policy.nothing_before' });
    expect(doors.inForce).toBe(wayBackId);
  });

  it('goes to what was left where that is named', async () => {
    const { publish, rollBack } = await makeSite();
    await publish('good');
    const bad = await publish('bad');
    await rollBack();
    expect(await rollBack(bad)).toMatchObject({ ok: true, revision: { id: bad, state: 'active' } });
  });

  it('goes to what was in force before a revision that was published after a roll-back', async () => {
    const { publish, rollBack } = await makeSite();
    const good = await publish('good');
    await publish('bad');
    await rollBack();
    await publish('better');
    expect(await rollBack()).toMatchObject({ ok: true, revision: { id: good } });
  });

  it('does not publish what was signed and never in force', async () => {
    const { publish, rollBack, propose, about, emergency, policyLife, doors } = await makeSite();
    const inForce = await publish('good');
    const id = await propose('# signed only');
    await policyLife.check(about(id));
    await policyLife.test(about(id));
    await emergency(id);
    expect(await rollBack(id)).toMatchObject({ ok: false, code: 'policy.wrong_state', revision: { state: 'signed' } });
    expect(doors.inForce).toBe(inForce);
  });

  it('leaves everything as it is where nothing was ever published', async () => {
    const { rollBack, policyLife } = await makeSite();
    expect(await rollBack()).toEqual({ ok: false, code: 'policy.nothing_before' });
    expect((await policyLife.activations()).newestFirst).toHaveLength(1);
  });
});

describe('a publication in an emergency', () => {
  it('needs no impact and no second person, and raises one alarm', async () => {
    const { publish, alarms } = await makeSite();
    await publish('urgent');
    expect(await alarms()).toEqual(['policy.emergency_publish']);
  });

  it('is refused without a run of tests, and with one that failed', async () => {
    const { policyLife, propose, about, emergency, alarms } = await makeSite();
    const id = await propose('# urgent', FAILING);
    await policyLife.check(about(id));
    expect(await emergency(id)).toMatchObject({ ok: false, code: 'policy.tests_missing', revision: { state: 'checked' } });
    expect(await policyLife.test(about(id))).toMatchObject({ ok: true, report: { failed: 1 } });
    expect(await emergency(id)).toMatchObject({ ok: false, code: 'policy.tests_failed' });
    expect(await alarms()).toEqual([]);
  });

  it.each([
    ['failed', true, 'although 1 tests fail'],
    ['did not run', false, 'tests were not run'],
  ])('goes past tests that %s only where that is said, which is kept and raises an alarm of its own', async (_what, run, detail) => {
    const { policyLife, propose, about, emergency, alarms, records } = await makeSite();
    const id = await propose('# urgent', FAILING);
    await policyLife.check(about(id));
    if (run) await policyLife.test(about(id));
    expect(await emergency(id, true)).toMatchObject({ ok: true, revision: { state: 'signed', emergency: { despiteTests: true } } });
    expect(await alarms()).toEqual(['policy.emergency_publish', 'policy.published_despite_tests']);
    expect(await records()).toContainEqual(expect.objectContaining({ event: 'emergency_signed', revisionId: id, detail }));
  });

  it('keeps nothing of what was said about tests that passed', async () => {
    const { policyLife, propose, about, emergency, alarms } = await makeSite();
    const id = await propose('# urgent');
    await policyLife.check(about(id));
    await policyLife.test(about(id));
    expect(await emergency(id, true)).toMatchObject({ ok: true, revision: { emergency: { despiteTests: false } } });
    expect(await alarms()).toEqual(['policy.emergency_publish']);
  });

  it('never goes past a check: not what was not checked, has errors, or had some when it was looked at last', async () => {
    const { policyLife, store, propose, about, emergency, alarms } = await makeSite();
    const unchecked = await propose('# never checked');
    expect(await emergency(unchecked, true)).toMatchObject({ ok: false, code: 'policy.wrong_state', revision: { state: 'draft' } });
    const broken = await propose(BROKEN);
    await policyLife.check(about(broken));
    expect(await emergency(broken, true)).toMatchObject({ ok: false, code: 'policy.wrong_state', revision: { state: 'draft' } });
    const lately = await propose('# has errors under a later version of the program');
    const checked = await policyLife.check(about(lately));
    if (!checked.ok) throw new TypeError(checked.code);
    const error = { code: 'trial.too_slow', severity: 'error', message: 'too slow', file: '', row: 0, col: 0 } as const;
    await store.keepReport(lately, 'check', { ...checked.report, findings: [error] });
    expect(await emergency(lately, true)).toMatchObject({ ok: false, code: 'policy.has_errors' });
    expect(await alarms()).toEqual([]);
  });
});

describe('a check', () => {
  const TOO_DEEP = `x := ${'['.repeat(NESTING_MAX + 1)}${']'.repeat(NESTING_MAX + 1)}`;
  it.each([
    ['answers what is no decision', UNUSABLE, { code: 'trial.answer_invalid', file: '' }],
    ['the compiler would not come back from', TOO_DEEP, { code: 'lint.nested_too_deep', file: 'access/decision.rego', row: 2 }],
  ])('finds a draft that %s', async (_what, remark, finding) => {
    const { policyLife, propose, about } = await makeSite();
    const checked = await policyLife.check(about(await propose(remark)));
    expect(checked).toMatchObject({ ok: true, revision: { state: 'draft' }, report: { findings: [{ severity: 'error', ...finding }] } });
  });

  it('and a run of tests and the layout end with a place, too', async () => {
    const { policyLife, propose, about } = await makeSite();
    const id = await propose('# with deep tests', TOO_DEEP);
    await policyLife.check(about(id));
    const tested = await policyLife.test(about(id));
    const failure = { name: 'lint.nested_too_deep', file: 'tests/decision_test.rego', row: 2 };
    expect(tested.ok && tested.report.failures).toContainEqual(expect.objectContaining(failure));
    const formatted = await policyLife.format({ path: 'access/decision.rego', text: `package p\n${TOO_DEEP}\n` });
    expect(formatted).toMatchObject({ ok: false, findings: [{ code: 'lint.nested_too_deep', row: 2 }] });
  });
});

describe('an approval', () => {
  it.each([
    ['check', 'policy.has_errors'],
    ['test', 'policy.tests_failed'],
    ['impact', 'policy.engines_differ'],
  ] as const)('is refused where the newest %s of it found a fault', async (kind, code) => {
    const { policyLife, store, propose, about, measure } = await makeSite();
    const id = await propose('# looked at again');
    await policyLife.check(about(id));
    await policyLife.test(about(id));
    await measure(id);
    const { revision, check, test, impact } = (await policyLife.detail(id)) ?? {};
    const error = { code: 'trial.too_slow', severity: 'error', message: 'too slow', file: '', row: 0, col: 0 } as const;
    const faulty = {
      check: { ...check, findings: [error] },
      test: { ...test, failed: 1 },
      impact: { ...impact, engineCheck: { checked: 1, differences: 1, firstDecisionId: 'dec_1' } },
    };
    await store.keepReport(id, kind, faulty[kind]);
    expect(await policyLife.approve({ ...about(id, ben), revision: revision?.revision ?? '' })).toMatchObject({ ok: false, code });
  });
});

describe('a shadow run', () => {
  it('goes on when the run of another revision is said to end', async () => {
    const { publish, about, policyLife, doors, main } = await makeSite();
    const candidate = await publish('candidate');
    const inForce = await publish('in force');
    expect(await policyLife.startShadow(about(candidate))).toMatchObject({ ok: true, revision: { state: 'shadow' } });
    expect(await policyLife.endShadow(about(inForce))).toMatchObject({ ok: false, code: 'policy.wrong_state' });
    expect([doors.shadowed, main.shadowed]).toEqual([candidate, candidate]);
    expect(await policyLife.shadow()).toMatchObject({ revisionId: candidate });
    expect(await policyLife.endShadow(about(candidate))).toMatchObject({ ok: true, revision: { state: 'superseded' } });
    expect([doors.shadowed, main.shadowed]).toEqual([null, null]);
  });

  it('is one, however many are started at once', async () => {
    const { publish, about, policyLife, doors } = await makeSite();
    const [first, second] = [await publish('first'), await publish('second')];
    await publish('in force');
    const started = await Promise.all([policyLife.startShadow(about(first)), policyLife.startShadow(about(second))]);
    expect(started).toMatchObject([{ ok: true }, { ok: false, code: 'policy.changed_meanwhile' }]);
    expect(doors.shadowed).toBe(first);
  });

  it('is not begun for what is brought into force in the same moment', async () => {
    const { publish, about, policyLife, doors } = await makeSite();
    const back = await publish('back in force');
    await publish('in force');
    const [activated, shadowed] = await Promise.all([policyLife.activate(about(back)), policyLife.startShadow(about(back))]);
    expect([activated, shadowed]).toMatchObject([{ ok: true }, { ok: false, code: 'policy.wrong_state' }]);
    expect(doors.shadowed).toBeNull();
  });
});

describe('the long way', () => {
  it('takes tests, impact and a second person, in this order', async () => {
    const { policyLife, propose, about, doors, measure } = await makeSite();
    const id = await propose('# the long way');
    const hash = async () => (await policyLife.detail(id))?.revision.revision ?? '';
    expect(await policyLife.sign(about(id))).toMatchObject({ code: 'policy.wrong_state', revision: { state: 'draft' } });
    await policyLife.check(about(id));
    expect(await policyLife.sign(about(id))).toMatchObject({ code: 'policy.wrong_state', revision: { state: 'checked' } });
    await policyLife.test(about(id));
    expect(await policyLife.approve({ ...about(id, ben), revision: await hash() })).toMatchObject({ code: 'policy.wrong_state' });
    await measure(id);
    expect(await policyLife.approve({ ...about(id), revision: await hash() })).toMatchObject({ code: 'policy.same_person' });
    expect(await policyLife.approve({ ...about(id, ben), revision: 'f'.repeat(64) })).toMatchObject({ code: 'policy.other_hash' });
    expect(await policyLife.approve({ ...about(id, ben), revision: await hash() })).toMatchObject({ ok: true });
    expect(await policyLife.sign(about(id))).toMatchObject({ ok: true, revision: { state: 'signed', emergency: null } });
    expect(await policyLife.activate(about(id))).toMatchObject({ ok: true });
    expect(doors.inForce).toBe(id);
  });
});
