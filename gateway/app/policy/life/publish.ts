import { impactReportSchema } from '../../../domain/policy/impact-report.ts';
import { checkReportSchema, testReportSchema } from '../../../domain/policy/reports.ts';
import { signedText } from '../../../domain/policy/signed-bundle.ts';
import type { ReportedFaults } from '../../../domain/policy/transition.ts';
import { append, allow, step, type PolicyLifeDeps } from './life-deps.ts';
import type { PolicyLife } from './types.ts';

/** Approval by a second person, and the signature that lets a revision be loaded. */
export function createPublish(deps: PolicyLifeDeps): Pick<PolicyLife, 'approve' | 'sign' | 'signInEmergency' | 'rotateKey'> {
  const { clock, signer } = deps;
  return {
    approve: async ({ revision: hash, ...command }) => {
      const allowed = await allow(deps, 'policy.approve', command);
      if (!allowed.ok) return allowed;
      const { decisionId } = allowed;
      const { reason, operator } = command;
      const approval = { operatorId: operator.id, atMs: clock.nowMs(), revision: hash, reason, decisionId };
      return step(
        deps,
        allowed.revision,
        { kind: 'approved', approval, ...(await faultsOf(deps, allowed.revision.id)) },
        { event: 'approved', operatorId: operator.id, reason, decisionId },
      );
    },
    sign: async (command) => {
      const allowed = await allow(deps, 'policy.activate', command);
      if (!allowed.ok) return allowed;
      const { revision, decisionId } = allowed;
      if (revision.state !== 'approved' || revision.revision === null) return { ok: false, code: 'policy.wrong_state', revision };
      const { reason, operator } = command;
      const signed = { ...(await signer.sign(signedText(revision.revision))), operatorId: operator.id, atMs: clock.nowMs() };
      const event = { kind: 'signed', signed, revision: revision.revision } as const;
      return step(deps, revision, event, { event: 'signed', operatorId: operator.id, reason, detail: `key ${signed.keyId}`, decisionId });
    },
    signInEmergency: createEmergency(deps),
    rotateKey: async ({ operator, reason }) => {
      const target = { type: 'policy', id: 'keys' } as const;
      const decision = await deps.authorizeOperator({ action: 'policy.activate', operator, target, reason, firstOperatorId: null });
      if (decision.effect === 'deny') return { ok: false, code: 'request.forbidden', deny: decision };
      const keyId = await signer.rotate();
      const about = { id: 'keys', revision: null };
      await append(deps, about, { event: 'key_rotated', operatorId: operator.id, reason, detail: `key ${keyId}`, decisionId: decision.id });
      return { ok: true, keyId };
    },
  };
}

function createEmergency(deps: PolicyLifeDeps): PolicyLife['signInEmergency'] {
  return async ({ despiteTests, ...command }) => {
    const allowed = await allow(deps, 'policy.emergency', command);
    if (!allowed.ok) return allowed;
    const { revision, decisionId } = allowed;
    if (revision.revision === null) return { ok: false, code: 'policy.wrong_state', revision };
    const { reason, operator } = command;
    const found = await faultsOf(deps, revision.id);
    // Said of tests that passed it means nothing, and is not kept.
    const isDespiteTests = despiteTests && found.failedTests !== 0;
    const atMs = deps.clock.nowMs();
    const signed = { ...(await deps.signer.sign(signedText(revision.revision))), operatorId: operator.id, atMs };
    const emergency = { operatorId: operator.id, atMs, reason, decisionId, despiteTests: isDespiteTests };
    const event = { kind: 'emergency_signed', revision: revision.revision, signed, emergency, ...found } as const;
    const detail = !isDespiteTests ? '' : found.failedTests === null ? 'tests were not run' : `although ${found.failedTests} tests fail`;
    const moved = await step(deps, revision, event, { event: 'emergency_signed', operatorId: operator.id, reason, detail, decisionId });
    if (!moved.ok) return moved;
    const about = { revisionId: revision.id, personId: operator.id };
    await alarm(deps, { ...about, code: 'policy.emergency_publish' });
    if (isDespiteTests) await alarm(deps, { ...about, code: 'policy.published_despite_tests' });
    return moved;
  };
}

/** What is known of its faults. A test may have run again after it had passed, and a check under another version of the program. */
async function faultsOf({ store }: PolicyLifeDeps, revisionId: string): Promise<ReportedFaults> {
  const [check, test, impact] = await Promise.all([
    store.report(revisionId, 'check'),
    store.report(revisionId, 'test'),
    store.report(revisionId, 'impact'),
  ]);
  const findings = checkReportSchema.nullable().parse(check)?.findings ?? [];
  return {
    errors: findings.filter(({ severity }) => severity === 'error').length,
    failedTests: testReportSchema.nullable().parse(test)?.failed ?? null,
    engineDifferences: impactReportSchema.nullable().parse(impact)?.engineCheck.differences ?? 0,
  };
}

interface AlarmAbout {
  readonly code: 'policy.emergency_publish' | 'policy.published_despite_tests';
  readonly revisionId: string;
  readonly personId: string;
}

async function alarm({ audit, clock }: PolicyLifeDeps, { code, revisionId, personId }: AlarmAbout): Promise<void> {
  await audit.append({
    type: 'alarm',
    occurredAtMs: clock.nowMs(),
    code,
    sourceType: 'policy',
    sourceId: revisionId,
    active: true,
    personId,
  });
}
