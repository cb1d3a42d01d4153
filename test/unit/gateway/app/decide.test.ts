import { describe, expect, it } from 'vitest';
import { createMemoryAuditLog } from '#adapters/memory/audit-log.ts';
import { createSystemRandom } from '#adapters/crypto/system-random.ts';
import { createDecide } from '#gateway/app/access/decide.ts';
import type { Decision } from '#gateway/domain/access/decision.ts';
import type { ObligationId } from '#gateway/domain/access/obligation.ts';
import type { DecisionInput } from '#gateway/domain/access/decision-input.ts';
import { GatewayError } from '#gateway/domain/errors.ts';
import type { AuditLog } from '#gateway/ports/audit-log.ts';
import type { Clock } from '#gateway/ports/clock.ts';
import { sampleInput } from '#test/support/sample-input.ts';
import { denyAnswer, permitAnswer, stubPolicy } from '#test/support/policy/stub-policy.ts';

const clock: Clock = { nowMs: () => 1_793_700_000_000, monotonicUs: () => 0 };
const failingLog = (code: 'audit.unavailable' | 'audit.queue_full'): AuditLog => ({
  append: () => Promise.reject(new GatewayError(code, 'disk full')),
  subscribe: () => () => undefined,
  isWritable: () => false,
  close: () => Promise.resolve(),
});

function decideWith(answer: (input: DecisionInput) => unknown, over: { audit?: AuditLog; clock?: Clock } = {}) {
  const audit = createMemoryAuditLog({ clock });
  const decide = createDecide({
    policy: stubPolicy(answer),
    audit: over.audit ?? audit,
    clock: over.clock ?? clock,
    random: createSystemRandom(),
    timeoutMs: 1_000,
  });
  return {
    audit,
    decide,
    ask: (input: DecisionInput = sampleInput) => decide({ input, understands: ['extended_open_time'], mode: 'online' }),
  };
}

const reasonsOf = async (answer: (input: DecisionInput) => unknown): Promise<readonly string[]> => {
  const decision = await decideWith(answer).ask();
  return decision.effect === 'deny' ? decision.reasons : [];
};

describe('decide', () => {
  it('passes one exact permit, recorded before it is returned', async () => {
    const { audit, ask } = decideWith(() => permitAnswer('door.granted', [{ id: 'extended_open_time' }]));
    const decision = await ask();
    expect(decision).toMatchObject({ effect: 'permit', permits: ['door.granted'], obligations: [{ id: 'extended_open_time' }] });
    const [entry] = await audit.ofDecision(decision.id);
    expect(entry?.record).toMatchObject({ type: 'decision', effect: 'permit', input: sampleInput, policyRevision: 'a'.repeat(64) });
  });

  it('tells of a permit while it is being recorded, and of a deny only by its answer', async () => {
    const stored = Promise.withResolvers<never>();
    const audit: AuditLog = { ...failingLog('audit.unavailable'), append: () => stored.promise };
    const told: Promise<Decision>[] = [];
    const how = {
      input: sampleInput,
      understands: [],
      mode: 'online',
      onPermit: (recorded: Promise<Decision>) => told.push(recorded),
    } as const;
    const early = await decideWith(() => permitAnswer('door.granted'), { audit }).decide(how);
    expect([early.effect, told.length]).toEqual(['permit', 1]);
    stored.reject(new GatewayError('audit.unavailable', 'disk full'));
    expect(await told[0]).toMatchObject({ id: early.id, effect: 'deny', reasons: ['audit.unavailable'], unrecorded: 'permit' });

    expect(await decideWith(() => denyAnswer('grant.missing')).decide(how)).toMatchObject({ effect: 'deny' });
    expect(told).toHaveLength(1);
    await decideWith(() => permitAnswer('door.granted')).decide(how);
    expect(await told[1]).toMatchObject({ effect: 'permit' });
  });

  it('records what the enforcement point could fulfil where that does not follow from the question', async () => {
    const recordedFor = async (understands: readonly ObligationId[]) => {
      const { audit, decide } = decideWith(() => permitAnswer('door.granted'));
      const [entry] = await audit.ofDecision((await decide({ input: sampleInput, understands, mode: 'online' })).id);
      return entry?.record;
    };
    expect(await recordedFor(['extended_open_time'])).toMatchObject({ understands: ['extended_open_time'] });
    expect(await recordedFor([])).toMatchObject({ understands: [] });
    expect(await recordedFor(['face', 'second_person', 'pin', 'extended_open_time'])).not.toHaveProperty('understands');
  });

  it('hands the log the text of its record, whatever is in it', async () => {
    const texts: [unknown, string | undefined][] = [];
    const audit: AuditLog = {
      ...failingLog('audit.unavailable'),
      append: async (record, recordJson) => {
        texts.push([record, recordJson]);
        return { seq: 1, hash: '' };
      },
    };
    const { ask } = decideWith(() => permitAnswer('door.granted'), { audit });
    await ask();
    await ask({ ...sampleInput, subject: { ...sampleInput.subject, id: 'Zoë "\u2028" \ud83d\ude00' } });
    await ask({ ...sampleInput, subject: null } as unknown as DecisionInput);
    expect(texts).toHaveLength(3);
    for (const [record, recordJson] of texts) expect(recordJson).toBe(JSON.stringify(record));
  });

  it('asks the policy with exactly what it records, also when the input is longer than most', async () => {
    const asked: string[] = [];
    const roles = Array.from({ length: 32 }, (_, index) => `ü${String(index)}`.padEnd(128, 'ü'));
    const groups = Array.from({ length: 64 }, (_, index) => `é${String(index)}`.padEnd(128, 'é'));
    const { properties } = sampleInput.subject;
    const long = { ...sampleInput, subject: { ...sampleInput.subject, properties: { ...properties, roles, groups } } };
    const { audit, ask } = decideWith((input) => {
      asked.push(JSON.stringify(input));
      return permitAnswer('door.granted');
    });
    for (const input of [long, sampleInput]) {
      const [entry] = await audit.ofDecision((await ask(input)).id);
      expect(entry?.record).toMatchObject({ effect: 'permit', input });
    }
    expect(asked).toEqual([JSON.stringify(long), JSON.stringify(sampleInput)]);
  });

  it.each<[string, (input: DecisionInput) => unknown, string]>([
    [
      'the policy throws',
      () => {
        throw new GatewayError('policy.evaluation_failed', 'conflict');
      },
      'pdp.unavailable',
    ],
    [
      'the policy throws a string',
      () => {
        // eslint-disable-next-line @typescript-eslint/only-throw-error -- the policy's runtime is foreign code
        throw 'p.rego:14:1: var assignment conflict';
      },
      'pdp.unavailable',
    ],
    ['there is no answer', () => undefined, 'pdp.answer_invalid'],
    ['the answer is null', () => null, 'pdp.answer_invalid'],
    ['allow is the string true', () => ({ ...permitAnswer('door.granted'), allow: 'true' }), 'pdp.answer_invalid'],
    ['it allows and gives a reason', () => ({ ...permitAnswer('door.granted'), denies: ['grant.missing'] }), 'pdp.answer_invalid'],
    ['it allows without a permit', () => ({ ...permitAnswer('door.granted'), permits: [] }), 'pdp.answer_invalid'],
    ['it allows by an unknown permit', () => permitAnswer('door.sesame'), 'pdp.answer_invalid'],
    ['it denies by an unknown reason', () => denyAnswer('because'), 'pdp.answer_invalid'],
    ['it denies without a reason', () => denyAnswer(), 'pdp.answer_invalid'],
    ['it has a field too many', () => ({ ...permitAnswer('door.granted'), extra: 1 }), 'pdp.answer_invalid'],
    ['it gives a reason of the gateway itself', () => denyAnswer('audit.unavailable'), 'pdp.answer_invalid'],
    [
      'an obligation is not understood',
      () => permitAnswer('door.granted', [{ id: 'step_up', acr: 'urn:gatehouse:acr:passkey', max_age_s: 60 }]),
      'obligation.unsupported',
    ],
  ])('denies when %s', async (_, answer, code) => {
    expect(await reasonsOf(answer)).toEqual([code]);
  });

  it('passes a deny on with all its reasons', async () => {
    expect(await reasonsOf(() => denyAnswer('subject.suspended', 'grant.missing'))).toEqual(['subject.suspended', 'grant.missing']);
  });

  it.each([
    ['a missing block', (input: Record<string, unknown>) => ({ ...input, context: undefined })],
    ['an unknown field', (input: Record<string, unknown>) => ({ ...input, extra: true })],
    ['no object at all', () => 'input'],
    [
      'what the schema itself stumbles over, an id that calls itself long',
      (input: Record<string, unknown>) => ({ ...input, subject: { ...sampleInput.subject, id: { length: { toString: null } } } }),
    ],
  ])('denies %s as input.invalid, records it and does not ask the policy', async (_, breakIt) => {
    let asked = 0;
    const { audit, ask } = decideWith(() => ((asked += 1), permitAnswer('door.granted')));
    const decision = await ask(breakIt({ ...sampleInput }) as unknown as DecisionInput);
    expect(decision).toMatchObject({ effect: 'deny', reasons: ['input.invalid'] });
    expect(asked).toBe(0);
    expect((await audit.ofDecision(decision.id))[0]?.record).toMatchObject({ effect: 'deny', reasons: ['input.invalid'], input: null });
  });

  it.each(['audit.unavailable', 'audit.queue_full'] as const)('denies a permit that the log does not take (%s)', async (code) => {
    const decision = await decideWith(() => permitAnswer('door.granted'), { audit: failingLog(code) }).ask();
    expect(decision).toMatchObject({ effect: 'deny', reasons: ['audit.unavailable'] });
  });

  it('withholds a permit that comes later than the deadline, not one that comes exactly at it', async () => {
    const after = (tookUs: number): Clock => {
      let calls = 0;
      return { nowMs: () => clock.nowMs(), monotonicUs: () => ((calls += 1), calls >= 3 ? tookUs : 0) };
    };
    const onTime = await decideWith(() => permitAnswer('door.granted'), { clock: after(1_000_000) }).ask();
    expect(onTime.effect).toBe('permit');
    const { audit, ask } = decideWith(() => permitAnswer('door.granted'), { clock: after(1_000_001) });
    const late = await ask();
    expect(late).toMatchObject({ effect: 'deny', reasons: ['pdp.late'] });
    expect((await audit.ofDecision(late.id)).at(-1)?.record).toMatchObject({ type: 'outcome', outcome: 'withheld', detail: 'pdp.late' });
  });
});
