import type { FaceQuestion, FaceRefusal } from '../domain/face/attestation.ts';
import type { FaceDeviceId, PersonId, ReaderId } from '../domain/site/ids.ts';

/** How long a terminal waits for the next task before it asks again, ms. */
export const FACE_TASK_WAIT_MS = 20_000;

/** What an operator wants of a terminal. */
export interface FaceOrder {
  readonly kind: 'enrol' | 'delete';
  readonly id: string;
  readonly deviceId: FaceDeviceId;
  readonly personId: PersonId;
  /** Of an enrolment: where the template is kept; absent = on the terminal. */
  readonly storage?: 'terminal' | 'carried';
}

export type FaceTask = { readonly kind: 'verify'; readonly question: FaceQuestion } | FaceOrder;

/** What a terminal says of its camera; `unknown` = a browser opens it, and only for a look. */
export type TerminalCamera = 'there' | 'lost' | 'unknown';

/** `unavailable`: it does not compare, is not there, or says no. `unusable`: it answered for something else, or too badly. */
export type ReaderEnrolment = { readonly ok: true } | { readonly ok: false; readonly code: 'timeout' | 'unavailable' | 'unusable' };

/** Where badges and terminals meet: the thread of the doors. */
export interface FacePoint {
  /**
   * What the terminal is to do next; null = nothing for now. Given again until it is answered, so that an answer lost on the way is no loss. A
   * later call of the same terminal ends an earlier one. One whose `camera` is lost is asked for no look, and what it was asked before is answered
   * with that.
   */
  next(deviceId: FaceDeviceId, camera?: TerminalCamera): Promise<FaceTask | null>;
  /** Takes an attestation (compact JWS). Null = it was taken. */
  attest(jws: string): Promise<FaceRefusal | null>;
  /** False when the terminal has too many orders already. */
  order(order: FaceOrder): Promise<boolean>;
  /** The order as it was; null = this terminal has no such order (any more). */
  finishOrder(deviceId: FaceDeviceId, orderId: string): Promise<FaceOrder | null>;
  /** Scans whoever stands at a reader that compares itself, for the person who agreed. Answers within ten seconds. @throws store.conflict */
  enrolAtReader(at: { readonly readerId: ReaderId; readonly personId: PersonId }): Promise<ReaderEnrolment>;
  /** Terminals that asked for their next task a moment ago. */
  listening(): Promise<readonly FaceDeviceId[]>;
}
