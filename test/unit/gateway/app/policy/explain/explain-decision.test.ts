import { expect, it } from 'vitest';
import { createExplainDecision, type ExplainDeps } from '#gateway/app/policy/explain/explain-decision.ts';
import type { AuditRecordOf } from '#gateway/domain/audit/record.ts';
import { GatewayError } from '#gateway/domain/errors.ts';
import { someDecision } from '#test/support/audit-records.ts';
import { sampleContent, sampleRevision } from '#test/support/policy/revisions.ts';
import { sampleInput } from '#test/support/sample-input.ts';

const data = { gatehouse: { profiles: {}, grants: {}, schedules: {}, operator_roles: {} } };
const PERMIT = { allow: true, permits: ['door.granted'], denies: [], obligations: [{ id: 'extended_open_time' }], ttl_s: 0 };

/** Both engines answer alike; everything that is asked for is kept. */
function explaining(record: AuditRecordOf<'decision'>, evaluate: () => unknown) {
  const deps = {
    store: { data: async () => data, findByRevision: async () => sampleRevision(), content: async () => sampleContent },
    ensurePlan: async () => ({ manifest: { opa_version: 'test' } }),
    engines: {
      load: async () => ({ setData: () => undefined, evaluate }),
      trace: () => ({
        setData: () => undefined,
        evaluateInput: evaluate,
        explainDecision: () => ({ answer: evaluate(), rules: [], missing: [] }),
      }),
    },
    log: { ofDecision: async () => [{ record }] },
  };
  // What explains a decision asks for nothing else.
  return createExplainDecision(deps as unknown as ExplainDeps)(record.decisionId);
}

const decided = (change: Partial<AuditRecordOf<'decision'>>) => someDecision('dec_1', { input: sampleInput, permits: [], ...change });

it('explains a decision that was denied because its evaluation failed, with the place where it ended', async () => {
  const fails = (): never => {
    const cause = new Error('two values for one rule at access/doors.rego:156:1');
    throw new GatewayError('policy.evaluation_failed', 'the policy could not be evaluated', { cause });
  };
  const explained = await explaining(decided({ effect: 'deny', reasons: ['pdp.unavailable'] }), fails);
  expect(explained).toMatchObject({
    rerun: 'same',
    enginesAgree: true,
    again: { effect: 'deny', codes: ['pdp.unavailable'] },
    wouldPermit: [],
  });
  expect(explained?.summary).toContain('The evaluation failed: two values for one rule at access/doors.rego:156:1.');
});

it('decides again for what the enforcement point could fulfil then', async () => {
  const atADoor = decided({ effect: 'deny', reasons: ['obligation.unsupported'] });
  expect(await explaining({ ...atADoor, understands: [] }, () => PERMIT)).toMatchObject({
    rerun: 'same',
    again: { codes: ['obligation.unsupported'] },
  });
  expect(await explaining(atADoor, () => PERMIT)).toMatchObject({ rerun: 'different', again: { effect: 'permit' } });
});
