import { GatewayError } from '#gateway/domain/errors.ts';
import type { UpstreamLink, UpstreamSession, UpstreamStore } from '#gateway/ports/upstream-store.ts';

export function createMemoryUpstreamStore(): UpstreamStore {
  let links: readonly UpstreamLink[] = [];
  const sessions = new Map<string, UpstreamSession>();

  return {
    linkOfSubject: async (upstreamId, subject) => links.find((link) => link.upstreamId === upstreamId && link.subject === subject) ?? null,
    linkOfPerson: async (upstreamId, personId) =>
      links.find((link) => link.upstreamId === upstreamId && link.personId === personId) ?? null,
    addLink: async (added) => {
      const taken = links.find(
        (link) => link.upstreamId === added.upstreamId && (link.subject === added.subject || link.personId === added.personId),
      );
      if (taken !== undefined) throw new GatewayError('store.conflict', 'The account or the person is linked already.');
      links = [...links, added];
    },
    removeLink: async (upstreamId, personId) => {
      const kept = links.filter((link) => link.upstreamId !== upstreamId || link.personId !== personId);
      const isRemoved = kept.length < links.length;
      links = kept;
      return isRemoved;
    },
    saveSession: async (session, nowMs) => {
      for (const [uid, { expiresAtMs }] of sessions) if (expiresAtMs <= nowMs) sessions.delete(uid);
      sessions.set(session.sessionUid, session);
    },
    takeSessions: async ({ sid, subject, upstreamId }, nowMs) => {
      if (subject === null && sid === null) return [];
      const found = [...sessions.values()].filter(
        (session) =>
          session.upstreamId === upstreamId &&
          (subject === null || session.subject === subject) &&
          (sid === null || session.sid === sid) &&
          session.expiresAtMs > nowMs,
      );
      for (const { sessionUid } of found) sessions.delete(sessionUid);
      return found.sort((a, b) => (a.sessionUid < b.sessionUid ? -1 : 1));
    },
  };
}
