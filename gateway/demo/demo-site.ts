import { GatewayError } from '../domain/errors.ts';
import { encodeCard, type Card } from '../domain/people/card-format.ts';
import type { DoorId, PersonId, ReaderId } from '../domain/site/ids.ts';
import type { NetworkZone } from '../domain/site/site.ts';
import type { SiteMap } from '../domain/site/site-map.ts';
import type { AuditLog } from '../ports/audit-log.ts';
import type { DemoBadge, DemoBadgeOutcome, DemoExitOutcome, DemoPins, DemoSite, DemoSiteView } from '../ports/demo-site.ts';
import { ANSWER_TIMEOUT_MS, createBadgeAnswers } from './badge-answers.ts';

/** The hand at a simulated reader. */
export interface ReaderHand {
  presentCard(bits: Uint8Array, bitCount: number): void;
  /** Digits, `*` and `#`. */
  pressKeys(keys: string): void;
  setInput(index: number, state: 'active' | 'inactive'): void;
}

export interface DemoPerson {
  readonly id: PersonId;
  readonly displayName: string;
  readonly card: Card;
  readonly pins?: DemoPins;
}

export interface DemoSiteDeps {
  readonly sites: SiteMap;
  readonly people: readonly DemoPerson[];
  readonly startPersonId: PersonId | null;
  readonly apps: DemoSiteView['apps'];
  readonly hands: ReadonlyMap<ReaderId, ReaderHand>;
  readonly audit: AuditLog;
  readonly zone: { current: NetworkZone | null };
}

/** How long the door stands open while the person goes through, ms. */
const WALK_MS = 250;
/** How long a hand holds the exit button, ms. */
const PRESS_MS = 250;

/** People who badge at simulated readers: cards go in at the reader's end of the wire, outcomes are read from the log. */
export function createDemoSite(deps: DemoSiteDeps): DemoSite {
  const answers = createBadgeAnswers(deps.audit);
  const presses = new Map<DoorId, Promise<DemoExitOutcome>>();
  const act = async (badge: DemoBadge, move: (hand: ReaderHand) => void): Promise<DemoBadgeOutcome> => {
    const reader = deps.sites.reader(badge.readerId);
    const hand = deps.hands.get(badge.readerId);
    if (reader === undefined || hand === undefined) throw unknownAtDemo();
    const outcome = answers.answerTo(reader, badge.personId);
    move(hand);
    const seen = await outcome;
    if (seen.outcome === 'granted' && badge.walkThrough) walkThrough(deps, reader.doorId);
    return seen;
  };
  return {
    view: () => Promise.resolve(view(deps)),
    setNetworkZone: (zone) => {
      deps.zone.current = zone;
      return Promise.resolve();
    },
    badge: async (badge) => {
      const person = deps.people.find(({ id }) => id === badge.personId);
      const card = person === undefined ? null : encodeCard(person.card);
      if (card === null) throw unknownAtDemo();
      return act(badge, (hand) => hand.presentCard(card.bits, card.bitCount));
    },
    pressKeys: (keys) => act(keys, (hand) => hand.pressKeys(keys.keys)),
    pressExit: async ({ doorId, walkThrough: walks }) => {
      const button = wiredAt(deps, doorId, 'rexInput');
      if (button === null) throw new GatewayError('resource.unknown', 'This door of the demo site has no exit button.');
      // A button that is held down cannot be pressed again: both hands see the same release.
      const press = presses.get(doorId) ?? pressFor(deps.audit, doorId, button).finally(() => presses.delete(doorId));
      presses.set(doorId, press);
      const seen = await press;
      if (seen.outcome === 'released' && walks) walkThrough(deps, doorId);
      return seen;
    },
  };
}

const unknownAtDemo = (): GatewayError => new GatewayError('resource.unknown', 'There is no such person or reader on the demo site.');

function view({ apps, people, startPersonId, sites, hands, zone }: DemoSiteDeps): DemoSiteView {
  const { readers, doors } = sites.installation;
  return {
    apps,
    startPersonId,
    networkZone: zone.current,
    people: people.map(({ id, displayName, card, pins }) => ({
      id,
      displayName,
      pins: pins ?? null,
      badge: `${card.format} ${card.facility ?? ''} ${card.number}`.replace('  ', ' '),
    })),
    readers: readers.map(({ id, name, doorId, side }) => {
      const door = sites.door(doorId);
      const siteName = (door && sites.site(door.siteId)?.name) ?? '';
      const hasKeypad = side === 'entry' && door !== undefined && door.requiresPin !== null;
      return { id, name, side, doorId, doorName: door?.name ?? doorId, siteName, hasKeypad };
    }),
    exitDoorIds: doors.flatMap(({ id }) => (wiredAt({ sites, hands }, id, 'rexInput') === null ? [] : [id])),
  };
}

interface Wire {
  readonly hand: ReaderHand;
  readonly input: number;
}

/** The reader's input at which the door's contact or exit button hangs; null when the door has none. */
function wiredAt({ hands, sites }: Pick<DemoSiteDeps, 'hands' | 'sites'>, doorId: DoorId, what: 'contactInput' | 'rexInput'): Wire | null {
  for (const reader of sites.readersOf(doorId)) {
    const hand = hands.get(reader.id);
    const input = reader[what];
    if (hand !== undefined && input !== null) return { hand, input };
  }
  return null;
}

/** The door opens and falls shut behind the person. */
function walkThrough(deps: DemoSiteDeps, doorId: DoorId): void {
  const contact = wiredAt(deps, doorId, 'contactInput');
  if (contact !== null) hold(contact, WALK_MS);
}

function hold({ hand, input }: Wire, durationMs: number): void {
  hand.setInput(input, 'active');
  setTimeout(() => hand.setInput(input, 'inactive'), durationMs).unref();
}

/** Presses the button and waits until the log shows the release. */
function pressFor(audit: AuditLog, doorId: DoorId, button: Wire): Promise<DemoExitOutcome> {
  return new Promise((resolve) => {
    const settle = (outcome: DemoExitOutcome['outcome']): void => {
      clearTimeout(timer);
      unsubscribe();
      resolve({ outcome });
    };
    const unsubscribe = audit.subscribe(({ record }) => {
      if (record.type === 'egress' && record.cause === 'rex' && record.doorId === doorId) settle('released');
    });
    const timer = setTimeout(() => settle('no_answer'), ANSWER_TIMEOUT_MS);
    hold(button, PRESS_MS);
  });
}
