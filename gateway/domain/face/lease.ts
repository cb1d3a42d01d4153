import { z } from 'zod';
import { packHashSchema } from './face-device.ts';

/** `typ` of the JWS in which the gateway lends a terminal what it needs while the gateway is away. */
export const LEASE_TYPE = 'gatehouse-face-lease+jwt';
/** `typ` of the JWS in which a terminal says what it did under a lease. */
export const LEASED_ENTRY_TYPE = 'gatehouse-leased-entry+jwt';

/** People, and badges of all of them, in one lease. Whoever is beyond is not let in while the gateway is away. */
export const LEASE_PEOPLE_MAX = 180;
export const LEASE_BADGES_MAX = 240;
/** Longest lease, characters: it travels with the entries that were made under it. */
export const LEASE_JWS_MAX = 44_000;
/** What of it the people may fill, characters of JSON: base64 makes a third more of it. */
export const LEASE_PEOPLE_CHARS_MAX = 32_000;
/** Entries that travel together, and the longest of them, characters. */
export const LEASED_ENTRIES_PER_CALL_MAX = 15;
export const LEASED_ENTRY_JWS_MAX = 1_200;

/** How long a terminal may go on alone, by how much is behind the door (0 public to 5 critical), ms. */
const CONTROLLED_MS_MAX = 8 * 3_600_000;
const LIMITED_MS_MAX = 3_600_000;
const EXCLUSION_MS_MAX = 900_000;
const LIMITED_LEVEL_MIN = 3;
const EXCLUSION_LEVEL_MIN = 4;

export function leaseLifeMsMax(securityLevel: number): number {
  if (securityLevel >= EXCLUSION_LEVEL_MIN) return EXCLUSION_MS_MAX;
  return securityLevel >= LIMITED_LEVEL_MIN ? LIMITED_MS_MAX : CONTROLLED_MS_MAX;
}

const id = z.string().min(1).max(128);
const epochMs = z.int().min(0);
/** See `markBadge`. */
const badgeMark = z.string().regex(/^[A-Za-z0-9_-]{22}$/);

export const faceLeaseSchema = z.strictObject({
  id,
  device: id,
  reader: id,
  door: id,
  pack: packHashSchema,
  /** Revocation epoch, policy and data under which everybody in it was judged. */
  epoch: z.int().min(0),
  policy: z.string().max(64),
  data: z.string().max(64),
  issued_at_ms: epochMs,
  expires_at_ms: epochMs,
  /** Of the marks of badges, 32 hex digits. */
  salt: z.string().regex(/^[0-9a-f]{32}$/),
  people: z
    .array(
      z.strictObject({
        person: id,
        /** The one template that counts: another one on the terminal was enrolled, or put there, since. */
        template: id,
        badges: z.array(badgeMark).min(1).max(LEASE_BADGES_MAX),
        /** The policy lets this person in up to then; at most the end of the lease. */
        until_ms: epochMs,
        /** How long the lock is to stay released. */
        release_ms: z.int().min(500).max(600_000),
      }),
    )
    .max(LEASE_PEOPLE_MAX),
});
export type FaceLease = z.infer<typeof faceLeaseSchema>;

/** Why a terminal must not go by a lease. */
export const LEASE_FAULTS = [
  'lease.none',
  'lease.tampered',
  'lease.wrong_device',
  'lease.wrong_door',
  'lease.wrong_pack',
  'lease.superseded',
  'lease.too_long',
  'lease.not_yet',
  'lease.expired',
  'lease.clock_set_back',
] as const;
export type LeaseFault = (typeof LEASE_FAULTS)[number];

/** Why a terminal under a good lease did not release the door; for the rest the look's own result stands. */
export const LEASED_REFUSALS = [
  ...LEASE_FAULTS,
  'lease.not_listed',
  'lease.person_ended',
  'lease.other_template',
  'lease.too_many_looks',
  'lease.weak_proof',
  'lease.not_released',
] as const;
export type LeasedRefusal = (typeof LEASED_REFUSALS)[number];

/** Clocks of gateway and terminal differ by this at most. */
const LEASE_SKEW_MS_MAX = 60_000;
export const LEASE_LIFE_MS_MAX = CONTROLLED_MS_MAX;

/** Whom and what the lease must be for. */
export interface LeaseHolder {
  readonly deviceId: string;
  readonly readerId: string;
  readonly doorId: string;
  readonly packHash: string;
}

/** Whether a lease whose signature was verified is this terminal’s and in force. Null = it is. */
export function findLeaseFault(lease: FaceLease, holder: LeaseHolder, nowMs: number): LeaseFault | null {
  if (lease.device !== holder.deviceId) return 'lease.wrong_device';
  if (lease.door !== holder.doorId || lease.reader !== holder.readerId) return 'lease.wrong_door';
  if (lease.pack !== holder.packHash) return 'lease.wrong_pack';
  const lifeMs = lease.expires_at_ms - lease.issued_at_ms;
  if (lifeMs <= 0 || lifeMs > LEASE_LIFE_MS_MAX) return 'lease.too_long';
  if (lease.issued_at_ms > nowMs + LEASE_SKEW_MS_MAX) return 'lease.not_yet';
  return nowMs < lease.expires_at_ms ? null : 'lease.expired';
}

export type LeasedPerson = FaceLease['people'][number];

/** Whose badge this is, by its mark. Null = nobody's who is in the lease. */
export function findLeasedPerson(lease: FaceLease, mark: string): LeasedPerson | null {
  return lease.people.find(({ badges }) => badges.includes(mark)) ?? null;
}

/** One badge at a terminal that could not reach the gateway, and what came of it. No picture, no score, no badge number. */
export const leasedEntrySchema = z.strictObject({
  device: id,
  /** From 1, without a gap: an entry that is missing is missed. */
  seq: z.int().min(1),
  /** The lease that was at hand; null = none. */
  lease: id.nullable(),
  door: id,
  reader: id,
  /** Null: nobody’s who is in the lease. */
  person: id.nullable(),
  badge: badgeMark.nullable(),
  /** `released`: the terminal moved the lock. */
  outcome: z.enum(['released', 'refused']),
  /** What speaks against it; `verified` when nothing did. */
  reason: z.string().regex(/^[a-z_.]{1,64}$/),
  band: z.enum(['below', 'low', 'standard', 'high']),
  liveness: z.enum(['none', 'passive', 'active']),
  pack: packHashSchema,
  at_ms: epochMs,
});
export type LeasedEntry = z.infer<typeof leasedEntrySchema>;

/** Whether what the terminal did stands in its lease. Null = it does, or it did nothing. */
export function findEntryFault(
  entry: LeasedEntry,
  lease: FaceLease | null,
): 'lease.none' | 'lease.not_listed' | 'lease.expired' | 'lease.weak_proof' | null {
  if (entry.outcome === 'refused') return null;
  if (lease === null || lease.id !== entry.lease || lease.device !== entry.device || lease.door !== entry.door) return 'lease.none';
  const person = entry.badge === null ? null : findLeasedPerson(lease, entry.badge);
  if (person === null || person.person !== entry.person) return 'lease.not_listed';
  if (entry.at_ms < lease.issued_at_ms || entry.at_ms >= Math.min(lease.expires_at_ms, person.until_ms)) return 'lease.expired';
  return isLeasedProof(entry) ? null : 'lease.weak_proof';
}

/** What people are judged by when a lease is made, and what a face must therefore have shown. */
export const isLeasedProof = ({ band, liveness }: Pick<LeasedEntry, 'band' | 'liveness'>): boolean =>
  (band === 'standard' || band === 'high') && liveness === 'active';
