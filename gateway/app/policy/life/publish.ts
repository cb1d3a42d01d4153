import { signedText } from '../../../domain/policy/signed-bundle.ts';
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
        { kind: 'approved', approval },
        { event: 'approved', operatorId: operator.id, reason, decisionId },
      );
    },
    sign: async (command) => {
      const allowed = await allow(deps, 'policy.activate', command);
      if (!allowed.ok) return allowed;
      const { revision, decisionId } = allowed;
      if (revision.state !== 'approved' || revision.revision === null) return { ok: false, code: 'policy.wrong_state' };
      const { reason, operator } = command;
      const signed = { ...(await signer.sign(signedText(revision.revision))), operatorId: operator.id, atMs: clock.nowMs() };
      const event = { kind: 'signed', signed, revision: revision.revision } as const;
      return step(deps, revision, event, { event: 'signed', operatorId: operator.id, reason, detail: `key ${signed.keyId}`, decisionId });
    },
    signInEmergency: async (command) => {
      const allowed = await allow(deps, 'policy.emergency', command);
      if (!allowed.ok) return allowed;
      const { revision, decisionId } = allowed;
      if (revision.revision === null) return { ok: false, code: 'policy.wrong_state' };
      const { reason, operator } = command;
      const atMs = clock.nowMs();
      const signed = { ...(await signer.sign(signedText(revision.revision))), operatorId: operator.id, atMs };
      const emergency = { operatorId: operator.id, atMs, reason, decisionId };
      const event = { kind: 'emergency_signed', revision: revision.revision, signed, emergency } as const;
      const moved = await step(deps, revision, event, { event: 'emergency_signed', operatorId: operator.id, reason, decisionId });
      if (moved.ok) await alarm(deps, revision.id, operator.id);
      return moved;
    },
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

async function alarm({ audit, clock }: PolicyLifeDeps, revisionId: string, personId: string): Promise<void> {
  await audit.append({
    type: 'alarm',
    occurredAtMs: clock.nowMs(),
    code: 'policy.emergency_publish',
    sourceType: 'policy',
    sourceId: revisionId,
    active: true,
    personId,
  });
}
