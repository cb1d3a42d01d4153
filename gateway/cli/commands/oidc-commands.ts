import type { Command } from 'commander';
import { registeredClientsSchema, type RegisteredClientRow } from '../../http/contract/apps.ts';
import { emptySchema } from '../../http/contract/common.ts';
import { identityProviderSchema, registrationTokenSchema, retiredKeySchema, rotatedKeysSchema } from '../../http/contract/oidc-admin.ts';
import type { CliContext, GlobalOptions } from '../cli-context.ts';
import { examples } from '../examples.ts';
import { findGateway } from '../find-gateway.ts';
import { toTimeText } from '../output.ts';
import { RETIRE_KEY } from './key-id-argument.ts';

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
    .command('keys')
    .description('signing keys that are published, and what each is for')
    .addHelpText('after', examples('gatehouse oidc keys'))
    .action((_own: unknown, command: Command) => listKeys(context, command.optsWithGlobals()));
  oidc
    .command(RETIRE_KEY)
    .argument('<kid>', 'id of the key, as `gatehouse oidc keys` shows it')
    .description('in an emergency: a key signs nothing more and is published no longer; what it has signed is worth nothing')
    .requiredOption('--reason <text>', 'why, for the log')
    .addHelpText('after', examples('gatehouse oidc retire-key NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs --reason "backup was stolen"'))
    .action((kid: string, _own: unknown, command: Command) => retireKey(context, kid, command.optsWithGlobals()));
  oidc
    .command('clients')
    .description('clients that have registered themselves')
    .addHelpText('after', examples('gatehouse oidc clients'))
    .action((_own: unknown, command: Command) => listClients(context, command.optsWithGlobals()));
  oidc
    .command('remove-client')
    .argument('<client>', 'client id')
    .description('remove a client that has registered itself, with its sessions')
    .requiredOption('--reason <text>', 'why, for the log')
    .addHelpText('after', examples('gatehouse oidc remove-client client_5f3k --reason "staging is gone"'))
    .action((client: string, _own: unknown, command: Command) => removeClient(context, client, command.optsWithGlobals()));
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

async function listKeys(context: CliContext, options: GlobalOptions): Promise<void> {
  const { out } = context;
  const provider = await findGateway(context, options).get('/api/oidc', identityProviderSchema);
  if (options.json) return out.line(JSON.stringify(provider));
  out.line(`issuer ${provider.issuer}`);
  const until = (timeMs: number | null): string => (timeMs === null ? '' : toTimeText(timeMs));
  out.table(
    ['KEY', 'ALG', 'STATE', 'SIGNS FROM', 'SIGNS UNTIL', 'PUBLISHED UNTIL'],
    provider.keys.map(({ alg, kid, publishedUntilMs, signsFromMs, signsUntilMs, state }) => [
      kid,
      alg,
      state,
      signsFromMs === 0 ? 'the first start' : toTimeText(signsFromMs),
      until(signsUntilMs),
      until(publishedUntilMs),
    ]),
  );
}

async function retireKey(context: CliContext, kid: string, options: RotateOptions): Promise<void> {
  const retired = await findGateway(context, options).post('/api/oidc/keys/retire', { kid, reason: options.reason }, retiredKeySchema);
  if (options.json) return context.out.line(JSON.stringify(retired));
  if (retired.state === 'waits_for_second_operator') {
    return context.out.line(`a second operator has to ask for the same until ${toTimeText(retired.untilMs)}`);
  }
  context.out.line(
    retired.replacedBy === null ? 'the key is gone; it was not signing' : `the key is gone; ${retired.replacedBy} signs in its place`,
  );
}

async function listClients(context: CliContext, options: GlobalOptions): Promise<void> {
  const { out } = context;
  const api = findGateway(context, options);
  const clients: RegisteredClientRow[] = [];
  let after: string | null = null;
  do {
    const query: string = after === null ? '' : `?after=${encodeURIComponent(after)}`;
    const page: { clients: RegisteredClientRow[]; next: string | null } = await api.get(
      `/api/oidc/clients${query}`,
      registeredClientsSchema,
    );
    clients.push(...page.clients);
    after = page.next;
  } while (after !== null);
  if (options.json) return out.line(JSON.stringify(clients));
  out.table(
    ['CLIENT', 'CALLS ITSELF', 'APP', 'REGISTERED'],
    clients.map(({ appId, clientId, name, registeredAtMs }) => [
      clientId,
      name,
      appId,
      registeredAtMs === null ? '' : toTimeText(registeredAtMs),
    ]),
  );
}

async function removeClient(context: CliContext, clientId: string, options: RotateOptions): Promise<void> {
  const path = `/api/oidc/clients/${encodeURIComponent(clientId)}/remove`;
  await findGateway(context, options).post(path, { reason: options.reason }, emptySchema);
  if (!options.json) context.out.line(`${clientId} is removed`);
}
