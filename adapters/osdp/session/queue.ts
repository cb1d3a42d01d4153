import { unanswered } from './command-result.ts';
import { COMMANDS_MAX, COMMAND_AGE_MAX_MS, URGENT_COMMANDS_MAX } from './limits.ts';
import { prepareCommand } from './command-bytes.ts';
import type { QueuedCommand } from './in-flight.ts';
import { abortRunning } from './operation.ts';
import type { SessionState } from './state.ts';
import { type Transition, stay } from './transition.ts';

/** Urgent commands stand before all others, in their own order. */
export function enqueueCommand(state: SessionState, command: QueuedCommand): Transition {
  if (state.reported !== 'online') return stay(state, unanswered(command.id, 'offline'));
  if (prepareCommand(state, command).kind === 'unsupported') return stay(state, unanswered(command.id, 'unsupported'));
  const urgent = state.queue.filter(({ priority }) => priority === 'urgent');
  const normal = state.queue.filter(({ priority }) => priority === 'normal');
  const isFull = command.priority === 'urgent' ? urgent.length >= URGENT_COMMANDS_MAX : normal.length >= COMMANDS_MAX;
  if (isFull) return stay(state, unanswered(command.id, 'queue_full'));
  const queue = command.priority === 'urgent' ? [...urgent, command, ...normal] : [...urgent, ...normal, command];
  if (command.command.name !== 'ABORT') return stay({ ...state, queue });
  const { state: ended, effects } = abortRunning(state);
  return { state: { ...ended, queue }, effects };
}

/** Drops what has waited too long. */
export function expireCommands(state: SessionState, nowMs: number): Transition {
  const isExpired = ({ queuedMs }: QueuedCommand): boolean => nowMs - queuedMs > COMMAND_AGE_MAX_MS;
  if (!state.queue.some(isExpired)) return stay(state);
  return {
    state: { ...state, queue: state.queue.filter((command) => !isExpired(command)) },
    effects: state.queue.filter(isExpired).map(({ id }) => unanswered(id, 'offline')),
  };
}
