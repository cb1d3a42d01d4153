import type { AuditRecordOf, AuditRecordType, DecisionRecord } from '../domain/audit/record.ts';
import type { Directory, Entry } from '../http/contract/admin.ts';
import { toTimeText, type Output } from './output.ts';

/** What the log says of a person, besides what follows from a decision (outcomes, where they are). */
export const TIMELINE_TYPES = [
  'decision',
  'standing',
  'reinstatement_requested',
  'revocation_receipt',
  'credential',
  'session',
  'directory_change',
  'egress',
] as const satisfies readonly AuditRecordType[];
type TimelineRecord = AuditRecordOf<(typeof TIMELINE_TYPES)[number]>;

const isTimelineRecord = (record: Entry['record']): record is TimelineRecord => (TIMELINE_TYPES as readonly string[]).includes(record.type);

/** One line for one entry: time, what it is, what it says. Null for an entry that no timeline shows. */
export function toEntryLine(out: Output, { record }: Entry, directory: Directory): string | null {
  if (!isTimelineRecord(record)) return null;
  const time = out.faint(toTimeText(record.occurredAtMs));
  if (record.type === 'decision') return `${time} ${describeDecision(out, record, directory)}`;
  return `${time} ${describe(record, directory)}`;
}

/** `local` is whoever the host belongs to, at its command line. */
function personOf(id: string | null, directory: Directory): string {
  if (id === null) return 'nobody known';
  return id === 'local' ? 'the host' : (directory.people[id] ?? id);
}

function describeDecision(out: Output, record: DecisionRecord, directory: Directory): string {
  const what = { ...directory.doors, ...directory.apps, ...directory.people }[record.resourceId] ?? record.resourceId;
  const effect = record.effect === 'permit' ? out.good('permit') : out.bad('deny  ');
  const reasons = record.effect === 'deny' ? ` ${record.reasons.join(', ')}` : '';
  return `${effect} ${record.action} ${personOf(record.personId, directory)} -> ${what}${reasons} ${out.faint(record.decisionId)}`;
}

function describe(record: Exclude<TimelineRecord, DecisionRecord>, directory: Directory): string {
  const who = personOf(record.personId, directory);
  switch (record.type) {
    case 'standing': {
      const operators = record.operators.map((id) => personOf(id, directory)).join(' and ');
      return `standing ${who}: ${record.from} -> ${record.to}, by ${operators}: ${record.reason}`;
    }
    case 'reinstatement_requested':
      return `standing ${who}: return asked for, by ${personOf(record.operatorId, directory)}: ${record.reason}`;
    case 'revocation_receipt':
      return `receipt ${who}: ${record.state}, ${record.targets.length} targets, epoch ${record.epoch}`;
    case 'credential':
      return `credential ${who}: ${toWords(record.kind)} ${record.event === 'enrolment_offered' ? 'offered' : toWords(record.event)} (${toWords(record.cause)})`;
    case 'session':
      return `session ${who}: ${record.kind} ${record.event}${record.appId === null ? '' : ` at ${directory.apps[record.appId] ?? record.appId}`} (${toWords(record.cause)})`;
    case 'directory_change':
      return `change ${who}: ${toWords(record.subjectType)} ${record.change} by ${personOf(record.operatorId, directory)} ${record.changes.join(' ')}`.trimEnd();
    case 'egress':
      return `egress ${who}: ${directory.doors[record.doorId] ?? record.doorId} (${toWords(record.cause)})`;
  }
}

const toWords = (code: string): string => code.replaceAll('_', ' ');
