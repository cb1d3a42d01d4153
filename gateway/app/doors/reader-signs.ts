import type { DoorStatus } from '../../domain/audit/door-records.ts';
import type { DoorId, ReaderId } from '../../domain/site/ids.ts';
import type { SiteMap } from '../../domain/site/site-map.ts';
import type { Indication } from '../../domain/doors/sign.ts';
import type { Readers } from '../../ports/readers.ts';

/** A decision that takes longer is shown as `wait`: the person should neither leave nor badge again. Milliseconds. */
export const WAIT_SHOWN_AFTER_MS = 500;

type Standing = Extract<Indication, 'idle' | 'held_open' | 'locked_down'>;

export interface ReaderSignsDeps {
  readonly sites: SiteMap;
  readonly readers: Readers;
  readonly monotonicMs: () => number;
}

/** What readers show beside the answer to a badge: that it takes time, and what is the matter with their door. */
export class ReaderSigns {
  readonly #deps: ReaderSignsDeps;
  readonly #standing = new Map<DoorId, Standing>();
  readonly #waitAtMs = new Map<ReaderId, number>();

  constructor(deps: ReaderSignsDeps) {
    this.#deps = deps;
  }

  /** Runs `work`, which the reader shows to be slow when it is. */
  async during<T>(readerId: ReaderId, work: () => Promise<T>): Promise<T> {
    this.#waitAtMs.set(readerId, this.#deps.monotonicMs() + WAIT_SHOWN_AFTER_MS);
    try {
      return await work();
    } finally {
      this.#waitAtMs.delete(readerId);
    }
  }

  tick(): void {
    const nowMs = this.#deps.monotonicMs();
    for (const [readerId, waitAtMs] of this.#waitAtMs) {
      if (nowMs < waitAtMs) continue;
      this.#waitAtMs.delete(readerId);
      void this.#deps.readers.indicate(readerId, 'wait');
    }
  }

  /** Shows at every reader of the door what has changed for whoever stands there. */
  doorChanged(status: DoorStatus): void {
    const doorId = status.doorId as DoorId; // The runtime's own doors.
    const standing = standingOf(status);
    if (standing === this.#standingOf(doorId)) return;
    this.#standing.set(doorId, standing);
    for (const { id } of this.#deps.sites.readersOf(doorId)) void this.#deps.readers.indicate(id, standing);
  }

  /** A reader that comes back shows what it missed. */
  readerOnline(readerId: ReaderId): void {
    const reader = this.#deps.sites.reader(readerId);
    const standing = reader === undefined ? 'idle' : this.#standingOf(reader.doorId);
    if (standing !== 'idle') void this.#deps.readers.indicate(readerId, standing);
  }

  #standingOf(doorId: DoorId): Standing {
    return this.#standing.get(doorId) ?? 'idle';
  }
}

function standingOf({ mode, openTooLong }: DoorStatus): Standing {
  if (mode === 'locked_down') return 'locked_down';
  return openTooLong ? 'held_open' : 'idle';
}
