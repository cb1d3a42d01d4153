import type { CredentialStatus } from '#gateway/domain/people/person.ts';
import type { Pin, PinAttempts } from '#gateway/domain/people/pin.ts';
import type { CredentialId, PersonId } from '#gateway/domain/site/ids.ts';
import type { CredentialStore } from '#gateway/ports/credential-store.ts';

type PinCalls = Pick<CredentialStore, 'pinOf' | 'savePin' | 'pinAttemptsOf' | 'savePinAttempts'>;

const copyOf = (pin: Pin): Pin => ({
  ...pin,
  salt: Uint8Array.from(pin.salt),
  hash: Uint8Array.from(pin.hash),
  duressHash: pin.duressHash === null ? null : Uint8Array.from(pin.duressHash),
});

/** The part of the credential store that is about PINs. */
export function createMemoryPins() {
  const pins = new Map<PersonId, Pin>();
  const attempts = new Map<PersonId, Map<string, PinAttempts>>();
  const calls: PinCalls = {
    pinOf: async (personId) => {
      const pin = pins.get(personId);
      return pin === undefined ? null : copyOf(pin);
    },
    savePin: async (pin) => {
      pins.set(pin.personId, copyOf(pin));
      attempts.delete(pin.personId);
    },
    pinAttemptsOf: async (personId) => [...(attempts.get(personId)?.values() ?? [])].sort((a, b) => (a.readerId < b.readerId ? -1 : 1)),
    savePinAttempts: async (kept) => {
      const ofPerson = attempts.get(kept.personId) ?? new Map<string, PinAttempts>();
      attempts.set(kept.personId, ofPerson.set(kept.readerId, kept));
    },
  };
  /** False when it is the id of no PIN. */
  const setStatus = (id: CredentialId, status: CredentialStatus): boolean => {
    const pin = [...pins.values()].find((candidate) => candidate.id === id);
    if (pin !== undefined) pins.set(pin.personId, { ...pin, status });
    return pin !== undefined;
  };
  return { calls, setStatus };
}
