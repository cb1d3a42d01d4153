import { type After, systemAfter } from './after.ts';
import { type Bucket, EMPTY_BUCKET, pour, roomInMs } from './session/bucket.ts';
import type { SessionEffect } from './session/transition.ts';

/**
 * States of one kind of a reader that are told as they come: so many at once, and two a second for long. A door is opened and a contact bounces less often;
 * what flutters faster would fill the log, a line for each poll.
 */
export const STATUS_REPORTS = { max: 10, leakPerS: 2 } as const;

type StatusKind = 'local_status' | 'inputs' | 'outputs' | 'readers';
export type StatusEffect = Extract<SessionEffect, { kind: 'local_status' | 'inputs' | 'outputs' | 'reply' }>;

interface Told {
  bucket: Bucket;
  /** What was told last. */
  last: string | null;
  /** The newest state while it waits, and all that was active since the last one that was told. */
  held: { readonly newest: StatusEffect; readonly peak: StatusEffect } | null;
  cancel: () => void;
}

export interface StatusReportsDeps {
  readonly tell: (effect: StatusEffect) => void;
  /** A state was not told at once: it waits, and a newer one takes its place. */
  readonly onHeld: () => void;
  readonly monotonicMs: () => number;
  /** The process's own timers when left out. */
  readonly after?: After;
}

/**
 * The states of one reader (osdp_LSTATR, ISTATR, OSTATR, RSTATR), told as they come until they come too fast. Then the newest waits until
 * there is room: what is true in the end is never lost, nor that something was active in between (somebody pressed the button beside the door, a
 * contact opened). Each kind by itself, so that an output that flutters hides no contact.
 */
export class StatusReports {
  readonly #deps: StatusReportsDeps;
  readonly #after: After;
  readonly #told = new Map<StatusKind, Told>();

  constructor(deps: StatusReportsDeps) {
    this.#deps = deps;
    this.#after = deps.after ?? systemAfter;
  }

  take(effect: StatusEffect): void {
    const kind = effect.kind === 'reply' ? 'readers' : effect.kind;
    const told = this.#told.get(kind) ?? { bucket: EMPTY_BUCKET, last: null, held: null, cancel: () => undefined };
    this.#told.set(kind, told);
    if (told.held !== null) {
      told.held = { newest: effect, peak: peakOf(told.held.peak, effect) };
      return this.#deps.onHeld();
    }
    const nowMs = this.#deps.monotonicMs();
    const waitMs = roomInMs(told.bucket, 1, nowMs, STATUS_REPORTS);
    if (waitMs === 0) return this.#tell(told, effect, nowMs);
    // A reader that repeats what is true already says nothing new.
    if (told.last === toKey(effect)) return;
    told.held = { newest: effect, peak: effect };
    told.cancel = this.#after(waitMs, () => this.#release(told));
    this.#deps.onHeld();
  }

  /** The reader is off line: what it said is not known to be true any more. It is asked anew when it is back. */
  forget(): void {
    for (const { cancel } of this.#told.values()) cancel();
    this.#told.clear();
  }

  #release(told: Told): void {
    const { held } = told;
    told.held = null;
    if (held === null) return;
    const nowMs = this.#deps.monotonicMs();
    for (const effect of [held.peak, held.newest]) if (told.last !== toKey(effect)) this.#tell(told, effect, nowMs);
  }

  #tell(told: Told, effect: StatusEffect, nowMs: number): void {
    told.bucket = pour(told.bucket, 1, nowMs, STATUS_REPORTS).bucket;
    told.last = toKey(effect);
    this.#deps.tell(effect);
  }
}

/** Everything that was active in one of two states. */
function peakOf(before: StatusEffect, after: StatusEffect): StatusEffect {
  if (before.kind === 'inputs' && after.kind === 'inputs') {
    return { kind: 'inputs', states: after.states.map((state, index) => (state === 0 ? (before.states[index] ?? 0) : state)) };
  }
  if (before.kind === 'local_status' && after.kind === 'local_status') {
    const powerFailed = before.powerFailed || after.powerFailed;
    return { kind: 'local_status', tampered: before.tampered || after.tampered, powerFailed };
  }
  return after;
}

function toKey(effect: StatusEffect): string {
  switch (effect.kind) {
    case 'inputs':
    case 'outputs':
      return effect.states.join();
    case 'local_status':
      return `${effect.tampered},${effect.powerFailed}`;
    case 'reply':
      return effect.raw.data.join();
  }
}
