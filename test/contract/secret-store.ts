import { describe, expect, it } from 'vitest';
import type { SecretStore } from '#gateway/ports/secret-store.ts';

const value = Uint8Array.of(1, 2, 3, 0, 255);

export function secretStoreContract(name: string, make: () => Promise<SecretStore>): void {
  describe(`SecretStore: ${name}`, () => {
    it('returns what was written, also an empty value', async () => {
      const secrets = await make();
      expect(await secrets.read('cookie')).toBeNull();
      await secrets.write('cookie', value);
      expect(await secrets.read('cookie')).toEqual(value);
      await secrets.write('cookie', Uint8Array.of());
      expect(await secrets.read('cookie')).toEqual(Uint8Array.of());
    });

    it('hands out copies: zeroing one, or the bytes given, does not change the stored value', async () => {
      const secrets = await make();
      const given = Uint8Array.from(value);
      await secrets.write('cookie', given);
      given.fill(0);
      (await secrets.read('cookie'))?.fill(0);
      (await secrets.readOrCreate('cookie', () => Uint8Array.of(9))).fill(0);
      expect(await secrets.read('cookie')).toEqual(value);
    });

    it('creates a value when there is none, and keeps the one that there is', async () => {
      const secrets = await make();
      expect(await secrets.readOrCreate('cookie', () => value)).toEqual(value);
      expect(await secrets.readOrCreate('cookie', () => Uint8Array.of(9))).toEqual(value);
    });

    it('lets 20 concurrent first starts agree on one value', async () => {
      const secrets = await make();
      const starts = await Promise.all(
        Array.from({ length: 20 }, (_, index) => secrets.readOrCreate('cookie', () => Uint8Array.of(index))),
      );
      expect(new Set(starts.map((bytes) => bytes.join())).size).toBe(1);
    });

    it('lists names by prefix, taken literally, in order', async () => {
      const secrets = await make();
      for (const secret of ['reader_b', 'reader_a', 'readers', 'reader%', 'cookie']) await secrets.write(secret, value);
      expect(await secrets.names('reader_')).toEqual(['reader_a', 'reader_b']);
      expect(await secrets.names('')).toHaveLength(5);
      expect(await secrets.names('none')).toEqual([]);
    });
  });
}
