import type { AuditRecord } from '../../domain/audit/record.ts';
import { whyLeft, type LeaveCause } from '../../domain/people/leaver.ts';
import type { PersonId } from '../../domain/site/ids.ts';
import { AUDIT_READ_MAX, type AuditReader } from '../../ports/audit-log.ts';
import type { Clock } from '../../ports/clock.ts';
import type { PeopleStore } from '../../ports/people-store.ts';

export interface LeaversDeps {
  readonly people: Pick<PeopleStore, 'find'>;
  readonly reader: Pick<AuditReader, 'read' | 'headSeq'>;
  readonly clock: Clock;
}

/** Why this person counts as one who has left; null = they do not, and may come back to what they had. @throws store.unavailable, audit.unavailable */
export async function findLeaveCause({ clock, people, reader }: LeaversDeps, personId: PersonId): Promise<LeaveCause | null> {
  const person = await people.find(personId);
  const suspendedSinceMs = person?.standing === 'suspended' ? await findSuspension(reader, personId) : null;
  return whyLeft(person, { nowMs: clock.nowMs(), suspendedSinceMs });
}

/** Whoever is suspended again while they are is so since the first time. */
async function findSuspension(reader: LeaversDeps['reader'], personId: PersonId): Promise<number | null> {
  const beforeSeq = (await reader.headSeq()) + 1;
  let sinceMs: number | null = null;
  for (const { record } of await reader.read({ from: { beforeSeq }, limit: AUDIT_READ_MAX, types: ['standing'], personId })) {
    if (record.type !== 'standing' || record.to !== 'suspended') break;
    sinceMs = record.occurredAtMs;
    if (record.from !== 'suspended') break;
  }
  return sinceMs;
}

/** Who has left by this record of the log, whoever said so; null = nobody. */
export function leaverOf(record: AuditRecord): PersonId | null {
  const isDeparted = record.type === 'standing' && record.to === 'departed';
  const isRemoved = record.type === 'directory_change' && record.subjectType === 'person' && record.change === 'removed';
  if (!isDeparted && !isRemoved) return null;
  // Branded again: the gateway wrote it.
  return record.personId as PersonId | null;
}
