import { describe, expect, it } from 'vitest';
import type { DeskDevice, KeptPosture } from '#gateway/domain/desk/desk-device.ts';
import type { PersonId } from '#gateway/domain/site/ids.ts';
import type { DeskDeviceStore } from '#gateway/ports/desk-device-store.ts';
import { someDeskDevice } from '#test/support/desk/devices.ts';

const ANN = 'usr_ann' as PersonId;
const BEN = 'usr_ben' as PersonId;
const LEFT = { atMs: 5, because: 'departed' } as const;
const device = (name: string, change: Partial<DeskDevice> = {}): DeskDevice => ({
  ...someDeskDevice(`dsk_${name}`, { personId: ANN, label: `Laptop ${name}`, keyKind: 'tpm', packHash: 'a'.repeat(64) }),
  ...change,
});
const posture = (observedAtMs: number, firewall: 'on' | 'off' = 'on'): KeptPosture => ({
  posture: {
    disk_encryption: 'on',
    firewall,
    screen_lock: 'unknown',
    secure_boot: 'off',
    os: { name: 'Debian', version: '12', age_days: 3 },
    networks: ['192.0.2.0/24'],
  },
  observedAtMs,
});

type Limits = { readonly devicesMax: number; readonly perPersonMax: number };

export function deskDeviceStoreContract(name: string, make: (limits?: Limits) => Promise<DeskDeviceStore>): void {
  describe(`DeskDeviceStore: ${name}`, () => {
    it('returns a computer with every field as it was added', async () => {
      const devices = await make();
      expect(await devices.find(device('a').id)).toBeNull();
      await devices.add(device('a', { posture: posture(5) }));
      await devices.add(device('b', { packHash: null, keyKind: 'file' }));
      expect(await devices.find(device('a').id)).toEqual(device('a', { posture: posture(5) }));
      expect(await devices.find(device('b').id)).toEqual(device('b', { packHash: null, keyKind: 'file' }));
    });

    it('lists all, and the active ones of a person', async () => {
      const devices = await make();
      await devices.add(device('a', { enrolledAtMs: 1 }));
      await devices.add(device('b', { enrolledAtMs: 2, personId: BEN }));
      await devices.add(device('c', { enrolledAtMs: 3 }));
      await devices.revoke(device('c').id, LEFT);
      expect((await devices.list()).map(({ label, status }) => `${label} ${status}`)).toEqual([
        'Laptop a active',
        'Laptop b active',
        'Laptop c revoked',
      ]);
      expect((await devices.ofPerson(ANN)).map(({ id }) => id)).toEqual([device('a').id]);
    });

    it('names whoever has an active one, once', async () => {
      const devices = await make();
      expect(await devices.owners()).toEqual([]);
      await devices.add(device('a'));
      await devices.add(device('b'));
      await devices.add(device('c', { personId: BEN }));
      expect([...(await devices.owners())].sort()).toEqual([ANN, BEN]);
      await devices.revoke(device('c').id, LEFT);
      expect(await devices.owners()).toEqual([ANN]);
    });

    it('revokes once and for good', async () => {
      const devices = await make();
      await devices.add(device('a'));
      expect(await devices.revoke(device('a').id, LEFT)).toBe(true);
      expect(await devices.revoke(device('a').id, { atMs: 7, because: 'operator' })).toBe(false);
      expect(await devices.setFace(device('a').id, { packHash: null, templateId: 'tpl_1' })).toBe(false);
      expect(await devices.keepPosture(device('a').id, posture(1))).toBe(false);
      expect(await devices.find(device('a').id)).toEqual(device('a', { status: 'revoked', revocation: LEFT }));
      expect(await devices.revoke(device('z').id, LEFT)).toBe(false);
    });

    it('takes another face from now on', async () => {
      const devices = await make();
      await devices.add(device('a'));
      expect(await devices.setFace(device('a').id, { packHash: 'b'.repeat(64), templateId: 'tpl_1' })).toBe(true);
      expect(await devices.find(device('a').id)).toEqual(device('a', { packHash: 'b'.repeat(64), templateId: 'tpl_1' }));
    });

    it('keeps the newest posture, whatever comes after it', async () => {
      const devices = await make();
      await devices.add(device('a'));
      expect(await devices.keepPosture(device('a').id, posture(10, 'off'))).toBe(true);
      expect(await devices.keepPosture(device('a').id, posture(10))).toBe(false);
      expect(await devices.keepPosture(device('a').id, posture(9))).toBe(false);
      expect((await devices.find(device('a').id))?.posture).toEqual(posture(10, 'off'));
      expect(await devices.keepPosture(device('a').id, posture(11))).toBe(true);
      expect((await devices.find(device('a').id))?.posture).toEqual(posture(11));
      expect(await devices.keepPosture(device('z').id, posture(1))).toBe(false);
    });

    it('takes no id twice, and no more than the most of all and of one person', async () => {
      const devices = await make({ devicesMax: 3, perPersonMax: 2 });
      await devices.add(device('a'));
      await expect(devices.add(device('a'))).rejects.toMatchObject({ code: 'store.conflict' });
      await devices.add(device('b'));
      await expect(devices.add(device('c'))).rejects.toMatchObject({ code: 'store.conflict' });
      await devices.revoke(device('b').id, LEFT);
      await devices.add(device('c'));
      await expect(devices.add(device('d', { personId: BEN }))).rejects.toMatchObject({ code: 'store.conflict' });
      expect(await devices.list()).toHaveLength(3);
    });
  });
}
