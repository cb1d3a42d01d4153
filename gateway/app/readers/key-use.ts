import type { DirectoryChangeRecord } from '../../domain/audit/change-records.ts';
import type { Clock } from '../../ports/clock.ts';
import type { PendingRecord } from '../../ports/pending-record-store.ts';
import type { Random } from '../../ports/random.ts';

/** Longest text of a fact in a record. */
const FACT_LENGTH_MAX = 200;

/** Somebody at the host reads along inside secure channels. */
export interface KeyUse {
  readonly tool: 'sniff' | 'decode';
  /** `tcp:HOST:PORT`, `serial:PATH` or `capture:NAME`. */
  readonly place: string;
  /** Card numbers and key presses are shown as well. */
  readonly isRevealed: boolean;
  /** Of the account at the host; null where the system has none. */
  readonly userId: number | null;
}

/** The record of it, to be kept before a key is read: who, when, which line. Never a key, nor what was read with it. */
export function toKeyUseRecord(
  { tool, place, isRevealed, userId }: KeyUse,
  { clock, random }: { readonly clock: Clock; readonly random: Random },
): PendingRecord {
  const id = random.id('chg');
  const facts = [tool, place, isRevealed ? 'cards:shown' : 'cards:hidden', ...(userId === null ? [] : [`uid:${userId}`])];
  const record: DirectoryChangeRecord = {
    type: 'directory_change',
    occurredAtMs: clock.nowMs(),
    changeId: id,
    subjectType: 'reader_key',
    subjectId: 'all',
    personId: null,
    change: 'used',
    changes: facts.map((fact) => fact.slice(0, FACT_LENGTH_MAX)),
    digestBefore: null,
    digestAfter: null,
    operatorId: 'local',
  };
  return { id, record };
}
