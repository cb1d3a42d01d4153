import type { CliContext } from './cli-context.ts';
import { CliError, EXIT } from './cli-error.ts';

const KEY_INPUT_BYTES_MAX = 256;

/** A key in hex on standard input. The caller zeroes it. @throws CliError */
export async function readKey(context: CliContext, lengthBytes: number): Promise<Uint8Array> {
  const text = (await context.readInput(KEY_INPUT_BYTES_MAX))?.trim() ?? '';
  if (text.length !== 2 * lengthBytes || !/^[0-9a-fA-F]*$/.test(text))
    throw new CliError(EXIT.usage, `the key on standard input is not ${2 * lengthBytes} hex digits (${lengthBytes} bytes)`);
  return Uint8Array.from(Buffer.from(text, 'hex'));
}
