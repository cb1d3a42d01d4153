import { findDuressProblem, findPinProblem, type PinProblem } from '../../domain/people/pin-rules.ts';
import type { CredentialId, PersonId } from '../../domain/site/ids.ts';
import type { Clock } from '../../ports/clock.ts';
import type { CredentialStore } from '../../ports/credential-store.ts';
import type { PendingRecordStore } from '../../ports/pending-record-store.ts';
import type { PeopleStore } from '../../ports/people-store.ts';
import type { PinHasher } from '../../ports/pin-hasher.ts';
import type { Random } from '../../ports/random.ts';
import { toPendingChange } from './directory-change.ts';

export interface SetPinDeps {
  readonly people: Pick<PeopleStore, 'find'>;
  readonly credentials: Pick<CredentialStore, 'pinOf' | 'savePin'>;
  readonly pendingRecords: PendingRecordStore;
  readonly hasher: PinHasher;
  readonly clock: Clock;
  readonly random: Random;
}

export interface NewPin {
  readonly personId: PersonId;
  readonly pin: string;
  /** Null: the person has none, and whoever is forced gives the PIN. */
  readonly duressPin: string | null;
}

export type PinSet =
  | { readonly ok: true; readonly isNew: boolean }
  | { readonly ok: false; readonly code: 'person.unknown' }
  /** `of` says which of the two. */
  | { readonly ok: false; readonly code: PinProblem; readonly of: 'pin' | 'duress_pin' };

const SALT_LENGTH_BYTES = 16;

/**
 * Sets the one PIN of a person, and ends what was locked with the one before. Recorded before it is stored, without the PIN, and without
 * whether there is a duress PIN: whoever reads over a shoulder learns nothing of it.
 */
export function createSetPin(deps: SetPinDeps): (set: NewPin) => Promise<PinSet> {
  return async ({ personId, pin, duressPin }) => {
    const problem = findPinProblem(pin);
    if (problem !== null) return { ok: false, code: problem, of: 'pin' };
    const duressProblem = duressPin === null ? null : findDuressProblem(pin, duressPin);
    if (duressProblem !== null) return { ok: false, code: duressProblem, of: 'duress_pin' };
    if ((await deps.people.find(personId)) === null) return { ok: false, code: 'person.unknown' };
    const before = await deps.credentials.pinOf(personId);
    const id = deps.random.id('pin') as CredentialId;
    const salt = deps.random.bytes(SALT_LENGTH_BYTES);
    const { cost } = deps.hasher;
    const hash = await hashOf(deps.hasher, pin, salt);
    const duressHash = duressPin === null ? null : await hashOf(deps.hasher, duressPin, salt);
    const subject = { subjectType: 'pin', subjectId: id, personId } as const;
    const change = toPendingChange({ ...subject, before: before === null ? null : [], after: [], unnamed: ['value'] }, deps);
    await deps.pendingRecords.add(change === null ? [] : [change]);
    await deps.credentials.savePin({ id, personId, salt, cost, hash, duressHash, status: 'active', changedAtMs: deps.clock.nowMs() });
    return { ok: true, isNew: before === null };
  };
}

async function hashOf(hasher: PinHasher, pin: string, salt: Uint8Array): Promise<Uint8Array> {
  const digits = new Uint8Array(Buffer.from(pin, 'latin1'));
  try {
    return await hasher.hash(digits, salt, hasher.cost);
  } finally {
    digits.fill(0);
  }
}
