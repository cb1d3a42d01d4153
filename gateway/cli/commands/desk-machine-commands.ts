import { resolve } from 'node:path';
import type { Command } from 'commander';
import type { CliContext, GlobalOptions } from '../cli-context.ts';
import { CliError, EXIT } from '../cli-error.ts';
import type { DeskRun } from '../desk-tools.ts';
import { refusedText } from '../desk-revocation-words.ts';
import { examples } from '../examples.ts';
import { parseWhole } from '../line-options.ts';

const FOLDER_DEFAULT = 'desk';
const PACK_DEFAULT = 'face-pack';
/** The gateway's configuration names the same: oidc.desk_agent_port. */
const PORT_DEFAULT = '7421';
const PORT_MAX = 65_535;
/** V4L2. Elsewhere another program: `-f avfoundation -i 0` on a Mac, `-f dshow -i video=NAME` on Windows. */
const CAPTURE_DEFAULT =
  'ffmpeg -hide_banner -loglevel error -f v4l2 -video_size 640x480 -framerate 10 -i /dev/video0 -f mjpeg -q:v 3 pipe:1';

const CONSENT = `This computer can keep a description of your face, encrypted, to recognise you when an app asks for it. No picture is kept, nothing
of it leaves this computer, and you can delete it at any time (gatehouse desk forget-face). You do not have to agree: a security key or your
badge stays another way in. Type yes to agree:`;

interface MachineOptions extends GlobalOptions {
  readonly folder: string;
  readonly pack: string;
  readonly face: boolean;
  readonly tpm?: true;
  readonly port: string;
  readonly capture: string;
  readonly liveness: string;
  readonly acknowledgeLicence?: true;
}

/** What is done on the person's computer itself. */
export function registerDeskMachineCommands(desk: Command, context: CliContext): void {
  const folder = ['--folder <folder>', 'key and encrypted face of this computer', FOLDER_DEFAULT] as const;
  const pack = ['--pack <folder>', 'face models, see: gatehouse face pack', PACK_DEFAULT] as const;
  const capture = ['--capture <command>', 'writes JPEGs to its standard output, about ten a second', CAPTURE_DEFAULT] as const;
  const licence = ['--acknowledge-licence', 'use models that must not be used commercially'] as const;
  const noFace = ['--no-face', 'this computer looks at nobody: it only says which one it is, and how it is kept'] as const;
  desk
    .command('enrol')
    .argument('<gateway>', 'its address')
    .argument('<code>', 'from: gatehouse desk offer')
    .option(...folder)
    .option(...pack)
    .option(...noFace)
    .option('--tpm', 'keep the key in the TPM 2.0 of this machine (needs tpm2-tools); without it, in a file for its owner alone')
    .description('make this computer known to the gateway as one of yours')
    .addHelpText('after', examples('gatehouse desk enrol https://gate.example.com CODE --tpm'))
    .action((url: string, code: string, _own: unknown, command: Command) => enrol(context, { url, code }, command.optsWithGlobals()));
  desk
    .command('enrol-face')
    .option(...folder)
    .option(...pack)
    .option(...capture)
    .option(...licence)
    .description('let this computer know your face, within fifteen minutes of its enrolment or of an operator’s order')
    .addHelpText('after', examples('gatehouse desk enrol-face'))
    .action((_own: unknown, command: Command) => enrolFace(context, command.optsWithGlobals()));
  desk
    .command('forget-face')
    .option(...folder)
    .option(...pack)
    .description('delete your face from this computer')
    .addHelpText('after', examples('gatehouse desk forget-face'))
    .action((_own: unknown, command: Command) => forgetFace(context, command.optsWithGlobals()));
  desk
    .command('run')
    .option(...folder)
    .option(...pack)
    .option(...noFace)
    .option(...capture)
    .option(...licence)
    .option('--port <port>', 'on 127.0.0.1, as the gateway’s configuration names it', PORT_DEFAULT)
    .option('--liveness <level>', 'active asks for a movement every time; passive only where the models doubt', 'active')
    .description('answer the gateway’s sign-in pages on this computer, and tell how it is kept, until interrupted')
    .addHelpText('after', examples('gatehouse desk run', 'gatehouse desk run --no-face'))
    .action((_own: unknown, command: Command) => run(context, command.optsWithGlobals()));
  desk
    .command('status')
    .option(...folder)
    .option('--port <port>', 'where sign-in pages look for the agent', PORT_DEFAULT)
    .description('what this computer is, whether its agent runs, and what the gateway has of it')
    .addHelpText('after', examples('gatehouse desk status'))
    .action((_own: unknown, command: Command) => status(context, command.optsWithGlobals()));
  desk
    .command('posture')
    .description('how this computer is kept, as it would tell the gateway')
    .addHelpText('after', examples('gatehouse desk posture --json'))
    .action((_own: unknown, command: Command) => posture(context, command.optsWithGlobals()));
}

function placesOf(context: CliContext, { folder, pack }: MachineOptions): { folder: string; packFolder: string } {
  return { folder: resolve(context.cwd, folder), packFolder: resolve(context.cwd, pack) };
}

async function enrol(context: CliContext, at: { readonly url: string; readonly code: string }, options: MachineOptions): Promise<void> {
  const { desk } = await context.tools();
  const { folder, packFolder } = placesOf(context, options);
  const keyKind = options.tpm === true ? 'tpm' : 'file';
  const enrolled = await desk.enrol({ ...at, folder, packFolder: options.face ? packFolder : null, keyKind });
  const where = enrolled.keyKind === 'tpm' ? 'in its TPM' : 'in a file';
  const said = `this computer is ${enrolled.label} (${enrolled.deviceId}) of ${enrolled.personId}; its key is ${where}`;
  context.out.line(options.json ? JSON.stringify(enrolled) : said);
}

const OUTCOMES = {
  done: 'this computer knows your face now',
  refused: 'you did not agree: nothing was looked at',
  failed: 'your face could not be enrolled: look straight at the camera, in even light, and try again with a new order',
  nothing_there: 'there was nothing to enrol',
  no_order: 'nobody has ordered it: ask an operator for gatehouse desk order-face',
  no_camera: 'the camera shows nothing: see --capture',
} as const;

async function enrolFace(context: CliContext, options: MachineOptions): Promise<void> {
  const { desk } = await context.tools();
  const signal = context.catchInterrupt();
  const outcome = await desk.enrolFace({
    ...placesOf(context, options),
    acknowledgesLicence: options.acknowledgeLicence === true,
    command: options.capture,
    consents: async () => {
      context.out.problem(CONSENT);
      for await (const line of context.readLines(signal)) return line.trim().toLowerCase() === 'yes';
      return false;
    },
    onProgress: ({ of, say, taken }) => context.out.problem(`${String(taken)} of ${String(of)}: ${say.replaceAll('_', ' ')}`),
  });
  if (options.json) context.out.line(JSON.stringify({ outcome }));
  if (outcome !== 'done') throw new CliError(EXIT.refused, OUTCOMES[outcome]);
  if (!options.json) context.out.line(OUTCOMES.done);
}

async function forgetFace(context: CliContext, options: MachineOptions): Promise<void> {
  const { desk } = await context.tools();
  const outcome = await desk.forgetFace(placesOf(context, options));
  const said = outcome === 'done' ? 'your face is deleted, and the gateway knows' : 'no face was kept here; the gateway knows';
  context.out.line(options.json ? JSON.stringify({ outcome }) : said);
}

async function run(context: CliContext, options: MachineOptions): Promise<void> {
  const { liveness: needs } = options;
  if (needs !== 'passive' && needs !== 'active') throw new CliError(EXIT.usage, '--liveness: passive or active');
  const port = parsePort(options.port);
  const { desk } = await context.tools();
  const { folder, packFolder } = placesOf(context, options);
  const camera: DeskRun['camera'] = {
    packFolder,
    acknowledgesLicence: options.acknowledgeLicence === true,
    command: options.capture,
    needs,
  };
  await desk.run({
    folder,
    camera: options.face ? camera : null,
    port,
    environment: context.env,
    signal: context.catchInterrupt(),
    onListening: (url) =>
      context.out.line(options.json ? JSON.stringify({ listening: url }) : `sign-in pages find this computer at ${url}`),
    onEvent: (event) => context.out.problem(event),
  });
}

async function status(context: CliContext, options: MachineOptions): Promise<void> {
  const port = parsePort(options.port);
  const { desk } = await context.tools();
  const told = await desk.status({ folder: resolve(context.cwd, options.folder), port });
  const { deviceId, gateway, isRunning, keyKind, label, personId, url } = told;
  if (options.json) context.out.line(JSON.stringify(told));
  else {
    context.out.line(`${label} (${deviceId}) of ${personId}, at ${url}; key in ${keyKind === 'tpm' ? 'its TPM' : 'a file'}`);
    context.out.line(isRunning ? `a program listens on port ${String(port)}` : 'the agent does not run: see gatehouse desk run');
  }
  if (gateway.state === 'unreachable') throw new CliError(EXIT.unreachable, 'the gateway does not answer, or not as agreed');
  if (gateway.state === 'refused')
    throw new CliError(EXIT.refused, `the gateway knows this computer no more: ${refusedText(gateway.revocation)}`);
  if (options.json || gateway.state !== 'known') return;
  const seen = gateway.seenAtMs === null ? 'has heard nothing of it yet' : `heard of it last ${new Date(gateway.seenAtMs).toISOString()}`;
  context.out.line(`the gateway knows it, ${seen}; ${gateway.hasFace ? 'a face is enrolled' : 'no face is enrolled'}`);
}

const parsePort = (text: string): number => parseWhole(text, { name: '--port', min: 0, max: PORT_MAX });

async function posture(context: CliContext, options: GlobalOptions): Promise<void> {
  const { desk } = await context.tools();
  const told = await desk.posture(context.env);
  if (options.json) return context.out.line(JSON.stringify(told));
  const { disk_encryption, firewall, networks, os, screen_lock, secure_boot } = told;
  for (const [name, state] of Object.entries({ disk_encryption, firewall, screen_lock, secure_boot }))
    context.out.line(`${name.replaceAll('_', ' ')}: ${state}`);
  const age = os.age_days === null ? 'last update unknown' : `last update ${String(os.age_days)} days ago`;
  context.out.line(`${os.name} ${os.version}: ${age}`);
  context.out.line(`networks: ${networks.join(', ') || 'none'}`);
}
