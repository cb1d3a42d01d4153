import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Command } from 'commander';
import { relatedIds } from '../../domain/audit/related-ids.ts';
import { GatewayError } from '../../domain/errors.ts';
import { directorySchema, entrySchema, LOG_LIMIT_MAX, logPageSchema, statusSchema, type Entry } from '../../http/contract/admin.ts';
import type { CliContext, GlobalOptions } from '../cli-context.ts';
import { CliError, EXIT } from '../cli-error.ts';
import { TIMELINE_TYPES, toEntryLine } from '../entry-line.ts';
import { examples } from '../examples.ts';
import { findDataDir, findGateway } from '../find-gateway.ts';
import { findPerson } from '../find-target.ts';
import { toTimeText } from '../output.ts';

const LIMIT_DEFAULT = 20;

interface DecisionsOptions extends GlobalOptions {
  readonly person?: string;
  readonly decisionsOnly?: true;
  readonly follow?: true;
  readonly limit: string;
}

/** Looking: the state of the gateway, its decisions, and the proof of its log. */
export function registerLogCommands(program: Command, context: CliContext): void {
  program
    .command('status')
    .description('policy, epoch, log and door node of the running gateway')
    .addHelpText('after', examples('gatehouse status', 'gatehouse status --json'))
    .action((_own: unknown, command: Command) => status(context, command.optsWithGlobals()));
  program
    .command('decisions')
    .description('the last decisions, oldest first; of one person all that the log says: standing, sessions, credentials, changes')
    .option('--person <person>', 'only of this person (id, e-mail or beginning of a name)')
    .option('--decisions-only', 'of a person, too, nothing but decisions')
    .option('--limit <n>', `how many entries, 1 to ${LOG_LIMIT_MAX}`, String(LIMIT_DEFAULT))
    .option('--follow', 'go on with new ones as they are made, until Ctrl+C')
    .addHelpText('after', examples('gatehouse decisions --follow', 'gatehouse decisions --person nina --limit 100'))
    .action((_own: unknown, command: Command) => decisions(context, command.optsWithGlobals()));
  program
    .command('audit')
    .description('prove the log')
    .command('verify')
    .description('walk the hash chain and name the first broken entry')
    .option('--file <file>', 'the log to read (default: audit.db of the data folder)')
    .addHelpText('after', examples('gatehouse audit verify', 'gatehouse audit verify --file backup/audit.db'))
    .action((_own: unknown, command: Command) => verify(context, command.optsWithGlobals()));
}

async function status(context: CliContext, options: GlobalOptions): Promise<void> {
  const { out } = context;
  const answer = await findGateway(context, options).get('/api/status', statusSchema);
  if (options.json) {
    out.line(JSON.stringify(answer));
    return;
  }
  out.line(`running since  ${toTimeText(answer.startedAtMs)}`);
  out.line(`policy         ${answer.policyRevision}`);
  out.line(`policy data    ${answer.dataRevision}`);
  out.line(`epoch          ${answer.epoch}`);
  out.line(`log            ${answer.headSeq} entries`);
  out.line(`doors          ${answer.doorNode === 'online' ? out.good('online') : out.bad('lost')}, epoch ${answer.doorNodeEpoch}`);
}

async function decisions(context: CliContext, options: DecisionsOptions): Promise<void> {
  const limit = Number(options.limit);
  if (!Number.isInteger(limit) || limit < 1 || limit > LOG_LIMIT_MAX)
    throw new CliError(EXIT.usage, `--limit must be 1 to ${LOG_LIMIT_MAX}`);
  const api = findGateway(context, options);
  const person = options.person === undefined ? null : await findPerson(api, options.person);
  const directory = await api.get('/api/directory', directorySchema);
  const types: readonly string[] = person === null || options.decisionsOnly === true ? ['decision'] : TIMELINE_TYPES;
  const filter = person === null ? '' : `&person=${encodeURIComponent(person.id)}`;
  const page = await api.get(`/api/log?types=${types.join(',')}&limit=${limit}${filter}`, logPageSchema);

  let lastSeq = 0;
  const print = (entry: Entry): void => {
    const { record } = entry;
    // The stream also brings what the page has shown already.
    if (!types.includes(record.type) || entry.seq <= lastSeq || (person !== null && relatedIds(record).personId !== person.id)) return;
    lastSeq = entry.seq;
    context.out.line(options.json ? JSON.stringify(entry) : (toEntryLine(context.out, entry, directory) ?? ''));
  };
  page.entries.toReversed().forEach(print);
  if (page.entries.length === 0)
    context.out.problem(person === null ? 'No decisions yet.' : `No decisions of ${person.name} in this range.`);
  if (options.follow !== true) return;
  await api.events(
    '/api/events',
    (event) => {
      if (event.name === 'reset') context.out.problem('(some decisions were missed here: they are in the log)');
      if (event.name === 'entry') print(parseEntry(event.data));
    },
    context.catchInterrupt(),
  );
}

function parseEntry(data: string): Entry {
  try {
    return entrySchema.parse(JSON.parse(data));
  } catch (cause) {
    throw new CliError(EXIT.unreachable, 'the gateway sent an entry in a form this program does not know', { cause });
  }
}

async function verify(context: CliContext, options: GlobalOptions & { readonly file?: string }): Promise<void> {
  const tools = await context.tools();
  const file = options.file === undefined ? tools.auditFile(findDataDir(context, options)) : resolve(context.cwd, options.file);
  const verdict = await tools.verifyAudit(file).catch((cause: unknown) => {
    if (!(cause instanceof GatewayError)) throw cause;
    const why = existsSync(file) ? cause.publicMessage : 'there is no such file';
    throw new CliError(EXIT.refused, `${file} cannot be verified: ${why}`, { cause });
  });
  if (options.json) context.out.line(JSON.stringify(verdict));
  if (!verdict.ok) {
    const text = `the log is broken at entry ${verdict.brokenSeq} (${verdict.cause}); the ${verdict.entriesBefore} entries before it are whole`;
    throw new CliError(EXIT.refused, `${text}: ${file}`);
  }
  if (!options.json)
    context.out.line(`${verdict.entries} entries, ${context.out.good('whole')}; head ${verdict.headSeq} ${verdict.headHash}`);
}
