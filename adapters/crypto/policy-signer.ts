import { createHash, createPrivateKey, createPublicKey, generateKeyPairSync, sign, verify, type KeyObject } from 'node:crypto';
import { GatewayError } from '#gateway/domain/errors.ts';
import type { PolicyKey, PolicySigner } from '#gateway/ports/policy-signer.ts';
import type { SecretStore } from '#gateway/ports/secret-store.ts';

/** Id of the current key; private seeds and public keys of all keys are beside it. A retired private key is empty. */
const CURRENT = 'policy/signing/current';
const privateName = (keyId: string): string => `policy/signing/${keyId}/private`;
const publicName = (keyId: string): string => `policy/signing/${keyId}/public`;
const PUBLIC_SUFFIX = '/public';

/** Ed25519 (RFC 8032): 32 bytes a key, 64 a signature. DER of RFC 8410 is a fixed prefix and the key. */
const KEY_LENGTH_BYTES = 32;
const SIGNATURE_LENGTH_BYTES = 64;
const PRIVATE_PREFIX = Buffer.from('302e020100300506032b657004220420', 'hex');
const PUBLIC_PREFIX = Buffer.from('302a300506032b6570032100', 'hex');
const KEY_ID_LENGTH = 16;

/** Keys live in the secret store: sealed with the master key, so that nobody who only writes the database puts in a key of theirs. */
export function createPolicySigner(secrets: SecretStore): PolicySigner {
  const currentId = async (): Promise<string> => {
    const known = await secrets.read(CURRENT);
    if (known !== null) return textOf(known);
    const created = await createKey(secrets);
    // Another thread may have been first: its key is the current one, and this one signs nothing.
    return textOf(await secrets.readOrCreate(CURRENT, () => new TextEncoder().encode(created)));
  };
  return {
    sign: async (text) => {
      const keyId = await currentId();
      const seed = await secrets.read(privateName(keyId));
      if (seed?.length !== KEY_LENGTH_BYTES) throw new GatewayError('secret.unavailable', 'The key that signs policies is missing.');
      try {
        return { keyId, signature: sign(null, text, privateKeyOf(seed)).toString('base64url') };
      } finally {
        seed.fill(0);
      }
    },
    verify: async (text, { keyId, signature }) => {
      const publicKey = /^[0-9a-f]{16}$/.test(keyId) ? await secrets.read(publicName(keyId)) : null;
      const bytes = Buffer.from(signature, 'base64url');
      if (publicKey?.length !== KEY_LENGTH_BYTES || bytes.length !== SIGNATURE_LENGTH_BYTES) return false;
      return verify(null, text, publicKeyOf(publicKey), bytes);
    },
    rotate: async () => {
      const old = await currentId();
      const keyId = await createKey(secrets);
      await secrets.write(CURRENT, new TextEncoder().encode(keyId));
      await secrets.write(privateName(old), Uint8Array.of());
      return keyId;
    },
    keys: async () => {
      const current = await secrets.read(CURRENT).then((id) => (id === null ? null : textOf(id)));
      const names = (await secrets.names('policy/signing/')).filter((name) => name.endsWith(PUBLIC_SUFFIX));
      const keys = await Promise.all(names.map((name) => readPublic(secrets, name, current)));
      return keys.filter((key) => key !== null);
    },
  };
}

async function readPublic(secrets: SecretStore, name: string, current: string | null): Promise<PolicyKey | null> {
  const publicKey = await secrets.read(name);
  const keyId = name.slice('policy/signing/'.length, -PUBLIC_SUFFIX.length);
  return publicKey === null ? null : { keyId, publicKey, isCurrent: keyId === current };
}

async function createKey(secrets: SecretStore): Promise<string> {
  const pair = generateKeyPairSync('ed25519');
  const der = pair.privateKey.export({ type: 'pkcs8', format: 'der' });
  const seed = Uint8Array.from(der.subarray(PRIVATE_PREFIX.length));
  const publicKey = Uint8Array.from(pair.publicKey.export({ type: 'spki', format: 'der' }).subarray(PUBLIC_PREFIX.length));
  const keyId = createHash('sha256').update(publicKey).digest('hex').slice(0, KEY_ID_LENGTH);
  try {
    await secrets.write(publicName(keyId), publicKey);
    await secrets.write(privateName(keyId), seed);
    return keyId;
  } finally {
    seed.fill(0);
    der.fill(0);
  }
}

function privateKeyOf(seed: Uint8Array): KeyObject {
  const der = Buffer.concat([PRIVATE_PREFIX, seed]);
  try {
    return createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
  } finally {
    der.fill(0);
  }
}

function publicKeyOf(publicKey: Uint8Array): KeyObject {
  return createPublicKey({ key: Buffer.concat([PUBLIC_PREFIX, publicKey]), format: 'der', type: 'spki' });
}

const textOf = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);
