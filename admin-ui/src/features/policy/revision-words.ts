import { SHIPPED_AUTHOR_ID, type RevisionView } from '#gateway/http/contract/policy.ts';
import type { Tone } from '../../shared/log/describe-record.ts';

interface StateWords {
  readonly tone: Tone;
  readonly label: string;
}

const states: Readonly<Record<RevisionView['state'], StateWords>> = {
  draft: { tone: 'unknown', label: 'Draft' },
  checked: { tone: 'info', label: 'Checked' },
  tested: { tone: 'info', label: 'Tested' },
  impact_known: { tone: 'info', label: 'Impact known' },
  approved: { tone: 'info', label: 'Approved' },
  signed: { tone: 'warn', label: 'Signed' },
  shadow: { tone: 'warn', label: 'Shadow run' },
  active: { tone: 'ok', label: 'In force' },
  superseded: { tone: 'info', label: 'Superseded' },
};

export const describeState = (state: RevisionView['state']): StateWords => states[state];

export const isShipped = ({ authorId }: Pick<RevisionView, 'authorId'>): boolean => authorId === SHIPPED_AUTHOR_ID;

/** As in decisions: the first characters of the hash that names it; before it was compiled, of its texts. */
export const shortHash = ({ revision, contentHash }: Pick<RevisionView, 'revision' | 'contentHash'>): string =>
  (revision ?? contentHash).slice(0, 10);

/** What people call it: the note, or where it comes from. */
export function revisionName(revision: Pick<RevisionView, 'note' | 'authorId' | 'id'>): string {
  if (revision.note !== '') return revision.note;
  return isShipped(revision) ? 'Came with the program' : 'Without a note';
}

export const plural = (count: number, one: string, many = `${one}s`): string => `${String(count)} ${count === 1 ? one : many}`;
