import type { AuditRecordOf } from '../../domain/audit/record.ts';
import type { PersonId } from '../../domain/site/ids.ts';
import type { AuditEntry, AuditReader } from '../../ports/audit-log.ts';
import type { Clock } from '../../ports/clock.ts';
import type { CredentialStore } from '../../ports/credential-store.ts';
import type { StaffedReader } from './staffed-readers.ts';

/** A person's own badge at a staffed reader, as the decision about it says; in use then, and still. */
export interface Sighting {
  readonly personId: PersonId;
  readonly decisionId: string;
  readonly badgeId: string;
  readonly reader: string;
  readonly site: string;
  readonly atMs: number;
  /** Until then it counts. */
  readonly untilMs: number;
}

/** Reads the log: it knows what every thread and node saw, and outlives a restart. @throws store.unavailable */
export interface BadgeSightings {
  /** One a person, newest first. */
  recent(): Promise<readonly Sighting[]>;
  /** Those of one person, newest first. */
  of(personId: PersonId): Promise<readonly Sighting[]>;
}

interface Deps {
  readonly readers: readonly StaffedReader[];
  /** How long a badge counts. */
  readonly windowS: number;
  readonly auditReader: Pick<AuditReader, 'read'>;
  readonly credentials: Pick<CredentialStore, 'badgesOf'>;
  readonly clock: Clock;
}

/** Decisions that are looked through, at one door or of one person: more within minutes is no reception. */
export const SIGHTING_SCAN_MAX = 300;
/** Clocks of threads and machines differ by this at most. */
const CLOCK_SKEW_MS_MAX = 5_000;
/** Reasons that leave open whether it was the person, or the badge or the reader what they seem. */
const DOUBTS: readonly string[] = ['subject.', 'credential.', 'pin.', 'face.', 'reader.', 'card.', 'store.', 'pdp.', 'input.'];

export function createBadgeSightings(deps: Deps): BadgeSightings {
  const { auditReader, clock, credentials, readers, windowS } = deps;
  const read = async (about: { readonly personId: string } | { readonly resourceId: string }): Promise<readonly Sighting[]> => {
    const nowMs = clock.nowMs();
    const from = { beforeSeq: Number.MAX_SAFE_INTEGER };
    const entries = await auditReader.read({ from, limit: SIGHTING_SCAN_MAX, types: ['decision'], ...about });
    return entries
      .flatMap((entry) => toSighting(readers, entry, windowS))
      .filter(({ atMs, untilMs }) => atMs <= nowMs + CLOCK_SKEW_MS_MAX && nowMs < untilMs);
  };
  /** Whoever has a lost badge held it to the reader before it was reported, too: it counts no longer. */
  const inUse = async (sightings: readonly Sighting[]): Promise<readonly Sighting[]> => {
    const kept = await Promise.all(
      sightings.map(async (sighting) => {
        const badges = await credentials.badgesOf(sighting.personId);
        return badges.some(({ id, status }) => id === sighting.badgeId && status === 'active') ? [sighting] : [];
      }),
    );
    return kept.flat();
  };
  return {
    recent: async () => {
      const doors = [...new Set(readers.map(({ doorId }) => doorId))];
      const seen = (await Promise.all(doors.map((resourceId) => read({ resourceId })))).flat();
      const ofBadges = await inUse(newestBy(seen, ({ badgeId, personId }) => `${personId} ${badgeId}`));
      return newestBy(ofBadges, ({ personId }) => personId);
    },
    of: async (personId) => inUse(await read({ personId })),
  };
}

/** One of each key, newest first. */
function newestBy(seen: readonly Sighting[], keyOf: (sighting: Sighting) => string): readonly Sighting[] {
  const newest = new Map<string, Sighting>();
  for (const sighting of seen.toSorted((left, right) => left.atMs - right.atMs)) newest.set(keyOf(sighting), sighting);
  return [...newest.values()].toSorted((left, right) => right.atMs - left.atMs);
}

function toSighting(readers: readonly StaffedReader[], { record }: AuditEntry, windowS: number): readonly Sighting[] {
  if (record.type !== 'decision' || record.action !== 'door.unlock' || record.personId === null) return [];
  const reader = readers.find(({ readerId }) => readerId === record.input?.context.pep.id);
  if (reader === undefined || !isBeyondDoubt(record)) return [];
  const { decisionId, occurredAtMs: atMs } = record;
  // Branded where it enters: the log keeps plain ids.
  const personId = record.personId as PersonId;
  const badgeId = record.input?.context.credential.id ?? '';
  return [{ personId, decisionId, badgeId, reader: reader.reader, site: reader.site, atMs, untilMs: atMs + windowS * 1_000 }];
}

/** The person's own badge, in use, at a reader of this gateway. Whether the door opened does not matter: who has no grant there has a badge all the same. */
function isBeyondDoubt({ channel, input, mode, obligations, reasons }: AuditRecordOf<'decision'>): boolean {
  if (input === null || channel !== 'osdp' || mode !== 'online') return false;
  const { credential } = input.context;
  const isBadge = credential.known && credential.kind === 'badge' && credential.status === 'active';
  // A PIN or a face is still to come: the decision after it says whether it was right.
  const isProvisional = obligations.some(({ id }) => id === 'pin' || id === 'face');
  return isBadge && !isProvisional && reasons.every((reason) => !DOUBTS.some((doubt) => reason.startsWith(doubt)));
}
