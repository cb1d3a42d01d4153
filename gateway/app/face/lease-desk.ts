import { setImmediate as nextTurn } from 'node:timers/promises';
import { parseDecision } from '../../domain/access/decision.ts';
import type { DecisionContext, DecisionInput } from '../../domain/access/decision-input.ts';
import { NO_FACE } from '../../domain/access/input-facts.ts';
import { markBadge } from '../../domain/face/badge-mark.ts';
import type { EnrolledTemplate } from '../../domain/face/enrolled-template.ts';
import type { FaceDevice } from '../../domain/face/face-device.ts';
import { LEASE_BADGES_MAX, LEASE_PEOPLE_CHARS_MAX, LEASE_PEOPLE_MAX, type FaceLease, type LeasedPerson } from '../../domain/face/lease.ts';
import type { Badge, Person } from '../../domain/people/person.ts';
import type { DecisionId, PersonId } from '../../domain/site/ids.ts';
import type { Door, Reader } from '../../domain/site/site.ts';
import type { SiteMap } from '../../domain/site/site-map.ts';
import type { Clock } from '../../ports/clock.ts';
import type { CredentialStore } from '../../ports/credential-store.ts';
import type { FaceTemplateStore } from '../../ports/face-template-store.ts';
import type { PeopleStore } from '../../ports/people-store.ts';
import type { PolicyEngine } from '../../ports/policy-engine.ts';
import type { PresenceStore } from '../../ports/presence-store.ts';
import type { Random } from '../../ports/random.ts';
import type { AssembleInput } from '../access/assemble-input.ts';
import { badgeFacts, doorFacts, personFacts, presenceFacts } from '../access/facts.ts';
import type { LeaseKey } from './lease-key.ts';
import { leasedPlaceOf } from './leased-place.ts';
import type { LentLeases } from './lent-leases.ts';

/** Times at which a person is judged are this far apart: somebody whose schedule ends is listed up to the last that was good, ms. */
export const LEASE_STEP_MS = 900_000;
/** How long other work waits for a lease that is being made, ms. */
const SLICE_MS_MAX = 10;
const SALT_BYTES = 16;
/** How often a lease is made anew because somebody in it was closed meanwhile. */
export const LEASE_ATTEMPTS_MAX = 3;

/** What a face has shown that a terminal may open by under a lease. */
export const LEASED_FACE: DecisionContext['face'] = {
  ...NO_FACE,
  known: true,
  verified: true,
  score_band: 'standard',
  liveness: 'active',
  source: 'terminal',
};

/** What a terminal can do besides: it has no keypad, and nobody who waits for a second person. */
export const LEASED_OBLIGATIONS = ['extended_open_time'] as const;

/** As a question of a terminal that decides alone. */
export const asLeased = (input: DecisionInput): DecisionInput => ({
  ...input,
  context: { ...input.context, pep: { ...input.context.pep, mode: 'leased' } },
});

export interface LeaseDeskDeps {
  readonly sites: SiteMap;
  readonly people: Pick<PeopleStore, 'find' | 'epoch'>;
  readonly credentials: Pick<CredentialStore, 'badgesOf'>;
  readonly presence: Pick<PresenceStore, 'find'>;
  readonly templates: Pick<FaceTemplateStore, 'keptBy'>;
  readonly lent: LentLeases;
  readonly policy: PolicyEngine;
  readonly assemble: AssembleInput;
  readonly key: LeaseKey;
  readonly clock: Clock;
  readonly random: Random;
}

/** What a terminal is lent. */
export interface LentLease {
  /** Null: this door has none, or those in it are being closed; it may ask again. */
  readonly jws: string | null;
  /** The gateway's, raw, base64url: a terminal keeps the first it is told. */
  readonly publicKey: string;
}

/** Leases: who could come in at a terminal's door with badge and face, by the policy and the facts of now, for as long as the door allows. */
export class LeaseDesk {
  readonly #deps: LeaseDeskDeps;
  constructor(deps: LeaseDeskDeps) {
    this.#deps = deps;
  }

  /** @throws secret.unavailable, store.unavailable */
  async lend(device: FaceDevice): Promise<LentLease> {
    const { key, lent } = this.#deps;
    const turn = lent.asked();
    const publicKey = await key.publicKey();
    for (let attempts = 0; attempts < LEASE_ATTEMPTS_MAX; attempts += 1) {
      const lease = await this.#make(device);
      if (lease === null) break;
      const jws = await key.sign(lease);
      // Branded where they were read from the store.
      const people = new Set(lease.people.map(({ person }) => person as PersonId));
      await lent.lend(device.id, { id: lease.id, turn, expiresAtMs: lease.expires_at_ms, people });
      if (await this.#areOpen(people)) return { jws, publicKey };
      lent.withdraw(device.id, lease.id);
    }
    return { jws: null, publicKey };
  }

  /** Looked at once the lease counts: a revocation has been here before, or it sees the lease and waits until the terminal has another one. */
  async #areOpen(people: ReadonlySet<PersonId>): Promise<boolean> {
    for (const id of people) {
      const standing = (await this.#deps.people.find(id))?.standing;
      if (standing !== 'active' && standing !== 'restricted') return false;
    }
    return true;
  }

  /** Null where nothing is to be lent. */
  async #make(device: FaceDevice): Promise<FaceLease | null> {
    const { clock, people, policy, random, sites } = this.#deps;
    const place = leasedPlaceOf(sites, device);
    if (place === null) return null;
    const { door, lifeMs, reader } = place;
    const nowMs = clock.nowMs();
    const lease: Omit<FaceLease, 'people'> = {
      id: random.id('lse'),
      device: device.id,
      reader: reader.id,
      door: door.id,
      pack: device.packHash,
      // Before anything is read: whoever is suspended meanwhile raises it, and the terminal asks anew.
      epoch: await people.epoch(),
      policy: policy.revision,
      data: policy.dataRevision,
      issued_at_ms: nowMs,
      expires_at_ms: nowMs + lifeMs,
      salt: Buffer.from(random.bytes(SALT_BYTES)).toString('hex'),
    };
    return { ...lease, people: await this.#listed(device, { door, reader, lease }) };
  }

  async #listed(device: FaceDevice, place: Place): Promise<LeasedPerson[]> {
    const { clock, templates } = this.#deps;
    const listed: LeasedPerson[] = [];
    let [badges, characters] = [0, 0];
    let sliceUs = clock.monotonicUs();
    for (const template of await templates.keptBy(device.id)) {
      const person = await this.#judge(template, place);
      if (clock.monotonicUs() - sliceUs > SLICE_MS_MAX * 1_000) {
        await nextTurn();
        sliceUs = clock.monotonicUs();
      }
      if (person === null || badges + person.badges.length > LEASE_BADGES_MAX) continue;
      characters += JSON.stringify(person).length + 1;
      if (characters > LEASE_PEOPLE_CHARS_MAX) break;
      badges += person.badges.length;
      listed.push(person);
      if (listed.length === LEASE_PEOPLE_MAX) break;
    }
    return listed;
  }

  /** Null: the policy would not let this person in by badge and face alone, or knows no badge of theirs. */
  async #judge({ expiresAtMs, id, packHash, personId }: EnrolledTemplate, place: Place): Promise<LeasedPerson | null> {
    const { credentials, people, presence } = this.#deps;
    const { expires_at_ms, issued_at_ms, pack, salt } = place.lease;
    if (packHash !== pack || expiresAtMs <= issued_at_ms) return null;
    const person = await people.find(personId);
    if (person === null) return null;
    const where = await presence.find(personId);
    const judged: Lendable[] = [];
    const marks: string[] = [];
    for (const badge of await credentials.badgesOf(personId)) {
      const lendable = this.#permittedUntil(place, { badge, person, where });
      if (lendable === null) continue;
      marks.push(markBadge(badge.badgeKey, salt));
      judged.push(lendable);
    }
    if (marks.length === 0) return null;
    return {
      person: personId,
      template: id,
      badges: marks,
      until_ms: Math.min(expires_at_ms, expiresAtMs, ...judged.map(({ untilMs }) => untilMs)),
      release_ms: Math.max(...judged.map(({ releaseMs }) => releaseMs)),
    };
  }

  /** Up to the last of the times in a row that the policy permits. Null: not even now. */
  #permittedUntil(place: Place, facts: Judged): Lendable | null {
    const { expires_at_ms, issued_at_ms } = place.lease;
    const releaseMs = this.#permits(place, facts, issued_at_ms);
    if (releaseMs === null) return null;
    let untilMs = issued_at_ms;
    while (untilMs < expires_at_ms) {
      const nextMs = Math.min(untilMs + LEASE_STEP_MS, expires_at_ms);
      // The end of a lease is no time at which it is good: what begins there is not judged.
      if (this.#permits(place, facts, nextMs - 1) === null) break;
      untilMs = nextMs;
    }
    return { untilMs, releaseMs };
  }

  /**
   * How long the lock would stay released, ms; null = it would not. Supposed, not asked: nobody stands at the door, and nothing of it is
   * recorded. What is lent is judged again when it was used.
   */
  #permits({ door, lease, reader }: Place, { badge, person, where }: Judged, atMs: number): number | null {
    const { assemble, policy, sites } = this.#deps;
    const input = assemble({
      action: 'door.unlock',
      subject: personFacts(person),
      resource: doorFacts(door, sites.area(door.toAreaId)),
      channel: 'osdp',
      pep: { id: reader.id, secure: true, tamper: 'not_reported' },
      epoch: lease.epoch,
      nowMs: atMs,
      requestId: lease.id,
      correlation: '',
      credential: badgeFacts(badge, { readAtMs: atMs, nowMs: atMs }),
      presence: presenceFacts(where, sites, atMs),
      face: LEASED_FACE,
    });
    // Branded here: no decision is made, and none is named.
    const stamp = { id: lease.id as DecisionId, policyRevision: policy.revision, epoch: lease.epoch };
    try {
      const answer = policy.evaluate(new TextEncoder().encode(JSON.stringify(asLeased(input))));
      const decision = parseDecision(answer, stamp, LEASED_OBLIGATIONS);
      if (decision.effect === 'deny') return null;
      return decision.obligations.some((one) => one.id === 'extended_open_time') ? door.extendedReleaseMs : door.releaseMs;
    } catch {
      return null; // A policy that cannot judge lends nothing.
    }
  }
}

interface Lendable {
  readonly untilMs: number;
  readonly releaseMs: number;
}

interface Place {
  readonly door: Door;
  readonly reader: Reader;
  readonly lease: Omit<FaceLease, 'people'>;
}

interface Judged {
  readonly badge: Badge;
  readonly person: Person;
  readonly where: Awaited<ReturnType<PresenceStore['find']>>;
}
