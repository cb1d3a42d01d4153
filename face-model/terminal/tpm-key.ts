import { execFile } from 'node:child_process';
import { createPublicKey } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { facePublicKeySchema } from '#gateway/domain/face/face-device.ts';
import type { DeviceKey } from './device-key.ts';
import { derToRaw } from './ecdsa-signature.ts';

const run = promisify(execFile);
/** Of one tpm2-tools command. A chip takes up to two seconds to make a key. */
const COMMAND_TIMEOUT_MS = 20_000;

/** Wrapped by the chip: useless on another machine, and to whoever copies the disk. */
const PUBLIC_BLOB = 'device-tpm.pub';
const PRIVATE_BLOB = 'device-tpm.priv';

export interface TpmOptions {
  /** How tpm2-tools reach the chip; left out: as their own environment says, or the kernel's resource manager. */
  readonly tcti?: string | undefined;
}

export const hasTpmKey = (folder: string): boolean => existsSync(join(folder, PRIVATE_BLOB));

/**
 * A P-256 signing key that was made in the machine's TPM 2.0 and never leaves it (tpm2-tools 5). @throws Error there is no chip, no
 * tools, or this key is of another one
 */
export async function openTpmKey(folder: string, { tcti }: TpmOptions = {}): Promise<DeviceKey> {
  const work = join(folder, 'tpm');
  await mkdir(work, { recursive: true, mode: 0o700 });
  const at = (name: string): string => join(work, name);
  const [publicBlob, privateBlob] = [join(folder, PUBLIC_BLOB), join(folder, PRIVATE_BLOB)];
  const tool = async (name: string, ...args: readonly string[]): Promise<void> => {
    await run(name, [...args, ...(tcti === undefined ? [] : ['-T', tcti])], { timeout: COMMAND_TIMEOUT_MS });
  };
  /** Chips hold three objects; what is saved in a file need not stay in one. */
  const flush = (): Promise<void> => tool('tpm2_flushcontext', '-t');
  const load = async (): Promise<void> => {
    await flush();
    await tool('tpm2_createprimary', '-Q', '-C', 'o', '-g', 'sha256', '-G', 'ecc256', '-c', at('primary.ctx'));
    await flush();
    if (!hasTpmKey(folder)) {
      const attributes = 'fixedtpm|fixedparent|sensitivedataorigin|userwithauth|sign';
      const files = ['-u', publicBlob, '-r', `${privateBlob}.new`];
      await tool('tpm2_create', '-Q', '-C', at('primary.ctx'), '-g', 'sha256', '-G', 'ecc256:ecdsa-sha256', '-a', attributes, ...files);
      await writeFile(privateBlob, await readFile(`${privateBlob}.new`), { mode: 0o600, flag: 'wx', flush: true });
      await rm(`${privateBlob}.new`);
      await flush();
    }
    await tool('tpm2_load', '-Q', '-C', at('primary.ctx'), '-u', publicBlob, '-r', privateBlob, '-c', at('key.ctx'));
    await flush();
  };
  await load();
  await tool('tpm2_readpublic', '-Q', '-c', at('key.ctx'), '-f', 'pem', '-o', at('key.pem'));
  const { kty, crv, x, y } = createPublicKey(await readFile(at('key.pem'), 'utf8')).export({ format: 'jwk' });
  const signBytes = async (text: string): Promise<Uint8Array> => {
    await writeFile(at('signed'), text, { mode: 0o600 });
    const sign = (): Promise<void> =>
      tool('tpm2_sign', '-Q', '-c', at('key.ctx'), '-g', 'sha256', '-s', 'ecdsa', '-f', 'plain', '-o', at('signature'), at('signed'));
    // The chip was reset, by a sleep of the machine for one: what was loaded is loaded again, once.
    await sign().catch(async () => {
      await load();
      await sign();
    });
    await flush();
    return derToRaw(await readFile(at('signature')));
  };
  let before: Promise<unknown> = Promise.resolve();
  return {
    kind: 'tpm',
    publicKey: facePublicKeySchema.parse({ kty, crv, x, y }),
    sign: async (payload, { kid, typ }) => {
      const header = { alg: 'ES256', typ, ...(kid === '' ? {} : { kid }) };
      const text = [header, payload].map((part) => Buffer.from(JSON.stringify(part), 'utf8').toString('base64url')).join('.');
      // One after the other: they share the chip and the files.
      const signing = before.then(() => signBytes(text));
      before = signing.catch(() => undefined);
      return `${text}.${Buffer.from(await signing).toString('base64url')}`;
    },
  };
}
