import type { AuditRecord } from '../domain/audit/record.ts';
import { GatewayError } from '../domain/errors.ts';
import { encodeCard, type Card } from '../domain/people/card-format.ts';
import type { DoorId, PersonId, ReaderId } from '../domain/site/ids.ts';
import type { NetworkZone, Reader } from '../domain/site/site.ts';
import type { SiteMap } from '../domain/site/site-map.ts';
import type { AuditLog } from '../ports/audit-log.ts';
import type { DemoBadgeOutcome, DemoSite, DemoSiteView } from '../ports/demo-site.ts';

/** The hand at a simulated reader. */
export interface ReaderHand {
  presentCard(bits: Uint8Array, bitCount: number): void;
  setInput(index: number, state: 'active' | 'inactive'): void;
}

export interface DemoPerson {
  readonly id: PersonId;
  readonly displayName: string;
  readonly card: Card;
}

export interface DemoSiteDeps {
  readonly sites: SiteMap;
  readonly people: readonly DemoPerson[];
  readonly apps: DemoSiteView['apps'];
  readonly hands: ReadonlyMap<ReaderId, ReaderHand>;
  readonly audit: AuditLog;
  readonly zone: { current: NetworkZone | null };
}

/** How long a person waits at the reader for an answer, ms. */
const ANSWER_TIMEOUT_MS = 2_000;
/** How long the door stands open while the person goes through, ms. */
const WALK_MS = 250;
const NO_ANSWER: DemoBadgeOutcome = { outcome: 'no_answer', decisionId: null, reasons: [] };

/** People who badge at simulated readers: cards go in at the reader's end of the wire, outcomes are read from the log. */
export function createDemoSite(deps: DemoSiteDeps): DemoSite {
  return {
    view: () => Promise.resolve(view(deps)),
    setNetworkZone: (zone) => {
      deps.zone.current = zone;
      return Promise.resolve();
    },
    badge: async (badge) => {
      const person = deps.people.find(({ id }) => id === badge.personId);
      const reader = deps.sites.reader(badge.readerId);
      const hand = deps.hands.get(badge.readerId);
      const bits = person === undefined ? null : encodeCard(person.card);
      if (bits === null || reader === undefined || hand === undefined) {
        throw new GatewayError('resource.unknown', 'There is no such person or reader on the demo site.');
      }
      const outcome = outcomeAt(deps.audit, reader);
      hand.presentCard(bits.bits, bits.bitCount);
      const seen = await outcome;
      if (seen.outcome === 'granted' && badge.walkThrough) walkThrough(deps, reader.doorId);
      return seen;
    },
  };
}

function view({ apps, people, sites, zone }: DemoSiteDeps): DemoSiteView {
  return {
    apps,
    networkZone: zone.current,
    people: people.map(({ id, displayName, card }) => ({
      id,
      displayName,
      badge: `${card.format} ${card.facility ?? ''} ${card.number}`.replace('  ', ' '),
    })),
    readers: sites.installation.readers.map(({ id, name, doorId, side }) => {
      const door = sites.door(doorId);
      return { id, name, side, doorName: door?.name ?? doorId, siteName: (door && sites.site(door.siteId)?.name) ?? '' };
    }),
  };
}

/** The door opens and falls shut behind the person. */
function walkThrough({ hands, sites }: DemoSiteDeps, doorId: DoorId): void {
  const watcher = sites.readersOf(doorId).find(({ contactInput }) => contactInput !== null);
  const hand = watcher === undefined ? undefined : hands.get(watcher.id);
  const input = watcher?.contactInput ?? null;
  if (hand === undefined || input === null) return;
  hand.setInput(input, 'active');
  setTimeout(() => hand.setInput(input, 'inactive'), WALK_MS).unref();
}

/** The first answer that the log shows for this reader from now on. */
function outcomeAt(audit: AuditLog, reader: Reader): Promise<DemoBadgeOutcome> {
  return new Promise((resolve) => {
    let permitId: string | null = null;
    const settle = (outcome: DemoBadgeOutcome): void => {
      clearTimeout(timer);
      unsubscribe();
      resolve(outcome);
    };
    const unsubscribe = audit.subscribe(({ record }) => {
      const answer = read(record, reader, permitId);
      if (answer === 'waiting') permitId = record.type === 'decision' ? record.decisionId : permitId;
      else if (answer !== null) settle(answer);
    });
    const timer = setTimeout(() => settle({ ...NO_ANSWER, decisionId: permitId }), ANSWER_TIMEOUT_MS);
  });
}

function read(record: AuditRecord, reader: Reader, permitId: string | null): DemoBadgeOutcome | 'waiting' | null {
  if (record.type === 'egress' && record.readerId === reader.id) return { outcome: 'granted', decisionId: null, reasons: [] };
  if (record.type === 'decision' && record.action === 'door.unlock' && record.resourceId === reader.doorId) {
    if (record.input !== null && record.input.context.pep.id !== reader.id) return null;
    return record.effect === 'permit' ? 'waiting' : { outcome: 'denied', decisionId: record.decisionId, reasons: record.reasons };
  }
  if (record.type !== 'outcome' || record.decisionId !== permitId) return null;
  if (record.outcome === 'unlocked') return { outcome: 'granted', decisionId: permitId, reasons: [] };
  const isRefused = record.outcome === 'unlock_failed' || record.outcome === 'withheld';
  return isRefused ? { outcome: 'denied', decisionId: permitId, reasons: [record.detail] } : null;
}
