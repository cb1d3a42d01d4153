import { receiveAnswer, tellBusy } from './execute.ts';
import { receiveBroken, receiveFrame, restart } from './receive.ts';
import type { PdState } from './state.ts';
import { type PdEvent, type PdTransition, andThen, stay } from './transition.ts';

/**
 * One transition of a reader's half of the protocol. Pure, as AES is a function: same state and event, same result. The driver performs the
 * effects in their order and answers `execute` with the event `reply`.
 */
export function stepPd(state: PdState, event: PdEvent): PdTransition {
  switch (event.kind) {
    case 'frame':
      return receiveFrame(state, event);
    case 'broken_frame':
      return receiveBroken(state, event.broken);
    case 'reply':
      return receiveAnswer(state, event.id, event.reply);
    case 'working':
      return tellBusy(state);
    case 'power_cycle':
      return andThen(restart(state, 'power'), (after) =>
        stay({ ...after, wasPolled: false, acuReceiveMax: null, busyReplies: 0, heardMs: Number.NEGATIVE_INFINITY }),
      );
  }
}

/** The next `times` commands are answered with osdp_BUSY. */
export function beBusy(state: PdState, times: number): PdState {
  return { ...state, busyReplies: times };
}

/** As if set at the reader itself: used from the next challenge on. Copied. */
export function withKey(state: PdState, scbk: Uint8Array): PdState {
  return { ...state, scbk: new Uint8Array(scbk), mode: state.mode === 'none' ? 'none' : 'keyed' };
}

/** As the button on the back of a reader: SCBK-D is taken until osdp_KEYSET has given a key. */
export function inInstallMode(state: PdState): PdState {
  return { ...state, mode: 'install' };
}
