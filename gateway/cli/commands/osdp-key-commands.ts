import type { Command } from 'commander';
import { directorySchema } from '../../http/contract/admin.ts';
import {
  begunSchema,
  conditionsSchema,
  PAIR_MINUTES_DEFAULT,
  PAIR_MINUTES_MAX,
  type Condition,
  type RotationBody,
} from '../../http/contract/reader-operations.ts';
import { explainOffline, explainReaderAlarm } from '../../http/contract/reader-alarms.ts';
import { readersSchema, type ReaderView } from '../../http/contract/readers.ts';
import type { CliContext, GlobalOptions } from '../cli-context.ts';
import { CliError, EXIT } from '../cli-error.ts';
import { examples } from '../examples.ts';
import { findGateway } from '../find-gateway.ts';
import { findReader } from '../find-target.ts';
import { followOperation } from '../follow-operation.ts';
import { parseWhole } from '../line-options.ts';
import { REASON_OPTION } from '../reason-option.ts';

interface ReasonOptions extends GlobalOptions {
  readonly reason: string;
}
interface KeysetOptions extends ReasonOptions {
  readonly site?: string;
  readonly area?: string;
  readonly all?: true;
  readonly wait: boolean;
}

const MS_PER_DAY = 86_400_000;

/** Keys of readers, through the running gateway. No key is ever printed. */
export function registerOsdpKeyCommands(osdp: Command, context: CliContext): void {
  osdp
    .command('keyset')
    .argument('[reader]', 'id, or the beginning of its name')
    .description('give readers new random keys, one reader of a line at a time; readers that are off line get theirs when they are back')
    .option('--site <id>', 'all readers of a site')
    .option('--area <id>', 'all readers at doors into an area')
    .option('--all', 'all readers')
    .option(...REASON_OPTION)
    .option('--no-wait', 'do not wait until all is done')
    .addHelpText('after', examples('gatehouse osdp keyset front-in', 'gatehouse osdp keyset --site hq --reason "yearly change"'))
    .action((reader: string | undefined, _own: unknown, command: Command) => keyset(context, reader, command.optsWithGlobals()));
  osdp
    .command('pair')
    .argument('<reader>', 'id, or the beginning of its name')
    .description(
      'give a reader in install mode its first key: opens it to the key of the standard (SCBK-D) once, with an alarm while it is open',
    )
    .option('--minutes <n>', `how long the window is open, 1 to ${PAIR_MINUTES_MAX} minutes`, String(PAIR_MINUTES_DEFAULT))
    .option(...REASON_OPTION)
    .addHelpText('after', examples('gatehouse osdp pair front-in', 'gatehouse osdp pair front-in --minutes 2 --reason "new reader"'))
    .action((reader: string, _own: unknown, command: Command) => pair(context, reader, command.optsWithGlobals()));
  osdp
    .command('health')
    .argument('[reader]', 'id, or the beginning of its name')
    .description('how readers stand: line, secure channel, age of the key, counters and alarms since the start')
    .addHelpText('after', examples('gatehouse osdp health', 'gatehouse osdp health front-in --json'))
    .action((reader: string | undefined, _own: unknown, command: Command) => health(context, reader, command.optsWithGlobals()));
}

async function keyset(context: CliContext, reader: string | undefined, options: KeysetOptions): Promise<void> {
  const api = findGateway(context, options);
  const named = [reader, options.site, options.area, options.all].filter((one) => one !== undefined);
  if (named.length !== 1) throw new CliError(EXIT.usage, 'name one reader, or one of --site ID, --area ID and --all');
  const body: RotationBody = { scope: await toScope(), reason: options.reason };
  const { operation } = await api.post('/api/reader-operations/rotation', body, begunSchema);
  if (options.wait) return void (await followOperation(context, api, operation, options.json === true));
  context.out.line(options.json === true ? JSON.stringify({ operation }) : `begun: ${operation.id}, ${operation.readers.length} readers`);

  async function toScope(): Promise<RotationBody['scope']> {
    if (options.site !== undefined) return { kind: 'site', id: options.site };
    if (options.area !== undefined) return { kind: 'area', id: options.area };
    if (reader === undefined) return { kind: 'all' };
    return { kind: 'reader', id: findReader(await api.get('/api/directory', directorySchema), reader).id };
  }
}

async function pair(context: CliContext, name: string, options: ReasonOptions & { readonly minutes: string }): Promise<void> {
  const minutes = parseWhole(options.minutes, { name: '--minutes', min: 1, max: PAIR_MINUTES_MAX });
  const api = findGateway(context, options);
  const reader = findReader(await api.get('/api/directory', directorySchema), name);
  const { operation } = await api.post(
    `/api/readers/${encodeURIComponent(reader.id)}/pairing`,
    { minutes, reason: options.reason },
    begunSchema,
  );
  if (options.json !== true) {
    context.out.problem(
      `Whoever answers for ${reader.name} within ${minutes} minutes is given its key: watch the line. Ctrl+C closes the window.`,
    );
  }
  await followOperation(context, api, operation, options.json === true);
  if (options.json !== true) context.out.line(`${reader.name} is on line with a key of its own`);
}

async function health(context: CliContext, name: string | undefined, options: GlobalOptions): Promise<void> {
  const { out } = context;
  const api = findGateway(context, options);
  const wanted = name === undefined ? null : findReader(await api.get('/api/directory', directorySchema), name).id;
  const [{ readers }, { conditions }] = await Promise.all([
    api.get('/api/readers', readersSchema),
    api.get('/api/reader-conditions', conditionsSchema),
  ]);
  const rows = readers
    .filter(({ id }) => wanted === null || id === wanted)
    .map((reader) => ({ reader, condition: conditions.find(({ readerId }) => readerId === reader.id) ?? null }));
  if (options.json === true) return out.line(JSON.stringify({ readers: rows }));
  const now = Date.now();
  out.table(
    ['READER', 'STATE', 'ADDRESS', 'CHANNEL', 'KEY', 'POLLS', 'RETRIES', 'P99 ms', 'ALARMS'],
    rows.map(({ reader, condition }) => [
      reader.id,
      reader.online
        ? 'online'
        : condition?.isInstalling === true
          ? 'install window open'
          : (reader.offlineCause ?? 'not heard').replaceAll('_', ' '),
      `${reader.address}${condition?.baud ? ` at ${condition.baud}` : ''}`,
      `SC${condition?.secureChannel ?? 1}`,
      toKeyText(condition, now),
      String(reader.traffic.polls),
      String(reader.traffic.retries),
      reader.traffic.roundTripP99Ms.toFixed(1),
      toAlarmText(reader),
    ]),
  );
  // Of one reader there is room for what to do.
  const [only] = wanted === null ? [] : rows;
  if (only?.reader.online === false) {
    const { label, remedy } = explainOffline(only.reader.offlineCause);
    out.line(`${label}: ${remedy}`);
  }
  for (const code of wanted === null ? [] : rows.flatMap(({ reader }) => Object.keys(reader.alarms))) {
    const { label, meaning, remedy } = explainReaderAlarm(code);
    out.line(`${label} (${code}): ${meaning} ${remedy}`);
  }
}

function toKeyText(condition: Condition | null, nowMs: number): string {
  const key = condition?.key ?? null;
  if (key === null) return 'none';
  const age = key.setAtMs === null ? 'age not known' : `${Math.floor((nowMs - key.setAtMs) / MS_PER_DAY)} d`;
  return `${key.origin}, ${age}${key.isSettled ? '' : ', unsettled'}${key.isRotationWanted ? ', new one wanted' : ''}`;
}

function toAlarmText({ alarms }: ReaderView): string {
  const entries = Object.entries(alarms);
  return entries.length === 0 ? '-' : entries.map(([code, count]) => `${explainReaderAlarm(code).label} x${count}`).join(', ');
}
