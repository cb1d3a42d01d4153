import { expect, it } from 'vitest';
import { createPolicySigner } from '#adapters/crypto/policy-signer.ts';
import { createMemorySecretStore } from '#adapters/memory/secret-store.ts';

const text = new TextEncoder().encode('gatehouse:policy-manifest:1:abc');

it('verifies what it signed, and nothing else', async () => {
  const signer = createPolicySigner(createMemorySecretStore());
  const signed = await signer.sign(text);
  expect(await signer.verify(text, signed)).toBe(true);
  expect(await signer.verify(Uint8Array.of(1), signed)).toBe(false);
  expect(await signer.verify(text, { ...signed, keyId: '0'.repeat(16) })).toBe(false);
  expect(await signer.verify(text, { ...signed, keyId: '../current' })).toBe(false);
  expect(await signer.verify(text, { ...signed, signature: 'short' })).toBe(false);
});

it('refuses every single-bit change of a signature', async () => {
  const signer = createPolicySigner(createMemorySecretStore());
  const { keyId, signature } = await signer.sign(text);
  for (let bit = 0; bit < 512; bit += 1) {
    const bytes = Buffer.from(signature, 'base64url');
    bytes[bit >> 3] = (bytes[bit >> 3] ?? 0) ^ (1 << (bit & 7));
    expect(await signer.verify(text, { keyId, signature: bytes.toString('base64url') })).toBe(false);
  }
});

it('signs with a new key after a rotation, and still verifies what the old one signed', async () => {
  const secrets = createMemorySecretStore();
  const signer = createPolicySigner(secrets);
  const before = await signer.sign(text);
  const keyId = await signer.rotate();
  const after = await signer.sign(text);
  expect([after.keyId, await signer.verify(text, before), await signer.verify(text, after)]).toEqual([keyId, true, true]);
  expect((await signer.keys()).map((key) => [key.keyId, key.isCurrent]).sort()).toEqual(
    [
      [before.keyId, false],
      [keyId, true],
    ].sort(),
  );
  expect(await secrets.read(`policy/signing/${before.keyId}/private`)).toEqual(Uint8Array.of());
});

it('lets concurrent first uses agree on one key', async () => {
  const signer = createPolicySigner(createMemorySecretStore());
  const signed = await Promise.all(Array.from({ length: 5 }, () => signer.sign(text)));
  expect(new Set(signed.map(({ keyId }) => keyId)).size).toBe(1);
});
