import type { Command } from 'commander';
import { explainLineCounts } from '../../http/contract/line-counters.ts';
import { readerLinesSchema, type ReaderLineView } from '../../http/contract/readers.ts';
import type { CliContext, GlobalOptions } from '../cli-context.ts';
import { CliError, EXIT } from '../cli-error.ts';
import { examples } from '../examples.ts';
import { findGateway } from '../find-gateway.ts';

interface CountersOptions extends GlobalOptions {
  readonly line?: string;
}

/** What reader lines threw away, and what it asks for. */
export function registerOsdpCountersCommand(osdp: Command, context: CliContext): void {
  osdp
    .command('counters')
    .description('what each reader line threw away since the door controller started, by kind, what it means and what to do')
    .option('--line <id>', 'this line only')
    .addHelpText('after', examples('gatehouse osdp counters', 'gatehouse osdp counters --line bus-1 --json'))
    .action((_own: unknown, command: Command) => counters(context, command.optsWithGlobals()));
}

async function counters(context: CliContext, options: CountersOptions): Promise<void> {
  const { lines } = await findGateway(context, options).get('/api/reader-lines', readerLinesSchema);
  const chosen = options.line === undefined ? lines : lines.filter(({ busId }) => busId === options.line);
  if (options.line !== undefined && chosen.length === 0) throw new CliError(EXIT.refused, `there is no line ${options.line}`);
  if (options.json === true) return context.out.line(JSON.stringify({ lines: chosen }));
  chosen.forEach((line) => printLine(context, line));
}

function printLine({ out }: CliContext, { busId, sentFrames, receivedFrames, counts, readers }: ReaderLineView): void {
  const explained = explainLineCounts(counts);
  out.line(`${busId}: ${sentFrames} frames sent, ${receivedFrames} received${explained.length === 0 ? ', nothing thrown away' : ''}`);
  for (const { kind, label, count, meaning, remedy } of explained) {
    const whose = readers.flatMap(({ readerId, counts: own }) => (own[kind] === undefined ? [] : [`${readerId} ${own[kind]}`]));
    out.line(`  ${String(count).padStart(7)} ${label}${whose.length === 0 ? '' : ` (${whose.join(', ')})`}`);
    out.line(out.faint(`          ${meaning} ${remedy}`));
  }
}
