import type { PolicyData } from '../../../domain/access/policy-data.ts';
import type { DecisionRecord } from '../../../domain/audit/record.ts';
import { canonicalJson } from '../../../domain/canonical-json.ts';
import { gatewayReasonCodeSchema } from '../../../domain/access/reason-code.ts';
import type { FlipCause, FlipKind, FlipReach, ImpactReport, Outcome } from '../../../domain/policy/impact-report.ts';
import type { PolicyEngine } from '../../../ports/policy-engine.ts';
import type { TracingEngine } from '../../../ports/policy-engines.ts';
import { findCause, type Side, type SourceLines } from './flip-cause.ts';
import { counted, FlipGrouping, NOBODY_KEY, noKinds } from './flip-groups.ts';
import { answeredOutcome, FAILED_OUTCOME, flipKind, recordedOutcome } from './outcomes.ts';

/** One decision in so many is put to the engine that decides as well, flip or not. */
export const ENGINE_CHECK_EVERY = 100;

/** What decided then, as far as it is kept. */
export interface Baseline {
  readonly engine: TracingEngine;
  readonly lines: SourceLines;
  readonly changed: ReadonlySet<string>;
  /** Rows of the draft that this one does not have. */
  readonly draftChanged: ReadonlySet<string>;
}

export interface ReplayDeps {
  readonly draft: TracingEngine;
  readonly draftLines: SourceLines;
  /** The draft in the engine that decides. */
  readonly authority: PolicyEngine;
  /** By the revision of a record; null when it is not kept. */
  readonly baseline: (revision: string) => Promise<Baseline | null>;
  /** By the data revision of a record; null when it is not kept. */
  readonly data: (dataRevision: string) => Promise<PolicyData | null>;
  /** Answers what a decision is compared with; without it that is what was recorded. */
  readonly before?: Pick<TracingEngine, 'evaluateInput'>;
  readonly monotonicMs: () => number;
  /** Processor time of this thread so far. */
  readonly cpuMs: () => number;
}

type Input = NonNullable<DecisionRecord['input']>;
type Counts = { -readonly [Name in 'decisions' | 'replayed' | 'flips']: ImpactReport[Name] };

/** Reasons that only the gateway gives; a deny for want of an understood obligation is one of the policy's answer. */
const GATEWAY_REASONS: ReadonlySet<string> = new Set(gatewayReasonCodeSchema.options.filter((code) => code !== 'obligation.unsupported'));

const utf8 = new TextEncoder();

/** Decides recorded decisions again, one after another, and counts what comes out differently. Memory is bounded by the groups. */
export class Replay {
  readonly counts: Counts = { decisions: 0, replayed: 0, flips: 0 };
  readonly #deps: ReplayDeps;
  readonly #skipped = { no_input: 0, gateway_decided: 0, data_missing: 0 };
  readonly #groups = { person: new FlipGrouping(), door: new FlipGrouping(), app: new FlipGrouping(), line: new FlipGrouping() };
  readonly #engineCheck: { checked: number; differences: number; firstDecisionId: string | null } = {
    checked: 0,
    differences: 0,
    firstDecisionId: null,
  };
  readonly #startedMs: number;
  readonly #startedCpuMs: number;
  readonly #hours: Readonly<Record<'permit_to_deny' | 'deny_to_permit', number[]>> = {
    permit_to_deny: noHours(),
    deny_to_permit: noHours(),
  };
  #kinds = noKinds();
  #failures: ImpactReport['failures'] = { total: 0, first: null };
  #dataRevision: string | null = null;
  #isDataKept = false;
  #authorityDataRevision: string | null = null;
  #data: PolicyData | null = null;

  constructor(deps: ReplayDeps) {
    this.#deps = deps;
    this.#startedMs = deps.monotonicMs();
    this.#startedCpuMs = deps.cpuMs();
  }

  /** Decides one again. `dataRevision` names the data to do it under. */
  async add(record: DecisionRecord, dataRevision: string): Promise<void> {
    this.counts.decisions += 1;
    const { input } = record;
    if (input === null) return void (this.#skipped.no_input += 1);
    if (record.reasons.some((reason) => GATEWAY_REASONS.has(reason))) return void (this.#skipped.gateway_decided += 1);
    if (dataRevision !== this.#dataRevision) await this.#setData(dataRevision);
    if (!this.#isDataKept) return void (this.#skipped.data_missing += 1);
    this.counts.replayed += 1;
    const { answer, after } = this.#decide(record, input);
    const before = this.#before(record, input);
    const kind = flipKind(before, after);
    if (kind === null && this.counts.replayed % ENGINE_CHECK_EVERY !== 0) return;
    const inputJson = utf8.encode(JSON.stringify(input));
    this.#checkEngine(record, inputJson, answer);
    if (kind !== null) await this.#count(record, kind, { before, after, inputJson });
  }

  report(window: ImpactReport['window'], data: ImpactReport['data']): ImpactReport {
    const tookMs = this.#deps.monotonicMs() - this.#startedMs;
    return {
      revision: this.#deps.draft.revision,
      window,
      data,
      ...this.counts,
      skipped: this.#skipped,
      kinds: this.#kinds,
      reach: { permit_to_deny: this.#reach('permit_to_deny'), deny_to_permit: this.#reach('deny_to_permit') },
      byPerson: this.#groups.person.report(),
      byDoor: this.#groups.door.report(),
      byApp: this.#groups.app.report(),
      byLine: this.#groups.line.report(),
      failures: this.#failures,
      engineCheck: this.#engineCheck,
      tookMs: Math.round(tookMs),
      cpuMs: Math.round(this.#deps.cpuMs() - this.#startedCpuMs),
      decisionsPerS: tookMs <= 0 ? 0 : Math.round(this.counts.replayed / (tookMs / 1_000)),
    };
  }

  #reach(kind: 'permit_to_deny' | 'deny_to_permit'): FlipReach {
    const { person, door, app } = this.#groups;
    return { people: person.count(kind), doors: door.count(kind), apps: app.count(kind), hours: this.#hours[kind] };
  }

  async #setData(dataRevision: string): Promise<void> {
    this.#data = await this.#deps.data(dataRevision);
    this.#dataRevision = dataRevision;
    this.#isDataKept = this.#data !== null;
    if (this.#data !== null) this.#deps.draft.setData(this.#data);
  }

  #decide(record: DecisionRecord, input: Input): { readonly answer: unknown; readonly after: Outcome } {
    try {
      const answer = this.#deps.draft.evaluateInput(input);
      return { answer, after: answeredOutcome(answer, input, record.understands) };
    } catch (failure) {
      const cause = failure instanceof Error && failure.cause instanceof Error ? failure.cause.message : 'the evaluation failed';
      this.#failures = {
        total: this.#failures.total + 1,
        first: this.#failures.first ?? { decisionId: record.decisionId, message: cause.slice(0, 200) },
      };
      return { answer: undefined, after: FAILED_OUTCOME };
    }
  }

  #before(record: DecisionRecord, input: Input): Outcome {
    const { before } = this.#deps;
    if (before === undefined) return recordedOutcome(record);
    const answer = attempt(() => before.evaluateInput(input));
    return answer === undefined ? FAILED_OUTCOME : answeredOutcome(answer, input, record.understands);
  }

  #checkEngine(record: DecisionRecord, inputJson: Uint8Array, answer: unknown): void {
    const { authority } = this.#deps;
    if (this.#authorityDataRevision !== this.#dataRevision && this.#data !== null) authority.setData(this.#data);
    this.#authorityDataRevision = this.#dataRevision;
    this.#engineCheck.checked += 1;
    const other = attempt(() => authority.evaluate(inputJson));
    if (canonicalJson(other ?? null) === canonicalJson(answer ?? null)) return;
    this.#engineCheck.differences += 1;
    this.#engineCheck.firstDecisionId ??= record.decisionId;
  }

  async #count(
    record: DecisionRecord,
    kind: FlipKind,
    { before, after, inputJson }: { readonly before: Outcome; readonly after: Outcome; readonly inputJson: Uint8Array },
  ): Promise<void> {
    this.counts.flips += 1;
    this.#kinds = counted(this.#kinds, kind);
    const { decisionId, occurredAtMs, action, personId, resourceId, resourceType } = record;
    const example = { decisionId, occurredAtMs, kind, action, personId, resourceId, before, after };
    if (kind === 'permit_to_deny' || kind === 'deny_to_permit') countHour(this.#hours[kind], record.input);
    this.#groups.person.add(personId ?? NOBODY_KEY, example);
    if (resourceType === 'door') this.#groups.door.add(resourceId, example);
    if (resourceType === 'app' || resourceType === 'vpn_realm') this.#groups.app.add(resourceId, example);
    const cause = await this.#causeOf(record, inputJson, { from: before, to: after });
    this.#groups.line.add(
      cause === null ? '(unknown)' : `${cause.file}:${cause.row}${cause.side === 'before' ? ' (before)' : ''}`,
      example,
      cause,
    );
  }

  async #causeOf(
    record: DecisionRecord,
    inputJson: Uint8Array,
    outcomes: { readonly from: Outcome; readonly to: Outcome },
  ): Promise<FlipCause | null> {
    const { draft, draftLines } = this.#deps;
    const baseline = await this.#deps.baseline(record.policyRevision);
    const statements = attempt(() => draft.trace(inputJson).statements) ?? [];
    const draftSide: Side = { lines: draftLines, changed: baseline?.draftChanged ?? new Set(), statements };
    if (baseline === null) return findCause(draftSide, null, outcomes);
    if (this.#data !== null && baseline.engine.dataRevision !== this.#dataRevision) baseline.engine.setData(this.#data);
    const then = attempt(() => baseline.engine.trace(inputJson).statements) ?? [];
    return findCause(draftSide, { lines: baseline.lines, changed: baseline.changed, statements: then }, outcomes);
  }
}

const noHours = (): number[] => Array.from({ length: 24 }, () => 0);

function countHour(hours: number[], input: DecisionRecord['input']): void {
  const hour = Math.floor((input?.context.time.minute_of_day ?? -1) / 60);
  const count = hours[hour];
  if (count !== undefined) hours[hour] = count + 1;
}

/** Undefined when it throws: the engines' own failures are counted where they decide. */
function attempt<Value>(work: () => Value): Value | undefined {
  try {
    return work();
  } catch {
    return undefined;
  }
}
