import { createHash } from 'node:crypto';
import type { EndUpstreamSessions } from '../app/upstream/sessions.ts';
import type { Clock } from '../ports/clock.ts';
import type { OneTimeStore } from '../ports/one-time-store.ts';
import { LOGOUT_TOKEN_AGE_S_MAX } from './logout-token.ts';
import type { UpstreamClient } from './upstream-client.ts';

/** Longer than any token is taken, by either clock. */
const JTI_TTL_MS = LOGOUT_TOKEN_AGE_S_MAX * 2_000;

export type LogoutReceived = { readonly ok: true; readonly ended: number } | { readonly ok: false };

/**
 * Back-channel logout of a provider. A token that comes twice is refused: somebody has a copy. One whose logout failed may come again.
 * @throws UpstreamFailure, store.unavailable, audit.unavailable
 */
export function createReceiveLogout(deps: {
  readonly oneTime: Pick<OneTimeStore, 'peek' | 'putNew'>;
  readonly endSessions: EndUpstreamSessions;
  readonly clock: Clock;
}): (client: UpstreamClient, token: string) => Promise<LogoutReceived> {
  const underWay = new Set<string>();

  return async (client, token) => {
    const logout = await client.verifyLogout(token);
    if (logout === null) return { ok: false };
    const { sid, subject, tokenId } = logout;
    const upstreamId = client.config.id;
    const nowMs = deps.clock.nowMs();
    const key = `jti ${upstreamId} ${createHash('sha256').update(tokenId, 'utf8').digest('base64url')}`;
    if (underWay.has(key)) return { ok: false };
    underWay.add(key);
    try {
      if ((await deps.oneTime.peek('upstream_logout', key, nowMs)) !== null) return { ok: false };
      const ended = await deps.endSessions({ upstreamId, subject, sid });
      // Used up afterwards: a store that fails here would not take the token's use back either. Ending twice ends no more than once.
      const item = { purpose: 'upstream_logout', key, payloadJson: 'null', expiresAtMs: nowMs + JTI_TTL_MS, nowMs } as const;
      return (await deps.oneTime.putNew(item)) ? { ok: true, ended } : { ok: false };
    } finally {
      underWay.delete(key);
    }
  };
}
