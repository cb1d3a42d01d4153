import { commandTable } from '../messages/commands.ts';
import { replyTable } from '../messages/replies.ts';
import type { Direction } from '../wire/direction.ts';

/** The standard's name of what a frame says; its code in hex when no table has it, `?` when the code could not be read. */
export function frameName(direction: Direction, code: number | null): string {
  if (code === null) return '?';
  return (direction === 'command' ? commandTable : replyTable).nameOf(code) ?? `0x${code.toString(16).padStart(2, '0')}`;
}
