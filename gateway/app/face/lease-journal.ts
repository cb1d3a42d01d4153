import type { DecisionContext } from '../../domain/access/decision-input.ts';
import { NO_FACE } from '../../domain/access/input-facts.ts';
import type { Decision } from '../../domain/access/decision.ts';
import { GatewayError } from '../../domain/errors.ts';
import { markBadge } from '../../domain/face/badge-mark.ts';
import type { FaceDevice } from '../../domain/face/face-device.ts';
import { findEntryFault, LEASED_ENTRY_TYPE, leasedEntrySchema, type FaceLease, type LeasedEntry } from '../../domain/face/lease.ts';
import { lookCause, lookFault } from '../../domain/face/mismatches.ts';
import type { Badge, Person, Standing } from '../../domain/people/person.ts';
import type { DoorId, FaceDeviceId, PersonId } from '../../domain/site/ids.ts';
import type { SiteMap } from '../../domain/site/site-map.ts';
import { tryParse } from '../../domain/try-parse.ts';
import { AUDIT_READ_MAX, type AuditLog, type AuditReader } from '../../ports/audit-log.ts';
import type { Clock } from '../../ports/clock.ts';
import type { CredentialStore } from '../../ports/credential-store.ts';
import type { FaceDeviceStore } from '../../ports/face-device-store.ts';
import type { PeopleStore } from '../../ports/people-store.ts';
import type { AssembleInput } from '../access/assemble-input.ts';
import { badgeFacts, doorFacts, personFacts, unknownResourceFacts } from '../access/facts.ts';
import type { Decide } from '../access/types.ts';
import { verifyDeviceSignature } from './device-signature.ts';
import { asLeased, LEASED_OBLIGATIONS } from './lease-desk.ts';
import type { LeaseKey } from './lease-key.ts';

/** Alarms of what terminals did alone. */
export const LEASED_ENTRY_DENIED = 'face.leased_entry_denied';
export const LEASED_ENTRY_INVALID = 'face.leased_entry_invalid';
export const LEASE_JOURNAL_GAP = 'face.lease_journal_gap';

export interface LeaseJournalDeps {
  readonly sites: SiteMap;
  readonly devices: Pick<FaceDeviceStore, 'journalSeq' | 'advanceJournal'>;
  readonly people: Pick<PeopleStore, 'find' | 'epoch'>;
  readonly credentials: Pick<CredentialStore, 'badgesOf'>;
  readonly assemble: AssembleInput;
  readonly decide: Decide;
  readonly audit: AuditLog;
  readonly reader: AuditReader;
  readonly key: LeaseKey;
  readonly clock: Clock;
}

/** In the log beside the outcome: by it an entry is known again that was taken and not yet counted. */
const markOf = (deviceId: FaceDeviceId, seq: number): string => `leased ${deviceId} ${String(seq)}`;

/**
 * What terminals did while they could not reach the gateway: each entry once, in order, judged again by the policy of now and what the person
 * was at the time. A release that would have been a deny, or that its lease does not cover, is an alarm.
 */
export class LeaseJournal {
  readonly #deps: LeaseJournalDeps;
  /** One call of a terminal after the other. */
  readonly #turns = new Map<FaceDeviceId, Promise<unknown>>();
  /** Terminals whose last entry was looked up in the log since this process began. */
  readonly #checked = new Set<FaceDeviceId>();

  constructor(deps: LeaseJournalDeps) {
    this.#deps = deps;
  }

  /** Up to which entry all is taken. What is no entry of this terminal's ends the call before it. @throws audit.unavailable, store.unavailable */
  async take(device: FaceDevice, said: { readonly lease: string | null; readonly entries: readonly string[] }): Promise<number> {
    const before = this.#turns.get(device.id) ?? Promise.resolve();
    const turn = before.catch(() => undefined).then(() => this.#take(device, said));
    this.#turns.set(device.id, turn);
    try {
      return await turn;
    } finally {
      if (this.#turns.get(device.id) === turn) this.#turns.delete(device.id);
    }
  }

  async #take(device: FaceDevice, said: { readonly lease: string | null; readonly entries: readonly string[] }): Promise<number> {
    const { devices, key } = this.#deps;
    const lease = said.lease === null ? null : await key.verify(said.lease);
    let taken = await this.#lastTaken(device.id);
    for (const jws of said.entries) {
      const signed = await verifyDeviceSignature(jws, { publicKey: device.publicKey, typ: LEASED_ENTRY_TYPE });
      const parsed = tryParse(leasedEntrySchema, signed?.payload);
      if (!parsed.success || parsed.data.device !== device.id) return taken;
      const entry = parsed.data;
      if (entry.seq <= taken) continue;
      if (entry.seq > taken + 1) await this.#raise(LEASE_JOURNAL_GAP, device);
      await this.#keep(device, entry, lease);
      taken = entry.seq;
      await devices.advanceJournal(device.id, taken);
    }
    return taken;
  }

  /** A gateway that ended between the log and the count finds the entry in the log. */
  async #lastTaken(id: FaceDeviceId): Promise<number> {
    const { devices, reader } = this.#deps;
    const counted = await devices.journalSeq(id);
    if (this.#checked.has(id)) return counted;
    const recent = await reader.read({ from: { beforeSeq: (await reader.headSeq()) + 1 }, limit: AUDIT_READ_MAX, types: ['outcome'] });
    const next = recent.some(({ record }) => record.type === 'outcome' && record.detail.startsWith(`${markOf(id, counted + 1)} `));
    if (next) await devices.advanceJournal(id, counted + 1);
    this.#checked.add(id);
    return next ? counted + 1 : counted;
  }

  async #keep(device: FaceDevice, entry: LeasedEntry, lease: FaceLease | null): Promise<void> {
    const { audit, clock } = this.#deps;
    const atMs = Math.min(entry.at_ms, clock.nowMs());
    const person = await this.#personThen(entry, atMs);
    const badge = person === null ? null : await this.#badgeOf(person.id, entry, lease);
    const decision = await this.#judge({ entry, atMs, person, badge });
    const isReleased = entry.outcome === 'released';
    await audit.append({
      type: 'outcome',
      occurredAtMs: atMs,
      decisionId: decision.id,
      resourceId: entry.door,
      personId: person?.id ?? null,
      outcome: isReleased ? 'unlocked' : 'withheld',
      detail: `${markOf(device.id, entry.seq)} ${entry.reason}`,
    });
    const fault = findEntryFault(entry, lease) ?? (entry.at_ms > atMs && isReleased ? 'lease.expired' : null);
    const about = { personId: person?.id ?? null, decisionId: decision.id };
    if (fault !== null) await this.#raise(LEASED_ENTRY_INVALID, device, about);
    if (isReleased && decision.effect === 'deny') await this.#raise(LEASED_ENTRY_DENIED, device, about);
    if (person !== null && !isReleased && lookFault(entry.reason) !== null) await this.#countLook(person.id, entry.reason, atMs);
  }

  /** As at a door that asks: whoever could cut the line would otherwise try faces for ever. */
  async #countLook(personId: PersonId, result: string, occurredAtMs: number): Promise<void> {
    const about = { event: 'authentication_failed', kind: 'face_template', personId, credentialId: null, operatorId: null } as const;
    await this.#deps.audit.append({ type: 'credential', occurredAtMs, ...about, cause: lookCause('door', result) });
  }

  /** With the standing of then: a suspension that came after is nothing that the door should have known. */
  async #personThen(entry: LeasedEntry, atMs: number): Promise<Person | null> {
    const { people, reader } = this.#deps;
    // Branded where it enters, and looked up at once.
    const person = entry.person === null ? null : await people.find(entry.person as PersonId);
    if (person === null) return null;
    const query = { from: { beforeSeq: (await reader.headSeq()) + 1 }, limit: AUDIT_READ_MAX, personId: person.id } as const;
    let standing: Standing = person.standing;
    for (const { record } of await reader.read({ ...query, types: ['standing'] })) {
      if (record.type === 'standing' && record.occurredAtMs > atMs) standing = record.from;
    }
    return { ...person, standing };
  }

  async #badgeOf(personId: PersonId, { badge: mark }: LeasedEntry, lease: FaceLease | null): Promise<Badge | null> {
    if (mark === null || lease === null) return null;
    return (await this.#deps.credentials.badgesOf(personId)).find(({ badgeKey }) => markBadge(badgeKey, lease.salt) === mark) ?? null;
  }

  /** @throws audit.unavailable an entry that is not in the log is not taken */
  async #judge({ atMs, badge, entry, person }: Judged): Promise<Decision> {
    const { assemble, decide, people, sites } = this.#deps;
    const door = sites.door(entry.door as DoorId);
    const area = door === undefined ? undefined : sites.area(door.toAreaId);
    const input = assemble({
      action: 'door.unlock',
      subject: personFacts(person),
      resource: door === undefined ? unknownResourceFacts('door', entry.door) : doorFacts(door, area),
      channel: 'osdp',
      pep: { id: entry.reader, secure: true, tamper: 'not_reported' },
      epoch: await people.epoch(),
      nowMs: atMs,
      requestId: `${entry.lease ?? 'none'}:${String(entry.seq)}`,
      correlation: entry.lease ?? '',
      credential: badgeFacts(badge, { readAtMs: atMs, nowMs: atMs }),
      face: faceOf(entry),
    });
    const decision = await decide({ input: asLeased(input), understands: LEASED_OBLIGATIONS, mode: 'leased' });
    if (decision.effect === 'deny' && decision.unrecorded !== undefined)
      throw new GatewayError('audit.unavailable', 'The log takes no entries at the moment.');
    return decision;
  }

  async #raise(
    code: string,
    device: FaceDevice,
    about: { readonly personId: PersonId | null; readonly decisionId?: string } = { personId: null },
  ) {
    const { audit, clock } = this.#deps;
    await audit.append({
      type: 'alarm',
      occurredAtMs: clock.nowMs(),
      code,
      sourceType: 'reader',
      sourceId: device.readerId,
      active: true,
      ...about,
    });
  }
}

interface Judged {
  readonly entry: LeasedEntry;
  readonly atMs: number;
  readonly person: Person | null;
  readonly badge: Badge | null;
}

/** As the terminal said; a face that it did not compare is none. */
function faceOf({ band, liveness, outcome, reason }: LeasedEntry): DecisionContext['face'] {
  if (reason.startsWith('lease.') && outcome === 'refused') return NO_FACE;
  return {
    ...NO_FACE,
    known: true,
    verified: outcome === 'released' || reason === 'verified',
    score_band: band === 'below' ? 'none' : band,
    liveness,
    age_s: 0,
    source: 'terminal',
  };
}
