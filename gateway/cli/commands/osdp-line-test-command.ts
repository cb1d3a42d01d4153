import type { Command } from 'commander';
import { directorySchema } from '../../http/contract/admin.ts';
import { begunSchema, LINE_TEST_EXCHANGES_DEFAULT, LINE_TEST_EXCHANGES_MAX } from '../../http/contract/reader-operations.ts';
import type { CliContext, GlobalOptions } from '../cli-context.ts';
import { CliError, EXIT } from '../cli-error.ts';
import { examples } from '../examples.ts';
import { findGateway } from '../find-gateway.ts';
import { findReader } from '../find-target.ts';
import { followOperation } from '../follow-operation.ts';
import { parseWhole } from '../line-options.ts';
import { REASON_OPTION } from '../reason-option.ts';

interface LineTestOptions extends GlobalOptions {
  readonly line?: string;
  readonly exchanges: string;
  readonly reason: string;
}

/** How well a line carries, judged by the running gateway beside its work. */
export function registerOsdpLineTestCommand(osdp: Command, context: CliContext): void {
  osdp
    .command('line-test')
    .argument('[reader]', 'id, or the beginning of its name')
    .description('send commands that change nothing to a reader, or to each of a line, and judge the line by what must be repeated')
    .option('--line <id>', 'all readers of a line')
    .option('--exchanges <n>', `commands to each reader, 1 to ${LINE_TEST_EXCHANGES_MAX}`, String(LINE_TEST_EXCHANGES_DEFAULT))
    .option(...REASON_OPTION)
    .addHelpText(
      'after',
      `
Ends with 1 when a reader could not be tested to the end, or its line is bad.
${examples('gatehouse osdp line-test front-in', 'gatehouse osdp line-test --line bus-1 --exchanges 1000')}`,
    )
    .action((reader: string | undefined, _own: unknown, command: Command) => testLine(context, reader, command.optsWithGlobals()));
}

async function testLine(context: CliContext, name: string | undefined, options: LineTestOptions): Promise<void> {
  const exchanges = parseWhole(options.exchanges, { name: '--exchanges', min: 1, max: LINE_TEST_EXCHANGES_MAX });
  if ((name === undefined) === (options.line === undefined)) throw new CliError(EXIT.usage, 'name one reader, or --line ID');
  const api = findGateway(context, options);
  const scope =
    options.line === undefined
      ? { kind: 'reader', id: findReader(await api.get('/api/directory', directorySchema), name ?? '').id }
      : { kind: 'line', id: options.line };
  const { operation } = await api.post('/api/reader-operations/line-test', { scope, exchanges, reason: options.reason }, begunSchema);
  const { readers } = await followOperation(context, api, operation, options.json === true);
  const bad = readers.filter(({ test }) => test?.quality?.verdict === 'bad').length;
  if (bad > 0) throw new CliError(EXIT.refused, `${bad} of ${readers.length} with a bad line`);
}
