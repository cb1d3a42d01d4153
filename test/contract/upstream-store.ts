import { describe, expect, it } from 'vitest';
import { UPSTREAM_SWEEP_MAX, type UpstreamLink, type UpstreamSession, type UpstreamStore } from '#gateway/ports/upstream-store.ts';
import { personId } from '#test/support/people.ts';

const NOW = 1_000;
const someLink = (change: Partial<UpstreamLink> = {}): UpstreamLink => ({
  upstreamId: 'corp',
  subject: 'sub-ann',
  personId: personId('ann'),
  linkedAtMs: 900,
  ...change,
});
const someSession = (uid: string, change: Partial<UpstreamSession> = {}): UpstreamSession => ({
  upstreamId: 'corp',
  subject: 'sub-ann',
  sid: 'sid-1',
  personId: personId('ann'),
  sessionUid: uid,
  expiresAtMs: 9_000,
  ...change,
});

export function upstreamStoreContract(name: string, make: () => Promise<UpstreamStore>): void {
  describe(`UpstreamStore: ${name}`, () => {
    it('finds a link by its subject and by its person, at its own identity provider only', async () => {
      const store = await make();
      await store.addLink(someLink());
      expect(await store.linkOfSubject('corp', 'sub-ann')).toEqual(someLink());
      expect(await store.linkOfPerson('corp', personId('ann'))).toEqual(someLink());
      expect(await store.linkOfSubject('other', 'sub-ann')).toBeNull();
      expect(await store.linkOfPerson('other', personId('ann'))).toBeNull();
      expect(await store.linkOfSubject('corp', 'SUB-ANN')).toBeNull();
    });

    it('gives a subject one person and a person one subject', async () => {
      const store = await make();
      await store.addLink(someLink());
      await expect(store.addLink(someLink({ personId: personId('bob') }))).rejects.toMatchObject({ code: 'store.conflict' });
      await expect(store.addLink(someLink({ subject: 'sub-new' }))).rejects.toMatchObject({ code: 'store.conflict' });
      await store.addLink(someLink({ upstreamId: 'other' }));
      expect(await store.linkOfSubject('corp', 'sub-ann')).toEqual(someLink());
    });

    it('lets exactly one of ten concurrent links of a subject win', async () => {
      const store = await make();
      const tries = Array.from({ length: 10 }, (_, i) => store.addLink(someLink({ personId: personId(`p${String(i)}`) })));
      const settled = await Promise.allSettled(tries);
      expect(settled.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    });

    it('removes a link once, after which subject and person are free', async () => {
      const store = await make();
      await store.addLink(someLink());
      expect(await store.removeLink('other', personId('ann'))).toBe(false);
      expect(await store.removeLink('corp', personId('ann'))).toBe(true);
      expect(await store.removeLink('corp', personId('ann'))).toBe(false);
      await store.addLink(someLink({ personId: personId('bob') }));
    });

    it('takes the sessions of a subject, of a sid, and of both, once', async () => {
      const store = await make();
      await store.saveSession(someSession('1'), NOW);
      await store.saveSession(someSession('2', { sid: 'sid-2' }), NOW);
      await store.saveSession(someSession('3', { sid: null }), NOW);
      await store.saveSession(someSession('4', { subject: 'sub-bob', sid: 'sid-4' }), NOW);
      await store.saveSession(someSession('5', { upstreamId: 'other' }), NOW);
      const take = async (subject: string | null, sid: string | null) =>
        (await store.takeSessions({ upstreamId: 'corp', subject, sid }, NOW)).map(({ sessionUid }) => sessionUid);
      expect(await take('sub-bob', 'sid-1')).toEqual([]);
      expect(await take(null, 'sid-2')).toEqual(['2']);
      expect(await take(null, 'sid-2')).toEqual([]);
      expect(await take('sub-ann', null)).toEqual(['1', '3']);
      expect(await take(null, null)).toEqual([]);
      expect(await take('sub-bob', 'sid-4')).toEqual(['4']);
    });

    it('replaces what is known of a session, and gives it back whole', async () => {
      const store = await make();
      await store.saveSession(someSession('1'), NOW);
      const newer = someSession('1', { sid: 'sid-9', expiresAtMs: 12_000 });
      await store.saveSession(newer, NOW);
      expect(await store.takeSessions({ upstreamId: 'corp', subject: 'sub-ann', sid: null }, NOW)).toEqual([newer]);
    });

    it('does not give a session that has expired, at the millisecond', async () => {
      const store = await make();
      const which = { upstreamId: 'corp', subject: 'sub-ann', sid: null };
      await store.saveSession(someSession('1'), NOW);
      expect(await store.takeSessions(which, 9_000)).toEqual([]);
      expect(await store.takeSessions(which, 8_999)).toHaveLength(1);
    });

    it('clears away what has expired', async () => {
      const store = await make();
      for (let index = 0; index <= UPSTREAM_SWEEP_MAX; index += 1) await store.saveSession(someSession(`old ${String(index)}`), NOW);
      await store.saveSession(someSession('new', { expiresAtMs: 99_000 }), 9_000);
      await store.saveSession(someSession('new', { expiresAtMs: 99_000 }), 9_000);
      // They are gone, and not only hidden: seen at a time at which they were live.
      expect(await store.takeSessions({ upstreamId: 'corp', subject: 'sub-ann', sid: null }, NOW)).toHaveLength(1);
    });
  });
}
