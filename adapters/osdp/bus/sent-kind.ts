/** What the patience for a reply depends on: a poll, a command that a reader answers as fast as a poll, or one that may take its time. */
export type SentKind = 'poll' | 'quick' | 'slow';

/** All others may write to memory, ask a card or move a motor. */
const QUICK_COMMANDS: ReadonlySet<string> = new Set(['OUT', 'LED', 'BUZ', 'TEXT', 'LSTAT', 'ISTAT', 'OSTAT', 'RSTAT', 'ID', 'CAP']);
const QUICK_PURPOSES: ReadonlySet<string> = new Set(['question', 'part', 'wish']);

interface Sent {
  readonly command?: { readonly command: { readonly name: string } } | null;
  readonly purpose?: { readonly name: string; readonly command?: { readonly command: { readonly name: string } } };
}

export function sentKind(inFlight: object, isOnline: boolean): SentKind {
  const { command, purpose } = inFlight as Sent;
  if (purpose !== undefined) {
    if (purpose.name === 'poll') return 'poll';
    if (purpose.command !== undefined) return QUICK_COMMANDS.has(purpose.command.command.name) ? 'quick' : 'slow';
    return QUICK_PURPOSES.has(purpose.name) ? 'quick' : 'slow';
  }
  if (command === null || command === undefined) return isOnline ? 'poll' : 'quick';
  return QUICK_COMMANDS.has(command.command.name) ? 'quick' : 'slow';
}
