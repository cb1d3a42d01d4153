import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { derToRaw } from '#face-model/terminal/ecdsa-signature.ts';
import { openDeviceKey } from '#face-model/terminal/open-device-key.ts';
import { openTpmKey } from '#face-model/terminal/tpm-key.ts';
import { verifyDeviceSignature } from '#gateway/app/face/device-signature.ts';
import { startSoftwareTpm } from '#test/support/desk/software-tpm.ts';
import { temporaryFolder } from '#test/support/temporary-folder.ts';

const TIMEOUT_MS = 120_000;
let tpm: Awaited<ReturnType<typeof startSoftwareTpm>>;
beforeAll(async () => {
  tpm = await startSoftwareTpm();
}, TIMEOUT_MS);
afterAll(async () => {
  await tpm?.stop();
});

const typ = 'gatehouse-device-call+jwt';

describe('a key in a TPM', () => {
  it(
    'is made once, signs what the gateway verifies, and leaves nothing that signs without the chip',
    async () => {
      const folder = await temporaryFolder();
      const key = await openTpmKey(folder, tpm);
      expect(key.kind).toBe('tpm');
      const tokens = await Promise.all([1, 2, 3, 4].map((n) => key.sign({ n }, { typ, kid: 'dsk_1' })));
      for (const [index, token] of tokens.entries())
        expect(await verifyDeviceSignature(token, { publicKey: key.publicKey, typ })).toEqual({ payload: { n: index + 1 } });
      const again = await openDeviceKey(folder, 'file', tpm);
      expect(again.kind).toBe('tpm');
      expect(again.publicKey).toEqual(key.publicKey);
      expect((await stat(join(folder, 'device-tpm.priv'))).mode & 0o777).toBe(0o600);
      expect(await readdir(folder)).not.toContain('device.key');
    },
    TIMEOUT_MS,
  );

  it(
    'is of this chip alone',
    async () => {
      const folder = await temporaryFolder();
      await openTpmKey(folder, tpm);
      const other = await startSoftwareTpm();
      await expect(openTpmKey(folder, other)).rejects.toThrow();
      await other.stop();
      await expect(openTpmKey(await temporaryFolder(), { tcti: 'device:/nowhere' })).rejects.toThrow();
    },
    TIMEOUT_MS,
  );
});

describe('a signature in DER', () => {
  it('is refused unless it is two numbers of 32 bytes at most, and nothing else', () => {
    const r = [0x02, 0x01, 0x05];
    expect(derToRaw(Uint8Array.from([0x30, 6, ...r, ...r]))).toEqual(Uint8Array.from({ length: 64 }, (_, i) => (i % 32 === 31 ? 5 : 0)));
    const long = [0x02, 34, 0, ...Array.from({ length: 33 }, () => 1)];
    const wrong = [
      [],
      [0x31, 6, ...r, ...r],
      [0x30, 7, ...r, ...r],
      [0x30, 7, ...r, ...r, 0],
      [0x30, 39, ...r, ...long],
      [0x30, 5, ...r, 2, 0],
    ];
    for (const der of wrong) expect(() => derToRaw(Uint8Array.from(der))).toThrow(RangeError);
  });
});
