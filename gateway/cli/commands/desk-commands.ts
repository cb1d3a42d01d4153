import type { Command } from 'commander';
import type { z } from 'zod';
import { deskFaceOrderedSchema, deskOfferedSchema, deskRevokedSchema, desksSchema, type DeskView } from '../../http/contract/desk.ts';
import type { CliContext, GlobalOptions } from '../cli-context.ts';
import { revokedText } from '../desk-revocation-words.ts';
import { examples } from '../examples.ts';
import { findGateway } from '../find-gateway.ts';
import { findPerson } from '../find-target.ts';
import { REASON_OPTION } from '../reason-option.ts';
import { registerDeskMachineCommands } from './desk-machine-commands.ts';

interface Reasoned extends GlobalOptions {
  readonly reason: string;
}

/** People's computers: at the gateway, and on the computer itself. */
export function registerDeskCommands(program: Command, context: CliContext): void {
  const desk = program.command('desk').description('people’s own computers: their camera at sign-ins, and how they are kept');
  registerAtGateway(desk, context);
  registerDeskMachineCommands(desk, context);
}

function registerAtGateway(desk: Command, context: CliContext): void {
  desk
    .command('offer')
    .argument('<person>', 'id, e-mail, or the beginning of the name')
    .argument('<label>', 'what the computer is called')
    .option(...REASON_OPTION)
    .description('make a one-time code with which one computer of the person is enrolled')
    .addHelpText('after', examples('gatehouse desk offer ann@example.com "Ann’s laptop"'))
    .action((person: string, label: string, _own: unknown, command: Command) =>
      offer(context, { person, label }, command.optsWithGlobals()),
    );
  desk
    .command('list')
    .description('the computers, whose they are, and how they are kept')
    .addHelpText('after', examples('gatehouse desk list'))
    .action((_own: unknown, command: Command) => list(context, command.optsWithGlobals()));
  desk
    .command('revoke')
    .argument('<computer>', 'its id')
    .option(...REASON_OPTION)
    .description('let a computer’s word count no more, for good, and end what was signed in with it')
    .addHelpText('after', examples('gatehouse desk revoke dsk_ABC'))
    .action(async (id: string, _own: unknown, command: Command) => {
      const options: Reasoned = command.optsWithGlobals();
      const { closed } = await findGateway(context, options).post(pathOf(id, 'revoke'), { reason: options.reason }, deskRevokedSchema);
      context.out.line(options.json ? JSON.stringify({ revoked: id, closed }) : revokedLine(id, closed));
    });
  desk
    .command('order-face')
    .argument('<computer>', 'its id')
    .option(...REASON_OPTION)
    .description('let the person enrol their face there, within fifteen minutes (a new computer has this already)')
    .addHelpText('after', examples('gatehouse desk order-face dsk_ABC'))
    .action(async (id: string, _own: unknown, command: Command) => {
      const options: Reasoned = command.optsWithGlobals();
      const ordered = await findGateway(context, options).post(pathOf(id, 'face'), { reason: options.reason }, deskFaceOrderedSchema);
      const until = new Date(ordered.expiresAtMs).toISOString();
      context.out.line(options.json ? JSON.stringify(ordered) : `until ${until} the person may run: gatehouse desk enrol-face`);
    });
}

function revokedLine(
  id: string,
  { logoutTokensAcknowledged, logoutTokensSent, sessions }: z.infer<typeof deskRevokedSchema>['closed'],
): string {
  const told =
    logoutTokensSent === 0 ? '' : `; ${String(logoutTokensAcknowledged)} of ${String(logoutTokensSent)} apps said that they ended theirs`;
  return `${id} is revoked; ${String(sessions)} ${sessions === 1 ? 'session' : 'sessions'} ended${told}`;
}

const pathOf = (id: string, what: string): string => `/api/desks/${encodeURIComponent(id)}/${what}`;

async function offer(context: CliContext, what: { readonly person: string; readonly label: string }, options: Reasoned): Promise<void> {
  const api = findGateway(context, options);
  const { id } = await findPerson(api, what.person);
  const offered = await api.post(
    `/api/people/${encodeURIComponent(id)}/desks`,
    { label: what.label, reason: options.reason },
    deskOfferedSchema,
  );
  const until = new Date(offered.expiresAtMs).toISOString();
  context.out.line(options.json ? JSON.stringify(offered) : `${offered.code}  (once, until ${until})`);
}

function postureLine({ posture, seenAtMs }: DeskView): string {
  const seen = seenAtMs === null ? 'not seen yet' : `last seen ${new Date(seenAtMs).toISOString()}`;
  if (posture === null) return `posture unknown, ${seen}`;
  const { disk_encryption, firewall, os, screen_lock, secure_boot } = posture.told;
  const parts = { disk: disk_encryption, firewall, lock: screen_lock, 'secure boot': secure_boot };
  const said = Object.entries(parts).map(([name, state]) => `${name} ${state}`);
  const age = os.age_days === null ? 'updates unknown' : `updated ${String(os.age_days)} days ago`;
  return `${posture.isCompliant ? 'meets the rules' : 'does not meet the rules'} (${[...said, age].join(', ')}), ${seen}`;
}

async function list(context: CliContext, options: GlobalOptions): Promise<void> {
  const { desks } = await findGateway(context, options).get('/api/desks', desksSchema);
  if (options.json) return context.out.line(JSON.stringify({ desks }));
  if (desks.length === 0) context.out.line('no computer is enrolled');
  for (const desk of desks) {
    const state = desk.status === 'revoked' ? revokedText(desk.revocation) : postureLine(desk);
    const face = desk.hasFace ? 'face' : 'no face';
    context.out.line(`${desk.id}  ${desk.label}  of ${desk.personId}  key in ${desk.keyKind}  ${face}  ${state}`);
  }
}
