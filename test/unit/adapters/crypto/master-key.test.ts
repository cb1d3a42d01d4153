import { chmod, readdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readOrCreateMasterKey } from '#adapters/crypto/master-key.ts';
import { temporaryFolder } from '#test/support/temporary-folder.ts';

describe('readOrCreateMasterKey', () => {
  it('creates 32 bytes that only the owner may read, and returns the same ever after', async () => {
    const folder = await temporaryFolder();
    const file = join(folder, 'master.key');
    const key = await readOrCreateMasterKey(file);
    expect(key).toHaveLength(32);
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect(await readOrCreateMasterKey(file)).toEqual(key);
    expect(await readdir(folder)).toEqual(['master.key']);
  });

  it('lets 20 concurrent first starts agree on one key', async () => {
    const file = join(await temporaryFolder(), 'master.key');
    const keys = await Promise.all(Array.from({ length: 20 }, () => readOrCreateMasterKey(file)));
    expect(new Set(keys.map((key) => key.join())).size).toBe(1);
  });

  it.each([0o640, 0o604, 0o620, 0o777])('refuses a file of mode %o', async (mode) => {
    const file = join(await temporaryFolder(), 'master.key');
    await readOrCreateMasterKey(file);
    await chmod(file, mode);
    await expect(readOrCreateMasterKey(file)).rejects.toMatchObject({ code: 'secret.unavailable' });
  });

  it.each([0, 31, 33])('refuses a key of %i bytes', async (lengthBytes) => {
    const file = join(await temporaryFolder(), 'master.key');
    await writeFile(file, new Uint8Array(lengthBytes), { mode: 0o600 });
    await expect(readOrCreateMasterKey(file)).rejects.toMatchObject({ code: 'secret.unavailable' });
  });

  it('fails where it cannot create a file', async () => {
    const file = join(await temporaryFolder(), 'no-such-folder', 'master.key');
    await expect(readOrCreateMasterKey(file)).rejects.toMatchObject({ code: 'secret.unavailable' });
  });
});
