import { randomBytes, randomUUID } from 'node:crypto';
import { link, open, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { GatewayError } from '#gateway/domain/errors.ts';

const KEY_LENGTH_BYTES = 32;
const OWNER_ONLY = 0o600;
const GROUP_AND_OTHERS = 0o077;

const isCode = (error: unknown, code: string): boolean => error instanceof Error && 'code' in error && error.code === code;

async function readKey(file: string): Promise<Uint8Array> {
  const handle = await open(file, 'r');
  try {
    // Of the opened file, not of the path: it cannot be exchanged in between.
    const status = await handle.stat();
    if ((status.mode & GROUP_AND_OTHERS) !== 0) {
      throw new GatewayError('secret.unavailable', 'The master key may be read by others than its owner; set its mode to 0600.');
    }
    if (status.size !== KEY_LENGTH_BYTES)
      throw new GatewayError('secret.unavailable', `The master key does not have ${KEY_LENGTH_BYTES} bytes.`);
    const key = await handle.readFile();
    const copy = Uint8Array.from(key);
    key.fill(0);
    return copy;
  } finally {
    await handle.close();
  }
}

/** Writes a whole synced file beside the final name and links it there: the name exists with all its bytes or not at all. */
async function createKey(file: string): Promise<void> {
  const draft = join(dirname(file), `.${randomUUID()}.key`);
  const key = randomBytes(KEY_LENGTH_BYTES);
  try {
    const handle = await open(draft, 'wx', OWNER_ONLY);
    try {
      await handle.writeFile(key);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await link(draft, file);
    const directory = await open(dirname(file), 'r');
    try {
      await directory.sync();
    } finally {
      await directory.close();
    }
  } catch (error) {
    // Another start linked its key first: that one is read.
    if (!isCode(error, 'EEXIST')) throw error;
  } finally {
    key.fill(0);
    await rm(draft, { force: true });
  }
}

/**
 * The key under which stored secrets are sealed: 32 bytes, created at the first start. Starts at the same time agree on one key.
 * Returns memory that the caller owns and zeroes at the end.
 * @throws secret.unavailable the file may be read by group or others, has another length, or cannot be read or created.
 */
export async function readOrCreateMasterKey(file: string): Promise<Uint8Array> {
  try {
    try {
      return await readKey(file);
    } catch (error) {
      if (!isCode(error, 'ENOENT')) throw error;
    }
    await createKey(file);
    return await readKey(file);
  } catch (error) {
    if (error instanceof GatewayError) throw error;
    throw new GatewayError('secret.unavailable', 'The master key cannot be read or created.', { cause: error });
  }
}
