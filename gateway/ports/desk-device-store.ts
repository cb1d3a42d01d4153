import type { DeskDevice, DeskRevocation, KeptPosture } from '../domain/desk/desk-device.ts';
import type { DeskDeviceId, PersonId } from '../domain/site/ids.ts';

/** Computers with a desk agent, in the order in which they were enrolled. */
export interface DeskDeviceStore {
  /** @throws store.conflict the id is taken, the person has DESKS_PER_PERSON_MAX active ones, or DESKS_MAX are there */
  add(device: DeskDevice): Promise<void>;
  find(id: DeskDeviceId): Promise<DeskDevice | null>;
  /** The revoked included. */
  list(): Promise<readonly DeskDevice[]>;
  /** Whoever has an active one, once each. */
  owners(): Promise<readonly PersonId[]>;
  /** Those that are active. */
  ofPerson(personId: PersonId): Promise<readonly DeskDevice[]>;
  /** For good. False when there is no such device, or it was revoked before. */
  revoke(id: DeskDeviceId, revocation: DeskRevocation): Promise<boolean>;
  /** From now on this face of this pack counts, or none. False when there is no such active device. */
  setFace(id: DeskDeviceId, face: Pick<DeskDevice, 'packHash' | 'templateId'>): Promise<boolean>;
  /** Only in place of an older one: false when a newer one is kept, or there is no such active device. */
  keepPosture(id: DeskDeviceId, kept: KeptPosture): Promise<boolean>;
}
