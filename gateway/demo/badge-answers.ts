import type { AuditRecord, AuditRecordOf } from '../domain/audit/record.ts';
import { GatewayError } from '../domain/errors.ts';
import type { PersonId, ReaderId } from '../domain/site/ids.ts';
import type { Reader } from '../domain/site/site.ts';
import type { AuditLog } from '../ports/audit-log.ts';
import type { DemoBadgeOutcome } from '../ports/demo-site.ts';

/** How long a person waits at the reader for an answer, ms. */
export const ANSWER_TIMEOUT_MS = 2_000;
/** People who wait for an answer at one reader at the same time. */
export const WAITING_AT_READER_MAX = 32;
/** The alarm of a reader that is shown more cards than a hand can. */
export const READS_DROPPED = 'osdp.card_rate_exceeded';

export interface BadgeAnswers {
  /**
   * What the log says about the badge that this person presents next. Each answer goes to one badge only: to the one that waits longest
   * among those of the answer's person at the answer's reader. @throws request.rate_limited
   */
  answerTo(reader: Reader, personId: PersonId): Promise<DemoBadgeOutcome>;
}

interface Waiting {
  readonly reader: Reader;
  readonly personId: PersonId;
  readonly settle: (outcome: DemoBadgeOutcome) => void;
  permitId: string | null;
  /** The reader dropped reads while this badge waited. */
  sawDrops: boolean;
}

/** Reads the outcomes of badges from the log. Subscribes for as long as the log lives. */
export function createBadgeAnswers(audit: Pick<AuditLog, 'subscribe'>): BadgeAnswers {
  const waiting = new Set<Waiting>();
  const dropping = new Set<string>();
  audit.subscribe(({ record }) => {
    if (record.type === 'alarm') return noteDrops(record, waiting, dropping);
    const match = matchOf(record, waiting);
    if (match === null) return;
    if (match.outcome === 'waiting') match.badge.permitId = match.permitId;
    else match.badge.settle(match.outcome);
  });
  return {
    answerTo: (reader, personId) => {
      if (countAt(waiting, reader.id) >= WAITING_AT_READER_MAX) {
        throw new GatewayError('request.rate_limited', 'Too many people wait at this reader. Try again in a moment.');
      }
      return new Promise((resolve) => {
        const settle = (outcome: DemoBadgeOutcome): void => {
          clearTimeout(timer);
          waiting.delete(badge);
          resolve(outcome);
        };
        const badge: Waiting = { reader, personId, settle, permitId: null, sawDrops: dropping.has(reader.id) };
        const timer = setTimeout(() => settle(withoutAnswer(badge)), ANSWER_TIMEOUT_MS);
        waiting.add(badge);
      });
    },
  };
}

function countAt(waiting: ReadonlySet<Waiting>, readerId: ReaderId): number {
  return [...waiting].filter(({ reader }) => reader.id === readerId).length;
}

function withoutAnswer({ permitId, sawDrops }: Waiting): DemoBadgeOutcome {
  if (permitId === null && sawDrops) return { outcome: 'dropped', decisionId: null, reasons: [READS_DROPPED] };
  return { outcome: 'no_answer', decisionId: permitId, reasons: [] };
}

function noteDrops(alarm: AuditRecordOf<'alarm'>, waiting: ReadonlySet<Waiting>, dropping: Set<string>): void {
  if (alarm.code !== READS_DROPPED) return;
  if (alarm.active) dropping.add(alarm.sourceId);
  else dropping.delete(alarm.sourceId);
  for (const badge of waiting) badge.sawDrops ||= badge.reader.id === alarm.sourceId;
}

type Match = { readonly badge: Waiting } & (
  { readonly outcome: 'waiting'; readonly permitId: string } | { readonly outcome: DemoBadgeOutcome }
);

/** Whose badge the record answers; null when it answers none. Sets keep their order: the first that fits has waited longest. */
function matchOf(record: AuditRecord, waiting: ReadonlySet<Waiting>): Match | null {
  const badge = [...waiting].find((candidate) => isAbout(record, candidate));
  if (badge === undefined) return null;
  switch (record.type) {
    case 'egress':
      return { badge, outcome: { outcome: 'granted', decisionId: null, reasons: [] } };
    case 'decision':
      if (record.obligations.some(({ id }) => id === 'pin')) {
        return { badge, outcome: { outcome: 'pin_wanted', decisionId: record.decisionId, reasons: [] } };
      }
      return record.effect === 'permit'
        ? { badge, outcome: 'waiting', permitId: record.decisionId }
        : { badge, outcome: { outcome: 'denied', decisionId: record.decisionId, reasons: record.reasons } };
    case 'outcome':
      return toOutcome(record, badge);
    default:
      return null;
  }
}

function isAbout(record: AuditRecord, { reader, personId, permitId }: Waiting): boolean {
  // A card that the gateway gives to nobody is recorded without a person.
  const isTheirs = 'personId' in record && (record.personId === personId || record.personId === null);
  if (record.type === 'outcome') return permitId !== null && record.decisionId === permitId;
  if (permitId !== null || !isTheirs) return false;
  if (record.type === 'egress') return record.readerId === reader.id;
  if (record.type !== 'decision' || record.action !== 'door.unlock' || record.resourceId !== reader.doorId) return false;
  // Without an input it is not known at which of the door's readers it was.
  return record.input === null || record.input.context.pep.id === reader.id;
}

function toOutcome({ outcome, detail }: AuditRecordOf<'outcome'>, badge: Waiting): Match | null {
  if (outcome === 'unlocked') return { badge, outcome: { outcome: 'granted', decisionId: badge.permitId, reasons: [] } };
  const isRefused = outcome === 'unlock_failed' || outcome === 'withheld';
  return isRefused ? { badge, outcome: { outcome: 'denied', decisionId: badge.permitId, reasons: [detail] } } : null;
}
