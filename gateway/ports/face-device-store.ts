import type { FaceDevice } from '../domain/face/face-device.ts';
import type { FaceDeviceId, ReaderId } from '../domain/site/ids.ts';

/** Face terminals, in the order in which they were enrolled. */
export interface FaceDeviceStore {
  /** @throws store.conflict the id is taken, or FACE_DEVICES_MAX are there */
  add(device: FaceDevice): Promise<void>;
  find(id: FaceDeviceId): Promise<FaceDevice | null>;
  /** The revoked included. */
  list(): Promise<readonly FaceDevice[]>;
  /** Those that are active. */
  ofReader(readerId: ReaderId): Promise<readonly FaceDevice[]>;
  /** For good. False when there is no such device, or it was revoked before. */
  revoke(id: FaceDeviceId): Promise<boolean>;
  /** Up to which of its entries made alone all is in the log; 0 = none. */
  journalSeq(id: FaceDeviceId): Promise<number>;
  /** To `seq`; never back. */
  advanceJournal(id: FaceDeviceId, seq: number): Promise<void>;
  /** Until when each may have a lease, ms, the revoked included; 0 = it was lent none, null = nobody knows: it is from before this was kept. */
  leaseEnds(): Promise<readonly { readonly id: FaceDeviceId; readonly untilMs: number | null }[]>;
  /** To `untilMs`; never back. */
  raiseLeaseEnd(id: FaceDeviceId, untilMs: number): Promise<void>;
  /** From now on another pack's word counts. False when there is no such active device. */
  allowPack(id: FaceDeviceId, packHash: string): Promise<boolean>;
}
