import type { Command } from 'commander';
import { registrationTokenSchema, rotatedKeysSchema } from '../../http/contract/oidc-admin.ts';
import type { CliContext, GlobalOptions } from '../cli-context.ts';
import { examples } from '../examples.ts';
import { findGateway } from '../find-gateway.ts';
import { toTimeText } from '../output.ts';

interface RotateOptions extends GlobalOptions {
  readonly reason: string;
}

interface TokenOptions extends RotateOptions {
  readonly origin: readonly string[];
  readonly ttl: string;
}

/** What an operator does to the OpenID provider. */
export function registerOidcCommands(program: Command, context: CliContext): void {
  const oidc = program.command('oidc').description('the OpenID provider: signing keys and clients');
  oidc
    .command('rotate-keys')
    .description('publish new signing keys now; they sign later, and the old ones stay until their last token has expired')
    .requiredOption('--reason <text>', 'why, for the log')
    .addHelpText('after', examples('gatehouse oidc rotate-keys --reason "yearly change"'))
    .action((_own: unknown, command: Command) => rotateKeys(context, command.optsWithGlobals()));
  oidc
    .command('registration-token')
    .argument('<app>', 'id of the app whose client may be registered')
    .description('make a token with which one client of the app may register itself; it is shown once')
    .requiredOption('--origin <origins...>', 'where all addresses of the client are, such as https://wiki.example.org')
    .option('--ttl <seconds>', 'how long it may be used', '3600')
    .requiredOption('--reason <text>', 'why, for the log')
    .addHelpText('after', examples('gatehouse oidc registration-token wiki --origin https://wiki.example.org --reason "staging server"'))
    .action((app: string, _own: unknown, command: Command) => makeToken(context, app, command.optsWithGlobals()));
}

async function rotateKeys(context: CliContext, options: RotateOptions): Promise<void> {
  const rotated = await findGateway(context, options).post('/api/oidc/keys/rotate', { reason: options.reason }, rotatedKeysSchema);
  if (options.json) context.out.line(JSON.stringify(rotated));
  else context.out.line(`new keys are published; they sign from ${toTimeText(rotated.signsFromMs)}`);
}

async function makeToken(context: CliContext, appId: string, options: TokenOptions): Promise<void> {
  const body = { appId, origins: options.origin, ttlS: Number(options.ttl), reason: options.reason };
  const made = await findGateway(context, options).post('/api/oidc/registration-tokens', body, registrationTokenSchema);
  if (options.json) context.out.line(JSON.stringify(made));
  else context.out.line(`${made.token}\nvalid once, until ${toTimeText(made.expiresAtMs)}; send it as a bearer token to ${made.endpoint}`);
}
