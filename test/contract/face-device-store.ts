import { describe, expect, it } from 'vitest';
import type { FaceDevice } from '#gateway/domain/face/face-device.ts';
import type { FaceDeviceId, ReaderId } from '#gateway/domain/site/ids.ts';
import type { FaceDeviceStore } from '#gateway/ports/face-device-store.ts';

const device = (name: string, change: Partial<FaceDevice> = {}): FaceDevice => ({
  id: `fdv_${name}` as FaceDeviceId,
  readerId: 'main-in' as ReaderId,
  label: `Terminal ${name}`,
  publicKey: { kty: 'EC', crv: 'P-256', x: 'x'.repeat(43), y: 'y'.repeat(43) },
  packHash: 'a'.repeat(64),
  status: 'active',
  enrolledAtMs: 1_700_000_000_000,
  ...change,
});

export function faceDeviceStoreContract(name: string, make: (limits?: { devicesMax: number }) => Promise<FaceDeviceStore>): void {
  describe(`FaceDeviceStore: ${name}`, () => {
    it('returns a device with every field as it was added', async () => {
      const devices = await make();
      expect(await devices.find(device('a').id)).toBeNull();
      await devices.add(device('a'));
      expect(await devices.find(device('a').id)).toEqual(device('a'));
    });

    it('lists all, and those that are active beside a reader', async () => {
      const devices = await make();
      await devices.add(device('a', { enrolledAtMs: 1 }));
      await devices.add(device('b', { enrolledAtMs: 2, readerId: 'lab-in' as ReaderId }));
      await devices.add(device('c', { enrolledAtMs: 3 }));
      await devices.revoke(device('c').id);
      expect((await devices.list()).map(({ label, status }) => `${label} ${status}`)).toEqual([
        'Terminal a active',
        'Terminal b active',
        'Terminal c revoked',
      ]);
      expect((await devices.ofReader('main-in' as ReaderId)).map(({ id }) => id)).toEqual([device('a').id]);
    });

    it('revokes once and for good', async () => {
      const devices = await make();
      await devices.add(device('a'));
      expect(await devices.revoke(device('a').id)).toBe(true);
      expect(await devices.revoke(device('a').id)).toBe(false);
      expect(await devices.allowPack(device('a').id, 'b'.repeat(64))).toBe(false);
      expect(await devices.find(device('a').id)).toMatchObject({ status: 'revoked', packHash: 'a'.repeat(64) });
      expect(await devices.revoke(device('z').id)).toBe(false);
    });

    it('allows another pack from now on', async () => {
      const devices = await make();
      await devices.add(device('a'));
      expect(await devices.allowPack(device('a').id, 'b'.repeat(64))).toBe(true);
      expect((await devices.find(device('a').id))?.packHash).toBe('b'.repeat(64));
    });

    it('counts up to which entry a terminal has told, and never back', async () => {
      const devices = await make();
      await devices.add(device('a'));
      expect(await devices.journalSeq(device('a').id)).toBe(0);
      await devices.advanceJournal(device('a').id, 7);
      await devices.advanceJournal(device('a').id, 3);
      expect(await devices.journalSeq(device('a').id)).toBe(7);
      await devices.advanceJournal(device('z').id, 7);
      expect(await devices.journalSeq(device('z').id)).toBe(0);
    });

    it('keeps until when a terminal may have a lease, and never shortens it', async () => {
      const devices = await make();
      await devices.add(device('a'));
      await devices.add(device('b'));
      expect(await devices.leaseEnds()).toEqual([
        { id: device('a').id, untilMs: 0 },
        { id: device('b').id, untilMs: 0 },
      ]);
      await devices.raiseLeaseEnd(device('b').id, 9);
      await devices.raiseLeaseEnd(device('b').id, 4);
      await devices.raiseLeaseEnd(device('z').id, 9);
      await devices.revoke(device('b').id);
      expect(await devices.leaseEnds()).toEqual([
        { id: device('a').id, untilMs: 0 },
        { id: device('b').id, untilMs: 9 },
      ]);
    });

    it('takes no id twice, and no more than the most', async () => {
      const devices = await make({ devicesMax: 2 });
      await devices.add(device('a'));
      await expect(devices.add(device('a'))).rejects.toMatchObject({ code: 'store.conflict' });
      await devices.add(device('b'));
      await expect(devices.add(device('c'))).rejects.toMatchObject({ code: 'store.conflict' });
      expect(await devices.list()).toHaveLength(2);
    });
  });
}
