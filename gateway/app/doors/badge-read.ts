import type { Decision } from '../../domain/access/decision.ts';
import type { DecisionContext } from '../../domain/access/decision-input.ts';
import { NO_COMPANION, NO_FACE } from '../../domain/access/input-facts.ts';
import type { ObligationId } from '../../domain/access/obligation.ts';
import type { GatewayReasonCode } from '../../domain/access/reason-code.ts';
import { parseCard, toBadgeKey } from '../../domain/people/card-format.ts';
import type { Badge, Person } from '../../domain/people/person.ts';
import type { DecisionId, DoorId, PersonId } from '../../domain/site/ids.ts';
import type { Door, Reader } from '../../domain/site/site.ts';
import type { SiteMap } from '../../domain/site/site-map.ts';
import type { Clock } from '../../ports/clock.ts';
import type { CredentialStore } from '../../ports/credential-store.ts';
import type { PeopleStore } from '../../ports/people-store.ts';
import type { PresenceStore } from '../../ports/presence-store.ts';
import type { Random } from '../../ports/random.ts';
import type { AssembleInput } from '../access/assemble-input.ts';
import { badgeFacts, doorFacts, NO_PIN, personFacts, presenceFacts } from '../access/facts.ts';
import type { Refuse } from '../access/refuse.ts';
import type { Decide } from '../access/types.ts';
import type { PinCheck, PinFacts } from './pin-check.ts';
import type { ReaderTamper } from './reader-tamper.ts';

export interface BadgeReadDeps {
  readonly sites: SiteMap;
  readonly people: PeopleStore;
  readonly credentials: CredentialStore;
  readonly presence: PresenceStore;
  readonly pins: PinCheck;
  /** Absent where no door has two-person rules: then nobody ever is the second one. */
  readonly companions?: { at(doorId: DoorId): { readonly personId: PersonId; readonly ageS: number } | null };
  readonly tamper: Pick<ReaderTamper, 'of'>;
  readonly assemble: AssembleInput;
  readonly decide: Decide;
  readonly refuse: Refuse;
  readonly clock: Clock;
  readonly random: Random;
}

export interface CardRead {
  readonly door: Door;
  readonly reader: Reader;
  /** Big-endian, left-aligned. */
  readonly bits: Uint8Array;
  readonly bitCount: number;
  readonly readAtMs: number;
}

export interface BadgeHolder {
  readonly badge: Badge | null;
  readonly person: Person | null;
}

export interface BadgeDecision {
  readonly decision: Decision;
  readonly person: Person | null;
  /** The PIN was the one for duress: nobody at the door must notice. */
  readonly duress: boolean;
  /** What the PIN was, for the question after it; absent where none was compared. */
  readonly pin?: PinFacts;
}

/** A badge whose permit waits for the PIN, and what came. */
export interface PinEntry {
  readonly read: CardRead;
  /** The decision that asked for it. */
  readonly askedBy: DecisionId;
  /** When `#` was pressed, or the time was over. */
  readonly endedAtMs: number;
  /** ASCII; null = it came too late. The reading zeroes them. */
  readonly digits: Uint8Array | null;
}

/** What is asked of a badge, beside whose it is. */
interface Asked {
  readonly pinOf: (person: Person) => Promise<PinFacts>;
  /** Absent while no face was compared. */
  readonly faceOf?: (person: Person) => DecisionContext['face'];
  readonly understands: readonly ObligationId[];
  readonly correlation: string;
}

/** A read that waited longer than this is denied: the person may have walked away and somebody else stand at the door. Milliseconds. */
export const CARD_READ_AGE_MS_MAX = 3_000;
/** How often a decision is repeated because a revocation was committed while it was made. */
const EPOCH_RETRIES_MAX = 3;

/** Whose badge this is. Several readings of the same bits that are all registered are nobody's: the card is ambiguous. */
export async function findBadgeHolder(
  deps: Pick<BadgeReadDeps, 'credentials' | 'people'>,
  read: Pick<CardRead, 'bits' | 'bitCount'>,
): Promise<BadgeHolder> {
  const found: Badge[] = [];
  for (const card of parseCard(read.bits, read.bitCount)) {
    const badge = await deps.credentials.findBadge(toBadgeKey(card));
    if (badge !== null) found.push(badge);
  }
  const [badge, ambiguous] = found;
  if (badge === undefined || ambiguous !== undefined) return { badge: null, person: null };
  return { badge, person: await deps.people.find(badge.personId) };
}

/** Ingress: card -> credential -> person -> facts -> decision. Never throws; unreadable facts are a deny. */
export function createBadgeRead(deps: BadgeReadDeps): (read: CardRead) => Promise<BadgeDecision> {
  return async (read) => {
    if (deps.clock.nowMs() - read.readAtMs > CARD_READ_AGE_MS_MAX) return refused(deps, read, 'pdp.late');
    if (parseCard(read.bits, read.bitCount).length === 0) return refused(deps, read, 'card.format_unknown');
    try {
      return await decideUnderCurrentEpoch(deps, read, {
        pinOf: (person) => deps.pins.before(person.id, read.reader.id),
        understands: ['extended_open_time', 'pin', 'second_person', 'face'],
        correlation: '',
      });
    } catch {
      return refused(deps, read, 'store.unavailable'); // Nobody gets in because the store is down.
    }
  };
}

/** The second question about a badge, with its PIN. Never throws; a PIN that cannot be compared is a deny. */
export function createPinRead(deps: BadgeReadDeps): (entry: PinEntry) => Promise<BadgeDecision> {
  return async ({ read, askedBy, endedAtMs, digits }) => {
    try {
      if (deps.clock.nowMs() - endedAtMs > CARD_READ_AGE_MS_MAX) return await refused(deps, read, 'pdp.late');
      const { person } = await findBadgeHolder(deps, read);
      const pin = person === null ? NO_PIN : await deps.pins.entered(person.id, read.reader.id, digits);
      const decided = await decideUnderCurrentEpoch(deps, read, {
        // Whose PIN was compared, or nobody's: the badge may have got another holder meanwhile.
        pinOf: (holder) => Promise.resolve(holder.id === person?.id ? pin : { ...NO_PIN, asked: true }),
        // The policy says whether it stands for a face here.
        faceOf: (holder) => (holder.id === person?.id && pin.ok ? { ...NO_FACE, alternative: 'pin' } : NO_FACE),
        // A question for a PIN would be the second one: a deny.
        understands: ['extended_open_time', 'second_person', 'face'],
        correlation: askedBy,
      });
      return { ...decided, duress: pin.duress, pin };
    } catch {
      return refused(deps, read, 'store.unavailable');
    } finally {
      digits?.fill(0);
    }
  };
}

/** A permit counts only if no revocation was committed since its facts were read. */
export async function decideUnderCurrentEpoch(deps: BadgeReadDeps, read: CardRead, asked: Asked): Promise<BadgeDecision> {
  for (let attempt = 0; attempt < EPOCH_RETRIES_MAX; attempt += 1) {
    const epoch = await deps.people.epoch();
    const decided = await decideOnce(deps, { read, epoch, asked });
    if (decided.decision.effect === 'deny' || (await deps.people.epoch()) === epoch) return decided;
  }
  return refused(deps, read, 'pdp.late');
}

export async function refused(
  deps: Pick<BadgeReadDeps, 'refuse'>,
  read: CardRead,
  reason: GatewayReasonCode,
  personId: PersonId | null = null,
): Promise<BadgeDecision> {
  const resource = { type: 'door', id: read.door.id } as const;
  return {
    decision: await deps.refuse({ action: 'door.unlock', channel: 'osdp', personId, resource, reason }),
    person: null,
    duress: false,
  };
}

/** Whoever waits counts only as long as their own gate is open: a suspension in between leaves the other one alone. */
async function companionFacts({ companions, people }: BadgeReadDeps, door: Door): Promise<DecisionContext['companion']> {
  const waiting = companions?.at(door.id) ?? null;
  const person = waiting === null ? null : await people.find(waiting.personId);
  if (waiting === null || person === null || !['active', 'restricted'].includes(person.standing)) return NO_COMPANION;
  return { known: true, id: person.id, age_s: waiting.ageS };
}

async function decideOnce(
  deps: BadgeReadDeps,
  { read, epoch, asked }: { readonly read: CardRead; readonly epoch: number; readonly asked: Asked },
): Promise<BadgeDecision> {
  const { badge, person } = await findBadgeHolder(deps, read);
  const presence = person === null ? null : await deps.presence.find(person.id);
  const pin = person === null ? NO_PIN : await asked.pinOf(person);
  const nowMs = deps.clock.nowMs();
  const input = deps.assemble({
    action: 'door.unlock',
    subject: personFacts(person),
    resource: doorFacts(read.door, deps.sites.area(read.door.toAreaId)),
    channel: 'osdp',
    // The reader adapter hands out reads of secure channels only.
    pep: { id: read.reader.id, secure: true, tamper: deps.tamper.of(read.reader.id) },
    epoch,
    nowMs,
    requestId: deps.random.id('req'),
    correlation: asked.correlation,
    credential: badgeFacts(badge, { readAtMs: read.readAtMs, nowMs, pin }),
    presence: presenceFacts(presence, deps.sites, nowMs),
    ...(person === null || asked.faceOf === undefined ? {} : { face: asked.faceOf(person) }),
    companion: await companionFacts(deps, read.door),
  });
  const decision = await deps.decide({ input, understands: asked.understands, mode: 'online' });
  return { decision, person, duress: false };
}
