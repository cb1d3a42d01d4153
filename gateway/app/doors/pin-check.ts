import { timingSafeEqual } from 'node:crypto';
import type { DecisionContext } from '../../domain/access/decision-input.ts';
import { afterWrongPin, noPinAttempts, PIN_LENGTH_MIN, pinAttemptsLeft, type Pin, type PinAttempts } from '../../domain/people/pin.ts';
import type { PersonId, ReaderId } from '../../domain/site/ids.ts';
import type { Clock } from '../../ports/clock.ts';
import type { CredentialStore } from '../../ports/credential-store.ts';
import type { PinHasher } from '../../ports/pin-hasher.ts';
import { NO_PIN } from '../access/facts.ts';

export type PinFacts = DecisionContext['credential']['pin'];

export interface PinCheckDeps {
  readonly credentials: Pick<CredentialStore, 'pinOf' | 'pinAttemptsOf' | 'savePinAttempts'>;
  readonly hasher: PinHasher;
  readonly clock: Clock;
}

/** Facts about the PIN of a person at a reader. One entry at a time for each reader: the caller's queue sees to it. */
export interface PinCheck {
  /** Before anybody is asked for it. */
  before(personId: PersonId, readerId: ReaderId): Promise<PinFacts>;
  /** What was entered, and null when nothing came in time. A wrong PIN is counted; `digits` stay the caller's, who zeroes them. */
  entered(personId: PersonId, readerId: ReaderId, digits: Uint8Array | null): Promise<PinFacts>;
}

export function createPinCheck(deps: PinCheckDeps): PinCheck {
  return {
    before: async (personId, readerId) => (await readFacts(deps, personId, readerId)).facts,
    entered: async (personId, readerId, digits) => {
      const { pin, attempts, facts } = await readFacts(deps, personId, readerId);
      const asked: PinFacts = { ...facts, asked: true, presented: digits !== null };
      if (pin === null || digits === null || facts.attempts_left === 0) return asked;
      // Counted before it is compared: whoever cuts the power meanwhile has used an attempt.
      const counted = afterWrongPin(attempts, deps.clock.nowMs());
      await deps.credentials.savePinAttempts(counted);
      const match = await compare(deps.hasher, pin, digits);
      if (match === 'none') return { ...asked, attempts_left: pinAttemptsLeft(counted, deps.clock.nowMs()) };
      await deps.credentials.savePinAttempts(noPinAttempts(personId, readerId));
      return { ...asked, ok: true, duress: match === 'duress' };
    },
  };
}

interface Known {
  /** Null also when it is not in use. */
  readonly pin: Pin | null;
  readonly attempts: PinAttempts;
  readonly facts: PinFacts;
}

async function readFacts({ credentials, clock }: PinCheckDeps, personId: PersonId, readerId: ReaderId): Promise<Known> {
  const pin = await credentials.pinOf(personId);
  if (pin?.status !== 'active') return { pin: null, attempts: noPinAttempts(personId, readerId), facts: NO_PIN };
  const attempts = (await credentials.pinAttemptsOf(personId)).find((kept) => kept.readerId === readerId);
  const known = attempts ?? noPinAttempts(personId, readerId);
  return { pin, attempts: known, facts: { ...NO_PIN, enrolled: true, attempts_left: pinAttemptsLeft(known, clock.nowMs()) } };
}

/** One calculation and two comparisons, whichever fits and whether there is a duress PIN or not: the time tells nothing. */
async function compare(hasher: PinHasher, pin: Pin, digits: Uint8Array): Promise<'pin' | 'duress' | 'none'> {
  const hash = await hasher.hash(digits, pin.salt, pin.cost);
  const isPin = isSame(hash, pin.hash);
  const isDuress = isSame(hash, pin.duressHash ?? new Uint8Array(hash.length));
  hash.fill(0);
  // What is shorter than a PIN was never set as one.
  if (digits.length < PIN_LENGTH_MIN) return 'none';
  if (isPin) return 'pin';
  return isDuress && pin.duressHash !== null ? 'duress' : 'none';
}

function isSame(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && timingSafeEqual(a, b);
}
