import { describe, expect, it } from 'vitest';
import type { DecisionId, DeskDeviceId, SessionId, VpnRealmId } from '#gateway/domain/site/ids.ts';
import { VPN_SESSIONS_PER_PERSON_MAX, type VpnSession, type VpnSessionStore } from '#gateway/ports/vpn-session-store.ts';
import { personId } from '#test/support/people.ts';

const STAFF = 'staff' as VpnRealmId;
const GUESTS = 'guests' as VpnRealmId;

const someSession = (name: string, change: Partial<VpnSession> = {}): VpnSession => ({
  id: `vpn_${name}` as SessionId,
  realmId: STAFF,
  personId: personId('ann'),
  userName: 'ann@example.test',
  serverSessionId: `server ${name}`,
  startedAtMs: 1_000,
  seenAtMs: 1_000,
  ip: '203.0.113.9',
  authentication: { amr: ['hwk', 'user'], acr: 'urn:gatehouse:acr:passkey', userVerified: true, authenticatedAtMs: 900 },
  decisionId: 'dec_1' as DecisionId,
  correlation: 'vpn_flow',
  deviceId: 'dsk_laptop' as DeskDeviceId,
  nas: '192.0.2.10',
  ...change,
});

export function vpnSessionStoreContract(name: string, make: () => Promise<VpnSessionStore>): void {
  describe(`VpnSessionStore: ${name}`, () => {
    it('finds a session by realm and the server’s own name, with everything that is known about it', async () => {
      const store = await make();
      const unknown = someSession('2', { authentication: null, decisionId: null, deviceId: null, ip: null, nas: null });
      expect(await store.start(someSession('1'))).toBe('started');
      expect(await store.start(unknown)).toBe('started');
      expect(await store.find(STAFF, 'server 1')).toEqual(someSession('1'));
      expect(await store.find(STAFF, 'server 2')).toEqual(unknown);
      expect(await store.find(GUESTS, 'server 1')).toBeNull();
      expect(await store.find(STAFF, 'server 3')).toBeNull();
    });

    it('starts a session once, however often the server says so, and the same name in another realm is another session', async () => {
      const store = await make();
      await store.start(someSession('1'));
      expect(await store.start(someSession('again', { serverSessionId: 'server 1', personId: personId('bob') }))).toBe('known');
      expect(await store.find(STAFF, 'server 1')).toEqual(someSession('1'));
      expect(await store.start(someSession('other', { serverSessionId: 'server 1', realmId: GUESTS }))).toBe('started');
    });

    it('keeps as many sessions of a person as allowed and refuses one more; another person has room', async () => {
      const store = await make();
      for (let index = 1; index <= VPN_SESSIONS_PER_PERSON_MAX; index += 1) {
        expect(await store.start(someSession(String(index)))).toBe('started');
      }
      expect(await store.start(someSession('more'))).toBe('full');
      expect(await store.ofPerson(personId('ann'))).toHaveLength(VPN_SESSIONS_PER_PERSON_MAX);
      expect(await store.start(someSession('bob', { personId: personId('bob') }))).toBe('started');
    });

    it('lets one of many concurrent starts of one session win', async () => {
      const store = await make();
      const starts = Array.from({ length: 10 }, (_, index) => store.start(someSession(String(index), { serverSessionId: 'one' })));
      expect((await Promise.all(starts)).sort()).toEqual([...Array.from({ length: 9 }, () => 'known'), 'started']);
    });

    it('notes signs of life of sessions that live', async () => {
      const store = await make();
      await store.start(someSession('1'));
      expect(await store.seen('vpn_1' as SessionId, 5_000)).toBe(true);
      expect(await store.find(STAFF, 'server 1')).toEqual(someSession('1', { seenAtMs: 5_000 }));
      expect(await store.seen('vpn_2' as SessionId, 5_000)).toBe(false);
    });

    it('lists a person’s sessions, oldest first', async () => {
      const store = await make();
      await store.start(someSession('late', { startedAtMs: 3_000 }));
      await store.start(someSession('early', { startedAtMs: 2_000 }));
      await store.start(someSession('bob', { personId: personId('bob') }));
      expect((await store.ofPerson(personId('ann'))).map(({ id }) => id)).toEqual(['vpn_early', 'vpn_late']);
    });

    it('lists a realm’s sessions, oldest first', async () => {
      const store = await make();
      await store.start(someSession('late', { startedAtMs: 3_000 }));
      await store.start(someSession('early', { startedAtMs: 2_000, personId: personId('bob') }));
      await store.start(someSession('elsewhere', { realmId: GUESTS }));
      expect((await store.ofRealm(STAFF)).map(({ id }) => id)).toEqual(['vpn_early', 'vpn_late']);
    });

    it('ends a session once', async () => {
      const store = await make();
      await store.start(someSession('1'));
      expect(await store.end('vpn_1' as SessionId)).toEqual(someSession('1'));
      expect(await store.end('vpn_1' as SessionId)).toBeNull();
      expect(await store.find(STAFF, 'server 1')).toBeNull();
    });

    it('ends what a realm has not heard of since, in bounded steps', async () => {
      const store = await make();
      await store.start(someSession('1', { seenAtMs: 1_000 }));
      await store.start(someSession('2', { seenAtMs: 1_999, startedAtMs: 1_001 }));
      await store.start(someSession('live', { seenAtMs: 2_000 }));
      await store.start(someSession('elsewhere', { realmId: GUESTS }));
      expect((await store.endSilent(STAFF, 2_000, 1)).map(({ id }) => id)).toEqual(['vpn_1']);
      expect((await store.endSilent(STAFF, 2_000, 10)).map(({ id }) => id)).toEqual(['vpn_2']);
      expect(await store.endSilent(STAFF, 2_000, 10)).toEqual([]);
      expect((await store.ofPerson(personId('ann'))).map(({ id }) => id)).toEqual(['vpn_elsewhere', 'vpn_live']);
    });
  });
}
