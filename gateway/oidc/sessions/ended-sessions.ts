/** Sessions and grants whose end is remembered; of more the oldest are forgotten, long after the last request that still held them. */
export const ENDED_SESSIONS_MAX = 10_000;

/**
 * Sign-in sessions that were ended a short while ago, and grants of apps in them. A request that read one before its end writes it at its own
 * end: this is how the storage knows that nothing is to be written any more. Uids and the numbers of grants are random and never given twice,
 * so that nobody else's are meant.
 */
export interface EndedSessions {
  /** Before the session or grant is destroyed: whatever is written after that is known to be late. */
  add(uidOrGrantId: string): void;
  has(uidOrGrantId: string): boolean;
}

export function createEndedSessions(max = ENDED_SESSIONS_MAX): EndedSessions {
  const uids = new Set<string>();
  return {
    add: (uid) => {
      uids.delete(uid);
      const [oldest] = uids;
      if (uids.size >= max && oldest !== undefined) uids.delete(oldest);
      uids.add(uid);
    },
    has: (uid) => uids.has(uid),
  };
}
