import type { InFlight } from '../session/in-flight.ts';

/** What the patience for a reply depends on: a poll, a command that a reader answers as fast as a poll, or one that may take its time. */
export type SentKind = 'poll' | 'quick' | 'slow';

/** All others may write to memory, ask a card or move a motor. */
const QUICK_COMMANDS: ReadonlySet<string> = new Set(['OUT', 'LED', 'BUZ', 'TEXT', 'LSTAT', 'ISTAT', 'OSTAT', 'RSTAT', 'ID', 'CAP']);

export function sentKind({ purpose }: InFlight): SentKind {
  switch (purpose.name) {
    case 'poll':
      return 'poll';
    case 'question':
    case 'wish':
      return 'quick';
    case 'command':
      return QUICK_COMMANDS.has(purpose.command.command.name) ? 'quick' : 'slow';
    default:
      return 'slow';
  }
}
