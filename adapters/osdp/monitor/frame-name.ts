import { commandTable } from '../messages/commands.ts';
import { replyTable } from '../messages/replies.ts';
import type { Frame } from '../wire/frame.ts';
import { SCS2 } from '../wire/security-block.ts';

/** The standard's name of what a frame says; its code in hex when no table has it, `?` where the code is encrypted as well. */
export function frameName({ direction, code, block }: Frame): string {
  if (block?.type === SCS2.commandEncrypted || block?.type === SCS2.replyEncrypted) return '?';
  return (direction === 'command' ? commandTable : replyTable).nameOf(code) ?? `0x${code.toString(16).padStart(2, '0')}`;
}
