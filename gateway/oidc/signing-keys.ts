import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { calculateJwkThumbprint, type JWK } from 'jose';
import { z } from 'zod';
import { GatewayError } from '../domain/errors.ts';
import type { Clock } from '../ports/clock.ts';
import type { Random } from '../ports/random.ts';
import type { SecretStore } from '../ports/secret-store.ts';
import { KEY_GENERATIONS_MAX, scheduleKeys, type KeyGeneration } from './key-schedule.ts';

const RSA_MODULUS_BITS = 2048;
const SECRET_BYTES = 32;
const GENERATIONS_NAME = 'oidc.signing.generations';

interface KeyKind {
  readonly alg: 'ES256' | 'EdDSA' | 'RS256';
  /** With the generation behind it: a new key gets a new name, and its thumbprint a new `kid`. */
  readonly secretName: string;
  readonly generate: () => KeyObject;
}

const kinds: readonly KeyKind[] = [
  { alg: 'ES256', secretName: 'oidc.signing.es256', generate: () => generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey },
  { alg: 'EdDSA', secretName: 'oidc.signing.eddsa', generate: () => generateKeyPairSync('ed25519').privateKey },
  {
    alg: 'RS256',
    secretName: 'oidc.signing.rs256',
    generate: () => generateKeyPairSync('rsa', { modulusLength: RSA_MODULUS_BITS }).privateKey,
  },
];

const generationsSchema = z
  .array(z.strictObject({ number: z.int().min(1), publishedAtMs: z.int().min(0), signsFromMs: z.int().min(0) }))
  .min(1)
  .max(KEY_GENERATIONS_MAX);

/** Signs with ES256; clients that ask get EdDSA or RS256. Secrets that stay in memory for the provider's life. */
export interface ProviderKeys {
  /** Of each algorithm the first signs; the others are published only. */
  readonly signing: readonly JWK[];
  readonly cookies: readonly string[];
  /** Key of the pairwise subjects. It is never changed: every subject would change with it. */
  readonly pairwise: string;
}

export interface KeysInForce {
  readonly keys: ProviderKeys;
  /** After this time they must be read again. */
  readonly validUntilMs: number;
}

export interface KeyRotation {
  readonly generation: number;
  readonly signsFromMs: number;
  /** The ids of the new keys. */
  readonly kids: readonly string[];
}

export interface KeyRing {
  /** @throws secret.unavailable */
  inForce(): Promise<KeysInForce>;
  /**
   * Publishes a new set of keys, which signs after the time that clients may cache the old one.
   * @throws request.conflict the set before it does not sign yet, or too many are still published; secret.unavailable
   */
  rotate(): Promise<KeyRotation>;
}

interface Deps {
  readonly secrets: SecretStore;
  readonly random: Random;
  readonly clock: Clock;
  readonly publishAheadMs: number;
  /** How long tokens and hints that a key has signed may be shown after it stopped. */
  readonly keepMs: number;
}

async function readSigningKey(secrets: SecretStore, kind: KeyKind, generation: number): Promise<JWK> {
  const bytes = await secrets.readOrCreate(`${kind.secretName}.${String(generation)}`, () =>
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

export function createKeyRing({ clock, keepMs, publishAheadMs, random, secrets }: Deps): KeyRing {
  const readText = async (name: string, create: () => Uint8Array, encoding: 'base64url' | 'utf8'): Promise<string> => {
    const bytes = await secrets.readOrCreate(name, create);
    const text = Buffer.from(bytes).toString(encoding);
    bytes.fill(0);
    return text;
  };
  const readSecret = async (name: string): Promise<string> => readText(name, () => random.bytes(SECRET_BYTES), 'base64url');

  const readGenerations = async (): Promise<readonly KeyGeneration[]> => {
    // The first set signs at once: nobody has cached anything yet.
    const first = { number: 1, publishedAtMs: 0, signsFromMs: 0 };
    const text = await readText(GENERATIONS_NAME, () => Buffer.from(JSON.stringify([first]), 'utf8'), 'utf8');
    return generationsSchema.parse(JSON.parse(text));
  };

  const readSet = async (generation: number): Promise<readonly JWK[]> =>
    Promise.all(kinds.map(async (kind) => readSigningKey(secrets, kind, generation)));

  return {
    inForce: async () => {
      const schedule = scheduleKeys(await readGenerations(), keepMs, clock.nowMs());
      const sets = await Promise.all(schedule.published.map(readSet));
      return {
        keys: {
          signing: sets.flat(),
          cookies: [await readSecret('oidc.cookie.1')],
          pairwise: await readSecret('oidc.pairwise.1'),
        },
        validUntilMs: schedule.changesAtMs,
      };
    },

    rotate: async () => {
      const nowMs = clock.nowMs();
      const known = await readGenerations();
      const waiting = known.find(({ signsFromMs }) => signsFromMs > nowMs);
      if (waiting !== undefined) {
        const when = new Date(waiting.signsFromMs).toISOString();
        throw new GatewayError('request.conflict', `New keys are published already. They sign from ${when}.`);
      }
      const { published } = scheduleKeys(known, keepMs, nowMs);
      if (published.length >= KEY_GENERATIONS_MAX) {
        throw new GatewayError('request.conflict', 'The keys were changed too often: tokens of older ones are still in use.');
      }
      const number = Math.max(...known.map((generation) => generation.number)) + 1;
      const next: KeyGeneration = { number, publishedAtMs: nowMs, signsFromMs: nowMs + publishAheadMs };
      // Keys first: a crash in between leaves a set that nothing names yet, and the next rotation takes it.
      const keys = await readSet(number);
      const kept = known.filter((generation) => published.includes(generation.number));
      await secrets.write(GENERATIONS_NAME, Buffer.from(JSON.stringify([...kept, next]), 'utf8'));
      return { generation: number, signsFromMs: next.signsFromMs, kids: keys.flatMap(({ kid }) => (kid === undefined ? [] : [kid])) };
    },
  };
}

/** The keys in force, for whoever signs beside the provider. @throws secret.unavailable */
export async function loadProviderKeys(deps: Pick<Deps, 'secrets' | 'random' | 'clock'>): Promise<ProviderKeys> {
  // Which key signs does not depend on how long others stay published.
  return (await createKeyRing({ ...deps, publishAheadMs: 0, keepMs: 0 }).inForce()).keys;
}
