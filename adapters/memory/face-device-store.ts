import { GatewayError } from '#gateway/domain/errors.ts';
import { FACE_DEVICES_MAX, type FaceDevice } from '#gateway/domain/face/face-device.ts';
import type { FaceDeviceId } from '#gateway/domain/site/ids.ts';
import type { FaceDeviceStore } from '#gateway/ports/face-device-store.ts';

export function createMemoryFaceDeviceStore(limits = { devicesMax: FACE_DEVICES_MAX }): FaceDeviceStore {
  const devices = new Map<FaceDeviceId, FaceDevice>();
  const journals = new Map<FaceDeviceId, number>();
  const leaseEnds = new Map<FaceDeviceId, number>();
  const change = (id: FaceDeviceId, by: Partial<FaceDevice>): boolean => {
    const device = devices.get(id);
    if (device?.status !== 'active') return false;
    devices.set(id, { ...device, ...by });
    return true;
  };
  return {
    add: async (device) => {
      if (devices.has(device.id) || devices.size >= limits.devicesMax)
        throw new GatewayError('store.conflict', 'This terminal is known already, or there are too many.');
      devices.set(device.id, device);
    },
    find: async (id) => devices.get(id) ?? null,
    list: async () => [...devices.values()],
    ofReader: async (readerId) => [...devices.values()].filter((device) => device.readerId === readerId && device.status === 'active'),
    revoke: async (id) => change(id, { status: 'revoked' }),
    journalSeq: async (id) => journals.get(id) ?? 0,
    advanceJournal: async (id, seq) => {
      if (devices.has(id)) journals.set(id, Math.max(seq, journals.get(id) ?? 0));
    },
    leaseEnds: async () => [...devices.keys()].map((id) => ({ id, untilMs: leaseEnds.get(id) ?? 0 })),
    raiseLeaseEnd: async (id, untilMs) => {
      if (devices.has(id)) leaseEnds.set(id, Math.max(untilMs, leaseEnds.get(id) ?? 0));
    },
    allowPack: async (id, packHash) => change(id, { packHash }),
  };
}
