import type { Command } from 'commander';
import { directorySchema } from '../../http/contract/admin.ts';
import { whoCanSchema } from '../../http/contract/who-can.ts';
import type { CliContext, GlobalOptions } from '../cli-context.ts';
import { examples } from '../examples.ts';
import { findGateway } from '../find-gateway.ts';
import { findDoorOrApp } from '../find-target.ts';

/** Who may pass, asked of the running gateway: its policy and the facts of now answer. */
export function registerWhoCanCommand(program: Command, context: CliContext): void {
  program
    .command('who-can')
    .argument('<door-or-app>', 'id, or the beginning of a name')
    .description('who can open a door, or sign in to an app, at this moment; the question is recorded')
    .addHelpText('after', examples('gatehouse who-can "Server room"', 'gatehouse who-can wiki --json'))
    .action((target: string, _own: unknown, command: Command) => whoCan(context, target, command.optsWithGlobals()));
}

async function whoCan(context: CliContext, text: string, options: GlobalOptions): Promise<void> {
  const { out } = context;
  const api = findGateway(context, options);
  const directory = await api.get('/api/directory', directorySchema);
  const { kind, id, name } = findDoorOrApp(directory, text);
  const answer = await api.get(`/api/${kind}/${encodeURIComponent(id)}/who-can`, whoCanSchema);
  if (options.json) {
    out.line(JSON.stringify(answer));
    return;
  }
  const rows = answer.people.map(({ personId, conditions }) => [
    directory.people[personId] ?? personId,
    personId,
    conditions.map((condition) => condition.replaceAll('_', ' ')).join(', '),
  ]);
  if (rows.length > 0) out.table(['NAME', 'PERSON', 'ASKED FOR'], rows);
  const more = answer.hasMore ? 'more than ' : '';
  const what = kind === 'doors' ? 'open' : 'sign in to';
  out.line(`${more}${rows.length} of ${answer.considered} people can ${what} ${name} now (${Math.round(answer.tookMs)} ms)`);
}
