import type { Presence } from '#gateway/domain/presence/presence.ts';
import type { PersonId } from '#gateway/domain/site/ids.ts';
import type { PresenceStore } from '#gateway/ports/presence-store.ts';

export function createMemoryPresenceStore(): PresenceStore {
  const presences = new Map<PersonId, Presence>();
  const inOrder = (): readonly Presence[] => [...presences.values()].sort((a, b) => (a.personId < b.personId ? -1 : 1));

  return {
    find: async (personId) => presences.get(personId) ?? null,
    put: async (presence) => {
      const stored = presences.get(presence.personId);
      if (stored !== undefined && stored.sourceSeq >= presence.sourceSeq) return false;
      presences.set(presence.personId, presence);
      return true;
    },
    inArea: async (areaId) => inOrder().filter((presence) => presence.areaId === areaId),
    list: async () => inOrder(),
    clear: async () => {
      const { size } = presences;
      presences.clear();
      return size;
    },
  };
}
