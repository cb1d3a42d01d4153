import { parseDecision } from '../../domain/access/decision.ts';
import type { PolicyData } from '../../domain/access/policy-data.ts';
import { orderedFindings, type Finding } from '../../domain/policy/finding.ts';
import { lintRevision } from '../../domain/policy/lint/lint-revision.ts';
import { findTooLarge } from '../../domain/policy/lint/text-limits.ts';
import type { CheckReport } from '../../domain/policy/reports.ts';
import type { RevisionContent } from '../../domain/policy/revision.ts';
import type { CompiledBundle } from '../../domain/policy/signed-bundle.ts';
import { worstCaseInputs } from '../../domain/policy/worst-case-inputs.ts';
import type { DecisionId } from '../../domain/site/ids.ts';
import type { PolicyLab, TrialOutcome } from '../../ports/policy-lab.ts';
import type { CompileRevision } from './compile-revision.ts';

/** A decision on the largest input that takes longer than this in the engine that decides is one that people wait for, ms. */
export const TRIAL_MS_MAX = 250;

export interface CheckDeps {
  readonly compile: CompileRevision;
  readonly lab: Pick<PolicyLab, 'trial'>;
  /** The data that is in force: the worst case is one with the real grants. */
  readonly currentData: () => Promise<PolicyData>;
  readonly monotonicMs: () => number;
}

export type CheckRevision = (content: RevisionContent) => Promise<{ readonly report: CheckReport; readonly bundle: CompiledBundle | null }>;

/** Compile and types, lint, and the worst case in a thread that is ended when it goes on for too long. */
export function createCheckRevision({ compile, lab, currentData, monotonicMs }: CheckDeps): CheckRevision {
  return async ({ files }) => {
    const startedMs = monotonicMs();
    const took = (): number => Math.round(monotonicMs() - startedMs);
    const tooLarge = findTooLarge(files);
    if (tooLarge.length > 0)
      return { report: { findings: [...orderedFindings(tooLarge)], revision: null, trial: null, tookMs: took() }, bundle: null };
    const lint = lintRevision(files);
    const compiled = await compile(files);
    if (!compiled.ok) {
      const findings = [...orderedFindings([...compiled.findings, ...lint])];
      return { report: { findings, revision: null, trial: null, tookMs: took() }, bundle: null };
    }
    const { bundle } = compiled;
    const tried = await lab.trial({ bundle, data: await currentData(), inputs: worstCaseInputs() });
    const { trial, findings } = judge(tried);
    const { revision } = bundle.manifest;
    return { report: { findings: [...orderedFindings([...lint, ...findings])], revision, trial, tookMs: took() }, bundle };
  };
}

const FAULTS: Readonly<Record<Extract<TrialOutcome, { ok: false }>['fault'], string>> = {
  steps: 'trial.too_many_steps',
  time: 'trial.too_long',
  memory: 'trial.too_much_memory',
  conflict: 'trial.conflict',
  failed: 'trial.failed',
};

function judge(tried: TrialOutcome): { readonly trial: CheckReport['trial']; readonly findings: readonly Finding[] } {
  if (!tried.ok) {
    const { fault, name, place, message } = tried;
    const where = place ?? { file: '', row: 0, col: 0 };
    return { trial: null, findings: [{ code: FAULTS[fault], severity: 'error', message: `${name}: ${message}`, ...where }] };
  }
  const slowest = tried.runs.reduce((worst, run) => (run.tookMs > worst.tookMs ? run : worst), { name: '', tookMs: 0 });
  const trial = {
    inputs: tried.runs.length,
    stepsMax: Math.max(0, ...tried.runs.map(({ steps }) => steps)),
    slowestMs: Math.round(slowest.tookMs * 1_000) / 1_000,
    slowest: slowest.name,
  };
  const findings: Finding[] = tried.runs.filter(({ agrees }) => !agrees).map(({ name }) => finding('trial.engines_differ', name));
  const unusable = tried.runs.find(({ answer }) => isUnusable(answer));
  if (unusable !== undefined) {
    findings.push(
      finding('trial.answer_invalid', `${unusable.name}: the answer is no decision: ${JSON.stringify(unusable.answer).slice(0, 500)}`),
    );
  }
  if (slowest.tookMs > TRIAL_MS_MAX) findings.push(finding('trial.too_slow', `${slowest.name} takes ${trial.slowestMs} ms`));
  return { trial, findings };
}

const STAMP = { id: 'dec_trial' as DecisionId, policyRevision: '', epoch: 0 };

/** Whether the gateway would deny because of the answer, whatever it was meant to say. */
function isUnusable(answer: unknown): boolean {
  const decision = parseDecision(answer, STAMP, []);
  return decision.effect === 'deny' && decision.reasons.includes('pdp.answer_invalid');
}

function finding(code: string, message: string): Finding {
  return { code, severity: 'error', message, file: '', row: 0, col: 0 };
}
