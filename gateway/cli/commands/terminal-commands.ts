import { resolve } from 'node:path';
import type { Command } from 'commander';
import { directorySchema } from '../../http/contract/admin.ts';
import { emptySchema } from '../../http/contract/common.ts';
import { faceOfferSchema, faceOrderedSchema, faceTerminalsSchema, type FaceOrderBody } from '../../http/contract/face.ts';
import type { CliContext, GlobalOptions } from '../cli-context.ts';
import { CliError, EXIT } from '../cli-error.ts';
import { examples } from '../examples.ts';
import { findGateway } from '../find-gateway.ts';
import { findReader } from '../find-target.ts';
import { parseWhole } from '../line-options.ts';
import { REASON_OPTION } from '../reason-option.ts';

const FOLDER_DEFAULT = 'face-terminal';
const PACK_DEFAULT = 'face-pack';
const PORT_DEFAULT = '7420';
const PORT_MAX = 65_535;

interface Reasoned extends GlobalOptions {
  readonly reason: string;
}

interface LocalOptions extends GlobalOptions {
  readonly folder: string;
  readonly pack: string;
  readonly port: string;
  readonly liveness: string;
  readonly acknowledgeLicence?: true;
  readonly camera?: string;
  readonly badges?: string;
  readonly release?: string;
  readonly cardRead?: string;
  readonly cardWrite?: string;
}

/** Terminals that look at faces beside readers: at the gateway, and on the machine with the camera. */
export function registerTerminalCommands(program: Command, context: CliContext): void {
  const terminal = program.command('terminal').description('terminals that look at faces beside readers');
  registerAtGateway(terminal, context);
  registerOnMachine(terminal, context);
}

function registerAtGateway(terminal: Command, context: CliContext): void {
  terminal
    .command('offer')
    .argument('<reader>', 'id, or the beginning of its name')
    .argument('<label>', 'what the terminal is called')
    .option(...REASON_OPTION)
    .description('make a one-time code with which a terminal beside the reader is enrolled')
    .addHelpText('after', examples('gatehouse terminal offer front-in "Front door"'))
    .action((reader: string, label: string, _own: unknown, command: Command) =>
      offer(context, { reader, label }, command.optsWithGlobals()),
    );
  terminal
    .command('list')
    .description('the terminals, their packs, and whether they listen')
    .addHelpText('after', examples('gatehouse terminal list'))
    .action((_own: unknown, command: Command) => list(context, command.optsWithGlobals()));
  terminal
    .command('revoke')
    .argument('<terminal>', 'its id')
    .option(...REASON_OPTION)
    .description('let a terminal’s word count no more, for good')
    .addHelpText('after', examples('gatehouse terminal revoke fdv_ABC'))
    .action(async (id: string, _own: unknown, command: Command) => {
      const options: Reasoned = command.optsWithGlobals();
      await findGateway(context, options).post(pathOf(id, 'revoke'), { reason: options.reason }, emptySchema);
      context.out.line(options.json ? JSON.stringify({ revoked: id }) : `${id} is revoked`);
    });
  terminal
    .command('enrol-face')
    .argument('<terminal>', 'its id')
    .argument('<person>', 'the person’s id')
    .option('--carried', 'on the person’s card or phone alone; the terminal keeps nothing')
    .option(...REASON_OPTION)
    .description('have a terminal ask a person for their consent and enrol their face')
    .addHelpText(
      'after',
      examples('gatehouse terminal enrol-face fdv_ABC usr_ann', 'gatehouse terminal enrol-face fdv_ABC usr_ann --carried'),
    )
    .action((id: string, personId: string, own: { readonly carried?: true }, command: Command) =>
      order(context, { id, kind: 'enrol', personId, storage: own.carried === true ? 'carried' : 'terminal' }, command.optsWithGlobals()),
    );
  terminal
    .command('delete-face')
    .argument('<terminal>', 'its id')
    .argument('<person>', 'the person’s id')
    .option(...REASON_OPTION)
    .description('have a terminal delete a person’s face, and destroy the key of one they carry')
    .addHelpText('after', examples('gatehouse terminal delete-face fdv_ABC usr_ann'))
    .action((id: string, personId: string, _own: unknown, command: Command) =>
      order(context, { id, kind: 'delete', personId }, command.optsWithGlobals()),
    );
}

function registerOnMachine(terminal: Command, context: CliContext): void {
  const folder = ['--folder <folder>', 'key and encrypted templates of this terminal', FOLDER_DEFAULT] as const;
  const pack = ['--pack <folder>', 'face models, see: gatehouse face pack', PACK_DEFAULT] as const;
  terminal
    .command('enrol')
    .argument('<gateway>', 'its address')
    .argument('<code>', 'from: gatehouse terminal offer')
    .option(...folder)
    .option(...pack)
    .description('make this machine a terminal')
    .addHelpText('after', examples('gatehouse terminal enrol https://gate.example.com CODE'))
    .action((url: string, code: string, _own: unknown, command: Command) => enrol(context, { url, code }, command.optsWithGlobals()));
  terminal
    .command('run')
    .option(...folder)
    .option(...pack)
    .option('--port <port>', 'of the camera’s page, on this machine alone', PORT_DEFAULT)
    .option('--liveness <level>', 'active asks for a movement every time; passive only where the models doubt', 'active')
    .option('--camera <command>', 'a program that writes JPEGs to its output, no shell asked; without it the page opens the camera')
    .option(
      '--badges <command>',
      'a program that writes a line a badge, FORMAT:FACILITY:NUMBER, for when the gateway is away; with --release',
    )
    .option('--release <command>', 'a program that releases the lock for GATEHOUSE_RELEASE_MS; with --badges')
    .option('--card-read <command>', 'a program that writes what is on the person’s card to its output; with --card-write')
    .option('--card-write <command>', 'a program that puts its input on the card; with --card-read')
    .option('--acknowledge-licence', 'use models that must not be used commercially')
    .description('look at faces when the gateway asks, until interrupted')
    .addHelpText('after', examples('gatehouse terminal run', 'gatehouse terminal run --folder /var/lib/face-terminal --port 7420'))
    .action((_own: unknown, command: Command) => run(context, command.optsWithGlobals()));
}

const pathOf = (id: string, what: string): string => `/api/face/terminals/${encodeURIComponent(id)}/${what}`;

async function offer(context: CliContext, what: { readonly reader: string; readonly label: string }, options: Reasoned): Promise<void> {
  const api = findGateway(context, options);
  const { id: readerId } = findReader(await api.get('/api/directory', directorySchema), what.reader);
  const body = { readerId, label: what.label, reason: options.reason };
  const offered = await api.post('/api/face/terminals/offers', body, faceOfferSchema);
  context.out.line(
    options.json ? JSON.stringify(offered) : `${offered.code}  (once, until ${new Date(offered.expiresAtMs).toISOString()})`,
  );
}

async function list(context: CliContext, options: GlobalOptions): Promise<void> {
  const { terminals } = await findGateway(context, options).get('/api/face/terminals', faceTerminalsSchema);
  if (options.json) return context.out.line(JSON.stringify({ terminals }));
  if (terminals.length === 0) context.out.line('no terminal is enrolled');
  for (const { id, isListening, label, packHash, readerId, status } of terminals) {
    const state = status === 'revoked' ? 'revoked' : isListening ? 'listens' : 'silent';
    context.out.line(`${id}  ${label}  at ${readerId}  pack ${packHash.slice(0, 12)}  ${state}`);
  }
}

async function order(
  context: CliContext,
  { id, kind, personId, storage }: { readonly id: string; readonly personId: string } & Pick<FaceOrderBody, 'kind' | 'storage'>,
  options: Reasoned,
): Promise<void> {
  const ordered = await findGateway(context, options).post(
    pathOf(id, 'orders'),
    { kind, personId, reason: options.reason, ...(storage === undefined ? {} : { storage }) },
    faceOrderedSchema,
  );
  context.out.line(options.json ? JSON.stringify(ordered) : `the terminal is told; the log says what becomes of ${ordered.orderId}`);
}

async function enrol(context: CliContext, at: { readonly url: string; readonly code: string }, options: LocalOptions): Promise<void> {
  const { face } = await context.tools();
  const folders = { folder: resolve(context.cwd, options.folder), packFolder: resolve(context.cwd, options.pack) };
  const identity = await face.enrolTerminal({ ...at, ...folders });
  const said = `this machine is ${identity.label} (${identity.deviceId}), at reader ${identity.readerId}, door ${identity.doorId}`;
  context.out.line(options.json ? JSON.stringify(identity) : said);
}

function aloneOf({ badges, release }: LocalOptions): { readonly badges: string; readonly release: string } | null {
  if (badges === undefined && release === undefined) return null;
  if (badges === undefined || release === undefined) throw new CliError(EXIT.usage, '--badges and --release are given together');
  return { badges, release };
}

function cardOf({ cardRead: read, cardWrite: write }: LocalOptions): { readonly read: string; readonly write: string } | null {
  if (read === undefined && write === undefined) return null;
  if (read === undefined || write === undefined) throw new CliError(EXIT.usage, '--card-read and --card-write are given together');
  return { read, write };
}

async function run(context: CliContext, options: LocalOptions): Promise<void> {
  const { liveness: needs } = options;
  if (needs !== 'passive' && needs !== 'active') throw new CliError(EXIT.usage, '--liveness: passive or active');
  const port = parseWhole(options.port, { name: '--port', min: 0, max: PORT_MAX });
  const { face } = await context.tools();
  await face.runTerminal({
    folder: resolve(context.cwd, options.folder),
    packFolder: resolve(context.cwd, options.pack),
    acknowledgesLicence: options.acknowledgeLicence === true,
    port,
    needs,
    camera: options.camera ?? null,
    alone: aloneOf(options),
    card: cardOf(options),
    signal: context.catchInterrupt(),
    onPage: (url) => context.out.line(options.json ? JSON.stringify({ page: url }) : `open ${url} in this machine’s browser`),
    onEvent: (event) => context.out.problem(event),
  });
}
