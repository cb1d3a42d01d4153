import type { DeskSession } from '#gateway/domain/desk/desk-session.ts';
import type { DeskSessionStore, SessionOfPerson } from '#gateway/ports/desk-session-store.ts';

const NOTHING = { deviceId: null, look: null, alternative: null };

export function createMemoryDeskSessionStore(): DeskSessionStore {
  const sessions = new Map<string, DeskSession>();
  const change = (session: SessionOfPerson, by: Partial<DeskSession>): void => {
    const before = sessions.get(session.sessionUid);
    const kept = before?.personId === session.personId ? before : NOTHING;
    sessions.set(session.sessionUid, { deviceId: kept.deviceId, look: kept.look, alternative: kept.alternative, ...session, ...by });
  };
  return {
    find: async (sessionUid, nowMs) => {
      const session = sessions.get(sessionUid);
      return session === undefined || session.expiresAtMs <= nowMs ? null : session;
    },
    ofDevice: async (deviceId, nowMs) =>
      [...sessions.values()].filter((session) => session.deviceId === deviceId && session.expiresAtMs > nowMs),
    bind: async ({ expiresAtMs, personId, sessionUid }, { deviceId, look }) => {
      const isSame = sessions.get(sessionUid)?.deviceId === deviceId;
      change({ expiresAtMs, personId, sessionUid }, { deviceId, ...(look === null && isSame ? {} : { look }) });
    },
    giveAlternative: async ({ expiresAtMs, personId, sessionUid }, alternative) =>
      change({ expiresAtMs, personId, sessionUid }, { alternative }),
    sweep: async (nowMs, limit) => {
      const expired = [...sessions.values()].filter(({ expiresAtMs }) => expiresAtMs <= nowMs).slice(0, limit);
      for (const { sessionUid } of expired) sessions.delete(sessionUid);
      return expired.length;
    },
  };
}
