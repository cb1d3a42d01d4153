import type { Command } from 'commander';
import { DEFAULT_APP_RULES, type AppDraft, type AppKind } from '../../domain/apps/added-app.ts';
import {
  appDetailSchema,
  appSettingsSchema,
  appsSchema,
  appWithSecretSchema,
  liveCheckSchema,
  type AppWithSecret,
  type LiveCheckView,
} from '../../http/contract/apps.ts';
import { emptySchema } from '../../http/contract/common.ts';
import type { CliContext, GlobalOptions } from '../cli-context.ts';
import { CliError, EXIT } from '../cli-error.ts';
import { examples } from '../examples.ts';
import { findGateway } from '../find-gateway.ts';
import { toTimeText } from '../output.ts';

const KINDS: readonly AppKind[] = ['web', 'browser', 'native', 'machine', 'website'];
const REASON = 'why, in 3 to 500 characters; it is recorded';
const DAY_S = 86_400;

interface ReasonOptions extends GlobalOptions {
  readonly reason: string;
}

interface AddOptions extends ReasonOptions {
  readonly kind: string;
  readonly name?: string;
  readonly redirect: readonly string[];
  readonly afterSignOut: readonly string[];
  readonly origin?: string;
  readonly sensitivity: string;
}

/** Apps beside those of the configuration file. */
export function registerAppCommands(program: Command, context: CliContext): void {
  const apps = program.command('apps').description('apps that sign people in: list, add, check, change secrets, remove');
  registerLooking(apps, context);
  registerAdding(apps, context);
  apps
    .command('rotate-secret')
    .argument('<app>', 'id of the app')
    .description('make a new client secret, shown once; the old one stays valid for a while')
    .option('--keep-old <seconds>', 'how long the old one stays valid; 0 = it ends at once', String(DAY_S))
    .requiredOption('--reason <text>', REASON)
    .addHelpText('after', examples('gatehouse apps rotate-secret wiki --keep-old 3600 --reason "yearly change"'))
    .action((app: string, _own: unknown, command: Command) => rotate(context, app, command.optsWithGlobals()));
  for (const [name, text] of [
    ['disable', 'switch an app off: it is unknown to everybody, and its sessions end'],
    ['enable', 'switch an app on again'],
    ['remove', 'remove an app, with its sessions, and take it out of access profiles'],
  ] as const) {
    apps
      .command(name)
      .argument('<app>', 'id of the app')
      .description(text)
      .requiredOption('--reason <text>', REASON)
      .addHelpText('after', examples(`gatehouse apps ${name} wiki --reason "no longer in use"`))
      .action((app: string, _own: unknown, command: Command) => act(context, { app, change: name }, command.optsWithGlobals()));
  }
}

const pathOf = (app: string): string => `/api/apps/${encodeURIComponent(app)}`;

function registerLooking(apps: Command, context: CliContext): void {
  apps
    .command('list')
    .description('apps of the configuration file and those that were added')
    .addHelpText('after', examples('gatehouse apps list'))
    .action((_own: unknown, command: Command) => list(context, command.optsWithGlobals()));
  apps
    .command('settings')
    .argument('<app>', 'id of the app')
    .argument('[client]', 'one of the clients, such as grafana; all of them if left out')
    .description('print settings to copy into common clients')
    .addHelpText('after', examples('gatehouse apps settings wiki express'))
    .action((app: string, client: string | undefined, _own: unknown, command: Command) =>
      settings(context, { app, client }, command.optsWithGlobals()),
    );
  apps
    .command('check')
    .argument('<app>', 'id of the app')
    .description('watch its next sign-in and say what is wrong, until it works')
    .addHelpText('after', examples('gatehouse apps check wiki'))
    .action((app: string, _own: unknown, command: Command) => check(context, app, command.optsWithGlobals()));
}

function registerAdding(apps: Command, context: CliContext): void {
  apps
    .command('add')
    .argument('<id>', 'lower-case letters, digits and hyphens; named by access profiles and the log')
    .description('add an app; nobody may use it until an access profile names it')
    .requiredOption('--kind <kind>', KINDS.join(', '))
    .option('--name <text>', 'as people know it; the id if left out')
    .option('--redirect <uris...>', 'where people come back to, compared exactly', [])
    .option('--after-sign-out <uris...>', 'where a sign-out may lead', [])
    .option('--origin <origin>', 'of a website, such as https://wiki.example.com')
    .option('--sensitivity <0-5>', '0 public to 5 critical', '1')
    .requiredOption('--reason <text>', REASON)
    .addHelpText(
      'after',
      examples('gatehouse apps add grafana --kind web --redirect https://grafana.example.com/login/generic_oauth --reason "monitoring"'),
    )
    .action((id: string, _own: unknown, command: Command) => add(context, id, command.optsWithGlobals()));
}

async function list(context: CliContext, options: GlobalOptions): Promise<void> {
  const { out } = context;
  const { apps } = await findGateway(context, options).get('/api/apps', appsSchema);
  if (options.json) return out.line(JSON.stringify(apps));
  const rows = apps.map(({ clientId, hasProblem, id, isEnabled, kind, lastSignInAtMs, source }) => [
    id,
    kind,
    source === 'file' ? 'configuration' : 'added',
    clientId,
    isEnabled ? (hasProblem ? 'refused last' : 'on') : 'off',
    lastSignInAtMs === null ? '' : toTimeText(lastSignInAtMs),
  ]);
  out.table(['APP', 'KIND', 'FROM', 'CLIENT ID', 'STATE', 'LAST SIGN-IN'], rows);
}

async function settings(
  context: CliContext,
  { app, client }: { app: string; client: string | undefined },
  options: GlobalOptions,
): Promise<void> {
  const { out } = context;
  const found = await findGateway(context, options).get(`${pathOf(app)}/settings`, appSettingsSchema);
  const chosen = found.settings.filter(({ id }) => client === undefined || id === client);
  if (chosen.length === 0)
    throw new CliError(EXIT.usage, `there are no settings for ${client ?? ''}; there are ${found.settings.map(({ id }) => id).join(', ')}`);
  if (options.json) return out.line(JSON.stringify(chosen));
  for (const { files, notes, title } of chosen) {
    out.line(`# ${title}`);
    for (const { name, text } of files) out.line(`\n${out.faint(`-- ${name}`)}\n${text}`);
    for (const note of notes) out.line(note);
    out.line('');
  }
}

async function add(context: CliContext, id: string, options: AddOptions): Promise<void> {
  const kind = KINDS.find((one) => one === options.kind);
  if (kind === undefined) throw new CliError(EXIT.usage, `--kind: one of ${KINDS.join(', ')}`);
  const draft: AppDraft = {
    id,
    name: options.name ?? id,
    kind,
    redirectUris: [...options.redirect],
    postLogoutRedirectUris: [...options.afterSignOut],
    backchannelLogoutUri: null,
    origin: options.origin ?? null,
    paths: kind === 'website' ? ['/'] : [],
    publicPaths: [],
    apis: [],
    apiScopes: [],
    idTokenAlg: 'ES256',
    rules: { ...DEFAULT_APP_RULES, sensitivity: Number(options.sensitivity) },
  };
  showSecret(
    context,
    options,
    await findGateway(context, options).post('/api/apps', { draft, reason: options.reason }, appWithSecretSchema),
  );
}

async function rotate(context: CliContext, app: string, options: ReasonOptions & { readonly keepOld: string }): Promise<void> {
  const body = { keepOldS: Number(options.keepOld), reason: options.reason };
  showSecret(context, options, await findGateway(context, options).post(`${pathOf(app)}/secret`, body, appWithSecretSchema));
}

function showSecret({ out }: CliContext, options: GlobalOptions, made: AppWithSecret): void {
  if (options.json) return out.line(JSON.stringify(made));
  const { app, secret } = made;
  out.line(`client id      ${app.clientId}`);
  if (secret !== null) out.line(`client secret  ${secret}\nIt is shown this once.`);
  const old = app.secrets[1]?.validUntilMs;
  if (old !== undefined && old !== null) out.line(`The secret before is valid until ${toTimeText(old)}.`);
  out.line(`issuer         ${app.issuer}`);
  out.line(`Settings to copy: gatehouse apps settings ${app.id}. Watch the first sign-in: gatehouse apps check ${app.id}.`);
}

async function act(
  context: CliContext,
  { app, change }: { readonly app: string; readonly change: 'disable' | 'enable' | 'remove' },
  options: ReasonOptions,
): Promise<void> {
  const api = findGateway(context, options);
  const body = { reason: options.reason };
  if (change === 'remove') await api.post(`${pathOf(app)}/remove`, body, emptySchema);
  else await api.post(`${pathOf(app)}/${change}`, body, appDetailSchema);
  const said = { disable: 'switched off', enable: 'switched on', remove: 'removed' }[change];
  if (!options.json) context.out.line(`${app} is ${said}`);
}

/** Ends by itself when a sign-in has worked. */
async function check(context: CliContext, app: string, options: GlobalOptions): Promise<void> {
  const { out } = context;
  const done = new AbortController();
  let last = '';
  const path = `${pathOf(app)}/live-check/events?since=${String(Date.now())}`;
  await findGateway(context, options).events(
    path,
    (event) => {
      if (event.name !== 'check') return;
      const view = liveCheckSchema.parse(JSON.parse(event.data));
      const text = options.json ? JSON.stringify(view) : textOf(view);
      if (text !== last) out.line(text);
      last = text;
      if (view.state === 'works') done.abort();
    },
    done.signal,
  );
}

function textOf({ atMs, message, person, remedy, shown, state, title }: LiveCheckView): string {
  if (state === 'works')
    return `It works: ${person === null ? 'a token was given' : `${person.name} signed in`}${atMs === null ? '' : ` at ${toTimeText(atMs)}`}.`;
  const who = person === null ? '' : ` (${person.name})`;
  return [`${title}${who}`, message, ...shown.map(({ label, value }) => `  ${label}: ${value}`), remedy]
    .filter((line) => line !== '')
    .join('\n');
}
