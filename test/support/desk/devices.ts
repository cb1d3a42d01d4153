import type { DeskDevice } from '#gateway/domain/desk/desk-device.ts';
import type { DeskDeviceId } from '#gateway/domain/site/ids.ts';
import { personId } from '../people.ts';

/** A computer of Ann's that has only its key. */
export const someDeskDevice = (id: string, change: Partial<DeskDevice> = {}): DeskDevice => ({
  id: id as DeskDeviceId,
  personId: personId('ann'),
  label: 'Laptop',
  publicKey: { kty: 'EC', crv: 'P-256', x: 'x'.repeat(43), y: 'y'.repeat(43) },
  keyKind: 'file',
  packHash: null,
  templateId: null,
  status: 'active',
  revocation: null,
  enrolledAtMs: 1,
  posture: null,
  ...change,
});
