import type { SessionId } from '#gateway/domain/site/ids.ts';
import { VPN_SESSIONS_PER_PERSON_MAX, type VpnSession, type VpnSessionStore } from '#gateway/ports/vpn-session-store.ts';

const oldestFirst = (a: VpnSession, b: VpnSession): number => a.startedAtMs - b.startedAtMs || (a.id < b.id ? -1 : 1);

export function createMemoryVpnSessionStore(): VpnSessionStore {
  const sessions = new Map<SessionId, VpnSession>();
  const matching = (isWanted: (session: VpnSession) => boolean): readonly VpnSession[] =>
    [...sessions.values()].filter(isWanted).sort(oldestFirst);

  return {
    start: async (session) => {
      const isSame = (other: VpnSession): boolean => other.realmId === session.realmId && other.serverSessionId === session.serverSessionId;
      if (matching(isSame).length > 0) return 'known';
      if (matching(({ personId }) => personId === session.personId).length >= VPN_SESSIONS_PER_PERSON_MAX) return 'full';
      sessions.set(session.id, session);
      return 'started';
    },
    find: async (realmId, serverSessionId) =>
      matching((session) => session.realmId === realmId && session.serverSessionId === serverSessionId)[0] ?? null,
    seen: async (id, nowMs) => {
      const session = sessions.get(id);
      if (session !== undefined) sessions.set(id, { ...session, seenAtMs: nowMs });
      return session !== undefined;
    },
    ofRealm: async (realmId) => matching((session) => session.realmId === realmId),
    ofPerson: async (personId) => matching((session) => session.personId === personId),
    end: async (id) => {
      const session = sessions.get(id) ?? null;
      sessions.delete(id);
      return session;
    },
    endSilent: async (realmId, seenBeforeMs, limit) => {
      const silent = matching((session) => session.realmId === realmId && session.seenAtMs < seenBeforeMs).slice(0, limit);
      for (const { id } of silent) sessions.delete(id);
      return silent;
    },
  };
}
