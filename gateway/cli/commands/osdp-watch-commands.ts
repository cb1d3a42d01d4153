import { resolve } from 'node:path';
import type { Command } from 'commander';
import type { LineReport, LineView } from '../../ports/line-view.ts';
import type { CliContext, GlobalOptions } from '../cli-context.ts';
import { examples } from '../examples.ts';
import { requireConfig } from '../find-gateway.ts';
import { isIdle, printReport, toFrameLine } from '../frame-line.ts';
import { BAUD_DEFAULT, type LineOptions, addLineOptions, assertFreeLine, parseBaud, parseLine } from '../line-options.ts';
import type { WatchOptions } from '../osdp-tools.ts';

interface ViewOptions extends GlobalOptions {
  readonly withKeys?: true;
  readonly reveal?: true;
  /** False with --no-polls. */
  readonly polls: boolean;
}

/** Looking at a reader line: live, or from a capture. */
export function registerOsdpWatchCommands(osdp: Command, context: CliContext): void {
  const sniff = addLineOptions(osdp.command('sniff').description('listen to a reader line and tell every frame; it never speaks on it'))
    .option('--baud <n>', `speed of a serial line, bits per second (default: ${BAUD_DEFAULT})`)
    .option('--capture <file>', 'keep every frame in this new file: .osdpcap, or .pcap for Wireshark; keys are zeroed in it');
  addViewOptions(sniff)
    .addHelpText(
      'after',
      examples(
        'gatehouse osdp sniff --serial /dev/ttyUSB0 --baud 9600',
        'gatehouse osdp sniff --tcp 192.0.2.7:4001 --capture line.osdpcap --with-keys --no-polls',
      ),
    )
    .action((_own: unknown, command: Command) => runSniff(context, command.optsWithGlobals()));
  addViewOptions(osdp.command('decode').argument('<file>', '.osdpcap').description('tell every frame of a capture'))
    .addHelpText('after', examples('gatehouse osdp decode line.osdpcap', 'gatehouse osdp decode line.osdpcap --with-keys --json'))
    .action((file: string, _own: unknown, command: Command) => runDecode(context, file, command.optsWithGlobals()));
}

function addViewOptions(command: Command): Command {
  return command
    .option('--with-keys', 'read along inside secure channels, with the keys in the store of this configuration; the log says who did')
    .option('--reveal', 'show card numbers and key presses; keys are never shown')
    .option('--no-polls', 'leave out polls that bring nothing');
}

async function runSniff(context: CliContext, options: ViewOptions & LineOptions & { readonly capture?: string }): Promise<void> {
  const tools = (await context.tools()).osdp;
  const line = parseLine(options, parseBaud(options.baud, tools.bauds));
  await assertFreeLine(context, options, line);
  const captureFile = options.capture === undefined ? null : resolve(context.cwd, options.capture);
  const signal = context.catchInterrupt();
  const onListening = (): void => {
    if (options.json !== true) context.out.problem('Listening; Ctrl+C ends it.');
  };
  const report = await tools.sniff({ ...toWatch(context, options), line, captureFile, onListening, signal });
  print(context, options, report);
  if (report.lost > 0) context.out.problem(`${report.lost} frames are missing from the capture: the disk was too slow`);
}

async function runDecode(context: CliContext, file: string, options: ViewOptions): Promise<void> {
  const tools = (await context.tools()).osdp;
  const report = await tools.decode({ ...toWatch(context, options), file: resolve(context.cwd, file) });
  print(context, options, report);
}

function toWatch(context: CliContext, options: ViewOptions): WatchOptions {
  const { out } = context;
  return {
    keysOf: options.withKeys === true ? requireConfig(context, options) : null,
    reveal: options.reveal === true,
    onView: (view: LineView) => {
      if (!options.polls && isIdle(view)) return;
      out.line(options.json === true ? JSON.stringify(view) : toFrameLine(out, view));
    },
  };
}

function print(context: CliContext, options: GlobalOptions, report: LineReport): void {
  if (options.json === true) context.out.line(JSON.stringify({ kind: 'report', ...report }));
  else printReport(context.out, report);
}
