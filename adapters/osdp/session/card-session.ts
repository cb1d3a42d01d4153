import { SMART_CARD_MODE } from '../messages/smart-card-command.ts';
import type { Answer } from './answer.ts';
import type { QueuedCommand } from './in-flight.ts';
import { KEEP_ACTIVE_MS } from './limits.ts';
import type { SessionState } from './state.ts';

/** Transparent mode: from its beginning to its end the reader is asked to hold the card's field. */
export function noteCardSession(state: SessionState, { command }: QueuedCommand, { reply }: Answer, nowMs: number): SessionState {
  if (command.name === 'ABORT') return { ...state, keepActiveMs: null };
  if (command.name !== 'XWR' || reply?.name === 'NAK') return state;
  const { body } = command;
  const isEnd = body.kind === 'end' || (body.kind === 'set_mode' && body.mode === SMART_CARD_MODE.reader);
  if (isEnd) return { ...state, keepActiveMs: null };
  const isBegin = body.kind === 'set_mode' && body.mode === SMART_CARD_MODE.transparent;
  return isBegin ? { ...state, keepActiveMs: nowMs + KEEP_ACTIVE_MS / 2 } : state;
}
