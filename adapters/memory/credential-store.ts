import { GatewayError } from '#gateway/domain/errors.ts';
import type { Badge } from '#gateway/domain/people/person.ts';
import type { CredentialId, PersonId } from '#gateway/domain/site/ids.ts';
import { CREDENTIALS_PER_PERSON_MAX, type CredentialStore } from '#gateway/ports/credential-store.ts';
import { createMemoryPasskeys } from './passkeys.ts';
import { createMemoryPins } from './pins.ts';

export function createMemoryCredentialStore(): CredentialStore {
  const badges = new Map<CredentialId, Badge>();
  const passkeys = createMemoryPasskeys();
  const pins = createMemoryPins();
  const badgesOf = (personId: PersonId): readonly Badge[] =>
    [...badges.values()].filter((badge) => badge.personId === personId).sort((a, b) => (a.id < b.id ? -1 : 1));

  return {
    ...pins.calls,
    ...passkeys.calls,
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
    setStatus: async (id, status) => {
      const badge = badges.get(id);
      if (badge !== undefined) badges.set(id, { ...badge, status });
      const others = [passkeys.setStatus(id, status), pins.setStatus(id, status)];
      if (badge === undefined && !others.includes(true)) throw new GatewayError('resource.unknown', 'There is no such credential.');
    },
  };
}
