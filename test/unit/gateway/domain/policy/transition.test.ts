import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { PolicyRevision } from '#gateway/domain/policy/revision.ts';
import { transition, type RevisionEvent } from '#gateway/domain/policy/transition.ts';
import { sampleRevision } from '#test/support/policy-revisions.ts';

const A = 'a'.repeat(64);
const B = 'b'.repeat(64);

const EMERGENCY = { operatorId: 'usr_ben', atMs: 1, reason: 'the vault is open', decisionId: 'dec', despiteTests: false };

const operator = fc.constantFrom('usr_ada', 'usr_ben', 'local');
const hash = fc.constantFrom(A, B);
const signature = fc.record({ keyId: fc.constant('k'), signature: fc.constant('s'), operatorId: operator, atMs: fc.nat() });

const event: fc.Arbitrary<RevisionEvent> = fc.oneof(
  // One content compiles to one hash.
  fc.record({ kind: fc.constant('checked' as const), revision: fc.constant(A), errors: fc.nat(1) }),
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
  }),
  fc.tuple(hash, signature).map(([revision, signed]) => ({ kind: 'signed' as const, revision, signed })),
  fc
    .tuple(hash, signature, fc.boolean(), fc.nat(1), fc.constantFrom(null, 0, 2))
    .map(([revision, signed, despiteTests, errors, failedTests]) => ({
      kind: 'emergency_signed' as const,
      revision,
      signed,
      emergency: { ...EMERGENCY, operatorId: signed.operatorId, despiteTests },
      errors,
      failedTests,
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
        expect(revision).toBe(A);
        if (emergency !== null) return;
        expect(approval?.revision).toBe(A);
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
      { kind: 'approved', approval: { operatorId: 'usr_ben', atMs: 1, revision: A, reason: 'fine', decisionId: 'dec' } },
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
    ['policy.other_hash', impactKnown, { kind: 'approved', approval: { ...approval, revision: B } }],
    ['policy.same_person', impactKnown, { kind: 'approved', approval: { ...approval, operatorId: 'usr_ada' } }],
    ['policy.wrong_state', sampleRevision(), { kind: 'activated', atMs: 1 }],
    ['policy.not_signed', sampleRevision({ state: 'superseded', revision: A }), { kind: 'activated', atMs: 1 }],
  ])('refuses with %s', (code, revision, refused) => {
    expect(transition(revision, refused)).toEqual({ ok: false, code, revision });
  });

  const checked = sampleRevision({ state: 'checked', revision: A });
  const signed = { keyId: 'k', signature: 's', operatorId: 'usr_ben', atMs: 2 };
  const emergency = { kind: 'emergency_signed', revision: A, signed, emergency: EMERGENCY, errors: 0, failedTests: 0 } as const;
  const despite = { ...EMERGENCY, despiteTests: true };
  it.each<[string, Partial<typeof emergency> | object, string | null]>([
    ['whose tests passed', {}, null],
    ['whose tests fail', { failedTests: 1 }, 'policy.tests_failed'],
    ['whose tests did not run', { failedTests: null }, 'policy.tests_missing'],
    ['whose tests fail, where that is said', { failedTests: 1, emergency: despite }, null],
    ['whose tests did not run, where that is said', { failedTests: null, emergency: despite }, null],
    ['that has errors, whatever is said', { errors: 1, emergency: despite }, 'policy.has_errors'],
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
