import type { PolicyData } from '../../../domain/access/policy-data.ts';
import { explainReason } from '../../../domain/access/reason-text.ts';
import { reasonCodeSchema } from '../../../domain/access/reason-code.ts';
import { canonicalJson } from '../../../domain/canonical-json.ts';
import type { DecisionRecord } from '../../../domain/audit/record.ts';
import type { ExplainedRule, Explanation, FactChange } from '../../../domain/policy/explanation.ts';
import type { Outcome } from '../../../domain/policy/impact-report.ts';
import { rulesOf } from '../../../domain/policy/lint/rego-rules.ts';
import { maskInput } from '../../../domain/policy/mask-input.ts';
import type { RevisionContent } from '../../../domain/policy/revision.ts';
import { metadataAt } from '../../../domain/policy/rule-metadata.ts';
import type { CompiledBundle } from '../../../domain/policy/signed-bundle.ts';
import { tryParse } from '../../../domain/try-parse.ts';
import type { AuditReader } from '../../../ports/audit-log.ts';
import type { PolicyEngines, PolicyLine, RuleOutcome, TracingEngine } from '../../../ports/policy-engines.ts';
import type { PolicyStore } from '../../../ports/policy-store.ts';
import type { EnsurePlan } from '../ensure-plan.ts';
import { answeredOutcome, FAILED_OUTCOME, flipKind, recordedOutcome } from '../replay/outcomes.ts';
import type { Question } from './fact-changes.ts';
import { findCounterfactual } from './find-counterfactual.ts';

/** Steps of one evaluation while an operator waits for the answer. */
const EXPLAIN_STEPS_MAX = 200_000;

export interface ExplainDeps {
  readonly store: PolicyStore;
  readonly ensurePlan: EnsurePlan;
  readonly engines: PolicyEngines;
  readonly log: Pick<AuditReader, 'ofDecision'>;
}

/** Decides a recorded decision again and says why it came out as it did; null when the log has no such decision. */
export type ExplainDecision = (decisionId: string) => Promise<Explanation | null>;

export function createExplainDecision(deps: ExplainDeps): ExplainDecision {
  return async (decisionId) => {
    const entries = await deps.log.ofDecision(decisionId);
    const record = entries.map((entry) => entry.record).find((found) => found.type === 'decision');
    if (record === undefined) return null;
    const kept = await whatIsKept(deps, record);
    return kept.missing.length > 0 ? impossible(record, kept.missing) : decideAgain(deps, record, kept);
  };
}

interface Kept {
  readonly bundle: CompiledBundle | null;
  readonly data: PolicyData | null;
  readonly content: RevisionContent | null;
  readonly missing: readonly string[];
}

/** What it takes to decide again, and in words what of it is not there. */
async function whatIsKept({ store, ensurePlan }: ExplainDeps, record: DecisionRecord): Promise<Kept> {
  const [bundle, data, found] = await Promise.all([
    ensurePlan(record.policyRevision),
    store.data(record.dataRevision),
    store.findByRevision(record.policyRevision),
  ]);
  const content = found === null ? null : await store.content(found.id);
  const missing = [
    record.input === null ? ['the input, since the question did not pass the input schema and the policy was never asked'] : [],
    bundle === null ? [`the compiled policy ${record.policyRevision}`] : [],
    data === null ? [`the data ${record.dataRevision}`] : [],
    content === null ? [`the texts of policy ${record.policyRevision}`] : [],
  ].flat();
  return { bundle, data, content, missing };
}

function common(record: DecisionRecord) {
  const { decisionId, occurredAtMs, action, personId, resourceId, policyRevision, dataRevision } = record;
  const { input, masked } = record.input === null ? { input: null, masked: [] } : maskInput(record.input);
  const identity = { decisionId, occurredAtMs, action, personId, resourceId, policyRevision, dataRevision };
  return { ...identity, recorded: recordedOutcome(record), input, masked: [...masked] };
}

function impossible(record: DecisionRecord, missing: readonly string[]): Explanation {
  const facts = common(record);
  return {
    ...facts,
    engineVersion: '',
    rerun: 'impossible',
    missing: [...missing],
    again: null,
    enginesAgree: false,
    summary: `${summaryOf(facts.recorded)} It cannot be decided again. Not kept: ${missing.join('; ')}.`,
    rules: [],
    against: [],
    wouldPermit: [],
  };
}

const utf8 = new TextEncoder();

async function decideAgain({ engines }: ExplainDeps, record: DecisionRecord, kept: Kept): Promise<Explanation> {
  const { bundle, data, content } = kept;
  const { input } = record;
  if (bundle === null || data === null || content === null || input === null) throw new TypeError('looked at before');
  const inputJson = utf8.encode(JSON.stringify(input));
  const authority = await engines.load(bundle);
  authority.setData(data);
  const newTracing = (): TracingEngine => engines.trace(bundle, { stepsMax: EXPLAIN_STEPS_MAX, sources: content.files });
  const tracing = newTracing();
  tracing.setData(data);
  const decided = attempt(() => authority.evaluate(inputJson));
  const traced = attempt(() => tracing.explainDecision(inputJson));
  const outcomeOf: OutcomeOf = (answer, asked) => (answer.ok ? answeredOutcome(answer.value, asked, record.understands) : FAILED_OUTCOME);
  const again = outcomeOf(decided, input);
  const facts = common(record);
  const isSame = flipKind(facts.recorded, again) === null;
  const wouldPermit = again.effect === 'permit' ? [] : counterfactual(newTracing, outcomeOf, { input, data });
  const failure = decided.ok ? '' : ` The evaluation failed: ${(traced.ok ? decided : traced).message}.`;
  return {
    ...facts,
    engineVersion: bundle.manifest.opa_version,
    rerun: isSame ? 'same' : 'different',
    missing: [],
    again,
    enginesAgree: decided.ok && traced.ok ? isSameAnswer(decided.value, traced.value.answer) : decided.ok === traced.ok,
    summary: `${summaryOf(again)}${failure}${wouldPermit.length === 0 ? '' : ` It would be permitted ${wouldPermit.map(({ text }) => text).join(' and ')}.`}`,
    rules: traced.ok ? [...rulesBehind(again, traced.value.rules, content)] : [],
    against: traced.ok ? traced.value.missing.map(toLine) : [],
    wouldPermit: [...wouldPermit],
  };
}

type Attempt<Value> = { readonly ok: true; readonly value: Value } | { readonly ok: false; readonly message: string };

/** An evaluation that throws denied then, and is what is to be explained now: the plan's engine says at which line it ended. */
function attempt<Value>(evaluate: () => Value): Attempt<Value> {
  try {
    return { ok: true, value: evaluate() };
  } catch (failure) {
    const cause = failure instanceof Error && failure.cause instanceof Error ? failure.cause : failure;
    return { ok: false, message: (cause instanceof Error ? cause.message : 'it gave no reason').slice(0, 500) };
  }
}

type OutcomeOf = (answer: Attempt<unknown>, asked: NonNullable<DecisionRecord['input']>) => Outcome;

const isSameAnswer = (one: unknown, other: unknown): boolean => canonicalJson(one ?? null) === canonicalJson(other ?? null);

/** One engine for each state of the data: to load all grants anew for every question would take the thread that answers logins a minute. */
function counterfactual(newTracing: () => TracingEngine, outcomeOf: OutcomeOf, question: Question): readonly FactChange[] {
  const loaded = new Map<PolicyData, TracingEngine>();
  const engineOf = (wanted: PolicyData): TracingEngine => {
    const known = loaded.get(wanted);
    if (known !== undefined) return known;
    const engine = newTracing();
    engine.setData(wanted);
    loaded.set(wanted, engine);
    return engine;
  };
  const found = findCounterfactual(question, ({ input, data }) =>
    outcomeOf(
      attempt(() => engineOf(data).evaluateInput(input)),
      input,
    ),
  );
  return found ?? [];
}

function summaryOf({ effect, codes }: Outcome): string {
  if (effect === 'permit') return `Permitted: ${codes.join(', ')}.`;
  return `Denied: ${codes.map((code) => messageOf(code)).join(' ')}`;
}

function messageOf(code: string): string {
  const reason = tryParse(reasonCodeSchema, code);
  return reason.success ? explainReason(reason.data).message : code;
}

/** The rules that gave the reasons or permits, where their text names them. */
function rulesBehind(outcome: Outcome, rules: readonly RuleOutcome[], { files }: RevisionContent): readonly ExplainedRule[] {
  const lines = new Map(files.map(({ path, text }) => [path, text.split('\n')]));
  const members = new Map(files.flatMap(rulesOf).map(({ file, row, member }) => [`${file}:${row}`, member]));
  return rules.flatMap(({ holds, line }) => {
    const code = members.get(`${line.file}:${line.row}`) ?? null;
    if (!holds || code === null || !outcome.codes.includes(code)) return [];
    return [{ code, message: messageOf(code), line: toLine(line), ...metadataAt(lines.get(line.file) ?? [], line.row) }];
  });
}

function toLine({ file, row, text }: PolicyLine): PolicyLine {
  return { file, row, text: text.trim().slice(0, 200) };
}
