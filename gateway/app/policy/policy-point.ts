import type { PolicyData } from '../../domain/access/policy-data.ts';
import type { DecisionInput } from '../../domain/access/decision-input.ts';
import { GatewayError } from '../../domain/errors.ts';
import type { AuditRecordOf } from '../../domain/audit/record.ts';
import type { Clock } from '../../ports/clock.ts';
import type { PolicyEngine } from '../../ports/policy-engine.ts';
import type { PolicyEngines } from '../../ports/policy-engines.ts';
import type { PolicyPoint } from '../../ports/policy-point.ts';
import type { LoadSigned } from './load-signed.ts';
import { answeredOutcome, FAILED_OUTCOME, flipKind } from './replay/outcomes.ts';
import type { ShadowDifference, SwappableEngine } from './swappable-engine.ts';

/** Disagreements of one shadow run that are recorded one by one; all are counted. */
export const SHADOW_RECORDS_MAX = 100;

export interface PolicyPointDeps {
  readonly engine: SwappableEngine;
  readonly engines: Pick<PolicyEngines, 'load'>;
  readonly loadSigned: LoadSigned;
  /** Grants, profiles and schedules as they are now. */
  readonly currentData: () => Promise<PolicyData>;
  /** Records without waiting; what cannot be recorded is counted all the same. Never throws. */
  readonly record: (record: AuditRecordOf<'policy_revision'>) => void;
  readonly clock: Clock;
}

/** The part of a deciding thread that its policy is exchanged through. */
export function createPolicyPoint(deps: PolicyPointDeps): PolicyPoint {
  let prepared: { readonly revisionId: string; readonly engine: PolicyEngine } | null = null;
  const load = async (revisionId: string): Promise<PolicyEngine> => deps.engines.load(await deps.loadSigned(revisionId));
  return {
    prepare: async (revisionId) => {
      const engine = await load(revisionId);
      // From here on it hears of every change of the data; what changed before it stood by is in what is read now.
      deps.engine.standBy(engine);
      engine.setData(await deps.currentData());
      prepared = { revisionId, engine };
    },
    swap: async (revisionId) => {
      if (prepared?.revisionId !== revisionId) throw new GatewayError('policy.load_failed', 'The revision was not prepared.');
      deps.engine.swap(prepared.engine);
      prepared = null;
    },
    shadow: async (revisionId) => {
      if (revisionId === null) return deps.engine.shadow(null);
      const engine = await load(revisionId);
      engine.setData(await deps.currentData());
      let recorded = 0;
      const onDifference = (difference: ShadowDifference): void => {
        recorded += 1;
        if (recorded <= SHADOW_RECORDS_MAX) deps.record(toRecord(revisionId, engine.revision, difference, deps.clock.nowMs()));
      };
      deps.engine.shadow({ engine, onDifference });
      // A change of the data between reading and standing by would be missed.
      engine.setData(await deps.currentData());
    },
    shadowReport: async () => deps.engine.shadowCounts(),
  };
}

const utf8 = new TextDecoder();

function toRecord(
  revisionId: string,
  revision: string,
  { inputJson, active, candidate }: ShadowDifference,
  occurredAtMs: number,
): AuditRecordOf<'policy_revision'> {
  // What decides took it for an input a moment ago: it has passed the schema.
  const input = JSON.parse(utf8.decode(inputJson)) as DecisionInput;
  const before = answeredOutcome(active, input, undefined);
  const after = candidate === undefined ? FAILED_OUTCOME : answeredOutcome(candidate, input, undefined);
  const who = input.subject.id === '' ? 'nobody' : input.subject.id;
  const kind = flipKind(before, after) ?? 'same_outcome';
  const detail = `${kind} ${input.action.name} ${who} ${input.resource.id} ${input.context.request.id}: ${after.effect} ${after.codes.join(' ')}`;
  return {
    type: 'policy_revision',
    occurredAtMs,
    event: 'shadow_disagreed',
    revisionId,
    revision,
    operatorId: null,
    reason: '',
    detail: detail.slice(0, 500),
    decisionId: null,
  };
}
