import { createPrivateKey, createPublicKey, sign, verify, type KeyObject } from 'node:crypto';
import { faceLeaseSchema, LEASE_JWS_MAX, LEASE_TYPE, type FaceLease } from '../../domain/face/lease.ts';
import type { Random } from '../../ports/random.ts';
import type { SecretStore } from '../../ports/secret-store.ts';

/** Seed of the Ed25519 key that signs leases. */
const SECRET_NAME = 'face/lease/seed';
const SEED_BYTES = 32;
/** DER of RFC 8410: a fixed prefix and the key. */
const PRIVATE_PREFIX = Buffer.from('302e020100300506032b657004220420', 'hex');
const PUBLIC_PREFIX_BYTES = 12;

const headerOf = (typ: string): string => Buffer.from(JSON.stringify({ alg: 'EdDSA', typ }), 'utf8').toString('base64url');
const HEADER = headerOf(LEASE_TYPE);

/** Signs leases, and knows its own again. The key is of nothing else. */
export interface LeaseKey {
  /** Ed25519 (RFC 8032), raw, base64url. */
  publicKey(): Promise<string>;
  /** A compact JWS (RFC 7515, RFC 8037). */
  sign(lease: FaceLease): Promise<string>;
  /** Another word of the gateway about faces, under a `typ` that is no lease's. */
  signWord(payload: object, typ: string): Promise<string>;
  /** Null: none of ours, or changed. */
  verify(jws: string): Promise<FaceLease | null>;
}

/** @throws secret.unavailable of every member */
export function createLeaseKey({ random, secrets }: { readonly secrets: SecretStore; readonly random: Random }): LeaseKey {
  const withKey = async <Result>(use: (privateKey: KeyObject) => Result): Promise<Result> => {
    const seed = await secrets.readOrCreate(SECRET_NAME, () => random.bytes(SEED_BYTES));
    const der = Buffer.concat([PRIVATE_PREFIX, seed]);
    try {
      return use(createPrivateKey({ key: der, format: 'der', type: 'pkcs8' }));
    } finally {
      seed.fill(0);
      der.fill(0);
    }
  };
  return {
    publicKey: () =>
      withKey((privateKey) =>
        createPublicKey(privateKey).export({ type: 'spki', format: 'der' }).subarray(PUBLIC_PREFIX_BYTES).toString('base64url'),
      ),
    sign: (lease) => withKey((privateKey) => signJws(privateKey, HEADER, lease)),
    signWord: (payload, typ) => withKey((privateKey) => signJws(privateKey, headerOf(typ), payload)),
    verify: (jws) =>
      withKey((privateKey) => {
        const [header, payload = '', signature = '', ...rest] = jws.length > LEASE_JWS_MAX ? [] : jws.split('.');
        if (header !== HEADER || rest.length > 0) return null;
        const signed = Buffer.from(`${header}.${payload}`, 'utf8');
        if (!verify(null, signed, createPublicKey(privateKey), Buffer.from(signature, 'base64url'))) return null;
        return faceLeaseSchema.parse(JSON.parse(Buffer.from(payload, 'base64url').toString('utf8')));
      }),
  };
}

function signJws(privateKey: KeyObject, header: string, payload: object): string {
  const signed = `${header}.${Buffer.from(JSON.stringify(payload), 'utf8').toString('base64url')}`;
  return `${signed}.${sign(null, Buffer.from(signed, 'utf8'), privateKey).toString('base64url')}`;
}
