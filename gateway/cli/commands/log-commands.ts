import type { Command } from 'commander';
import type { DecisionRecord } from '../../domain/audit/record.ts';
import {
  directorySchema,
  entrySchema,
  LOG_LIMIT_MAX,
  logPageSchema,
  statusSchema,
  type Directory,
  type Entry,
} from '../../http/contract/admin.ts';
import type { CliContext, GlobalOptions } from '../cli-context.ts';
import { CliError, EXIT } from '../cli-error.ts';
import { findDataDir, findGateway } from '../find-gateway.ts';
import { findPerson } from '../find-target.ts';
import { toTimeText } from '../output.ts';

const LIMIT_DEFAULT = 20;

interface DecisionsOptions extends GlobalOptions {
  readonly person?: string;
  readonly follow?: true;
  readonly limit: string;
}

/** Looking: the state of the gateway, its decisions, and the proof of its log. */
export function registerLogCommands(program: Command, context: CliContext): void {
  program
    .command('status')
    .description('policy, epoch, log and door node of the running gateway')
    .action((_own: unknown, command: Command) => status(context, command.optsWithGlobals()));
  program
    .command('decisions')
    .description('the last decisions, oldest first')
    .option('--person <person>', 'only of this person (id, e-mail or beginning of a name)')
    .option('--limit <n>', `how many, at most ${LOG_LIMIT_MAX}`, String(LIMIT_DEFAULT))
    .option('--follow', 'go on with new ones as they are made')
    .action((_own: unknown, command: Command) => decisions(context, command.optsWithGlobals()));
  program
    .command('audit')
    .description('prove the log')
    .command('verify')
    .description('walk the hash chain and name the first broken entry')
    .option('--file <file>', 'the log to read; default: the one of the data folder')
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
  const filter = person === null ? '' : `&person=${encodeURIComponent(person.id)}`;
  const page = await api.get(`/api/log?types=decision&limit=${limit}${filter}`, logPageSchema);

  let lastSeq = 0;
  const print = (entry: Entry): void => {
    const { record } = entry;
    // The stream also brings what the page has shown already.
    if (record.type !== 'decision' || entry.seq <= lastSeq || (person !== null && record.personId !== person.id)) return;
    lastSeq = entry.seq;
    context.out.line(options.json ? JSON.stringify(entry) : toDecisionLine(context, record, directory));
  };
  page.entries.toReversed().forEach(print);
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

function toDecisionLine(context: CliContext, record: DecisionRecord, directory: Directory): string {
  const { out } = context;
  const who = record.personId === null ? 'nobody known' : (directory.people[record.personId] ?? record.personId);
  const what = { ...directory.doors, ...directory.apps, ...directory.people }[record.resourceId] ?? record.resourceId;
  const effect = record.effect === 'permit' ? out.good('permit') : out.bad('deny  ');
  const reasons = record.effect === 'deny' ? ` ${record.reasons.join(', ')}` : '';
  return `${out.faint(toTimeText(record.occurredAtMs))} ${effect} ${record.action} ${who} -> ${what}${reasons} ${out.faint(record.decisionId)}`;
}

async function verify(context: CliContext, options: GlobalOptions & { readonly file?: string }): Promise<void> {
  const tools = await context.tools();
  const file = options.file ?? tools.auditFile(findDataDir(context, options));
  const verdict = await tools.verifyAudit(file);
  if (options.json) context.out.line(JSON.stringify(verdict));
  if (!verdict.ok) {
    const text = `the log is broken at entry ${verdict.brokenSeq} (${verdict.cause}); the ${verdict.entriesBefore} entries before it are whole`;
    throw new CliError(EXIT.refused, `${text}: ${file}`);
  }
  if (!options.json)
    context.out.line(`${verdict.entries} entries, ${context.out.good('whole')}; head ${verdict.headSeq} ${verdict.headHash}`);
}
