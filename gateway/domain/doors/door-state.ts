import type { DoorStatus } from '../audit/door-records.ts';
import type { DecisionId, DoorId, PersonId } from '../site/ids.ts';

/** How long after a release the reader may take to report its output inactive before the lock counts as unknown, ms. */
export const OUTPUT_REPORT_GRACE_MS = 2_000;

/** Someone for whom the lock was released and who has not been seen to pass. */
export interface Passage {
  readonly direction: 'entry' | 'exit';
  readonly personId: PersonId | null;
  /** Null for egress, which nobody decided. */
  readonly decisionId: DecisionId | null;
}

export interface Release {
  readonly untilMs: number;
  /** How long the door may then stand open, ms. */
  readonly openMs: number;
}

/** What is known of one door. Three axes stay independent: contact, lock (through the output that drives it), mode. */
export interface DoorMachineState {
  readonly online: boolean;
  readonly contact: 'open' | 'closed' | 'unknown';
  /** What the contact said before it fell silent; unknown until it was heard once. */
  readonly lastContact: 'open' | 'closed' | 'unknown';
  /** The supervised line is cut, shorted or out of range while the reader answers. */
  readonly contactFault: boolean;
  /** The output that releases the lock, as the reader last reported or acknowledged it. */
  readonly output: 'active' | 'inactive' | 'unknown';
  readonly outputSinceMs: number;
  readonly release: Release | null;
  readonly releasedUntilMs: number;
  readonly passages: readonly Passage[];
  /** When an open door becomes an alarm; null while closed or unknown. */
  readonly openUntilMs: number | null;
  readonly forced: boolean;
  readonly openTooLong: boolean;
  readonly tamper: boolean;
}

export const INITIAL_DOOR_STATE: DoorMachineState = {
  online: false,
  contact: 'unknown',
  lastContact: 'unknown',
  contactFault: false,
  output: 'unknown',
  outputSinceMs: 0,
  release: null,
  releasedUntilMs: 0,
  passages: [],
  openUntilMs: null,
  forced: false,
  openTooLong: false,
  tamper: false,
};

/** The state as people and records see it. Never "locked" when it is not known. */
export function toDoorStatus(doorId: DoorId, state: DoorMachineState): DoorStatus {
  return {
    doorId,
    contact: state.contact,
    lock: state.output === 'active' ? 'unlocked' : state.output === 'inactive' ? 'locked' : 'unknown',
    mode: state.online ? 'secure' : 'unknown',
    forced: state.forced,
    openTooLong: state.openTooLong,
    tamper: state.tamper,
    fault: state.online ? 'none' : 'reader_offline',
  };
}

/** The status of a door of which nothing is heard, because its node is gone or has not reported yet. */
export function unheardDoorStatus(doorId: DoorId): DoorStatus {
  return {
    doorId,
    contact: 'unknown',
    lock: 'unknown',
    mode: 'unknown',
    forced: false,
    openTooLong: false,
    tamper: false,
    fault: 'node_offline',
  };
}
