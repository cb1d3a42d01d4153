import type { AuditRecord } from '../../domain/audit/record.ts';
import type { DecisionId, PersonId } from '../../domain/site/ids.ts';
import type { Door } from '../../domain/site/site.ts';
import type { Clock } from '../../ports/clock.ts';
import { recordOutcome } from './door-effects.ts';

interface About {
  readonly decisionId: DecisionId;
  readonly personId: PersonId | null;
}

/** What the log says of permits that waited for something more: a PIN, a face, a second person. */
export class EntryRecords {
  readonly #record: (record: AuditRecord) => void;
  readonly #clock: Clock;

  constructor(record: (record: AuditRecord) => void, clock: Clock) {
    this.#record = record;
    this.#clock = clock;
  }

  withheld(door: Door, about: About, detail: string): void {
    this.#outcome(door, about, { outcome: 'withheld', detail });
  }

  unlocked(door: Door, about: About, detail: string): void {
    this.#outcome(door, about, { outcome: 'unlocked', detail });
  }

  /** Silent: nothing of it is shown where somebody may look over the person's shoulder. */
  duress(door: Door, about: About): void {
    const occurredAtMs = this.#clock.nowMs();
    this.#record({ type: 'alarm', occurredAtMs, code: 'duress', sourceType: 'door', sourceId: door.id, active: true, ...about });
  }

  #outcome(door: Door, about: About, said: { readonly outcome: 'unlocked' | 'withheld'; readonly detail: string }): void {
    recordOutcome({ record: this.#record }, door, { direction: 'entry', ...about }, { ...said, nowMs: this.#clock.nowMs() });
  }
}
