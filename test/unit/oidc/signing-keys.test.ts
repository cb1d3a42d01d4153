import { calculateJwkThumbprint } from 'jose';
import { expect, it } from 'vitest';
import { createSystemRandom } from '#adapters/crypto/system-random.ts';
import { createMemorySecretStore } from '#adapters/memory/secret-store.ts';
import { loadProviderKeys } from '#gateway/oidc/signing-keys.ts';

const random = createSystemRandom();

it('makes the keys once and reads the same ones ever after', async () => {
  const secrets = createMemorySecretStore();

  const first = await loadProviderKeys({ secrets, random });
  const again = await loadProviderKeys({ secrets, random });

  expect(again).toEqual(first);
  expect(first.signing.map(({ alg }) => alg)).toEqual(['ES256', 'EdDSA', 'RS256']);
});

it('names each key by its thumbprint, so that a new key never takes an old name', async () => {
  const { signing } = await loadProviderKeys({ secrets: createMemorySecretStore(), random });
  const others = await loadProviderKeys({ secrets: createMemorySecretStore(), random });

  for (const key of signing) expect(key.kid).toBe(await calculateJwkThumbprint(key));
  expect(new Set([...signing, ...others.signing].map(({ kid }) => kid)).size).toBe(6);
});
