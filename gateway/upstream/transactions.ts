import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { PersonId } from '../domain/site/ids.ts';
import { upstreamOriginSchema, type UpstreamOrigin } from '../app/upstream/sessions.ts';
import type { Clock } from '../ports/clock.ts';
import type { OneTimeStore } from '../ports/one-time-store.ts';
import type { Random } from '../ports/random.ts';
import type { SignInChecks } from './upstream-client.ts';

/** Time that somebody has at the provider, forgotten passwords included. */
export const TRANSACTION_TTL_MS = 600_000;
/** From the provider to the passkey. */
export const PROOF_TTL_MS = 300_000;
const SECRET_BYTES = 32;
const PURPOSE = 'upstream_sign_in';

/** One way to a provider and back, of one browser's sign-in. */
export interface Transaction extends SignInChecks {
  readonly upstreamId: string;
  /** Uid of the sign-in here, whose cookie the browser must have when it is back. */
  readonly uid: string;
}

/** Somebody has signed in at a provider that comes before the passkey. */
export interface UpstreamProof {
  readonly personId: PersonId;
  readonly origin: UpstreamOrigin;
}

export interface Transactions {
  begin(request: Pick<Transaction, 'upstreamId' | 'uid' | 'isFresh'>): Promise<Transaction>;
  /** Whose answer it is, leaving it to be taken. */
  peek(state: string): Promise<Transaction | null>;
  /** Once: a second answer of the same state is a replay. */
  take(state: string): Promise<Transaction | null>;
  keepProof(uid: string, proof: UpstreamProof): Promise<void>;
  proofOf(uid: string): Promise<UpstreamProof | null>;
}

const transactionSchema = z.strictObject({
  upstreamId: z.string(),
  uid: z.string(),
  state: z.string(),
  nonce: z.string(),
  verifier: z.string(),
  isFresh: z.boolean(),
  startedAtMs: z.number(),
});
const proofSchema = z.strictObject({
  // Written by `keepProof` from the id of a person.
  personId: z.custom<PersonId>((value) => typeof value === 'string'),
  origin: upstreamOriginSchema,
});

interface Deps {
  readonly oneTime: OneTimeStore;
  readonly clock: Clock;
  readonly random: Random;
}

/** Kept by the hash of the state: whoever reads the store cannot answer in a browser's place. */
export function createTransactions({ clock, oneTime, random }: Deps): Transactions {
  const secret = (): string => Buffer.from(random.bytes(SECRET_BYTES)).toString('base64url');
  const keyOf = (state: string): string => `state ${createHash('sha256').update(state, 'utf8').digest('base64url')}`;
  const proofKey = (uid: string): string => `proof ${uid}`;
  const read = (payloadJson: string | null): Transaction | null =>
    payloadJson === null ? null : transactionSchema.parse(JSON.parse(payloadJson));

  return {
    begin: async (request) => {
      const nowMs = clock.nowMs();
      const transaction: Transaction = { ...request, state: secret(), nonce: secret(), verifier: secret(), startedAtMs: nowMs };
      const payloadJson = JSON.stringify(transaction);
      await oneTime.put({ purpose: PURPOSE, key: keyOf(transaction.state), payloadJson, expiresAtMs: nowMs + TRANSACTION_TTL_MS, nowMs });
      return transaction;
    },
    peek: async (state) => read(await oneTime.peek(PURPOSE, keyOf(state), clock.nowMs())),
    take: async (state) => read(await oneTime.take(PURPOSE, keyOf(state), clock.nowMs())),
    keepProof: async (uid, proof) => {
      const nowMs = clock.nowMs();
      const payloadJson = JSON.stringify(proof);
      await oneTime.put({ purpose: PURPOSE, key: proofKey(uid), payloadJson, expiresAtMs: nowMs + PROOF_TTL_MS, nowMs });
    },
    proofOf: async (uid) => {
      const payloadJson = await oneTime.peek(PURPOSE, proofKey(uid), clock.nowMs());
      return payloadJson === null ? null : proofSchema.parse(JSON.parse(payloadJson));
    },
  };
}
