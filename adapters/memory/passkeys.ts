import { GatewayError } from '#gateway/domain/errors.ts';
import type { CredentialStatus, Passkey } from '#gateway/domain/people/person.ts';
import type { CredentialId, PersonId } from '#gateway/domain/site/ids.ts';
import { CREDENTIALS_PER_PERSON_MAX, type CredentialStore } from '#gateway/ports/credential-store.ts';

type PasskeyCalls = Pick<
  CredentialStore,
  'findPasskey' | 'passkeysOf' | 'addPasskey' | 'advanceCounter' | 'markUsed' | 'renamePasskey' | 'anyPasskey'
>;

export interface MemoryPasskeys {
  readonly calls: PasskeyCalls;
  /** False when there is no such passkey. */
  setStatus(id: CredentialId, status: CredentialStatus): boolean;
}

const copyOf = (passkey: Passkey): Passkey => ({ ...passkey, publicKey: Uint8Array.from(passkey.publicKey) });

export function createMemoryPasskeys(): MemoryPasskeys {
  const passkeys = new Map<CredentialId, Passkey>();
  const ofPerson = (personId: PersonId): readonly Passkey[] =>
    [...passkeys.values()].filter((passkey) => passkey.personId === personId).sort((a, b) => (a.id < b.id ? -1 : 1));
  const change = (id: CredentialId, over: Partial<Passkey>): boolean => {
    const passkey = passkeys.get(id);
    if (passkey !== undefined) passkeys.set(id, { ...passkey, ...over });
    return passkey !== undefined;
  };

  return {
    setStatus: (id, status) => change(id, { status }),
    calls: {
      findPasskey: async (webauthnId) => {
        const found = [...passkeys.values()].find((passkey) => passkey.webauthnId === webauthnId);
        return found === undefined ? null : copyOf(found);
      },
      passkeysOf: async (personId) => ofPerson(personId).map(copyOf),
      addPasskey: async (passkey) => {
        const isKnown = passkeys.has(passkey.id) || [...passkeys.values()].some((other) => other.webauthnId === passkey.webauthnId);
        if (isKnown) throw new GatewayError('store.conflict', 'The passkey is enrolled already.');
        const others = ofPerson(passkey.personId).toSorted((a, b) => a.createdAtMs - b.createdAtMs);
        if (others.length >= CREDENTIALS_PER_PERSON_MAX) {
          const outOfUse = others.find(({ status }) => status !== 'active');
          if (outOfUse === undefined) throw new GatewayError('store.conflict', 'The person holds as many passkeys as one may.');
          passkeys.delete(outOfUse.id);
        }
        passkeys.set(passkey.id, copyOf(passkey));
      },
      advanceCounter: async (id, from, to) => passkeys.get(id)?.counter === from && change(id, { counter: to }),
      markUsed: async (id, atMs) => {
        if (atMs > (passkeys.get(id)?.lastUsedAtMs ?? -1)) change(id, { lastUsedAtMs: atMs });
      },
      renamePasskey: async (id, label) => {
        if (!change(id, { label })) throw new GatewayError('resource.unknown', 'There is no such passkey.');
      },
      anyPasskey: async () => [...passkeys.values()].some((passkey) => passkey.status === 'active'),
    },
  };
}
