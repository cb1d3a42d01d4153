import { readFileSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Command } from 'commander';
import type { CliContext, GlobalOptions } from '../cli-context.ts';
import { CliError, EXIT } from '../cli-error.ts';
import { examples } from '../examples.ts';
import { BAUD_DEFAULT, parseBaud, parseWhole } from '../line-options.ts';
import type { SimulatedReaderSettings, Simulation } from '../osdp-tools.ts';
import { HAND_HELP, moveHand } from '../simulated-hand.ts';

const ADDRESS_MAX = 126;
/** As many as one line has in practice, and more. */
const READERS_MAX = 64;
const KEY_FILE_BYTES_MAX = 16_384;
const KEY_HEX = /^[0-9a-fA-F]{32}$/;

interface SimulateOptions extends GlobalOptions {
  readonly tcp?: string;
  readonly serial?: string;
  readonly baud?: string;
  readonly address: string;
  readonly readers: string;
  readonly keyFile?: string;
  readonly install?: true;
}

const HELP = `
Standard input moves its hand, one line each: ${HAND_HELP}.
The key file has one line of 32 hex digits (16 bytes) for each reader, in the order of their addresses.`;

/** Readers that exist only in memory, for trying out a gateway, or any other controller. */
export function registerOsdpSimulateCommand(osdp: Command, context: CliContext): void {
  osdp
    .command('simulate')
    .description('be one or more readers, and print what they are told')
    .option('--tcp <port>', 'listen at this TCP port of this machine only; 0 takes a free one')
    .option('--serial <path>', 'serial port')
    .option('--baud <n>', `speed of the serial port, bits per second (default: ${BAUD_DEFAULT})`)
    .option('--address <n>', `address of the first reader, 0 to ${ADDRESS_MAX}`, '0')
    .option('--readers <n>', `how many, at addresses that follow one another, 1 to ${READERS_MAX}`, '1')
    .option('--key-file <file>', 'the keys of the readers')
    .option('--install', 'without keys: take the key printed in the standard until a key is set')
    .addHelpText(
      'after',
      `${HELP}\n${examples('gatehouse osdp simulate --tcp 4001 --address 1 --key-file front.key', 'gatehouse osdp simulate --serial /dev/ttyUSB1 --baud 115200 --address 5 --readers 2 --install')}`,
    )
    .action((_own: unknown, command: Command) => simulate(context, command.optsWithGlobals()));
}

async function simulate(context: CliContext, options: SimulateOptions): Promise<void> {
  const tools = (await context.tools()).osdp;
  const line = parsePlace(options, tools.bauds);
  const readers = parseReaders(context, options);
  const print = (address: number, text: string): void =>
    context.out.line(options.json === true ? JSON.stringify({ address, text }) : `${String(address).padStart(3)} ${text}`);
  const signal = context.catchInterrupt();
  const simulation = await tools.simulate({ line, readers, onTold: print });
  for (const { key } of readers) key?.fill(0);
  try {
    const addresses = readers.map(({ address }) => address).join(', ');
    if (options.json === true)
      context.out.line(JSON.stringify({ place: simulation.place, addresses: readers.map(({ address }) => address) }));
    else context.out.line(`readers ${addresses} at ${simulation.place}; Ctrl+C ends it`);
    await follow(context, simulation, { first: readers[0]?.address ?? 0, signal });
  } finally {
    await simulation.close();
  }
}

/** Until interrupted: input that ends leaves the readers where they are. */
async function follow(
  context: CliContext,
  { readers }: Simulation,
  { first, signal }: { readonly first: number; readonly signal: AbortSignal },
): Promise<void> {
  let chosen = 0;
  const obey = (text: string): void => {
    const choice = /^reader (\d{1,3})$/.exec(text.trim())?.[1];
    if (choice !== undefined && readers[Number(choice) - first] !== undefined) chosen = Number(choice) - first;
    const reader = readers[chosen];
    if (text.trim() === '' || choice !== undefined || reader === undefined) return;
    const problem = moveHand(reader, text);
    if (problem !== null) context.out.problem(problem);
  };
  for await (const text of context.readLines(signal)) obey(text);
  if (!signal.aborted) await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
}

function parsePlace({ tcp, serial, baud }: SimulateOptions, bauds: readonly number[]) {
  if ((serial === undefined) === (tcp === undefined)) throw new CliError(EXIT.usage, 'name one place: --tcp PORT or --serial PATH');
  if (serial !== undefined) return { kind: 'serial', path: serial, baud: parseBaud(baud, bauds) } as const;
  return { kind: 'listen', port: parseWhole(tcp ?? '', { name: '--tcp', min: 0, max: 65_535 }) } as const;
}

function parseReaders(context: CliContext, options: SimulateOptions): readonly SimulatedReaderSettings[] {
  const first = parseWhole(options.address, { name: '--address', min: 0, max: ADDRESS_MAX });
  const count = parseWhole(options.readers, { name: '--readers', min: 1, max: Math.min(READERS_MAX, ADDRESS_MAX + 1 - first) });
  if ((options.keyFile === undefined) === (options.install === undefined)) {
    throw new CliError(EXIT.usage, 'give the readers keys with --key-file, or --install');
  }
  const keys = options.keyFile === undefined ? null : readKeys(resolve(context.cwd, options.keyFile), count);
  return Array.from({ length: count }, (_, index) => ({ address: first + index, key: keys?.[index] ?? null }));
}

function readKeys(file: string, count: number): readonly Uint8Array[] {
  const lines = readText(file)
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
  if (lines.length !== count || !lines.every((line) => KEY_HEX.test(line))) {
    throw new CliError(EXIT.usage, `${file} is not ${count === 1 ? 'one line' : `${count} lines`} of 32 hex digits (16 bytes)`);
  }
  return lines.map((line) => Uint8Array.from(Buffer.from(line, 'hex')));
}

function readText(file: string): string {
  try {
    if (statSync(file).size > KEY_FILE_BYTES_MAX) throw new CliError(EXIT.usage, `${file} is longer than ${KEY_FILE_BYTES_MAX} bytes`);
    return readFileSync(file, 'utf8');
  } catch (cause) {
    if (cause instanceof CliError) throw cause;
    throw new CliError(EXIT.usage, `${file} cannot be read`, { cause });
  }
}
