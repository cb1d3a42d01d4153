import type { RevisionDetailView, RevisionView } from '#gateway/http/contract/policy.ts';
import { plural } from './revision-words.ts';

export type StepName = 'check' | 'test' | 'impact' | 'approve' | 'sign' | 'shadow' | 'activate';
export type StepState = 'done' | 'next' | 'later' | 'failed' | 'skipped' | 'running';

export interface LifeStep {
  readonly name: StepName;
  readonly state: StepState;
  readonly detail: string;
  /** Whoever sees it may do it now. */
  readonly offered: boolean;
  /** Why it is not offered to this person although it is next; empty otherwise. */
  readonly hindered: string;
}

export interface Viewer {
  readonly personId: string;
  readonly actions: readonly string[];
}

const ORDER: readonly RevisionView['state'][] = [
  'draft',
  'checked',
  'tested',
  'impact_known',
  'approved',
  'signed',
  'shadow',
  'active',
  'superseded',
];
const NOT_YOUR_ROLE = 'Your role does not allow this step.';

/** The way of a revision from its text to what is in force, as far as it has come, and what this person can do about it. */
export function lifeSteps(detail: RevisionDetailView, viewer: Viewer): readonly LifeStep[] {
  const { revision } = detail;
  const at = ORDER.indexOf(revision.state);
  const reached = (state: RevisionView['state']): boolean => at >= ORDER.indexOf(state);
  const wasApproved = revision.approval !== null;
  const step = (name: StepName, state: StepState, detailText: string): LifeStep => ({
    name,
    state,
    detail: detailText,
    ...offerOf(name, revision, viewer),
  });
  return [
    step('check', checkState(detail), checkText(detail)),
    step('test', testState(detail), testText(detail)),
    step('impact', impactState(detail), impactText(detail)),
    step(
      'approve',
      wasApproved ? 'done' : revision.state === 'impact_known' ? 'next' : revision.emergency === null ? skippable(revision) : 'skipped',
      revision.emergency !== null && !wasApproved
        ? 'Skipped: published in an emergency.'
        : (revision.approval?.reason ?? 'A second person reads it and answers for it.'),
    ),
    step(
      'sign',
      revision.signature !== null ? 'done' : revision.state === 'approved' ? 'next' : skippable(revision),
      revision.signature === null ? 'Ed25519, bound to the hash.' : `Key ${revision.signature.keyId}`,
    ),
    step(
      'shadow',
      revision.state === 'shadow' ? 'running' : reached('active') ? 'skipped' : revision.state === 'signed' ? 'next' : 'later',
      'Optional: decides beside what is in force, on live traffic, and moves nothing.',
    ),
    step('activate', activateState(revision), 'Every thread decides by it from one moment to the next.'),
  ];
}

/** What came with the program never went this way. */
const skippable = ({ state }: RevisionView): StepState => (state === 'active' || state === 'superseded' ? 'skipped' : 'later');

function checkState({ revision, check }: RevisionDetailView): StepState {
  if (check !== null) return check.findings.some(({ severity }) => severity === 'error') ? 'failed' : 'done';
  return revision.state === 'draft' ? 'next' : skippable(revision);
}

function checkText({ check }: RevisionDetailView): string {
  if (check === null) return 'Compiler, types, lint and the worst case.';
  const errors = check.findings.filter(({ severity }) => severity === 'error').length;
  const warnings = check.findings.length - errors;
  return `${plural(errors, 'error')}, ${plural(warnings, 'warning')}`;
}

function testState({ revision, test }: RevisionDetailView): StepState {
  if (test !== null) return test.failed > 0 ? 'failed' : 'done';
  return revision.state === 'checked' ? 'next' : skippable(revision);
}

function testText({ test }: RevisionDetailView): string {
  if (test === null) return 'Rego tests and cases, in two engines, with line coverage.';
  const ran = `${plural(test.tests, 'test')}, ${plural(test.cases, 'case')}`;
  return `${test.failed > 0 ? `${String(test.failed)} failed of ` : ''}${ran}, coverage ${String(Math.round(test.coverage01 * 100))} %`;
}

function impactState({ revision, impact }: RevisionDetailView): StepState {
  // Measured before the tests had passed, it does not count: the approval waits for it.
  if (revision.state === 'tested') return 'next';
  return impact === null ? skippable(revision) : 'done';
}

function impactText({ revision, impact }: RevisionDetailView): string {
  if (impact === null) return 'What it would have changed is not measured.';
  const found = `${plural(impact.flips, 'flip')} in ${plural(impact.decisions, 'decision')}`;
  return revision.state === 'tested' ? `${found}, measured before the tests had passed: measure it again.` : found;
}

function activateState({ state }: RevisionView): StepState {
  if (state === 'active') return 'done';
  return state === 'signed' || state === 'shadow' || state === 'superseded' ? 'next' : 'later';
}

interface Offer {
  readonly from: readonly RevisionView['state'][];
  readonly action: string;
}

const offers: Readonly<Record<StepName, Offer>> = {
  check: { from: ['draft', 'checked', 'tested', 'impact_known'], action: 'policy.propose' },
  test: { from: ['checked', 'tested', 'impact_known'], action: 'policy.propose' },
  impact: { from: ['checked', 'tested', 'impact_known', 'approved', 'signed', 'shadow', 'active', 'superseded'], action: 'policy.propose' },
  approve: { from: ['impact_known'], action: 'policy.approve' },
  sign: { from: ['approved'], action: 'policy.activate' },
  shadow: { from: ['signed', 'shadow', 'superseded'], action: 'policy.activate' },
  activate: { from: ['signed', 'shadow', 'superseded'], action: 'policy.activate' },
};

function offerOf(name: StepName, { state, authorId }: RevisionView, { personId, actions }: Viewer): Pick<LifeStep, 'offered' | 'hindered'> {
  const { from, action } = offers[name];
  if (!from.includes(state)) return { offered: false, hindered: '' };
  if (!actions.includes(action)) return { offered: false, hindered: NOT_YOUR_ROLE };
  if (name === 'approve' && authorId === personId) {
    return { offered: false, hindered: 'You wrote it: somebody else has to read it and approve it.' };
  }
  return { offered: true, hindered: '' };
}
