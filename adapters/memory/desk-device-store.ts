import { DESKS_MAX, DESKS_PER_PERSON_MAX, type DeskDevice } from '#gateway/domain/desk/desk-device.ts';
import { GatewayError } from '#gateway/domain/errors.ts';
import type { DeskDeviceId } from '#gateway/domain/site/ids.ts';
import type { DeskDeviceStore } from '#gateway/ports/desk-device-store.ts';

const LIMITS = { devicesMax: DESKS_MAX, perPersonMax: DESKS_PER_PERSON_MAX };

export function createMemoryDeskDeviceStore(limits = LIMITS): DeskDeviceStore {
  const devices = new Map<DeskDeviceId, DeskDevice>();
  const active = (id: DeskDeviceId): DeskDevice | null => {
    const device = devices.get(id);
    return device?.status === 'active' ? device : null;
  };
  const change = (id: DeskDeviceId, by: Partial<DeskDevice>): boolean => {
    const device = active(id);
    if (device !== null) devices.set(id, { ...device, ...by });
    return device !== null;
  };
  return {
    add: async (device) => {
      const own = [...devices.values()].filter(({ personId, status }) => personId === device.personId && status === 'active');
      if (devices.has(device.id) || devices.size >= limits.devicesMax || own.length >= limits.perPersonMax)
        throw new GatewayError('store.conflict', 'This computer is known already, or there are too many.');
      devices.set(device.id, device);
    },
    find: async (id) => devices.get(id) ?? null,
    list: async () => [...devices.values()],
    owners: async () => [...new Set([...devices.values()].filter(({ status }) => status === 'active').map(({ personId }) => personId))],
    ofPerson: async (personId) => [...devices.values()].filter((device) => device.personId === personId && device.status === 'active'),
    revoke: async (id, revocation) => change(id, { status: 'revoked', revocation }),
    setFace: async (id, { packHash, templateId }) => change(id, { packHash, templateId }),
    keepPosture: async (id, kept) => {
      const before = active(id)?.posture ?? null;
      return (before === null || before.observedAtMs < kept.observedAtMs) && change(id, { posture: kept });
    },
  };
}
