import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { isLoopbackHost } from '../platform/config/client-uri.ts';
import type { Config } from '../platform/config/config.ts';
import type { Environment } from '../platform/config/environment-overrides.ts';
import { CONFIG_FILE_DEFAULT, loadConfig } from '../platform/config/load-config.ts';
import { controlSocketPath } from '../platform/control-socket.ts';
import { DEMO_DATA_DIR_DEFAULT } from '../platform/site-kind.ts';
import { createApiClient, type ApiClient } from './api-client.ts';
import type { CliContext, GlobalOptions } from './cli-context.ts';
import { CliError, EXIT } from './cli-error.ts';

/** The environment with the options laid over it: what `start` would run with. */
export function toEnvironment(context: CliContext, { config, dataDir }: GlobalOptions): Environment {
  return {
    ...context.env,
    ...(config === undefined ? {} : { GATEHOUSE_CONFIG: resolve(context.cwd, config) }),
    ...(dataDir === undefined ? {} : { GATEHOUSE_DATA_DIR: resolve(context.cwd, dataDir) }),
  };
}

/** The configuration that the gateway of this folder runs with; null in a folder without one, where it runs the demo site. */
export function findConfig(context: CliContext, options: GlobalOptions): Config | null {
  const named = options.config ?? (context.env['GATEHOUSE_CONFIG'] || undefined);
  const file = resolve(context.cwd, named ?? CONFIG_FILE_DEFAULT);
  if (named === undefined && !existsSync(file)) return null;
  return loadConfig({ file, env: toEnvironment(context, options) });
}

/** @throws CliError without a configuration. */
export function requireConfig(context: CliContext, options: GlobalOptions): Config {
  const config = findConfig(context, options);
  if (config === null)
    throw new CliError(EXIT.usage, `there is no ${CONFIG_FILE_DEFAULT} here: write one with \`gatehouse init\`, or name it with --config`);
  return config;
}

/** Without a configuration it is the demo's, as the gateway itself would have it. */
export function findDataDir(context: CliContext, options: GlobalOptions): string {
  if (options.dataDir !== undefined) return resolve(context.cwd, options.dataDir);
  return findConfig(context, options)?.dataDir ?? resolve(context.cwd, context.env['GATEHOUSE_DATA_DIR'] || DEMO_DATA_DIR_DEFAULT);
}

/** By its address with a token, else by the control socket of the data folder. */
export function findGateway(context: CliContext, options: GlobalOptions): ApiClient {
  const url = options.url ?? context.env['GATEHOUSE_URL'];
  if (url === undefined || url === '') return createApiClient({ kind: 'socket', path: controlSocketPath(findDataDir(context, options)) });
  if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol)) throw new CliError(EXIT.usage, `${url} is not an http(s) URL`);
  const { protocol, hostname } = new URL(url);
  if (protocol === 'http:' && !isLoopbackHost(hostname))
    throw new CliError(EXIT.usage, `${url} is plain http beyond this machine, where GATEHOUSE_TOKEN could be read on the way: use https`);
  const token = context.env['GATEHOUSE_TOKEN'];
  if (token === undefined || token === '')
    throw new CliError(EXIT.usage, 'set GATEHOUSE_TOKEN: the console gives a token for the command line');
  return createApiClient({ kind: 'url', url, token });
}
