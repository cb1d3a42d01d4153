import { readFileSync } from 'node:fs';
import type { Command } from 'commander';
import { tryParse } from '../../domain/try-parse.ts';
import { reasonBodySchema } from '../../http/contract/common.ts';
import {
  dataChangedSchema,
  dataDiffSchema,
  dataHistorySchema,
  dataPreviewSchema,
  partNameSchema,
  policyDataViewSchema,
  seenSchema,
  type DataChangeLine,
  type DataVersion,
} from '../../http/contract/policy-data.ts';
import type { ApiClient } from '../api-client.ts';
import type { CliContext, GlobalOptions } from '../cli-context.ts';
import { CliError, EXIT } from '../cli-error.ts';
import { examples } from '../examples.ts';
import { findGateway } from '../find-gateway.ts';
import { toTimeText, type Output } from '../output.ts';

/** Building and loading the data of the largest site takes seconds in every thread. */
const WORK_TIMEOUT_MS = 60_000;
const PATH = '/api/policy/data';
const PART = `one of ${partNameSchema.options.join(', ')}`;
const REASON = 'why, in 3 to 500 characters; it is recorded and shown';

type ReasonOptions = GlobalOptions & { readonly reason?: string; readonly preview?: true };

/** Grants, schedules, threat levels, exceptions and ready policies: versioned data, in force at once. */
export function registerPolicyDataCommands(policy: Command, context: CliContext): void {
  const data = policy.command('data').description('grants, schedules, areas, threat levels, exceptions and ready policies');
  registerLooking(data, context);
  data
    .command('set')
    .argument('<part>', PART)
    .argument('<id>', 'id of the item: `global`, `site:hq` or `area:lab` for threats, `SITE:DATE` for holidays')
    .argument('<value>', 'its fields as JSON, or @ and a file')
    .description('add or replace an item')
    .option('--reason <text>', REASON)
    .option('--preview', 'show what the policy would see, and change nothing')
    .addHelpText(
      'after',
      examples(
        `gatehouse policy data set threats global '{"level":3,"untilMs":null,"note":""}' --reason "Alarm in the yard"`,
        'gatehouse policy data set schedules nights @nights.json --preview',
      ),
    )
    .action((part: string, id: string, value: string, ...[, command]: [unknown, Command]) =>
      change(context, { part, id, value: readValue(value) }, command.optsWithGlobals()),
    );
  data
    .command('remove')
    .argument('<part>', PART)
    .argument('<id>', 'id of the item')
    .description('take an item out')
    .option('--reason <text>', REASON)
    .option('--preview', 'show what the policy would see, and change nothing')
    .addHelpText('after', examples('gatehouse policy data remove grants grt_7 --reason "Moved to another team"'))
    .action((part: string, id: string, _own: unknown, command: Command) =>
      change(context, { part, id, value: null }, command.optsWithGlobals()),
    );
  data
    .command('revert')
    .argument('<version>', 'a version of `gatehouse policy data history`', Number)
    .description('make the data what it was, as a new version')
    .requiredOption('--reason <text>', REASON)
    .addHelpText('after', examples('gatehouse policy data revert 41 --reason "The wrong group"'))
    .action((version: number, _own: unknown, command: Command) => revert(context, version, command.optsWithGlobals()));
}

function registerLooking(data: Command, context: CliContext): void {
  data
    .command('show')
    .argument('[section]', 'what the policy reads of it, such as grants, weekly or library_settings')
    .description('what is edited, or one section as the policy reads it')
    .addHelpText('after', examples('gatehouse policy data show', 'gatehouse policy data show library_settings'))
    .action((section: string | undefined, _own: unknown, command: Command) => show(context, section ?? null, command.optsWithGlobals()));
  data
    .command('history')
    .description('versions of the data, the newest first')
    .addHelpText('after', examples('gatehouse policy data history'))
    .action(async (_own: unknown, command: Command) => {
      const options: GlobalOptions = command.optsWithGlobals();
      const answer = await findGateway(context, options).get(`${PATH}/history`, dataHistorySchema);
      if (options.json) context.out.line(JSON.stringify(answer));
      else answer.versions.forEach((version) => context.out.line(toVersionLine(version)));
    });
  data
    .command('diff')
    .argument('<from>', 'a version; 0 is the empty one', Number)
    .argument('<to>', 'a version', Number)
    .description('items that differ between two versions')
    .addHelpText('after', examples('gatehouse policy data diff 40 41'))
    .action(async (from: number, to: number, _own: unknown, command: Command) => {
      const options: GlobalOptions = command.optsWithGlobals();
      const answer = await findGateway(context, options).get(`${PATH}/diff?from=${from}&to=${to}`, dataDiffSchema);
      if (options.json) context.out.line(JSON.stringify(answer));
      else answer.lines.forEach((line) => context.out.line(toChangeLine(context.out, line)));
    });
}

async function show(context: CliContext, section: string | null, options: GlobalOptions): Promise<void> {
  const api = findGateway(context, options);
  if (section === null) {
    const answer = await api.get(PATH, policyDataViewSchema);
    context.out.line(options.json ? JSON.stringify(answer) : JSON.stringify({ version: answer.version, ...answer.parts }, null, 2));
    return;
  }
  const answer = await api.get(`${PATH}/seen?section=${encodeURIComponent(section)}&limit=500`, seenSchema);
  const members = Object.fromEntries(answer.members.map(({ key, value }) => [key, value]));
  context.out.line(options.json ? JSON.stringify(answer) : JSON.stringify(members, null, 2));
}

interface Change {
  readonly part: string;
  readonly id: string;
  readonly value: unknown;
}

async function change(context: CliContext, item: Change, options: ReasonOptions): Promise<void> {
  const api = findGateway(context, options);
  const body = { baseVersion: await versionOf(api), changes: [item] };
  if (options.preview === true) {
    const answer = await api.post(`${PATH}/preview`, body, dataPreviewSchema, { timeoutMs: WORK_TIMEOUT_MS });
    if (options.json) return context.out.line(JSON.stringify(answer));
    answer.lines.forEach((line) => context.out.line(toChangeLine(context.out, line)));
    answer.seen.forEach(({ path, before, after }) => context.out.line(`  ${path}: ${JSON.stringify(before)} -> ${JSON.stringify(after)}`));
    return;
  }
  await send(context, { api, path: '/changes', body: { ...body, reason: reasonOf(options) } }, options);
}

async function revert(context: CliContext, toVersion: number, options: ReasonOptions): Promise<void> {
  const api = findGateway(context, options);
  const body = { baseVersion: await versionOf(api), toVersion, reason: reasonOf(options) };
  await send(context, { api, path: '/revert', body }, options);
}

async function send(
  { out }: CliContext,
  { api, path, body }: { readonly api: ApiClient; readonly path: string; readonly body: unknown },
  options: GlobalOptions,
): Promise<void> {
  const answer = await api.post(`${PATH}${path}`, body, dataChangedSchema, { timeoutMs: WORK_TIMEOUT_MS });
  out.line(
    options.json ? JSON.stringify(answer) : `${toVersionLine(answer.version)}\nin force at doors and logins: data ${answer.dataRevision}`,
  );
}

const versionOf = async (api: ApiClient): Promise<number> => (await api.get(PATH, policyDataViewSchema)).version;

function reasonOf({ reason }: ReasonOptions): string {
  const parsed = tryParse(reasonBodySchema.shape.reason, reason ?? '');
  if (!parsed.success) throw new CliError(EXIT.usage, `--reason says why, in 3 to 500 characters`);
  return parsed.data;
}

function readValue(text: string): unknown {
  try {
    return JSON.parse(text.startsWith('@') ? readFileSync(text.slice(1), 'utf8') : text);
  } catch (cause) {
    throw new CliError(EXIT.usage, `${text.startsWith('@') ? text.slice(1) : 'the value'} is not JSON that can be read`, { cause });
  }
}

function toVersionLine({ version, atMs, operatorId, origin, reason, changes, changeCount, opens }: DataVersion): string {
  const named = changes.slice(0, 3).map(({ part, id, kind }) => `${kind} ${part}/${id}`);
  const more = changeCount > named.length ? `, ${changeCount - named.length} more` : '';
  return `${version} ${toTimeText(atMs)} ${origin} by ${operatorId}${opens ? ', opens' : ''}: ${named.join(', ')}${more}${reason === '' ? '' : ` (${reason})`}`;
}

function toChangeLine(out: Output, { part, id, kind, opens, before, after }: DataChangeLine): string {
  return `${kind} ${part}/${id}${opens ? ` ${out.bad('may let somebody in')}` : ''}: ${JSON.stringify(before)} -> ${JSON.stringify(after)}`;
}
