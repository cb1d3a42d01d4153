import { statSync, readFileSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import type { Command } from 'commander';
import { directorySchema } from '../../http/contract/admin.ts';
import { begunSchema, READER_BAUDS, READER_FILE_BYTES_MAX } from '../../http/contract/reader-operations.ts';
import type { CliContext, GlobalOptions } from '../cli-context.ts';
import { CliError, EXIT } from '../cli-error.ts';
import { examples } from '../examples.ts';
import { findGateway } from '../find-gateway.ts';
import { findReader } from '../find-target.ts';
import { followOperation } from '../follow-operation.ts';
import { BAUD_DEFAULT, parseBaud, parseWhole } from '../line-options.ts';
import { REASON_OPTION } from '../reason-option.ts';

interface LineSettingOptions extends GlobalOptions {
  readonly address: string;
  readonly baud?: string;
  readonly reason: string;
}
interface TransferOptions extends GlobalOptions {
  readonly type: string;
  readonly reason: string;
}

const FILE_TYPE_DEFAULT = 1;

/** Where a reader listens, and files for it, through the running gateway. */
export function registerOsdpLineCommands(osdp: Command, context: CliContext): void {
  osdp
    .command('comset')
    .argument('<reader>', 'id, or the beginning of its name')
    .description('move a reader to another address and speed; it comes back to the old ones when it does not answer there')
    .requiredOption('--address <n>', 'new address, 0 to 126')
    .option('--baud <n>', `new speed, bits per second: ${READER_BAUDS.join(', ')}`, String(BAUD_DEFAULT))
    .option(...REASON_OPTION)
    .addHelpText('after', examples('gatehouse osdp comset front-in --address 7 --baud 38400'))
    .action((reader: string, _own: unknown, command: Command) => comset(context, reader, command.optsWithGlobals()));
  osdp
    .command('transfer')
    .argument('<reader>', 'id, or the beginning of its name')
    .argument('<file>', `at most ${READER_FILE_BYTES_MAX} bytes`)
    .description('send a file to a reader inside its secure channel; doors go on working meanwhile')
    .option('--type <n>', 'what it is: 1 for the reader’s maker, 2 a biometric template, 3 a picture; up to 255', String(FILE_TYPE_DEFAULT))
    .option(...REASON_OPTION)
    .addHelpText('after', examples('gatehouse osdp transfer front-in firmware.bin', 'gatehouse osdp transfer front-in logo.png --type 3'))
    .action((reader: string, file: string, _own: unknown, command: Command) =>
      transfer(context, { reader, file }, command.optsWithGlobals()),
    );
}

async function comset(context: CliContext, name: string, options: LineSettingOptions): Promise<void> {
  const address = parseWhole(options.address, { name: '--address', min: 0, max: 126 });
  const baud = parseBaud(options.baud, READER_BAUDS);
  const api = findGateway(context, options);
  const reader = findReader(await api.get('/api/directory', directorySchema), name);
  const body = { address, baud, reason: options.reason };
  const { operation } = await api.post(`/api/readers/${encodeURIComponent(reader.id)}/line`, body, begunSchema);
  await followOperation(context, api, operation, options.json === true);
  if (options.json !== true)
    context.out.line(`${reader.name} listens at address ${address}: the gateway remembers it; write it into the configuration too`);
}

async function transfer(
  context: CliContext,
  what: { readonly reader: string; readonly file: string },
  options: TransferOptions,
): Promise<void> {
  const fileType = parseWhole(options.type, { name: '--type', min: 1, max: 255 });
  const bytes = readFile(resolve(context.cwd, what.file));
  const api = findGateway(context, options);
  const reader = findReader(await api.get('/api/directory', directorySchema), what.reader);
  const query = new URLSearchParams({ type: String(fileType), reason: options.reason });
  const { operation } = await api.postBytes(`/api/readers/${encodeURIComponent(reader.id)}/file?${query.toString()}`, bytes, begunSchema);
  await followOperation(context, api, operation, options.json === true);
  if (options.json !== true) context.out.line(`${reader.name} has ${basename(what.file)}`);
}

function readFile(path: string): Uint8Array {
  try {
    const { size } = statSync(path);
    if (size === 0 || size > READER_FILE_BYTES_MAX)
      throw new CliError(EXIT.usage, `${path} has ${size} bytes, not 1 to ${READER_FILE_BYTES_MAX}`);
    return readFileSync(path);
  } catch (cause) {
    if (cause instanceof CliError) throw cause;
    throw new CliError(EXIT.usage, `${path} cannot be read`, { cause });
  }
}
