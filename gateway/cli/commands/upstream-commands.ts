import type { Command } from 'commander';
import type { Config } from '../../platform/config/config.ts';
import type { CliContext, GlobalOptions } from '../cli-context.ts';
import { CliError, EXIT } from '../cli-error.ts';
import { examples } from '../examples.ts';
import { requireConfig } from '../find-gateway.ts';

/** Longest secret, characters. */
const SECRET_CHARS_MAX = 1_024;

/** A secret is never a word of the command line: those stand in the history and in the list of processes. */
export function registerUpstreamCommands(program: Command, context: CliContext): void {
  const upstream = program.command('upstream').description('identity providers outside, at which people sign in');
  upstream
    .command('secret')
    .argument('<id>', 'as the configuration calls the provider')
    .description('store the client secret that the provider gave out: asked for, or one line of standard input')
    .addHelpText('after', examples('gatehouse upstream secret corp', 'gatehouse upstream secret corp < secret.txt'))
    .action((id: string, _own: unknown, command: Command) => storeSecret(context, id, command.optsWithGlobals()));
  upstream
    .command('forget')
    .argument('<id>', 'as the configuration calls the provider')
    .argument('<person>', 'id or e-mail')
    .description('forget which account of the provider is the person’s: the next one that says so is theirs')
    .addHelpText('after', examples('gatehouse upstream forget corp ann@example.org'))
    .action((id: string, person: string, _own: unknown, command: Command) => forget(context, { id, person }, command.optsWithGlobals()));
}

async function storeSecret(context: CliContext, id: string, options: GlobalOptions): Promise<void> {
  const config = requireConfig(context, options);
  const { clientAuth } = requireUpstream(config, id);
  if (clientAuth === 'private_key_jwt') {
    const address = `${config.publicUrl}/upstream/${id}/jwks.json`;
    throw new CliError(EXIT.refused, `${id} has a key and no secret: give the provider this address of its public half: ${address}`);
  }
  const secret = await readSecret(context);
  const { isNew } = await (await context.tools()).upstream.writeSecret(config, id, secret);
  if (options.json) context.out.line(JSON.stringify({ isNew }));
  else context.out.line(`the secret of ${id} is ${isNew ? 'stored' : 'replaced'}; the next sign-in uses it`);
}

async function readSecret(context: CliContext): Promise<string> {
  const typed =
    context.askSecretly === undefined ? await context.readInput(SECRET_CHARS_MAX * 4) : await context.askSecretly('client secret: ');
  const secret = (typed ?? '').trim();
  if (secret === '') throw new CliError(EXIT.usage, 'there is no secret on standard input');
  if (secret.length > SECRET_CHARS_MAX || /[\r\n]/.test(secret)) {
    throw new CliError(EXIT.usage, `a secret is one line of at most ${SECRET_CHARS_MAX} characters; nothing is stored`);
  }
  return secret;
}

async function forget(
  context: CliContext,
  { id, person }: { readonly id: string; readonly person: string },
  options: GlobalOptions,
): Promise<void> {
  const config = requireConfig(context, options);
  requireUpstream(config, id);
  const outcome = await (await context.tools()).upstream.forgetAccount(config, id, person);
  if (options.json) context.out.line(JSON.stringify(outcome));
  if (!outcome.ok) {
    const why = outcome.code === 'person.unknown' ? `there is no person ${person}` : `${person} is not known by an account of ${id}`;
    throw new CliError(EXIT.refused, why);
  }
  if (!options.json) context.out.line(`${person} is not known by an account of ${id} any more`);
}

function requireUpstream({ upstreams }: Config, id: string): Config['upstreams'][number] {
  const found = upstreams.find((upstream) => upstream.id === id);
  const known = upstreams.map((upstream) => upstream.id).join(', ');
  if (found === undefined)
    throw new CliError(EXIT.usage, `there is no upstream ${id}; the configuration has ${known === '' ? 'none' : known}`);
  return found;
}
