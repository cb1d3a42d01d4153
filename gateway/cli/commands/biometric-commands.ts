import type { Command } from 'commander';
import { readerScannedSchema, readerTemplatesDeletedSchema, readerTemplatesSchema } from '../../http/contract/reader-templates.ts';
import { directorySchema } from '../../http/contract/admin.ts';
import type { CliContext, GlobalOptions } from '../cli-context.ts';
import { CliError, EXIT } from '../cli-error.ts';
import { examples } from '../examples.ts';
import { findGateway } from '../find-gateway.ts';
import { findReader } from '../find-target.ts';
import { REASON_OPTION } from '../reason-option.ts';

interface Reasoned extends GlobalOptions {
  readonly reason: string;
}

const personPath = (personId: string): string => `/api/face/people/${encodeURIComponent(personId)}/reader-templates`;
const TROUBLE: Readonly<Record<string, string>> = {
  timeout: 'nobody was scanned in time',
  unavailable: 'the reader is not there, or does not scan',
  unusable: 'the scan could not be used: try again',
};

/** Templates for readers that compare fingers or faces themselves (OSDP). */
export function registerBiometricCommands(program: Command, context: CliContext): void {
  const biometric = program.command('biometric').description('people at readers that compare fingers or faces themselves');
  biometric
    .command('enrol')
    .argument('<reader>', 'id, or the beginning of its name; the person stands there now')
    .argument('<person>', 'the person’s id')
    .requiredOption('--agreed', 'the person has agreed to it; the reason says how')
    .option(...REASON_OPTION)
    .description('scan a person who agreed, and keep the template sealed for two years')
    .addHelpText('after', examples('gatehouse biometric enrol front-in usr_ann --agreed --reason "Form signed on 4 May"'))
    .action((reader: string, personId: string, _own: unknown, command: Command) =>
      enrol(context, { reader, personId }, command.optsWithGlobals()),
    );
  biometric
    .command('list')
    .argument('<person>', 'the person’s id')
    .description('what is kept of a person, and until when')
    .addHelpText('after', examples('gatehouse biometric list usr_ann'))
    .action(async (personId: string, _own: unknown, command: Command) => {
      const options: GlobalOptions = command.optsWithGlobals();
      const { templates } = await findGateway(context, options).get(personPath(personId), readerTemplatesSchema);
      if (options.json) return context.out.line(JSON.stringify({ templates }));
      if (templates.length === 0) return context.out.line('nothing is kept');
      for (const { expiresAtMs, format, type } of templates)
        context.out.line(`type ${String(type)}, format ${String(format)}, until ${new Date(expiresAtMs).toISOString().slice(0, 10)}`);
    });
  biometric
    .command('delete')
    .argument('<person>', 'the person’s id')
    .option(...REASON_OPTION)
    .description('delete everything that is kept of a person for readers, with its keys')
    .addHelpText('after', examples('gatehouse biometric delete usr_ann'))
    .action(async (personId: string, _own: unknown, command: Command) => {
      const options: Reasoned = command.optsWithGlobals();
      const path = `${personPath(personId)}/delete`;
      const { removed } = await findGateway(context, options).post(path, { reason: options.reason }, readerTemplatesDeletedSchema);
      context.out.line(options.json ? JSON.stringify({ removed }) : `${String(removed)} deleted`);
    });
}

async function enrol(
  context: CliContext,
  { personId, reader }: { readonly reader: string; readonly personId: string },
  options: Reasoned,
): Promise<void> {
  const gateway = findGateway(context, options);
  const { id } = findReader(await gateway.get('/api/directory', directorySchema), reader);
  const path = `/api/face/readers/${encodeURIComponent(id)}/templates`;
  const { result } = await gateway.post(path, { personId, agreed: true, reason: options.reason }, readerScannedSchema);
  if (result !== 'done') throw new CliError(EXIT.refused, TROUBLE[result] ?? result);
  context.out.line(options.json ? JSON.stringify({ enrolled: personId, reader: id }) : `${personId} is enrolled for readers of this kind`);
}
