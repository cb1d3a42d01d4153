import { contentHash } from '../../../domain/policy/content-hash.ts';
import type { PolicyRevision } from '../../../domain/policy/revision.ts';
import { verifyBundle } from '../../../domain/policy/signed-bundle.ts';
import { createCheckRevision } from '../check-revision.ts';
import { createTestRevision } from '../test-revision.ts';
import { allow, append, step, type PolicyLifeDeps } from './life-deps.ts';
import type { PolicyLife } from './types.ts';

/** What an author does: propose, check, test. */
export function createDrafts(deps: PolicyLifeDeps): Pick<PolicyLife, 'propose' | 'check' | 'test'> {
  const monotonicMs = (): number => deps.clock.monotonicUs() / 1_000;
  const checkRevision = createCheckRevision({ ...deps, monotonicMs });
  const testRevision = createTestRevision({ ...deps, monotonicMs });
  return {
    propose: createPropose(deps),
    check: async (command) => {
      const allowed = await allow(deps, 'policy.propose', command);
      if (!allowed.ok) return allowed;
      const content = await deps.store.content(allowed.revision.id);
      if (content === null) return { ok: false, code: 'resource.unknown' };
      const { report, bundle } = await checkRevision(content);
      await deps.store.keepReport(allowed.revision.id, 'check', report);
      const errors = report.findings.filter(({ severity }) => severity === 'error').length;
      const { operator } = command;
      if (bundle === null || errors > 0) return { ok: true, revision: allowed.revision, report };
      await deps.store.keepBundle(bundle.manifest.revision, bundle);
      const detail = `${report.findings.length} findings`;
      const checked = { kind: 'checked', revision: bundle.manifest.revision, errors } as const;
      const moved = await step(deps, allowed.revision, checked, {
        event: 'checked',
        operatorId: operator.id,
        detail,
        decisionId: allowed.decisionId,
      });
      // A published revision may be checked again; it stays what it is.
      if (!moved.ok && moved.code === 'policy.wrong_state') return { ok: true, revision: allowed.revision, report };
      return moved.ok ? { ...moved, report } : moved;
    },
    test: async (command) => {
      const allowed = await allow(deps, 'policy.propose', command);
      if (!allowed.ok) return allowed;
      const { revision, decisionId } = allowed;
      const content = await deps.store.content(revision.id);
      const bundle = revision.revision === null ? null : await deps.store.bundle(revision.revision);
      if (content === null || bundle === null || revision.revision === null || !verifyBundle(bundle, revision.revision).ok) {
        return { ok: false, code: 'policy.wrong_state', revision };
      }
      const report = await testRevision(content, bundle);
      await deps.store.keepReport(revision.id, 'test', report);
      if (report.failed > 0) return { ok: true, revision, report };
      const detail = `${report.tests} tests, ${report.cases} cases, coverage ${report.coverage01}`;
      const tested = { kind: 'tested', failed: report.failed, tests: report.tests + report.cases } as const;
      const moved = await step(deps, revision, tested, { event: 'tested', operatorId: command.operator.id, detail, decisionId });
      if (!moved.ok && moved.code === 'policy.wrong_state') return { ok: true, revision, report };
      return moved.ok ? { ...moved, report } : moved;
    },
  };
}

function createPropose(deps: PolicyLifeDeps): PolicyLife['propose'] {
  return async ({ operator, content, note, parentId }) => {
    const hash = contentHash(content);
    const decision = await deps.authorizeOperator({
      action: 'policy.propose',
      operator,
      target: { type: 'policy', id: hash },
      reason: note,
      firstOperatorId: null,
    });
    if (decision.effect === 'deny') return { ok: false, code: 'request.forbidden', deny: decision };
    const [newest] = await deps.store.list({ beforeId: null, limit: 1 });
    if (newest?.contentHash === hash && newest.authorId === operator.id) return { ok: true, revision: newest };
    if (parentId !== null && (await deps.store.find(parentId)) === null) return { ok: false, code: 'resource.unknown' };
    const revision: PolicyRevision = {
      id: deps.random.id('rev'),
      state: 'draft',
      contentHash: hash,
      authorId: operator.id,
      createdAtMs: deps.clock.nowMs(),
      parentId: parentId ?? (await deps.store.activation())?.revisionId ?? null,
      note,
      revision: null,
      approval: null,
      signature: null,
      emergency: null,
      activatedAtMs: null,
    };
    await deps.store.add(revision, content);
    await append(deps, revision, { event: 'proposed', operatorId: operator.id, reason: note, decisionId: decision.id });
    return { ok: true, revision };
  };
}
