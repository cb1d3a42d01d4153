import type { Decision } from '../../domain/access/decision.ts';
import type { GatewayReasonCode } from '../../domain/access/reason-code.ts';
import { parseCard, toBadgeKey } from '../../domain/people/card-format.ts';
import type { Badge, Person } from '../../domain/people/person.ts';
import type { Door, Reader } from '../../domain/site/site.ts';
import type { SiteMap } from '../../domain/site/site-map.ts';
import type { Clock } from '../../ports/clock.ts';
import type { CredentialStore } from '../../ports/credential-store.ts';
import type { PeopleStore } from '../../ports/people-store.ts';
import type { PresenceStore } from '../../ports/presence-store.ts';
import type { Random } from '../../ports/random.ts';
import type { AssembleInput } from '../access/assemble-input.ts';
import { badgeFacts, doorFacts, personFacts, presenceFacts } from '../access/facts.ts';
import type { Refuse } from '../access/refuse.ts';
import type { Decide } from '../access/types.ts';

export interface BadgeReadDeps {
  readonly sites: SiteMap;
  readonly people: PeopleStore;
  readonly credentials: CredentialStore;
  readonly presence: PresenceStore;
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
      return await decideUnderCurrentEpoch(deps, read);
    } catch {
      return refused(deps, read, 'store.unavailable'); // Nobody gets in because the store is down.
    }
  };
}

/** A permit counts only if no revocation was committed since its facts were read. */
async function decideUnderCurrentEpoch(deps: BadgeReadDeps, read: CardRead): Promise<BadgeDecision> {
  for (let attempt = 0; attempt < EPOCH_RETRIES_MAX; attempt += 1) {
    const epoch = await deps.people.epoch();
    const decided = await decideOnce(deps, read, epoch);
    if (decided.decision.effect === 'deny' || (await deps.people.epoch()) === epoch) return decided;
  }
  return refused(deps, read, 'pdp.late');
}

async function refused(deps: BadgeReadDeps, read: CardRead, reason: GatewayReasonCode): Promise<BadgeDecision> {
  const resource = { type: 'door', id: read.door.id } as const;
  return { decision: await deps.refuse({ action: 'door.unlock', channel: 'osdp', personId: null, resource, reason }), person: null };
}

async function decideOnce(deps: BadgeReadDeps, read: CardRead, epoch: number): Promise<BadgeDecision> {
  const { badge, person } = await findBadgeHolder(deps, read);
  const presence = person === null ? null : await deps.presence.find(person.id);
  const nowMs = deps.clock.nowMs();
  const input = deps.assemble({
    action: 'door.unlock',
    subject: personFacts(person),
    resource: doorFacts(read.door, deps.sites.area(read.door.toAreaId)),
    channel: 'osdp',
    // The reader adapter hands out reads of secure channels only.
    pep: { id: read.reader.id, secure: true },
    epoch,
    nowMs,
    requestId: deps.random.id('req'),
    correlation: '',
    credential: badgeFacts(badge, read.readAtMs, nowMs),
    presence: presenceFacts(presence, deps.sites, nowMs),
  });
  const decision = await deps.decide({ input, understands: ['extended_open_time'], mode: 'online' });
  return { decision, person };
}
