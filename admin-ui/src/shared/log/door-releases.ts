import type { Entry } from '#gateway/http/contract/admin.ts';

type Record_ = Entry['record'];
type DoorRecord = Extract<Record_, { readonly type: 'door_state' }>;

/** What only carries a release out. Every other cause, as a restart or a lost line, is news of its own. */
const MOVEMENTS: readonly string[] = ['released', 'contact', 'output'];

interface Release {
  /** The row that explains the movements; null while several releases at once may do so. */
  readonly ownerSeq: number | null;
  readonly passage: 'awaited' | 'begun' | 'over';
}

/** A movement that an operator need not look at: nothing forced, held open, tampered with, faulty or unknown. */
export function isQuietMovement({ cause, state }: DoorRecord): boolean {
  const alarming = state.forced || state.openTooLong || state.tamper || state.fault !== 'none';
  return MOVEMENTS.includes(cause) && !alarming && state.contact !== 'unknown' && state.lock !== 'unknown';
}

/** Follows the doors through the log, oldest entry first, and tells which release explains a movement that names no decision. */
export class DoorReleases {
  readonly #releases = new Map<string, Release>();

  /** The number of the row that explains the entry, or null for one that stands for itself. */
  explain({ seq, record }: Entry): number | null {
    switch (record.type) {
      case 'decision':
        if (record.resourceType === 'door' && record.effect === 'permit') this.#begin(record.resourceId, seq);
        return null;
      case 'egress':
        this.#begin(record.doorId, seq);
        return null;
      case 'outcome':
        if (record.outcome === 'unlock_failed') this.#releases.delete(record.resourceId);
        return null;
      case 'door_state':
        return this.#move(record);
      default:
        return null;
    }
  }

  #begin(doorId: string, seq: number): void {
    const before = this.#releases.get(doorId);
    const unsettled = before !== undefined && before.passage !== 'over';
    this.#releases.set(doorId, { ownerSeq: unsettled ? null : seq, passage: 'awaited' });
  }

  #move(record: DoorRecord): number | null {
    const { doorId, contact, lock } = record.state;
    const release = this.#releases.get(doorId);
    if (release === undefined) return null;
    const locked = contact === 'closed' && lock === 'locked';
    if (locked || !isQuietMovement(record)) this.#releases.delete(doorId);
    else if (record.cause === 'contact') this.#releases.set(doorId, { ...release, passage: contact === 'open' ? 'begun' : 'over' });
    return isQuietMovement(record) ? release.ownerSeq : null;
  }
}
