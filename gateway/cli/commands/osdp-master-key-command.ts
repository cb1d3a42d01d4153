import type { Command } from 'commander';
import { READER_KEY_LENGTHS } from '../../domain/site/site.ts';
import type { CliContext, GlobalOptions } from '../cli-context.ts';
import { CliError, EXIT } from '../cli-error.ts';
import { examples } from '../examples.ts';
import { requireConfig } from '../find-gateway.ts';
import { readKey } from '../read-key.ts';

interface MasterKeyOptions extends GlobalOptions {
  readonly generate?: true;
  readonly show?: true;
}

/** The master key of a site with reader_keys: diversified, at the host's own key store. */
export function registerOsdpMasterKeyCommand(osdp: Command, context: CliContext): void {
  osdp
    .command('master-key')
    .argument('<site>', 'id of a site with reader_keys: diversified')
    .description(
      'store the master key from which the keys of a site’s readers follow: 32 hex digits on standard input, or a new one. The second one waits for `osdp keyset --site`, which takes the readers to it',
    )
    .option('--generate', 'make a new random master key')
    .option('--show', 'print the generated master key, for the tool that keys the readers; it is never shown again')
    .addHelpText('after', examples('gatehouse osdp master-key hq < hq.key', 'gatehouse osdp master-key hq --generate --show'))
    .action((site: string, _own: unknown, command: Command) => setMasterKey(context, site, command.optsWithGlobals()));
}

async function setMasterKey(context: CliContext, siteId: string, options: MasterKeyOptions): Promise<void> {
  const { out } = context;
  if (options.show === true && options.generate !== true)
    throw new CliError(EXIT.usage, '--show prints a key made by --generate, never one that was given');
  const config = requireConfig(context, options);
  const site = config.installation.sites.find(({ id }) => id === siteId);
  if (site === undefined) throw new CliError(EXIT.refused, `there is no site ${siteId}`);
  if (site.readerKeys !== 'diversified')
    throw new CliError(EXIT.refused, `the readers of ${siteId} have unique keys: a master key is for reader_keys: diversified`);
  const lengthBytes = READER_KEY_LENGTHS[1];
  const key = options.generate === true ? context.randomBytes(lengthBytes) : await readKey(context, lengthBytes);
  try {
    const { isStaged } = await (await context.tools()).writeMasterKey(config, siteId, key);
    const shown = options.show === true ? Buffer.from(key).toString('hex') : null;
    if (options.json === true) return out.line(JSON.stringify({ siteId, isStaged, ...(shown === null ? {} : { key: shown }) }));
    out.line(shown ?? `the master key of ${siteId} is stored`);
    if (isStaged) out.problem(`It is the second one: gatehouse osdp keyset --site ${siteId} takes the readers to it.`);
  } finally {
    key.fill(0);
  }
}
