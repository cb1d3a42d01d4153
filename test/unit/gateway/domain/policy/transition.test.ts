import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { PolicyRevision } from '#gateway/domain/policy/revision.ts';
import { transition, type RevisionEvent } from '#gateway/domain/policy/transition.ts';
import { sampleRevision } from '#test/support/policy/revisions.ts';

const A = 'a'.repeat(64);
const B = 'b'.repeat(64);

const NO_FAULTS = { errors: 0, failedTests: 0, engineDifferences: 0 } as const;
const EMERGENCY = { operatorId: 'usr_ben', atMs: 1, reason: 'the vault is open', decisionId: 'dec', despiteTests: false };

const operator = fc.constantFrom('usr_ada', 'usr_ben', 'local');
const hash = fc.constantFrom(A, B);
const signature = fc.record({ keyId: fc.constant('k'), signature: fc.constant('s'), operatorId: operator, atMs: fc.nat() });

const event: fc.Arbitrary<RevisionEvent> = fc.oneof(
  // One content compiles to one hash, under one compiler.
  fc.record({ kind: fc.constant('checked' as const), revision: hash, errors: fc.nat(1) }),
  fc.record({ kind: fc.constant('tested' as const), failed: fc.nat(1), tests: fc.nat(2) }),
  fc.record({ kind: fc.constant('impact_measured' as const), revision: hash }),
  fc.record({
    kind: fc.constant('approved' as const),
    approval: fc.record({
      operatorId: operator,
      atMs: fc.nat(),
      revision: hash,
      reason: fc.constant('read it'),
      decisionId: fc.constant('dec'),
    }),
    errors: fc.nat(1),
    failedTests: fc.constantFrom(null, 0, 2),
    engineDifferences: fc.nat(1),
  }),
  fc.tuple(hash, signature).map(([revision, signed]) => ({ kind: 'signed' as const, revision, signed })),
  fc
    .tuple(hash, signature, fc.boolean(), fc.nat(1), fc.constantFrom(null, 0, 2), fc.nat(1))
    .map(([revision, signed, despiteTests, errors, failedTests, engineDifferences]) => ({
      kind: 'emergency_signed' as const,
      revision,
      signed,
      emergency: { ...EMERGENCY, operatorId: signed.operatorId, despiteTests },
      errors,
      failedTests,
      engineDifferences,
    })),
  fc.constant({ kind: 'shadow_started' as const }),
  fc.constant({ kind: 'shadow_ended' as const }),
  fc.record({ kind: fc.constant('activated' as const), atMs: fc.nat() }),
  fc.constant({ kind: 'superseded' as const }),
);

function run(revision: PolicyRevision, events: readonly RevisionEvent[]): PolicyRevision {
  return events.reduce((now, next) => {
    const moved = transition(now, next);
    return moved.ok ? moved.revision : now;
  }, revision);
}

describe('the life of a revision', () => {
  it('never lets anything become active that is unsigned, or signed without a second person or an emergency', () => {
    fc.assert(
      fc.property(fc.array(event, { maxLength: 40 }), (events) => {
        const { state, signature: signed, approval, emergency, revision, authorId } = run(sampleRevision(), events);
        if (!['signed', 'shadow', 'active', 'superseded'].includes(state)) return;
        expect(signed).not.toBeNull();
        expect(revision).not.toBeNull();
        if (emergency !== null) return;
        expect(approval?.revision).toBe(revision);
        expect(approval?.operatorId).not.toBe(authorId);
      }),
    );
  });

  it('never changes who wrote it, what it is, or a signature it has', () => {
    fc.assert(
      fc.property(fc.array(event, { maxLength: 20 }), fc.array(event, { maxLength: 20 }), (before, after) => {
        const once = run(sampleRevision(), before);
        const later = run(once, after);
        expect(later).toMatchObject({ id: once.id, contentHash: once.contentHash, authorId: once.authorId });
        if (once.signature !== null) expect(later.signature).toEqual(once.signature);
      }),
    );
  });

  it('reaches active through every step', () => {
    const signed = { keyId: 'k', signature: 's', operatorId: 'usr_ben', atMs: 2 };
    const steps: readonly RevisionEvent[] = [
      { kind: 'checked', revision: A, errors: 0 },
      { kind: 'tested', failed: 0, tests: 1 },
      { kind: 'impact_measured', revision: A },
      { kind: 'approved', approval: { operatorId: 'usr_ben', atMs: 1, revision: A, reason: 'fine', decisionId: 'dec' }, ...NO_FAULTS },
      { kind: 'signed', revision: A, signed },
      { kind: 'shadow_started' },
      { kind: 'activated', atMs: 3 },
    ];
    expect(run(sampleRevision(), steps).state).toBe('active');
  });

  const impactKnown = sampleRevision({ state: 'impact_known', revision: A });
  const approval = { operatorId: 'usr_ben', atMs: 1, revision: A, reason: '', decisionId: 'dec' };
  it.each<[string, PolicyRevision, RevisionEvent]>([
    ['policy.has_errors', sampleRevision(), { kind: 'checked', revision: A, errors: 1 }],
    ['policy.tests_failed', sampleRevision({ state: 'checked', revision: A }), { kind: 'tested', failed: 1, tests: 2 }],
    ['policy.tests_missing', sampleRevision({ state: 'checked', revision: A }), { kind: 'tested', failed: 0, tests: 0 }],
    ['policy.other_hash', impactKnown, { kind: 'approved', approval: { ...approval, revision: B }, ...NO_FAULTS }],
    ['policy.same_person', impactKnown, { kind: 'approved', approval: { ...approval, operatorId: 'usr_ada' }, ...NO_FAULTS }],
    ['policy.has_errors', impactKnown, { kind: 'approved', approval, ...NO_FAULTS, errors: 1 }],
    ['policy.tests_failed', impactKnown, { kind: 'approved', approval, ...NO_FAULTS, failedTests: 1 }],
    ['policy.tests_missing', impactKnown, { kind: 'approved', approval, ...NO_FAULTS, failedTests: null }],
    ['policy.engines_differ', impactKnown, { kind: 'approved', approval, ...NO_FAULTS, engineDifferences: 1 }],
    ['policy.wrong_state', sampleRevision(), { kind: 'activated', atMs: 1 }],
    ['policy.not_signed', sampleRevision({ state: 'superseded', revision: A }), { kind: 'activated', atMs: 1 }],
  ])('refuses with %s', (code, revision, refused) => {
    expect(transition(revision, refused)).toEqual({ ok: false, code, revision });
  });

  it.each(['tested', 'impact_known'] as const)('is tested and measured anew when a check of a %s one gives another hash', (state) => {
    const before = sampleRevision({ state, revision: A });
    expect(transition(before, { kind: 'checked', revision: B, errors: 0 })).toMatchObject({ revision: { state: 'checked', revision: B } });
    expect(transition(before, { kind: 'checked', revision: A, errors: 0 })).toMatchObject({ revision: { state, revision: A } });
  });

  const checked = sampleRevision({ state: 'checked', revision: A });
  const signed = { keyId: 'k', signature: 's', operatorId: 'usr_ben', atMs: 2 };
  const emergency = { kind: 'emergency_signed', revision: A, signed, emergency: EMERGENCY, ...NO_FAULTS } as const;
  const despite = { ...EMERGENCY, despiteTests: true };
  it.each<[string, Partial<typeof emergency> | object, string | null]>([
    ['whose tests passed', {}, null],
    ['whose tests fail', { failedTests: 1 }, 'policy.tests_failed'],
    ['whose tests did not run', { failedTests: null }, 'policy.tests_missing'],
    ['whose tests fail, where that is said', { failedTests: 1, emergency: despite }, null],
    ['whose tests did not run, where that is said', { failedTests: null, emergency: despite }, null],
    ['that has errors, whatever is said', { errors: 1, emergency: despite }, 'policy.has_errors'],
    ['whose impact shows two engines that differ', { engineDifferences: 1 }, null],
    ['of another hash, whatever is said', { revision: B, emergency: despite }, 'policy.other_hash'],
  ])('signs in an emergency what %s as it may', (_what, change, code) => {
    const moved = transition(checked, { ...emergency, ...change });
    if (code === null) expect(moved).toMatchObject({ ok: true, revision: { state: 'signed', emergency: { reason: EMERGENCY.reason } } });
    else expect(moved).toEqual({ ok: false, code, revision: checked });
  });

  it('lets what is shipped become active again without a signature', () => {
    expect(transition(sampleRevision({ state: 'superseded', authorId: 'gatehouse', revision: A }), { kind: 'activated', atMs: 1 }).ok).toBe(
      true,
    );
  });
});
