import type { FaceRefusal } from '#gateway/domain/face/attestation.ts';
import type { FaceOrder, FaceTask, ReaderEnrolment, TerminalCamera } from '#gateway/ports/face-point.ts';
import type { ReleaseResult } from '#gateway/ports/door-node.ts';
import type { ShadowReport } from '#gateway/ports/policy-point.ts';
import type { BeginOutcome, OperationOrder, OperationView, ReaderCondition } from '#gateway/ports/reader-operations.ts';
import type { LineStatus, ReaderStatus, WatchedFrames } from '#gateway/ports/reader-watch.ts';
import type { DecisionId, DoorId, FaceDeviceId, PersonId, ReaderId } from '#gateway/domain/site/ids.ts';

/** What the gateway's main thread asks of the door thread. Both ends are the same build: messages need no schema. */
export type DoorCall =
  | { readonly kind: 'release'; readonly doorId: DoorId; readonly decisionId: DecisionId }
  | { readonly kind: 'apply_epoch'; readonly epoch: number }
  | { readonly kind: 'reload_grants' }
  | { readonly kind: 'readers' }
  | { readonly kind: 'reader_lines' }
  | { readonly kind: 'reader_frames'; readonly readerId: ReaderId; readonly afterSeq: number }
  | { readonly kind: 'operation_begin'; readonly order: OperationOrder }
  | { readonly kind: 'operation_find'; readonly operationId: string }
  | { readonly kind: 'operation_list' }
  | { readonly kind: 'operation_cancel'; readonly operationId: string }
  | { readonly kind: 'reader_conditions' }
  | { readonly kind: 'policy_prepare'; readonly revisionId: string }
  | { readonly kind: 'policy_swap'; readonly revisionId: string }
  | { readonly kind: 'policy_shadow'; readonly revisionId: string | null }
  | { readonly kind: 'policy_shadow_report' }
  | { readonly kind: 'face_next'; readonly deviceId: FaceDeviceId; readonly camera: TerminalCamera }
  | { readonly kind: 'face_attest'; readonly jws: string }
  | { readonly kind: 'face_order'; readonly order: FaceOrder }
  | { readonly kind: 'face_finish'; readonly deviceId: FaceDeviceId; readonly orderId: string }
  | { readonly kind: 'face_listening' }
  | { readonly kind: 'face_enrol'; readonly readerId: ReaderId; readonly personId: PersonId }
  | { readonly kind: 'stop' };

export interface DoorCallMessage {
  readonly id: number;
  readonly call: DoorCall;
}

/** Asked now and then; answered by `alive` as soon as the thread's event loop comes round. */
export interface DoorHeartbeat {
  readonly kind: 'heartbeat';
}

/** `started` comes once, when the readers are driven; answers carry the id of their call and the epoch applied so far. */
export type DoorReply =
  | { readonly kind: 'started'; readonly epoch: number }
  | {
      readonly kind: 'answer';
      readonly id: number;
      readonly epoch: number;
      readonly value:
        | ReleaseResult
        | { readonly doors: number }
        | { readonly readers: readonly ReaderStatus[] }
        | { readonly lines: readonly LineStatus[] }
        | WatchedFrames
        | { readonly begun: BeginOutcome }
        | { readonly operation: OperationView | null }
        | { readonly operations: readonly OperationView[] }
        | { readonly cancelled: boolean }
        | { readonly conditions: readonly ReaderCondition[] }
        | { readonly shadow: ShadowReport }
        | { readonly task: FaceTask | null }
        | { readonly refusal: FaceRefusal | null }
        | { readonly ordered: boolean }
        | { readonly finished: FaceOrder | null }
        | { readonly listening: readonly FaceDeviceId[] }
        | { readonly enrolment: ReaderEnrolment }
        | null;
    }
  | { readonly kind: 'failed'; readonly id: number }
  | { readonly kind: 'alive' };
