import { isShipped, type PolicyRevision, type RevisionState } from './revision.ts';

/** What the newest reports about a revision say: each may have been made anew since it moved on. */
export interface ReportedFaults {
  /** Errors that the last check of it found: nothing excuses one. */
  readonly errors: number;
  /** Of its last run of tests; null when there was none. */
  readonly failedTests: number | null;
  /** Recorded decisions that the two engines answered differently when its impact was measured last. */
  readonly engineDifferences: number;
}

/** What happened to a revision. Facts come with it: this file knows no clock and no operator. */
export type RevisionEvent =
  | { readonly kind: 'checked'; readonly revision: string; readonly errors: number }
  | { readonly kind: 'tested'; readonly failed: number; readonly tests: number }
  | { readonly kind: 'impact_measured'; readonly revision: string }
  | ({ readonly kind: 'approved'; readonly approval: NonNullable<PolicyRevision['approval']> } & ReportedFaults)
  | { readonly kind: 'signed'; readonly revision: string; readonly signed: NonNullable<PolicyRevision['signature']> }
  | ({
      readonly kind: 'emergency_signed';
      readonly revision: string;
      readonly signed: NonNullable<PolicyRevision['signature']>;
      readonly emergency: NonNullable<PolicyRevision['emergency']>;
    } & ReportedFaults)
  | { readonly kind: 'shadow_started' }
  | { readonly kind: 'shadow_ended' }
  | { readonly kind: 'activated'; readonly atMs: number }
  | { readonly kind: 'superseded' };

export type TransitionRefusal =
  /** The event does not follow from the state. */
  | 'policy.wrong_state'
  /** It was found faulty. */
  | 'policy.has_errors'
  | 'policy.tests_failed'
  /** The engine that explains and replays does not say what the one that decides says. */
  | 'policy.engines_differ'
  /** Nothing was tested at all. */
  | 'policy.tests_missing'
  /** What was approved or signed is another content than this. */
  | 'policy.other_hash'
  /** Whoever wrote it does not approve it. */
  | 'policy.same_person'
  | 'policy.not_signed';

export type Transition =
  | { readonly ok: true; readonly revision: PolicyRevision }
  /** `revision` is what it is and stays. */
  | { readonly ok: false; readonly code: TransitionRefusal; readonly revision: PolicyRevision };

const FROM: Readonly<Record<RevisionEvent['kind'], readonly RevisionState[]>> = {
  // A check or a test may be repeated as long as nobody has approved.
  checked: ['draft', 'checked', 'tested', 'impact_known'],
  tested: ['checked', 'tested', 'impact_known'],
  impact_measured: ['tested', 'impact_known'],
  approved: ['impact_known'],
  signed: ['approved'],
  emergency_signed: ['checked', 'tested', 'impact_known', 'approved'],
  shadow_started: ['signed', 'superseded'],
  shadow_ended: ['shadow'],
  activated: ['signed', 'shadow', 'superseded'],
  superseded: ['active'],
};

/** One step in the life of a revision, or why it is refused. Nothing becomes active that is not signed, or shipped with the program. */
export function transition(revision: PolicyRevision, event: RevisionEvent): Transition {
  const refuse = (code: TransitionRefusal): Transition => ({ ok: false, code, revision });
  if (!FROM[event.kind].includes(revision.state)) return refuse('policy.wrong_state');
  switch (event.kind) {
    case 'checked':
      if (event.errors > 0) return refuse('policy.has_errors');
      // Another compiler gives another hash: what was tested and measured was not this.
      return moved(revision, revision.revision === event.revision ? revision.state : 'checked', { revision: event.revision });
    case 'tested':
      if (event.failed > 0) return refuse('policy.tests_failed');
      if (event.tests === 0) return refuse('policy.tests_missing');
      return moved(revision, revision.state === 'checked' ? 'tested' : revision.state);
    case 'impact_measured':
      return revision.revision === event.revision ? moved(revision, 'impact_known') : refuse('policy.other_hash');
    case 'approved': {
      const { approval } = event;
      if (revision.revision === null || approval.revision !== revision.revision) return refuse('policy.other_hash');
      if (approval.operatorId === revision.authorId) return refuse('policy.same_person');
      if (event.errors > 0) return refuse('policy.has_errors');
      if (event.failedTests !== 0) return refuse(event.failedTests === null ? 'policy.tests_missing' : 'policy.tests_failed');
      return event.engineDifferences > 0 ? refuse('policy.engines_differ') : moved(revision, 'approved', { approval });
    }
    case 'signed': {
      const { revision: hash, signed } = event;
      // The approval is of a hash, not of a name.
      if (hash !== revision.revision || revision.approval?.revision !== hash) return refuse('policy.other_hash');
      return moved(revision, 'signed', { signature: signed });
    }
    case 'emergency_signed':
      if (event.revision !== revision.revision) return refuse('policy.other_hash');
      if (event.errors > 0) return refuse('policy.has_errors');
      // Its impact is what an emergency goes past.
      if (!event.emergency.despiteTests && event.failedTests === null) return refuse('policy.tests_missing');
      if (!event.emergency.despiteTests && event.failedTests !== 0) return refuse('policy.tests_failed');
      return moved(revision, 'signed', { signature: event.signed, emergency: event.emergency });
    case 'shadow_started':
      return moved(revision, 'shadow');
    case 'shadow_ended':
      return moved(revision, revision.activatedAtMs === null ? 'signed' : 'superseded');
    case 'activated':
      if (revision.signature === null && !isShipped(revision)) return refuse('policy.not_signed');
      return moved(revision, 'active', { activatedAtMs: event.atMs });
    case 'superseded':
      return moved(revision, 'superseded');
  }
}

function moved(revision: PolicyRevision, state: RevisionState, change: Partial<PolicyRevision> = {}): Transition {
  return { ok: true, revision: { ...revision, ...change, state } };
}
