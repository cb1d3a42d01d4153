import type { ReaderId } from '#gateway/domain/site/ids.ts';
import type { ReaderAlarmCode } from '#gateway/ports/readers.ts';
import { type After, systemAfter } from './after.ts';
import { Burst, type BurstReport } from './burst.ts';
import type { SessionExcess } from './session/alarms.ts';

/** What somebody does with hands is over when the hands rest. */
const HANDS_REST_MS = 1_000;
/** A fault comes and goes: a reader that fails is looked for again only now and then. */
export const FAULT_OVER_AFTER_MS = 10_000;

/** Conditions that go on: one alarm each with a beginning, counts and an end, and how long without them is the end. */
const OVER_AFTER_MS = {
  'osdp.card_rate_exceeded': HANDS_REST_MS,
  'osdp.keypad_rate_exceeded': HANDS_REST_MS,
  'osdp.status_rate_exceeded': FAULT_OVER_AFTER_MS,
  'osdp.stale_read_dropped': FAULT_OVER_AFTER_MS,
  'osdp.card_unusable': FAULT_OVER_AFTER_MS,
  'osdp.busy_flood': FAULT_OVER_AFTER_MS,
  'osdp.polls_refused': FAULT_OVER_AFTER_MS,
  'osdp.reply_stalled': FAULT_OVER_AFTER_MS,
  'osdp.line_noise': FAULT_OVER_AFTER_MS,
} as const satisfies Partial<Record<ReaderAlarmCode, number>> & Record<SessionExcess, number>;

export type BurstCode = keyof typeof OVER_AFTER_MS;

interface Running {
  readonly burst: Burst;
  cancel: () => void;
}

export interface BurstAlarmsDeps {
  readonly report: (readerId: ReaderId, code: BurstCode, report: BurstReport) => void;
  readonly monotonicMs: () => number;
  /** The process's own timers when left out. */
  readonly after?: After;
}

/** Says of each reader once what goes on with it, and that it is over. Only what goes on is held: one entry a reader and code. */
export class BurstAlarms {
  readonly #deps: BurstAlarmsDeps;
  readonly #after: After;
  readonly #running = new Map<ReaderId, Map<BurstCode, Running>>();

  constructor(deps: BurstAlarmsDeps) {
    this.#deps = deps;
    this.#after = deps.after ?? systemAfter;
  }

  /** It has shown once more. */
  add(readerId: ReaderId, code: BurstCode): void {
    const nowMs = this.#deps.monotonicMs();
    const ofReader = this.#running.get(readerId) ?? new Map<BurstCode, Running>();
    this.#running.set(readerId, ofReader);
    const known = ofReader.get(code);
    const running = known ?? { burst: new Burst(OVER_AFTER_MS[code]), cancel: () => undefined };
    ofReader.set(code, running);
    const due = running.burst.add(nowMs);
    if (due !== null) this.#deps.report(readerId, code, due);
    if (known === undefined) this.#endWhenOver(readerId, code, running);
  }

  /** Says the end of all that goes on, whatever time has passed. */
  endAll(): void {
    for (const [readerId, ofReader] of this.#running) for (const [code, running] of ofReader) this.#end(readerId, code, running);
  }

  #endWhenOver(readerId: ReaderId, code: BurstCode, running: Running): void {
    const remainingMs = running.burst.remainingMs(this.#deps.monotonicMs());
    if (remainingMs === null || remainingMs === 0) return this.#end(readerId, code, running);
    running.cancel = this.#after(remainingMs, () => this.#endWhenOver(readerId, code, running));
  }

  #end(readerId: ReaderId, code: BurstCode, { burst, cancel }: Running): void {
    cancel();
    this.#running.get(readerId)?.delete(code);
    const last = burst.end();
    if (last !== null) this.#deps.report(readerId, code, last);
  }
}
