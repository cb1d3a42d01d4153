import { calculateJwkThumbprint, exportJWK, generateKeyPair, importJWK, type JWK } from 'jose';
import * as client from 'openid-client';
import { z } from 'zod';
import type { UpstreamConfig } from '../platform/config/upstream-config.ts';
import type { SecretStore } from '../ports/secret-store.ts';
import { UpstreamFailure } from './upstream-failure.ts';

const KEY_ALG = 'ES256';
/** Longest client secret, characters. */
export const UPSTREAM_SECRET_CHARS_MAX = 1_024;

export const upstreamSecretName = (upstreamId: string): string => `upstream/${upstreamId}/client-secret`;
const keyName = (upstreamId: string): string => `upstream/${upstreamId}/client-key`;

/** Proves to the provider that it is this gateway which redeems a code. */
export interface ClientCredentials {
  /** Raised when another secret was given: what was made with the one before is made anew. */
  readonly version: string;
  readonly authentication: client.ClientAuth;
}

const keySchema = z.looseObject({ kty: z.string(), kid: z.string(), d: z.string() });

async function readKey(secrets: SecretStore, upstreamId: string): Promise<JWK & { readonly kid: string }> {
  const { privateKey } = await generateKeyPair(KEY_ALG, { extractable: true });
  const made = await exportJWK(privateKey);
  const jwk = { ...made, kid: await calculateJwkThumbprint(made) };
  // Of two first starts one key stays.
  const stored = await secrets.readOrCreate(keyName(upstreamId), () => new TextEncoder().encode(JSON.stringify(jwk)));
  return keySchema.parse(JSON.parse(new TextDecoder().decode(stored)));
}

/** @throws UpstreamFailure upstream.not_ready; secret.unavailable */
export async function readCredentials(
  secrets: SecretStore,
  { clientAuth, id }: Pick<UpstreamConfig, 'clientAuth' | 'id'>,
): Promise<ClientCredentials> {
  if (clientAuth === 'private_key_jwt') {
    const jwk = await readKey(secrets, id);
    const key = await importJWK(jwk, KEY_ALG);
    if (key instanceof Uint8Array) throw new TypeError('a client key is an EC key');
    return { version: jwk.kid, authentication: client.PrivateKeyJwt({ key, kid: jwk.kid }) };
  }
  const stored = await secrets.read(upstreamSecretName(id));
  if (stored === null) throw new UpstreamFailure('upstream.not_ready');
  const secret = new TextDecoder().decode(stored);
  stored.fill(0);
  return {
    version: secret,
    authentication: clientAuth === 'secret_post' ? client.ClientSecretPost(secret) : client.ClientSecretBasic(secret),
  };
}

/** The public half of the key, as a key set that the provider reads. */
export async function publicKeys(secrets: SecretStore, upstreamId: string): Promise<{ readonly keys: readonly JWK[] }> {
  const { crv, kid, kty, x, y } = await readKey(secrets, upstreamId);
  return { keys: [{ kty, crv, x, y, kid, use: 'sig', alg: KEY_ALG } as JWK] };
}
