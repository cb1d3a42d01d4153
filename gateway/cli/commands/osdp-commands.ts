import type { Command } from 'commander';
import type { CliContext } from '../cli-context.ts';
import { registerOsdpCountersCommand } from './osdp-counters-command.ts';
import { registerOsdpKeyCommands } from './osdp-key-commands.ts';
import { registerOsdpLineCommands } from './osdp-line-commands.ts';
import { registerOsdpLineTestCommand } from './osdp-line-test-command.ts';
import { registerOsdpMasterKeyCommand } from './osdp-master-key-command.ts';
import { registerOsdpScanCommand } from './osdp-scan-command.ts';
import { registerOsdpSimulateCommand } from './osdp-simulate-command.ts';
import { registerOsdpWatchCommands } from './osdp-watch-commands.ts';

/** Tools at the reader lines themselves, and what the running gateway does to its readers. */
export function registerOsdpCommands(program: Command, context: CliContext): void {
  const osdp = program
    .command('osdp')
    .description('readers and their lines: watch, read captures, find readers, be a reader; keys, pairing, addresses, files, health');
  registerOsdpWatchCommands(osdp, context);
  registerOsdpScanCommand(osdp, context);
  registerOsdpSimulateCommand(osdp, context);
  registerOsdpKeyCommands(osdp, context);
  registerOsdpLineCommands(osdp, context);
  registerOsdpCountersCommand(osdp, context);
  registerOsdpLineTestCommand(osdp, context);
  registerOsdpMasterKeyCommand(osdp, context);
}
