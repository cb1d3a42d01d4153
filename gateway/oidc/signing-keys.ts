import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { calculateJwkThumbprint, type JWK } from 'jose';
import type { Random } from '../ports/random.ts';
import type { SecretStore } from '../ports/secret-store.ts';

const RSA_MODULUS_BITS = 2048;
const COOKIE_KEY_BYTES = 32;

interface KeyKind {
  readonly alg: 'ES256' | 'EdDSA' | 'RS256';
  /** The `.1` is a generation: a new key gets a new name, and its thumbprint a new `kid`. */
  readonly secretName: string;
  readonly generate: () => KeyObject;
}

const kinds: readonly KeyKind[] = [
  {
    alg: 'ES256',
    secretName: 'oidc.signing.es256.1',
    generate: () => generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey,
  },
  { alg: 'EdDSA', secretName: 'oidc.signing.eddsa.1', generate: () => generateKeyPairSync('ed25519').privateKey },
  {
    alg: 'RS256',
    secretName: 'oidc.signing.rs256.1',
    generate: () => generateKeyPairSync('rsa', { modulusLength: RSA_MODULUS_BITS }).privateKey,
  },
];

/** Signs with ES256; clients that ask get EdDSA or RS256. Secrets that stay in memory for the provider's life. */
export interface ProviderKeys {
  readonly signing: readonly JWK[];
  readonly cookies: readonly string[];
}

async function readSigningKey(secrets: SecretStore, kind: KeyKind): Promise<JWK> {
  const bytes = await secrets.readOrCreate(kind.secretName, () =>
    Buffer.from(JSON.stringify(kind.generate().export({ format: 'jwk' })), 'utf8'),
  );
  try {
    const jwk = JSON.parse(Buffer.from(bytes).toString('utf8')) as JWK;
    // RFC 7638 thumbprint: the same kid can never name another key, which caching clients rely on.
    return { ...jwk, alg: kind.alg, use: 'sig', kid: await calculateJwkThumbprint(jwk) };
  } finally {
    bytes.fill(0);
  }
}

/** Reads the provider's keys, making them on the first start. */
export async function loadProviderKeys(deps: { readonly secrets: SecretStore; readonly random: Random }): Promise<ProviderKeys> {
  const signing: JWK[] = [];
  for (const kind of kinds) signing.push(await readSigningKey(deps.secrets, kind));
  const cookieKey = await deps.secrets.readOrCreate('oidc.cookie.1', () => deps.random.bytes(COOKIE_KEY_BYTES));
  const cookies = [Buffer.from(cookieKey).toString('base64url')];
  cookieKey.fill(0);
  return { signing, cookies };
}
