import { GatewayError } from '#gateway/domain/errors.ts';
import type { PersonId, SessionId } from '#gateway/domain/site/ids.ts';
import { CONSOLE_SESSIONS_PER_PERSON_MAX, type ConsoleSession, type SessionStore } from '#gateway/ports/session-store.ts';

const oldestFirst = (a: ConsoleSession, b: ConsoleSession): number => a.createdAtMs - b.createdAtMs || (a.id < b.id ? -1 : 1);

export function createMemorySessionStore(): SessionStore {
  const sessions = new Map<SessionId, ConsoleSession>();
  const ofPerson = (personId: PersonId): readonly ConsoleSession[] =>
    [...sessions.values()].filter((session) => session.personId === personId).sort(oldestFirst);

  return {
    create: async (session) => {
      const isKnown = sessions.has(session.id) || [...sessions.values()].some((other) => other.secretSha256 === session.secretSha256);
      if (isKnown) throw new GatewayError('store.conflict', 'The session exists already.');
      for (const other of ofPerson(session.personId)) if (other.expiresAtMs <= session.createdAtMs) sessions.delete(other.id);
      const live = ofPerson(session.personId).filter(({ kind }) => kind === session.kind);
      for (const other of live.slice(0, Math.max(0, live.length - CONSOLE_SESSIONS_PER_PERSON_MAX + 1))) sessions.delete(other.id);
      sessions.set(session.id, session);
    },
    findBySecret: async (secretSha256, nowMs) => {
      const found = [...sessions.values()].find((session) => session.secretSha256 === secretSha256);
      return found !== undefined && found.expiresAtMs > nowMs ? found : null;
    },
    ofPerson: async (personId, nowMs) => ofPerson(personId).filter((session) => session.expiresAtMs > nowMs),
    end: async (id) => sessions.delete(id),
    endAllOf: async (personId) => {
      const ended = ofPerson(personId);
      for (const session of ended) sessions.delete(session.id);
      return ended;
    },
  };
}
