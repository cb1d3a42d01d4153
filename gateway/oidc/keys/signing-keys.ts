import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { calculateJwkThumbprint, type JWK } from 'jose';
import { z } from 'zod';
import { GatewayError } from '../../domain/errors.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Random } from '../../ports/random.ts';
import type { SecretStore } from '../../ports/secret-store.ts';
import { algsOf, KEY_ALGS, KEY_GENERATIONS_MAX, scheduleKeys, type KeyAlg, type KeyGeneration, type ScheduledKey } from './key-schedule.ts';

const RSA_MODULUS_BITS = 2048;
const SECRET_BYTES = 32;
const GENERATIONS_NAME = 'oidc.signing.generations';

interface KeyKind {
  readonly alg: KeyAlg;
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
  .array(
    z.strictObject({
      number: z.int().min(1),
      publishedAtMs: z.int().min(0),
      signsFromMs: z.int().min(0),
      algs: z.array(z.enum(KEY_ALGS)).optional(),
    }),
  )
  .min(1)
  // A retired key leaves its generation behind, so that its number is never given again.
  .max(KEY_GENERATIONS_MAX * 2);

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

/** A key as operators see it; its private half is nobody's business. */
export interface KeyView extends Omit<ScheduledKey, 'signsUntilMs' | 'publishedUntilMs'> {
  readonly kid: string;
  /** Null when nothing is planned. */
  readonly signsUntilMs: number | null;
  readonly publishedUntilMs: number | null;
}

export interface KeyRetirement {
  readonly kid: string;
  readonly alg: KeyAlg;
  /** The key that signs from now on in its place; null when the retired one was not signing. */
  readonly replacedBy: string | null;
}

export interface KeyRing {
  /** @throws secret.unavailable */
  inForce(): Promise<KeysInForce>;
  /** Published keys. @throws secret.unavailable */
  list(): Promise<readonly KeyView[]>;
  /**
   * Takes a published key out at once: it signs nothing any more and is published no longer. One that was signing is replaced by a new one,
   * which signs at once. The private key is overwritten. Null when no published key has this id.
   * @throws request.conflict too many keys were retired; secret.unavailable
   */
  retire(kid: string): Promise<KeyRetirement | null>;
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

const secretNameOf = (kind: KeyKind, generation: number): string => `${kind.secretName}.${String(generation)}`;

async function readSigningKey(secrets: SecretStore, kind: KeyKind, generation: number): Promise<JWK> {
  const bytes = await secrets.readOrCreate(secretNameOf(kind, generation), () =>
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

const kindOf = (alg: KeyAlg): KeyKind => {
  const kind = kinds.find((one) => one.alg === alg);
  if (kind === undefined) throw new TypeError(`no key kind for ${alg}`);
  return kind;
};

const toNull = (timeMs: number): number | null => (Number.isFinite(timeMs) ? timeMs : null);

/** Generations that still mean something, and the newest one, whose number the next one counts from. */
function withoutGone(known: readonly KeyGeneration[], keepMs: number, nowMs: number): readonly KeyGeneration[] {
  const live = new Set(scheduleKeys(known, keepMs, nowMs).keys.map(({ generation }) => generation));
  const newest = Math.max(...known.map(({ number }) => number));
  return known.filter(({ number }) => live.has(number) || number === newest);
}

const nextNumber = (known: readonly KeyGeneration[]): number => Math.max(...known.map(({ number }) => number)) + 1;

export function createKeyRing(deps: Deps): KeyRing {
  return new StoredKeyRing(deps);
}

class StoredKeyRing implements KeyRing {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  async inForce(): Promise<KeysInForce> {
    const { clock, keepMs } = this.#deps;
    const { changesAtMs, keys } = scheduleKeys(await this.#readGenerations(), keepMs, clock.nowMs());
    return {
      keys: {
        signing: await Promise.all(keys.map(async (key) => this.#read(key))),
        cookies: [await this.#readSecret('oidc.cookie.1')],
        pairwise: await this.#readSecret('oidc.pairwise.1'),
      },
      validUntilMs: changesAtMs,
    };
  }

  async list(): Promise<readonly KeyView[]> {
    const { clock, keepMs } = this.#deps;
    const { keys } = scheduleKeys(await this.#readGenerations(), keepMs, clock.nowMs());
    return Promise.all(
      keys.map(async (key) => {
        const { kid = '' } = await this.#read(key);
        return { ...key, kid, signsUntilMs: toNull(key.signsUntilMs), publishedUntilMs: toNull(key.publishedUntilMs) };
      }),
    );
  }

  async rotate(): Promise<KeyRotation> {
    const { clock, keepMs, publishAheadMs } = this.#deps;
    const nowMs = clock.nowMs();
    const known = await this.#readGenerations();
    const waiting = known.find((generation) => generation.signsFromMs > nowMs && algsOf(generation).length > 0);
    if (waiting !== undefined) {
      const when = new Date(waiting.signsFromMs).toISOString();
      throw new GatewayError('request.conflict', `New keys are published already. They sign from ${when}.`);
    }
    const published = new Set(scheduleKeys(known, keepMs, nowMs).keys.map(({ generation }) => generation));
    if (published.size >= KEY_GENERATIONS_MAX) {
      throw new GatewayError('request.conflict', 'The keys were changed too often: tokens of older ones are still in use.');
    }
    const number = nextNumber(known);
    const next: KeyGeneration = { number, publishedAtMs: nowMs, signsFromMs: nowMs + publishAheadMs };
    // Keys first: a crash in between leaves a set that nothing names yet, and the next rotation takes it.
    const keys = await Promise.all(KEY_ALGS.map(async (alg) => this.#read({ alg, generation: number })));
    await this.#writeGenerations([...withoutGone(known, keepMs, nowMs), next]);
    return { generation: number, signsFromMs: next.signsFromMs, kids: keys.flatMap(({ kid }) => (kid === undefined ? [] : [kid])) };
  }

  async retire(kid: string): Promise<KeyRetirement | null> {
    const { clock, keepMs, random, secrets } = this.#deps;
    const key = (await this.list()).find((one) => one.kid === kid);
    if (key === undefined) return null;
    const nowMs = clock.nowMs();
    const { alg, generation } = key;
    const known = withoutGone(await this.#readGenerations(), keepMs, nowMs);
    const left = known.map((one) => (one.number === generation ? { ...one, algs: algsOf(one).filter((other) => other !== alg) } : one));
    const isSigning = key.state === 'signing';
    const next = { number: nextNumber(known), publishedAtMs: nowMs, signsFromMs: nowMs, algs: [alg] };
    const after = isSigning ? [...left, next] : left;
    if (after.length > KEY_GENERATIONS_MAX * 2) throw new GatewayError('request.conflict', 'Too many keys were retired in a short time.');
    const replacement = isSigning ? await this.#read({ alg, generation: next.number }) : null;
    await this.#writeGenerations(after);
    // Nothing names it any more. What is written over it is no key, so that no mistake could make it sign again.
    await secrets.write(secretNameOf(kindOf(alg), generation), random.bytes(SECRET_BYTES));
    return { kid, alg, replacedBy: replacement?.kid ?? null };
  }

  async #read({ alg, generation }: { readonly alg: KeyAlg; readonly generation: number }): Promise<JWK> {
    return readSigningKey(this.#deps.secrets, kindOf(alg), generation);
  }

  async #readText(name: string, create: () => Uint8Array, encoding: 'base64url' | 'utf8'): Promise<string> {
    const bytes = await this.#deps.secrets.readOrCreate(name, create);
    const text = Buffer.from(bytes).toString(encoding);
    bytes.fill(0);
    return text;
  }

  async #readSecret(name: string): Promise<string> {
    return this.#readText(name, () => this.#deps.random.bytes(SECRET_BYTES), 'base64url');
  }

  async #readGenerations(): Promise<readonly KeyGeneration[]> {
    // The first set signs at once: nobody has cached anything yet.
    const first = { number: 1, publishedAtMs: 0, signsFromMs: 0 };
    const text = await this.#readText(GENERATIONS_NAME, () => Buffer.from(JSON.stringify([first]), 'utf8'), 'utf8');
    return generationsSchema.parse(JSON.parse(text));
  }

  async #writeGenerations(generations: readonly KeyGeneration[]): Promise<void> {
    await this.#deps.secrets.write(GENERATIONS_NAME, Buffer.from(JSON.stringify(generations), 'utf8'));
  }
}

/** The keys in force, for whoever signs beside the provider. @throws secret.unavailable */
export async function loadProviderKeys(deps: Pick<Deps, 'secrets' | 'random' | 'clock'>): Promise<ProviderKeys> {
  // Which key signs does not depend on how long others stay published.
  return (await createKeyRing({ ...deps, publishAheadMs: 0, keepMs: 0 }).inForce()).keys;
}
