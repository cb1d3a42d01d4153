import type { EncodedMessage } from '../messages/message-table.ts';
import type { Reply } from '../messages/replies.ts';

/** How a command ended. `refused` carries the reader's NAK code where it gave one. */
export type CommandOutcome = 'ok' | 'refused' | 'offline' | 'queue_full' | 'unsupported' | 'timeout' | 'aborted';

/** The end of a command, told once for each. */
export interface CommandDone {
  readonly kind: 'command_done';
  readonly id: number;
  readonly result: CommandOutcome;
  /** What the reader answered, whole; null when it did not answer or this table does not know the code. */
  readonly reply: Reply | null;
  /** Code and data of the answer, the payload put together when it came in parts; null without an answer. */
  readonly raw: EncodedMessage | null;
  /** The code of the NAK; null when there was none. */
  readonly nak: number | null;
}

/** Carried out; the answers on the way there are nobody's. */
export function done(id: number): CommandDone {
  return { kind: 'command_done', id, result: 'ok', reply: null, raw: null, nak: null };
}

/** Ended without an answer. */
export function unanswered(id: number, result: Exclude<CommandOutcome, 'ok'>): CommandDone {
  return { kind: 'command_done', id, result, reply: null, raw: null, nak: null };
}

export function answered(id: number, reply: Reply | null, raw: EncodedMessage, isDone: boolean): CommandDone {
  const nak = reply?.name === 'NAK' ? reply.body.code : null;
  return { kind: 'command_done', id, result: isDone ? 'ok' : 'refused', reply, raw, nak };
}
