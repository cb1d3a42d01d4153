import { realpathSync } from 'node:fs';
import type { Command } from 'commander';
import { statusSchema } from '../http/contract/admin.ts';
import type { Config } from '../platform/config/config.ts';
import type { CliContext, GlobalOptions } from './cli-context.ts';
import { CliError, EXIT } from './cli-error.ts';
import { findConfig, findGateway } from './find-gateway.ts';
import type { LineAddress } from './osdp-tools.ts';

export const BAUD_DEFAULT = 9_600;

export interface LineOptions extends GlobalOptions {
  readonly serial?: string;
  readonly tcp?: string;
  readonly baud?: string;
}

export function addLineOptions(command: Command): Command {
  return command.option('--serial <path>', 'serial port, for instance /dev/ttyUSB0').option('--tcp <host:port>', 'serial server');
}

/** Exactly one of the two. @throws CliError */
export function parseLine(options: LineOptions, baud: number): LineAddress {
  const { serial, tcp } = options;
  if ((serial === undefined) === (tcp === undefined)) throw new CliError(EXIT.usage, 'name one line: --serial PATH or --tcp HOST:PORT');
  if (serial !== undefined) return { kind: 'serial', path: serial, baud };
  const [, host = '', port = ''] = /^(?:\[([^\]]+)\]|([^:]+)):(\d{1,5})$/.exec(tcp ?? '')?.filter((part) => part !== undefined) ?? [];
  if (host === '') throw new CliError(EXIT.usage, '--tcp must be HOST:PORT, such as 192.0.2.7:4001');
  return { kind: 'tcp', host, port: parseWhole(port, { name: 'the port of --tcp HOST:PORT', min: 1, max: 65_535 }) };
}

export function parseBaud(text: string | undefined, bauds: readonly number[]): number {
  const baud = text === undefined ? BAUD_DEFAULT : Number(text);
  if (!bauds.includes(baud)) throw new CliError(EXIT.usage, `--baud must be one of ${bauds.join(', ')}`);
  return baud;
}

export function parseWhole(text: string, limit: { readonly name: string; readonly min: number; readonly max: number }): number {
  const number = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
  if (number >= limit.min && number <= limit.max) return number;
  throw new CliError(EXIT.usage, `${limit.name} must be ${limit.min} to ${limit.max}`);
}

/**
 * Two programs at one line hear each other's answers and lose their own: a line of the gateway's configuration is left alone while it runs, or
 * when that cannot be told. @throws CliError
 */
export async function assertFreeLine(context: CliContext, options: GlobalOptions, line: LineAddress): Promise<void> {
  const bus = findConfig(context, options)?.buses.find(({ link }) => isSameLine(link, line));
  if (bus === undefined || !(await isRunning(context, options))) return;
  throw new CliError(EXIT.refused, `bus ${bus.id} of the running gateway has this line: stop the gateway first, or use another line`);
}

function isSameLine(own: Config['buses'][number]['link'], line: LineAddress): boolean {
  if (own.kind === 'tcp') return line.kind === 'tcp' && own.host === line.host && own.port === line.port;
  return line.kind === 'serial' && toDevice(own.path) === toDevice(line.path);
}

/** A port often has several names: /dev/serial/by-id/.. leads to /dev/ttyUSB0. */
function toDevice(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    // Not there now: then the name is all there is.
    return path;
  }
}

async function isRunning(context: CliContext, options: GlobalOptions): Promise<boolean> {
  try {
    await findGateway(context, options).get('/api/status', statusSchema);
    return true;
  } catch (failure) {
    const cause = failure instanceof CliError ? failure.cause : null;
    const code = cause instanceof Error && 'code' in cause ? cause.code : null;
    return code !== 'ENOENT' && code !== 'ECONNREFUSED';
  }
}
