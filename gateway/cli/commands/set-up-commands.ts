import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Command } from 'commander';
import { READER_KEY_LENGTHS } from '../../domain/site/site.ts';
import { CONFIG_FILE_DEFAULT } from '../../platform/config/load-config.ts';
import { renderInitFile } from '../../platform/config/init-file.ts';
import { PEOPLE_FILE_BYTES_MAX, readPeopleFile, readPeopleText } from '../../platform/people-file.ts';
import type { CliContext, GlobalOptions } from '../cli-context.ts';
import { CliError, EXIT } from '../cli-error.ts';
import { examples } from '../examples.ts';
import { requireConfig, toEnvironment } from '../find-gateway.ts';
import { toKnownIds } from '../find-target.ts';
import { readKey } from '../read-key.ts';

interface KeyOptions extends GlobalOptions {
  readonly generate?: true;
  readonly show?: true;
}

/** Setting up: what is done once, at the host. */
export function registerSetUpCommands(program: Command, context: CliContext): void {
  program
    .command('start')
    .description('run the gateway (the demo site when there is no configuration)')
    .addHelpText('after', examples('gatehouse start', 'gatehouse --config /etc/gatehouse/gatehouse.yaml start'))
    .action((_own: unknown, command: Command) => start(context, command.optsWithGlobals()));
  program
    .command('init')
    .description('write a commented gatehouse.yaml')
    .option('--force', 'replace an existing file')
    .addHelpText('after', examples('gatehouse init', 'gatehouse --config /etc/gatehouse/gatehouse.yaml init'))
    .action((_own: unknown, command: Command) => init(context, command.optsWithGlobals()));
  program
    .command('import')
    .argument('<file>', `YAML, at most ${PEOPLE_FILE_BYTES_MAX} bytes; - reads standard input`)
    .description('add or replace people, badges, access profiles and grants; nothing is removed')
    .addHelpText('after', examples('gatehouse import people.yaml', 'gatehouse import - < people.yaml'))
    .action((file: string, _own: unknown, command: Command) => importFile(context, file, command.optsWithGlobals()));
  program
    .command('reader')
    .description('commission readers')
    .command('key')
    .argument('<reader>', 'id of the reader in the configuration')
    .description('store the secure channel key of a reader: 32 hex digits (64 for secure channel 2) on standard input, or a new one')
    .option('--generate', 'make a new random key')
    .option('--show', 'print the generated key, to set it in the reader')
    .addHelpText('after', examples('gatehouse reader key front-in --generate --show', 'gatehouse reader key front-in < front-in.key'))
    .action((reader: string, _own: unknown, command: Command) => setReaderKey(context, reader, command.optsWithGlobals()));
}

async function start(context: CliContext, options: GlobalOptions): Promise<void> {
  if (options.url !== undefined) throw new CliError(EXIT.usage, 'start takes no --url: it runs the gateway on this machine');
  await context.start(toEnvironment(context, options));
}

function init(context: CliContext, options: GlobalOptions & { readonly force?: true }): void {
  const file = resolve(context.cwd, options.config ?? CONFIG_FILE_DEFAULT);
  try {
    writeFileSync(file, renderInitFile(), { flag: options.force === true ? 'w' : 'wx', mode: 0o600 });
  } catch (cause) {
    const exists = cause instanceof Error && 'code' in cause && cause.code === 'EEXIST';
    throw new CliError(EXIT.refused, exists ? `${file} exists; --force replaces it` : `${file} cannot be written`, { cause });
  }
  if (options.json) context.out.line(JSON.stringify({ file }));
  else context.out.line(`${file} is written: replace the example in it, then \`gatehouse start\``);
}

async function importFile(context: CliContext, file: string, options: GlobalOptions): Promise<void> {
  const config = requireConfig(context, options);
  const people =
    file === '-'
      ? readPeopleText(await context.readInput(PEOPLE_FILE_BYTES_MAX), 'standard input')
      : readPeopleFile(resolve(context.cwd, file));
  const tools = await context.tools();
  const summary = await tools.importPeople(config, people);
  if (!summary.ok) {
    if (options.json) context.out.line(JSON.stringify(summary));
    const lines = summary.problems.map(({ path, message }) => `\n  ${path}: ${message}`);
    throw new CliError(EXIT.refused, `nothing was imported:${lines.join('')}`);
  }
  if (options.json) context.out.line(JSON.stringify(summary));
  else
    context.out.line(
      `${toCount(summary.people, 'person', 'people')}, ${toCount(summary.badges, 'badge')}, ${toCount(summary.profiles, 'profile')}, ` +
        `${toCount(summary.grants, 'grant')} imported`,
    );
}

const toCount = (count: number, one: string, more = `${one}s`): string => `${count} ${count === 1 ? one : more}`;

async function setReaderKey(context: CliContext, readerId: string, options: KeyOptions): Promise<void> {
  if (options.show === true && options.generate !== true)
    throw new CliError(EXIT.usage, '--show prints a key made by --generate, never one that was given');
  const config = requireConfig(context, options);
  const reader = config.installation.readers.find(({ id }) => id === readerId);
  if (reader === undefined) {
    const known = toKnownIds(config.installation.readers.map(({ id }) => id));
    throw new CliError(EXIT.refused, `there is no reader ${readerId}${known}`);
  }
  const lengthBytes = READER_KEY_LENGTHS[reader.secureChannel ?? 1];
  const key = options.generate === true ? context.randomBytes(lengthBytes) : await readKey(context, lengthBytes);
  try {
    const tools = await context.tools();
    await tools.writeReaderKey(config, readerId, key);
    const shown = options.show === true ? Buffer.from(key).toString('hex') : null;
    if (options.json) context.out.line(JSON.stringify(shown === null ? { readerId } : { readerId, key: shown }));
    else context.out.line(shown ?? `the key of ${readerId} is stored`);
  } finally {
    key.fill(0);
  }
}
