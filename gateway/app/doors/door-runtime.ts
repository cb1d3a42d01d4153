import { stepDoor, type DoorEvent } from '../../domain/doors/door-machine.ts';
import { INITIAL_DOOR_STATE, toDoorStatus, type DoorMachineState } from '../../domain/doors/door-state.ts';
import type { DoorStatus } from '../../domain/audit/door-records.ts';
import type { DoorId } from '../../domain/site/ids.ts';
import type { Door } from '../../domain/site/site.ts';
import type { CommandResult } from '../../ports/readers.ts';
import { monotonicMs, pulseStrike, recordEffect, recordOutcome, type DoorEffectsDeps } from './door-effects.ts';

/** Owns the doors' states: applies events, carries out what the machine asks for, records every visible change. */
export class DoorRuntime {
  readonly #deps: DoorEffectsDeps;
  readonly #states = new Map<DoorId, DoorMachineState>();

  constructor(deps: DoorEffectsDeps) {
    this.#deps = deps;
  }

  /** Applies one event. Returns the reader's answer when the event released the lock, else null. */
  apply(door: Door, event: DoorEvent): Promise<CommandResult> | null {
    const before = this.#stateOf(door.id);
    const { state, effects } = stepDoor(door, before, event);
    this.#states.set(door.id, state);
    let pulse: Promise<CommandResult> | null = null;
    for (const effect of effects) {
      if (effect.kind === 'pulse') pulse = pulseStrike(this.#deps, door, effect.durationMs);
      else recordEffect(this.#deps, door, effect);
    }
    const status = toDoorStatus(door.id, state);
    if (!isSame(status, toDoorStatus(door.id, before))) {
      this.#record(status, event);
      this.#deps.onStatus(status);
    }
    return pulse;
  }

  /** Releases the lock by an event and tells the machine what the reader answered. */
  async release(door: Door, event: Extract<DoorEvent, { kind: 'granted' | 'egress' }>): Promise<CommandResult> {
    const result = (await this.apply(door, event)) ?? ({ ok: false, code: 'reader.refused' } as const);
    const decisionId = event.kind === 'granted' ? event.decisionId : null;
    if (event.kind === 'granted') this.#recordRelease(door, event, result);
    void this.apply(door, { kind: result.ok ? 'released' : 'release_failed', nowMs: monotonicMs(this.#deps.clock), decisionId });
    return result;
  }

  /** Before the machine hears of it, so that the log tells the release before the passage that follows from it. */
  #recordRelease(door: Door, { decisionId, personId }: Extract<DoorEvent, { kind: 'granted' }>, result: CommandResult): void {
    recordOutcome(
      this.#deps,
      door,
      { direction: 'entry', decisionId, personId },
      {
        outcome: result.ok ? 'unlocked' : 'unlock_failed',
        detail: result.ok ? 'output.acknowledged' : result.code,
        nowMs: this.#deps.clock.nowMs(),
      },
    );
  }

  status(doorId: DoorId): DoorStatus {
    return toDoorStatus(doorId, this.#stateOf(doorId));
  }

  /** Puts the present status of every door into the log, so that projections of it start from the truth. */
  recordAll(doors: readonly Door[]): void {
    const occurredAtMs = this.#deps.clock.nowMs();
    for (const door of doors) {
      this.#deps.record({ type: 'door_state', occurredAtMs, cause: 'node_started', decisionId: null, state: this.status(door.id) });
    }
  }

  #stateOf(doorId: DoorId): DoorMachineState {
    return this.#states.get(doorId) ?? INITIAL_DOOR_STATE;
  }

  #record(state: DoorStatus, event: DoorEvent): void {
    const decisionId = 'decisionId' in event ? event.decisionId : null;
    this.#deps.record({ type: 'door_state', occurredAtMs: this.#deps.clock.nowMs(), cause: event.kind, decisionId, state });
  }
}

function isSame(a: DoorStatus, b: DoorStatus): boolean {
  return (
    a.contact === b.contact &&
    a.lock === b.lock &&
    a.mode === b.mode &&
    a.forced === b.forced &&
    a.openTooLong === b.openTooLong &&
    a.tamper === b.tamper &&
    a.fault === b.fault
  );
}
