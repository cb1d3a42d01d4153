import { describe, expect, it } from 'vitest';
import type { DeskLook } from '#gateway/domain/desk/desk-session.ts';
import type { DeskDeviceId, PersonId } from '#gateway/domain/site/ids.ts';
import type { DeskSessionStore } from '#gateway/ports/desk-session-store.ts';

const session = (sessionUid: string, change: { personId?: string; expiresAtMs?: number } = {}) => ({
  sessionUid,
  personId: (change.personId ?? 'usr_ann') as PersonId,
  expiresAtMs: change.expiresAtMs ?? 1_000,
});
const deviceId = 'dsk_a' as DeskDeviceId;
const look: DeskLook = { result: 'verified', band: 'standard', liveness: 'active', lookedAtMs: 7 };
const alternative = { kind: 'badge', givenAtMs: 9 } as const;

export function deskSessionStoreContract(name: string, make: () => Promise<DeskSessionStore>): void {
  describe(`DeskSessionStore: ${name}`, () => {
    it('returns what was bound, until the session ends', async () => {
      const sessions = await make();
      expect(await sessions.find('s', 0)).toBeNull();
      await sessions.bind(session('s'), { deviceId, look });
      expect(await sessions.find('s', 999)).toEqual({ ...session('s'), deviceId, look, alternative: null });
      expect(await sessions.find('s', 1_000)).toBeNull();
      expect(await sessions.find('other', 0)).toBeNull();
    });

    it('keeps a look when the computer says later only which one it is', async () => {
      const sessions = await make();
      await sessions.bind(session('s'), { deviceId, look });
      await sessions.bind(session('s', { expiresAtMs: 2_000 }), { deviceId, look: null });
      expect(await sessions.find('s', 1_500)).toMatchObject({ deviceId, look });
    });

    it('keeps no look of another computer, which may be revoked without this session', async () => {
      const sessions = await make();
      await sessions.giveAlternative(session('s'), alternative);
      await sessions.bind(session('s'), { deviceId, look });
      await sessions.bind(session('s'), { deviceId: 'dsk_b' as DeskDeviceId, look: null });
      expect(await sessions.find('s', 0)).toMatchObject({ deviceId: 'dsk_b', look: null, alternative });
    });

    it('keeps what was given in place of a face beside the look', async () => {
      const sessions = await make();
      await sessions.giveAlternative(session('s'), alternative);
      expect(await sessions.find('s', 0)).toEqual({ ...session('s'), deviceId: null, look: null, alternative });
      await sessions.bind(session('s'), { deviceId, look });
      expect(await sessions.find('s', 0)).toMatchObject({ look, alternative });
    });

    it('gives nobody what the person before them had in the same session', async () => {
      const sessions = await make();
      await sessions.bind(session('s'), { deviceId, look });
      await sessions.giveAlternative(session('s', { personId: 'usr_ben' }), alternative);
      expect(await sessions.find('s', 0)).toEqual({ ...session('s', { personId: 'usr_ben' }), deviceId: null, look: null, alternative });
    });

    it('lists the sessions of one computer that have not ended', async () => {
      const sessions = await make();
      for (const uid of ['a', 'b']) await sessions.bind(session(uid), { deviceId, look });
      await sessions.bind(session('c', { personId: 'usr_ben' }), { deviceId: 'dsk_b' as DeskDeviceId, look });
      await sessions.bind(session('d', { expiresAtMs: 10 }), { deviceId, look });
      await sessions.giveAlternative(session('e'), alternative);
      // Another computer answered in it since.
      await sessions.bind(session('b'), { deviceId: 'dsk_b' as DeskDeviceId, look: null });
      expect(await sessions.ofDevice(deviceId, 10)).toEqual([{ ...session('a'), deviceId, look, alternative: null }]);
      expect((await sessions.ofDevice('dsk_b' as DeskDeviceId, 10)).map(({ sessionUid }) => sessionUid).sort()).toEqual(['b', 'c']);
      expect(await sessions.ofDevice(deviceId, 1_000)).toEqual([]);
    });

    it('sweeps what expired, so many at a time', async () => {
      const sessions = await make();
      for (const uid of ['a', 'b', 'c']) await sessions.bind(session(uid, { expiresAtMs: 10 }), { deviceId, look });
      await sessions.bind(session('d', { expiresAtMs: 11 }), { deviceId, look });
      expect([await sessions.sweep(10, 2), await sessions.sweep(10, 2), await sessions.sweep(10, 2)]).toEqual([2, 1, 0]);
      expect(await sessions.find('d', 0)).not.toBeNull();
    });
  });
}
