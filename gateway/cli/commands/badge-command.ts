import type { Command } from 'commander';
import { directorySchema } from '../../http/contract/admin.ts';
import { demoBadgeResultSchema } from '../../http/contract/demo.ts';
import { explainReasons } from '../../http/contract/reasons.ts';
import type { CliContext, GlobalOptions } from '../cli-context.ts';
import { CliError, EXIT } from '../cli-error.ts';
import { examples } from '../examples.ts';
import { findGateway } from '../find-gateway.ts';
import { findPerson, findReader } from '../find-target.ts';
import type { Output } from '../output.ts';

type BadgeOptions = GlobalOptions & { readonly walk: boolean };

/** A read that the reader dropped was decided by nobody: it is no denial. */
const HEADLINES = {
  denied: (out: Output) => out.bad('denied'),
  dropped: () => 'the card was not read',
  no_answer: () => 'the reader did not answer',
} as const;

/** Presents a badge at a simulated reader of the demo site; 404 elsewhere. */
export function registerBadgeCommand(program: Command, context: CliContext): void {
  program
    .command('badge')
    .argument('<person>', 'id, e-mail, or the beginning of a name')
    .argument('<reader>', 'id, or the beginning of its name')
    .description('present a badge at a simulated reader (demo site)')
    .option('--no-walk', 'stand still instead of walking through the opened door')
    .addHelpText('after', examples('gatehouse badge nina hq-main-in'))
    .action((person: string, reader: string, _own: unknown, command: Command) =>
      badge(context, { person, reader }, command.optsWithGlobals()),
    );
}

async function badge(
  context: CliContext,
  what: { readonly person: string; readonly reader: string },
  options: BadgeOptions,
): Promise<void> {
  const { out } = context;
  const api = findGateway(context, options);
  const person = await findPerson(api, what.person);
  const reader = findReader(await api.get('/api/directory', directorySchema), what.reader);
  const body = { personId: person.id, readerId: reader.id, walkThrough: options.walk };
  const result = await api.post('/api/demo/badge', body, demoBadgeResultSchema);
  if (options.json) out.line(JSON.stringify(result));
  const decision = result.decisionId === null ? '' : ` (decision ${result.decisionId})`;
  if (result.outcome === 'granted') {
    if (!options.json) out.line(`${person.name} at ${reader.name}: ${out.good('granted')}${decision}`);
    return;
  }
  if (result.outcome === 'pin_wanted') {
    if (!options.json) out.line(`${person.name} at ${reader.name}: the reader asks for the PIN${decision}`);
    return;
  }
  const reasons = explainReasons(result.reasons).map((reason) => `\n  ${reason.code}: ${reason.message} ${reason.remedy}`);
  throw new CliError(EXIT.refused, `${person.name} at ${reader.name}: ${HEADLINES[result.outcome](out)}${decision}${reasons.join('')}`);
}
