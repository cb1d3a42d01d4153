import { denyBecause, parseDecision, type Decision } from '../../domain/access/decision.ts';
import { decisionInputSchema, type DecisionInput } from '../../domain/access/decision-input.ts';
import type { DecisionRecord } from '../../domain/audit/record.ts';
import { understoodBeside } from '../../domain/policy/understood-obligations.ts';
import { createExactCheck } from '../../domain/exact-check.ts';
import type { DecisionId } from '../../domain/site/ids.ts';
import { tryParse } from '../../domain/try-parse.ts';
import type { AuditLog } from '../../ports/audit-log.ts';
import type { Clock } from '../../ports/clock.ts';
import type { PolicyEngine } from '../../ports/policy-engine.ts';
import type { Random } from '../../ports/random.ts';
import type { Decide, DecideRequest } from './types.ts';

export interface DecideDeps {
  readonly policy: PolicyEngine;
  readonly audit: AuditLog;
  readonly clock: Clock;
  readonly random: Random;
  /** From the question to the durable record; later answers are denies (`pdp.late`). */
  readonly timeoutMs: number;
}

type Stamp = Pick<Decision, 'id' | 'policyRevision' | 'epoch'>;

const isExact = createExactCheck(decisionInputSchema);
const utf8 = new TextEncoder();
/** Longer inputs get memory of their own. */
const SCRATCH_LENGTH_BYTES = 16_384;

/** An input that has passed the schema: what the policy is asked with is, character by character, what is recorded. */
interface Asked {
  readonly input: DecisionInput;
  readonly inputJson: string;
}

/**
 * The only way to a permit: schema gate -> policy -> parsed answer -> durable record -> decision. Never throws: every failure is
 * a deny with its reason, recorded where the log can still take it.
 */
export function createDecide(deps: DecideDeps): Decide {
  const toBytes = createToBytes();
  return async (request) => {
    const startedUs = deps.clock.monotonicUs();
    const stamp: Stamp = { id: deps.random.id('dec') as DecisionId, policyRevision: deps.policy.revision, epoch: epochOf(request.input) };
    const asked = check(request.input);
    const decision =
      asked === null ? denyBecause(stamp, 'input.invalid') : evaluate(deps.policy, toBytes(asked.inputJson), { stamp, ...request });
    const latencyUs = Math.max(0, Math.round(deps.clock.monotonicUs() - startedUs));
    const record = toRecord(deps, request, { decision, input: asked?.input ?? null, latencyUs });
    const recorded = deps.audit.append(record, toRecordJson(record, asked?.inputJson ?? 'null')).then(
      () => true,
      () => false, // The deny that follows is the report: whoever asked learns `audit.unavailable`.
    );
    const settled = async (): Promise<Decision> => {
      if (!(await recorded)) return { ...denyBecause(stamp, 'audit.unavailable'), unrecorded: decision.effect };
      const tookMs = (deps.clock.monotonicUs() - startedUs) / 1000;
      return tookMs > deps.timeoutMs && decision.effect === 'permit' ? withhold(deps, record, stamp) : decision;
    };
    if (decision.effect === 'deny' || request.onPermit === undefined) return settled();
    request.onPermit(settled());
    return decision;
  };
}

/** Null for what the input schema refuses. */
function check(input: unknown): Asked | null {
  if (isExact(input)) return { input: input as DecisionInput, inputJson: JSON.stringify(input) };
  const { success, data } = tryParse(decisionInputSchema, input);
  return success ? { input: data, inputJson: JSON.stringify(data) } : null;
}

/** UTF-8 of a text, in memory that the next call uses again. */
function createToBytes(): (text: string) => Uint8Array {
  const scratch = new Uint8Array(SCRATCH_LENGTH_BYTES);
  return (text) => {
    const { read, written } = utf8.encodeInto(text, scratch);
    return read === text.length ? scratch.subarray(0, written) : utf8.encode(text);
  };
}

interface Understanding extends Pick<DecideRequest, 'understands'> {
  readonly stamp: Stamp;
}

function evaluate(policy: PolicyEngine, inputJson: Uint8Array, { stamp, understands }: Understanding): Decision {
  try {
    return parseDecision(policy.evaluate(inputJson), stamp, understands);
  } catch {
    return denyBecause(stamp, 'pdp.unavailable'); // Whatever was thrown inside the engine, nobody gets in on it.
  }
}

/** The permit is in the log but came too late to act on: the log says that it was withheld. */
async function withhold(deps: DecideDeps, record: DecisionRecord, stamp: Stamp): Promise<Decision> {
  await deps.audit
    .append({
      type: 'outcome',
      occurredAtMs: deps.clock.nowMs(),
      decisionId: stamp.id,
      resourceId: record.resourceId,
      personId: record.personId,
      outcome: 'withheld',
      detail: 'pdp.late',
    })
    .catch(() => undefined); // Denied either way; a log that fails here fails the next decision too.
  return denyBecause(stamp, 'pdp.late');
}

interface Decided {
  readonly decision: Decision;
  readonly input: DecisionInput | null;
  readonly latencyUs: number;
}

function toRecord(deps: DecideDeps, request: DecideRequest, { decision, input, latencyUs }: Decided): DecisionRecord {
  const denied = decision.effect === 'deny';
  const understood = input === null ? null : understoodBeside(input, request.understands);
  return {
    type: 'decision',
    occurredAtMs: input?.context.time.epoch_ms ?? deps.clock.nowMs(),
    decisionId: decision.id,
    channel: input?.context.channel ?? 'unknown',
    action: input?.action.name ?? 'unknown',
    personId: input === null || input.subject.id === '' ? null : input.subject.id,
    resourceType: input?.resource.type ?? 'unknown',
    resourceId: input?.resource.id ?? 'unknown',
    effect: decision.effect,
    reasons: denied ? [...decision.reasons] : [],
    permits: denied ? [] : [...decision.permits],
    obligations: denied ? [] : [...decision.obligations],
    policyRevision: decision.policyRevision,
    dataRevision: deps.policy.dataRevision,
    epoch: decision.epoch,
    mode: request.mode,
    latencyUs,
    operatorReason: request.operatorReason ?? null,
    ...(understood === null ? {} : { understands: [...understood] }),
    input,
  };
}

/** As `JSON.stringify(record)`: the input, the most of it and its last member, is text already. */
function toRecordJson({ input: _input, ...rest }: DecisionRecord, inputJson: string): string {
  return `${JSON.stringify(rest).slice(0, -1)},"input":${inputJson}}`;
}

/** The input is not checked yet when its epoch is stamped. */
function epochOf(input: unknown): number {
  const epoch = (input as { readonly context?: { readonly epoch?: unknown } } | null)?.context?.epoch;
  return typeof epoch === 'number' && Number.isSafeInteger(epoch) && epoch >= 0 ? epoch : 0;
}
