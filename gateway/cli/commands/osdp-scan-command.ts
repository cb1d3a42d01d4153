import type { Command } from 'commander';
import type { CliContext } from '../cli-context.ts';
import { CliError, EXIT } from '../cli-error.ts';
import { examples } from '../examples.ts';
import { BAUD_DEFAULT, type LineOptions, addLineOptions, assertFreeLine, parseBaud, parseLine } from '../line-options.ts';
import type { FoundReader } from '../osdp-tools.ts';

/** Asks who is on a line. */
export function registerOsdpScanCommand(osdp: Command, context: CliContext): void {
  addLineOptions(
    osdp.command('scan').description('find the readers of a line: asks addresses 0 to 126 who they are, in clear; no key is ever sent'),
  )
    .option('--baud <n>', 'speed to ask at, bits per second, or all (default: all on a serial port, the line itself on TCP)')
    .addHelpText('after', examples('gatehouse osdp scan --serial /dev/ttyUSB0', 'gatehouse osdp scan --tcp 192.0.2.7:4001 --json'))
    .action((_own: unknown, command: Command) => scan(context, command.optsWithGlobals()));
}

async function scan(context: CliContext, options: LineOptions): Promise<void> {
  const { out } = context;
  const tools = (await context.tools()).osdp;
  const isAll = options.baud === undefined || options.baud === 'all';
  const baud = isAll ? BAUD_DEFAULT : parseBaud(options.baud, tools.bauds);
  const line = parseLine(options, baud);
  if (line.kind === 'tcp' && options.baud !== undefined) throw new CliError(EXIT.usage, 'a serial server sets its speed itself: no --baud');
  await assertFreeLine(context, options, line);
  const found: FoundReader[] = [];
  const onFound = (reader: FoundReader): void => {
    found.push(reader);
    out.line(options.json === true ? JSON.stringify(reader) : describe(reader));
  };
  const bauds = line.kind === 'tcp' ? null : isAll ? tools.bauds : [baud];
  const signal = context.catchInterrupt();
  const isComplete = await tools.scan({ line, bauds, onFound, onProgress: () => undefined, signal });
  if (options.json !== true) out.line(`${found.length} found${isComplete ? '' : '; interrupted before the end'}`);
  if (found.some(({ kind }) => kind === 'address_conflict')) throw new CliError(EXIT.refused, 'readers share an address: see above');
}

function describe(found: FoundReader): string {
  const place = `address ${String(found.address).padStart(3)}${found.baud === null ? '' : ` at ${found.baud} baud`}`;
  if (found.kind === 'reader')
    return `${place}: ${found.identity}${found.claimsSecureChannel ? '' : '; says that it knows no secure channel'}`;
  return `${place}: ${found.kind === 'unreadable' ? 'something answers, and cannot be read' : 'two or more readers answer here'}`;
}
