import { GatewayError } from '#gateway/domain/errors.ts';
import type { Badge, Passkey } from '#gateway/domain/people/person.ts';
import type { CredentialId, PersonId } from '#gateway/domain/site/ids.ts';
import { CREDENTIALS_PER_PERSON_MAX, type CredentialStore } from '#gateway/ports/credential-store.ts';
import { createMemoryPins } from './pins.ts';

const copyOf = (passkey: Passkey): Passkey => ({ ...passkey, publicKey: Uint8Array.from(passkey.publicKey) });

export function createMemoryCredentialStore(): CredentialStore {
  const badges = new Map<CredentialId, Badge>();
  const passkeys = new Map<CredentialId, Passkey>();
  const pins = createMemoryPins();
  const badgesOf = (personId: PersonId): readonly Badge[] =>
    [...badges.values()].filter((badge) => badge.personId === personId).sort((a, b) => (a.id < b.id ? -1 : 1));
  const passkeysOf = (personId: PersonId): readonly Passkey[] =>
    [...passkeys.values()].filter((passkey) => passkey.personId === personId).sort((a, b) => (a.id < b.id ? -1 : 1));

  return {
    ...pins.calls,
    findBadge: async (badgeKey) => [...badges.values()].find((badge) => badge.badgeKey === badgeKey) ?? null,
    badgesOf: async (personId) => badgesOf(personId),
    saveBadge: async (badge) => {
      const holder = [...badges.values()].find((other) => other.badgeKey === badge.badgeKey);
      if (holder !== undefined && holder.id !== badge.id) {
        throw new GatewayError('store.conflict', 'The badge belongs to another credential.');
      }
      if (badgesOf(badge.personId).filter((other) => other.id !== badge.id).length >= CREDENTIALS_PER_PERSON_MAX) {
        throw new GatewayError('store.conflict', 'The person holds as many badges as one may.');
      }
      badges.set(badge.id, badge);
    },
    findPasskey: async (webauthnId) => {
      const found = [...passkeys.values()].find((passkey) => passkey.webauthnId === webauthnId);
      return found === undefined ? null : copyOf(found);
    },
    passkeysOf: async (personId) => passkeysOf(personId).map(copyOf),
    addPasskey: async (passkey) => {
      const isKnown = passkeys.has(passkey.id) || [...passkeys.values()].some((other) => other.webauthnId === passkey.webauthnId);
      if (isKnown) throw new GatewayError('store.conflict', 'The passkey is enrolled already.');
      const others = passkeysOf(passkey.personId).toSorted((a, b) => a.createdAtMs - b.createdAtMs);
      if (others.length >= CREDENTIALS_PER_PERSON_MAX) {
        const outOfUse = others.find(({ status }) => status !== 'active');
        if (outOfUse === undefined) throw new GatewayError('store.conflict', 'The person holds as many passkeys as one may.');
        passkeys.delete(outOfUse.id);
      }
      passkeys.set(passkey.id, copyOf(passkey));
    },
    advanceCounter: async (id, from, to) => {
      const passkey = passkeys.get(id);
      if (passkey === undefined || passkey.counter !== from) return false;
      passkeys.set(id, { ...passkey, counter: to });
      return true;
    },
    markUsed: async (id, atMs) => {
      const passkey = passkeys.get(id);
      if (passkey !== undefined && atMs > (passkey.lastUsedAtMs ?? -1)) passkeys.set(id, { ...passkey, lastUsedAtMs: atMs });
    },
    renamePasskey: async (id, label) => {
      const passkey = passkeys.get(id);
      if (passkey === undefined) throw new GatewayError('resource.unknown', 'There is no such passkey.');
      passkeys.set(id, { ...passkey, label });
    },
    setStatus: async (id, status) => {
      const badge = badges.get(id);
      const passkey = passkeys.get(id);
      const isPin = pins.setStatus(id, status);
      if (badge === undefined && passkey === undefined && !isPin)
        throw new GatewayError('resource.unknown', 'There is no such credential.');
      if (badge !== undefined) badges.set(id, { ...badge, status });
      if (passkey !== undefined) passkeys.set(id, { ...passkey, status });
    },
    anyPasskey: async () => [...passkeys.values()].some((passkey) => passkey.status === 'active'),
  };
}
