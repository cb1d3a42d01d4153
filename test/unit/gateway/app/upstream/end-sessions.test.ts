import { expect, it } from 'vitest';
import { createMemoryStores } from '#adapters/memory/create-memory-stores.ts';
import { createEndUpstreamSessions } from '#gateway/app/upstream/sessions.ts';
import { GatewayError } from '#gateway/domain/errors.ts';
import { personId } from '#test/support/people.ts';

it('finds a session that could not be ended again at the next attempt, and no other', async () => {
  const { oneTime, upstream } = createMemoryStores();
  for (const sessionUid of ['uid-1', 'uid-2']) {
    await upstream.saveSession(
      { upstreamId: 'corp', subject: 'sub-ann', sid: null, personId: personId('ann'), sessionUid, expiresAtMs: 9_000 },
      1_000,
    );
  }
  const asked: string[] = [];
  let isBroken = true;
  const end = createEndUpstreamSessions({
    oneTime,
    sessions: upstream,
    clock: { nowMs: () => 1_000, monotonicUs: () => 0 },
    liveSessions: {
      endOne: (_personId, sessionUid) => {
        asked.push(sessionUid);
        return isBroken && sessionUid === 'uid-2'
          ? Promise.reject(new GatewayError('store.unavailable', 'busy'))
          : Promise.resolve({ sessions: 1, tokens: 0, logoutTokensSent: 0, logoutTokensAcknowledged: 0 });
      },
    },
  });
  const all = { upstreamId: 'corp', subject: 'sub-ann', sid: null };
  await expect(end(all)).rejects.toThrow(GatewayError);
  isBroken = false;
  expect(await end(all)).toBe(1);
  expect(asked).toEqual(['uid-1', 'uid-2', 'uid-2']);
  expect(await end(all)).toBe(0);
});
