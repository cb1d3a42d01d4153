import type { DecisionId, DoorId } from '../domain/site/ids.ts';
import type { FacePoint } from './face-point.ts';
import type { PolicyPoint } from './policy-point.ts';
import type { ReaderOperations } from './reader-operations.ts';
import type { ReaderWatch } from './reader-watch.ts';

export type ReleaseResult =
  { readonly ok: true } | { readonly ok: false; readonly code: 'door.unknown' | 'door.reader_offline' | 'door.refused' | 'door.node_lost' };

/** The enforcement point that drives the doors: readers, door state machines and a policy instance of its own. */
export interface DoorNode {
  /** Releases the lock once, for the door's release time. The permit was decided and recorded before (`decisionId`). */
  release(doorId: DoorId, decisionId: DecisionId): Promise<ReleaseResult>;
  /**
   * Resolves when every new decision of the node is made under `epoch` or a later one.
   * @throws store.unavailable the node does not answer; what it enforces is then unknown.
   */
  applyEpoch(epoch: number): Promise<{ readonly epoch: number; readonly doors: number }>;
  /** Tells the node that grants or profiles changed: it rebuilds the policy's data before it acknowledges. */
  reloadGrants(): Promise<void>;
  /** Its policy. @throws store.unavailable the node does not answer. */
  readonly policyPoint: PolicyPoint;
  /** Its readers and their lines. @throws store.unavailable the node does not answer. */
  readonly watch: ReaderWatch;
  /** What operators do to readers. @throws store.unavailable the node does not answer. */
  readonly operations: ReaderOperations;
  /** Its terminals for faces. @throws store.unavailable the node does not answer. */
  readonly faces: FacePoint;
  /** `lost` when the node's thread ended: every door is then of unknown state. */
  status(): { readonly state: 'online' | 'lost'; readonly epoch: number };
  stop(): Promise<void>;
}
