import type { PolicyRevision, RevisionState } from './revision.ts';

/** What a revision is, and the command that follows from it. */
const STEPS: Readonly<Record<RevisionState, { readonly is: string; readonly next: string }>> = {
  draft: { is: 'a draft that has not been checked', next: 'gatehouse policy check' },
  checked: { is: 'checked; its tests have not passed', next: 'gatehouse policy test' },
  tested: { is: 'tested; its impact on the last days is not known', next: 'gatehouse policy impact' },
  impact_known: { is: 'tested with its impact known, and not approved by a second person', next: 'gatehouse policy approve' },
  approved: { is: 'approved and not signed', next: 'gatehouse policy publish' },
  signed: { is: 'signed and not in force', next: 'gatehouse policy publish' },
  shadow: { is: 'running in shadow beside what is in force', next: 'gatehouse policy publish' },
  active: { is: 'in force already', next: '' },
  superseded: { is: 'one that was in force', next: 'gatehouse policy publish' },
};

/** Why a step was refused that does not follow from what the revision is, and what does. */
export function explainState({ id, state }: Pick<PolicyRevision, 'id' | 'state'>): string {
  const { is, next } = STEPS[state];
  return `${id} is ${is}.${next === '' ? '' : ` Next: ${next} ${id}`}`;
}
