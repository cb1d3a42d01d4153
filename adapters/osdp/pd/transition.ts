import type { Command } from '../messages/commands.ts';
import type { LineSettings } from '../messages/line-codecs.ts';
import type { EncodedMessage } from '../messages/message-table.ts';
import type { Reply } from '../messages/replies.ts';
import type { DestroyableKeys } from '../secure-channel/session-keys.ts';
import type { CheckKind, Sequence } from '../wire/control-byte.ts';
import type { Frame } from '../wire/frame.ts';
import type { PdKeyKind, PdState } from './state.ts';

/** A reply of the tables, or one that no table knows. */
export type PdReply = Reply | { readonly name: 'RAW_MESSAGE'; readonly message: EncodedMessage };

/** What happens to a reader. Time is the driver's monotonic clock. */
export type PdEvent =
  /** `rndB`: 8 fresh random bytes, 16 for secure channel 2, used only when the frame is a challenge. */
  | { readonly kind: 'frame'; readonly nowMs: number; readonly frame: Frame; readonly rndB: Uint8Array }
  /** A frame whose check or inner lengths are wrong; what its header says is a guess. */
  | { readonly kind: 'broken_frame'; readonly nowMs: number; readonly broken: BrokenFrame }
  /** The device has carried out the command of `execute`. */
  | { readonly kind: 'reply'; readonly nowMs: number; readonly id: number; readonly reply: PdReply }
  /** It has not yet, and the ACU must not wait. */
  | { readonly kind: 'working'; readonly nowMs: number }
  /** Power lost and back: key, address and mode are kept. */
  | { readonly kind: 'power_cycle' };

export interface BrokenFrame {
  readonly address: number;
  readonly sequence: Sequence;
  readonly check: CheckKind;
  readonly fault: 'check' | 'length';
}

/** What a reader asks the outside to do, in order. */
export type PdEffect =
  | { readonly kind: 'send'; readonly bytes: Uint8Array }
  /** Carry it out and answer with the event `reply` and this id. Commands and replies in parts come and go whole: `offset` 0, all of the data. */
  | { readonly kind: 'execute'; readonly id: number; readonly command: Command; readonly isSecured: boolean }
  /** osdp_COM has gone out under the old settings; these hold from now on and after a reboot. */
  | { readonly kind: 'line_changed'; readonly settings: LineSettings }
  /** To be kept over a reboot. The bytes are the receiver's own copy. */
  | { readonly kind: 'key_changed'; readonly scbk: Uint8Array }
  | { readonly kind: 'channel_opened'; readonly keyKind: PdKeyKind }
  | { readonly kind: 'channel_closed'; readonly cause: ChannelEnd }
  /** The ACU may never have had it: what it told of can be told again. */
  | { readonly kind: 'undelivered'; readonly reply: Reply }
  | { readonly kind: 'refused'; readonly nakCode: number }
  /** The keys are of no more use: destroy them. */
  | { readonly kind: 'forget_keys'; readonly keys: DestroyableKeys };

export type ChannelEnd = 'restarted' | 'idle' | 'not_authentic' | 'challenged' | 'power';

export interface PdTransition {
  readonly state: PdState;
  readonly effects: readonly PdEffect[];
}

export function stay(state: PdState, ...effects: readonly PdEffect[]): PdTransition {
  return { state, effects };
}

/** Goes on from a transition; the effects follow its own. */
export function andThen(first: PdTransition, next: (state: PdState) => PdTransition): PdTransition {
  const second = next(first.state);
  return { state: second.state, effects: [...first.effects, ...second.effects] };
}
