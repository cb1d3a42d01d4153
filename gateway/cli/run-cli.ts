import { Command, CommanderError } from 'commander';
import { GatewayError } from '../domain/errors.ts';
import { CliError, EXIT, type ExitCode } from './cli-error.ts';
import type { CliContext, GlobalOptions } from './cli-context.ts';
import { registerAppCommands } from './commands/app-commands.ts';
import { registerBadgeCommand } from './commands/badge-command.ts';
import { registerDeskCommands } from './commands/desk-commands.ts';
import { registerBiometricCommands } from './commands/biometric-commands.ts';
import { registerTerminalCommands } from './commands/terminal-commands.ts';
import { registerFaceCommands } from './commands/face-commands.ts';
import { keyIdsLast } from './commands/key-id-argument.ts';
import { registerLogCommands } from './commands/log-commands.ts';
import { registerOidcCommands } from './commands/oidc-commands.ts';
import { registerOsdpCommands } from './commands/osdp-commands.ts';
import { registerPinCommand } from './commands/pin-command.ts';
import { registerPolicyCommands } from './commands/policy-commands.ts';
import { registerPolicyDataCommands } from './commands/policy-data-commands.ts';
import { registerPolicyPublishCommands } from './commands/policy-publish-commands.ts';
import { registerPeopleCommands } from './commands/people-commands.ts';
import { registerPeopleImportCommand } from './commands/people-import-command.ts';
import { registerSetUpCommands } from './commands/set-up-commands.ts';
import { registerUpstreamCommands } from './commands/upstream-commands.ts';
import { registerWhoCanCommand } from './commands/who-can-command.ts';

const EXIT_CODES_TEXT = `
Exit codes: 0 done, 1 refused or denied, 2 wrong usage or configuration, 3 the gateway cannot be reached.
It talks to the gateway over the control socket of the data folder, or with --url and GATEHOUSE_TOKEN over HTTPS.`;

function createProgram(context: CliContext): Command {
  const program = new Command('gatehouse')
    .description('One gate for doors and systems: set it up, watch it, act.')
    .version(context.version, '--version', 'print the version of this program')
    .configureHelp({ showGlobalOptions: true })
    .option('--json', 'print what the gateway answers, for scripts')
    .option('--config <file>', 'configuration (default: GATEHOUSE_CONFIG, then ./gatehouse.yaml)')
    .option('--data-dir <folder>', 'data folder of the gateway (default: as configured)')
    .option('--url <url>', 'address of the gateway, with GATEHOUSE_TOKEN (default: GATEHOUSE_URL, then the control socket)')
    .addHelpText('after', EXIT_CODES_TEXT)
    .showHelpAfterError('COMMAND --help has the options and an example.')
    .exitOverride()
    .configureOutput({
      writeOut: (text) => context.out.line(text.trimEnd()),
      writeErr: (text) => context.out.problem(text.trimEnd()),
    });
  registerSetUpCommands(program, context);
  registerPeopleCommands(program, context);
  registerPeopleImportCommand(program, context);
  registerPinCommand(program, context);
  registerLogCommands(program, context);
  registerWhoCanCommand(program, context);
  const policy = registerPolicyCommands(program, context);
  registerPolicyPublishCommands(policy, context);
  registerPolicyDataCommands(policy, context);
  registerBadgeCommand(program, context);
  registerAppCommands(program, context);
  registerOidcCommands(program, context);
  registerOsdpCommands(program, context);
  registerFaceCommands(program, context);
  registerTerminalCommands(program, context);
  registerBiometricCommands(program, context);
  registerDeskCommands(program, context);
  registerUpstreamCommands(program, context);
  return program;
}

/** Runs one command line (without the program's name) and says how it ended; nothing is thrown. */
export async function runCli(args: readonly string[], context: CliContext): Promise<ExitCode> {
  const program = createProgram(context);
  inheritSettings(program);
  try {
    await program.parseAsync(keyIdsLast(args), { from: 'user' });
    return EXIT.ok;
  } catch (failure) {
    return report(failure, context, program.opts<GlobalOptions>());
  }
}

/** Commander copies settings to sub-commands only when they are created by it after being set; nested ones are told again. */
function inheritSettings(command: Command): void {
  for (const child of command.commands) {
    child.copyInheritedSettings(command);
    inheritSettings(child);
  }
}

function report(failure: unknown, context: CliContext, options: GlobalOptions): ExitCode {
  // Commander has printed its own message or the help already.
  if (failure instanceof CommanderError) return failure.exitCode === 0 ? EXIT.ok : EXIT.usage;
  if (failure instanceof CliError) {
    if (options.json && failure.answer !== null) context.out.line(JSON.stringify(failure.answer));
    context.out.problem(`gatehouse: ${failure.message}`);
    return failure.exitCode;
  }
  if (failure instanceof GatewayError) {
    context.out.problem(`gatehouse: ${failure.publicMessage}`);
    return failure.code.startsWith('config.') ? EXIT.usage : EXIT.refused;
  }
  // A programmer's error: the whole of it, since nobody else will see it.
  context.out.problem(failure instanceof Error ? (failure.stack ?? failure.message) : String(failure));
  return EXIT.refused;
}
