import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createMemoryOidcStore } from '#adapters/memory/oidc-store.ts';
import type { PersonId } from '#gateway/domain/site/ids.ts';
import { createEndedSessions, ENDED_SESSIONS_MAX } from '#gateway/oidc/sessions/ended-sessions.ts';
import { createLiveSessions } from '#gateway/oidc/sessions/live-sessions.ts';
import type { OidcStore } from '#gateway/ports/oidc-store.ts';
import { createStorageRig } from '#test/support/oidc/storage-rig.ts';

it('remembers as many ends as its limit, and forgets the oldest for one more', () => {
  const ended = createEndedSessions();
  for (let index = 0; index < ENDED_SESSIONS_MAX; index += 1) ended.add(`u${String(index)}`);
  expect(ended.has('u0')).toBe(true);
  ended.add('u0');
  ended.add('one-more');
  expect([ended.has('u0'), ended.has('u1'), ended.has('u2'), ended.has('one-more')]).toEqual([true, false, true, true]);
});

const ANN = 'person_ann' as PersonId;

/** Ends sessions of that storage; nobody is told. */
const endsOf = (rig: ReturnType<typeof createStorageRig>) =>
  createLiveSessions({ ...rig, provider: () => ({ Client: { find: async () => undefined } }) } as never);

/** A store whose calls take effect one by one, when the test says so and in the order of its choice. */
function createSteppedStore(s: fc.Scheduler): OidcStore {
  const inner = createMemoryOidcStore();
  const late =
    <Args extends unknown[], Result>(call: (...args: Args) => Promise<Result>) =>
    (...args: Args): Promise<Result> =>
      s.schedule(Promise.resolve()).then(() => call(...args));
  return {
    ...inner,
    upsert: late((...args: Parameters<OidcStore['upsert']>) => inner.upsert(...args)),
    destroy: late((...args: Parameters<OidcStore['destroy']>) => inner.destroy(...args)),
    destroyOfPerson: late((...args: Parameters<OidcStore['destroyOfPerson']>) => inner.destroyOfPerson(...args)),
  };
}

describe('a request that is under way while its session is ended', () => {
  const waysToEnd = ['endOne', 'endAllOf'] as const;

  it.each(waysToEnd)('does not bring it back, in whatever order things happen (%s)', async (way) => {
    await fc.assert(
      fc.asyncProperty(fc.scheduler(), fc.array(fc.boolean(), { minLength: 1, maxLength: 4 }), async (s, changesId) => {
        const rig = createStorageRig({ store: createSteppedStore(s) });
        const session = rig.adapterOf('Session');
        const live = endsOf(rig);
        const write = (jti: string) => session.upsert(jti, { jti, uid: 'u1', accountId: ANN }, 60);
        const begun = write('s0');
        await s.waitFor(begun);

        // Requests of the same browser; some give the session another id, as a sign-in does.
        const requests = changesId.map(async (isNewId, index) => {
          if (isNewId) await session.destroy('s0');
          await write(isNewId ? `s${String(index + 1)}` : 's0');
        });
        const ended = way === 'endOne' ? live.endOne(ANN, 'u1', 'closed') : live.endAllOf(ANN, 'closed');
        await s.waitFor(Promise.all([...requests, ended]));

        // Whoever asked to end it was told that it has, or that there was none at that moment.
        if (way === 'endAllOf' || (await ended) !== null) expect(await rig.store.findByUid('Session', 'u1', rig.clock.nowMs())).toBeNull();
      }),
    );
  });

  it('leaves another session of the person as it is', async () => {
    const { adapterOf, endedSessions } = createStorageRig();
    endedSessions.add('u1');
    const adapter = adapterOf('Session');
    await adapter.upsert('s2', { jti: 's2', uid: 'u2', accountId: ANN }, 60);
    expect(await adapter.find('s2')).toBeDefined();
  });
});

describe('a session whose end was cut off by the store', () => {
  const setUp = async (failing: 'destroy' | 'destroyByGrant') => {
    let failures = 1;
    const inner = createMemoryOidcStore();
    const store: OidcStore = {
      ...inner,
      [failing]: async (...args: [string, string]) => {
        failures -= 1;
        if (failures >= 0) throw new Error('the disk is full');
        return inner[failing](...args);
      },
    };
    const rig = createStorageRig({ store });
    const { adapterOf, clock } = rig;
    const authorizations = { wiki: { grantId: 'g1', startedAtMs: 5, sid: 'sid' } };
    await adapterOf('Grant').upsert('g1', { accountId: ANN, clientId: 'wiki' }, 60);
    await adapterOf('Session').upsert('s1', { jti: 's1', uid: 'u1', accountId: ANN, authorizations }, 60);
    return { adapterOf, clock, live: endsOf(rig), store };
  };

  it.each(['destroy', 'destroyByGrant'] as const)(
    "is nobody's at once, and is ended with its grants by trying again (%s fails)",
    async (failing) => {
      const { adapterOf, clock, live, store } = await setUp(failing);
      expect(await adapterOf('Session').find('s1')).toBeDefined();
      await expect(live.endOne(ANN, 'u1', 'closed')).rejects.toThrow('the disk is full');
      expect([await adapterOf('Session').find('s1'), await adapterOf('Session').findByUid('u1')]).toEqual([undefined, undefined]);
      expect(await live.endOne(ANN, 'u1', 'closed')).toMatchObject({ sessions: 1 });
      expect(await store.find('Grant', 'g1', clock.nowMs())).toBeNull();
      expect(await store.ofPerson('Grant', ANN, clock.nowMs())).toEqual([]);
      expect(await live.endOne(ANN, 'u1', 'closed')).toBeNull();
    },
  );
});

describe('an app that is ended for a person', () => {
  it('does not come back with a sign-in to another app in the same browser that had read the session before', async () => {
    const rig = createStorageRig({ appIdOf: (clientId) => clientId });
    const adapter = rig.adapterOf('Session');
    const live = endsOf(rig);
    const session = { jti: 's1', uid: 'u1', accountId: ANN, authorizations: { wiki: { grantId: 'g1', startedAtMs: 5 } } };
    await adapter.upsert('s1', session, 60);
    expect(await live.endAppOf(ANN, 'wiki' as never, 'grant.missing')).toMatchObject({ sessions: 1 });
    await adapter.upsert('s1', { ...session, authorizations: { ...session.authorizations, mail: { grantId: 'g2' } } }, 60);
    expect(Object.keys((await adapter.find('s1'))?.authorizations ?? {})).toEqual(['mail']);
  });
});
