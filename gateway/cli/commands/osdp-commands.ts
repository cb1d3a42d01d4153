import type { Command } from 'commander';
import type { CliContext } from '../cli-context.ts';
import { registerOsdpScanCommand } from './osdp-scan-command.ts';
import { registerOsdpSimulateCommand } from './osdp-simulate-command.ts';
import { registerOsdpWatchCommands } from './osdp-watch-commands.ts';

/** Tools at the reader lines themselves. */
export function registerOsdpCommands(program: Command, context: CliContext): void {
  const osdp = program.command('osdp').description('reader lines: watch, read captures, find readers, be a reader');
  registerOsdpWatchCommands(osdp, context);
  registerOsdpScanCommand(osdp, context);
  registerOsdpSimulateCommand(osdp, context);
}
