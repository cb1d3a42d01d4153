import type { AuditRecordOf } from '../../domain/audit/record.ts';
import type { PersonId } from '../../domain/site/ids.ts';
import type { AuditEntry, AuditReader } from '../../ports/audit-log.ts';
import type { Clock } from '../../ports/clock.ts';
import type { StaffedReader } from './staffed-readers.ts';

/** A person's own badge at a staffed reader, as the decision about it says. */
export interface Sighting {
  readonly personId: PersonId;
  readonly decisionId: string;
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
  readonly clock: Clock;
}

/** Decisions that are looked through, at one door or of one person: more within minutes is no reception. */
export const SIGHTING_SCAN_MAX = 300;
/** Clocks of threads and machines differ by this at most. */
const CLOCK_SKEW_MS_MAX = 5_000;
/** Reasons that leave open whether it was the person, or the badge or the reader what they seem. */
const DOUBTS: readonly string[] = ['subject.', 'credential.', 'pin.', 'face.', 'reader.', 'card.', 'store.', 'pdp.', 'input.'];

export function createBadgeSightings(deps: Deps): BadgeSightings {
  const { auditReader, clock, readers, windowS } = deps;
  const read = async (about: { readonly personId: string } | { readonly resourceId: string }): Promise<readonly Sighting[]> => {
    const nowMs = clock.nowMs();
    const from = { beforeSeq: Number.MAX_SAFE_INTEGER };
    const entries = await auditReader.read({ from, limit: SIGHTING_SCAN_MAX, types: ['decision'], ...about });
    return entries
      .flatMap((entry) => toSighting(readers, entry, windowS))
      .filter(({ atMs, untilMs }) => atMs <= nowMs + CLOCK_SKEW_MS_MAX && nowMs < untilMs);
  };
  return {
    recent: async () => {
      const doors = [...new Set(readers.map(({ doorId }) => doorId))];
      const seen = (await Promise.all(doors.map((resourceId) => read({ resourceId })))).flat();
      const newest = new Map<string, Sighting>();
      for (const sighting of seen.toSorted((left, right) => left.atMs - right.atMs)) newest.set(sighting.personId, sighting);
      return [...newest.values()].toSorted((left, right) => right.atMs - left.atMs);
    },
    of: (personId) => read({ personId }),
  };
}

function toSighting(readers: readonly StaffedReader[], { record }: AuditEntry, windowS: number): readonly Sighting[] {
  if (record.type !== 'decision' || record.action !== 'door.unlock' || record.personId === null) return [];
  const reader = readers.find(({ readerId }) => readerId === record.input?.context.pep.id);
  if (reader === undefined || !isBeyondDoubt(record)) return [];
  const { decisionId, occurredAtMs: atMs } = record;
  // Branded where it enters: the log keeps plain ids.
  const personId = record.personId as PersonId;
  return [{ personId, decisionId, reader: reader.reader, site: reader.site, atMs, untilMs: atMs + windowS * 1_000 }];
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
