import { createHash } from 'node:crypto';
import { DIRECTORY_CHANGES_MAX, type DirectoryChangeRecord } from '../../domain/audit/change-records.ts';
import { diffFacts } from '../../domain/people/directory-facts.ts';
import type { Clock } from '../../ports/clock.ts';
import type { PendingRecord } from '../../ports/pending-record-store.ts';
import type { Random } from '../../ports/random.ts';

/** Whoever may use the tools at the host. */
const OPERATOR = 'local';

export interface DirectoryChange {
  readonly subjectType: DirectoryChangeRecord['subjectType'];
  readonly subjectId: string;
  readonly personId: string | null;
  /** Null: it is added. */
  readonly before: readonly string[] | null;
  readonly after: readonly string[];
  /** Absent = whoever may use the tools at the host. */
  readonly changedBy?: string;
  /** It was there, and is taken away: `after` is then empty. */
  readonly isRemoved?: boolean;
  /** Changed fields whose values do not belong into the log. */
  readonly unnamed: readonly string[];
}

/** The record of one change of the directory; null when it changes nothing. */
export function toPendingChange(
  { subjectType, subjectId, personId, before, after, unnamed, changedBy = OPERATOR, isRemoved = false }: DirectoryChange,
  { clock, random }: { readonly clock: Clock; readonly random: Random },
): PendingRecord | null {
  const changes = [...diffFacts(before ?? [], after), ...unnamed];
  if (before !== null && changes.length === 0 && !isRemoved) return null;
  const id = random.id('chg');
  const record: DirectoryChangeRecord = {
    type: 'directory_change',
    occurredAtMs: clock.nowMs(),
    changeId: id,
    subjectType,
    subjectId,
    personId,
    change: before === null ? 'added' : isRemoved ? 'removed' : 'replaced',
    changes: shorten(changes),
    digestBefore: before === null ? null : digest(before),
    digestAfter: digest(after),
    operatorId: changedBy,
  };
  return { id, record };
}

/** The digests cover what is left out. */
function shorten(changes: readonly string[]): string[] {
  if (changes.length <= DIRECTORY_CHANGES_MAX) return [...changes];
  const shown = changes.slice(0, DIRECTORY_CHANGES_MAX - 1);
  return [...shown, `and ${changes.length - shown.length} more`];
}

/** SHA-256 of the sorted lines, hex; null where there are none. */
function digest(facts: readonly string[]): string | null {
  if (facts.length === 0) return null;
  return createHash('sha256')
    .update([...new Set(facts)].sort().join('\n'), 'utf8')
    .digest('hex');
}
