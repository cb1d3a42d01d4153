import type { ReaderAlarmCode } from '#gateway/ports/readers.ts';
import type { After } from './after.ts';
import type { BurstCode } from './burst-alarms.ts';
import { ReaderLimits } from './reader-limits.ts';
import { StatusReports } from './status-reports.ts';
import type { SessionEffect } from './session/transition.ts';

export interface ReaderGateDeps {
  /** What may have consequences. */
  readonly pass: (effect: SessionEffect) => void;
  /** A condition that goes on has shown once more. */
  readonly onExcess: (code: BurstCode) => void;
  readonly onAlarm: (code: ReaderAlarmCode) => void;
  readonly monotonicMs: () => number;
  readonly after?: After;
}

/** What one reader may cause: more of it than hands and doors make stays here and is counted. */
export class ReaderGate {
  readonly #deps: ReaderGateDeps;
  readonly #limits = new ReaderLimits();
  readonly #status: StatusReports;

  constructor(deps: ReaderGateDeps) {
    this.#deps = deps;
    const { monotonicMs, after, pass } = deps;
    const onHeld = (): void => deps.onExcess('osdp.status_rate_exceeded');
    this.#status = new StatusReports({ tell: pass, onHeld, monotonicMs, ...(after === undefined ? {} : { after }) });
  }

  take(effect: SessionEffect): void {
    const { pass, onExcess, onAlarm, monotonicMs } = this.#deps;
    switch (effect.kind) {
      case 'alarm':
        return this.#limits.allowsAlarm(effect.code, monotonicMs()) ? onAlarm(effect.code) : undefined;
      case 'excess':
        return onExcess(effect.code);
      case 'discarded':
        // Somebody stands at the door and wonders.
        return effect.what === 'unsupported_card' ? onExcess('osdp.card_unusable') : undefined;
      case 'card_read':
        return this.#limits.allowsCard(monotonicMs()) ? pass(effect) : onExcess('osdp.card_rate_exceeded');
      case 'keypad':
        return this.#limits.allowsKeys(monotonicMs()) ? pass(effect) : onExcess('osdp.keypad_rate_exceeded');
      case 'local_status':
      case 'inputs':
      case 'outputs':
        return this.#status.take(effect);
      case 'reply':
        if (effect.reply?.name === 'RSTATR') return this.#status.take(effect);
        return this.#limits.allowsOwnReply(monotonicMs()) ? pass(effect) : onExcess('osdp.status_rate_exceeded');
      case 'offline':
        this.#status.forget();
        return pass(effect);
      default:
        return pass(effect);
    }
  }
}
