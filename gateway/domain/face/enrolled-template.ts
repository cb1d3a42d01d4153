import type { FaceDeviceId, PersonId } from '../site/ids.ts';

/** Entries of the book of templates; the deleted ones among them, whose receipts are evidence. */
export const FACE_TEMPLATES_MAX = 100_000;

/** Then a face is enrolled anew, ms: two years. */
export const FACE_TEMPLATE_LIFE_MS = 2 * 365 * 86_400_000;

/** That a terminal keeps a template of a person, or has deleted it. Nothing of the face is in it. */
export interface EnrolledTemplate {
  /** As the terminal named it. */
  readonly id: string;
  readonly personId: PersonId;
  readonly deviceId: FaceDeviceId;
  /** Where it is kept: on the terminal, or carried by the person, sealed for the gateway's key. */
  readonly storage: 'terminal' | 'carried';
  readonly packHash: string;
  readonly enrolledAtMs: number;
  /** Then it opens nothing any more. */
  readonly expiresAtMs: number;
  /** Since when it is to be deleted, because the person has left; null = it is not. */
  readonly deletionOrderedAtMs: number | null;
  /** `replaced`: enrolled anew on the same terminal, which overwrote the key of the one before. */
  readonly status: 'kept' | 'replaced' | 'deleted';
  readonly endedAtMs: number | null;
  /** The terminal's signed word that it is deleted, or replaced (compact JWS); null while it is kept. */
  readonly receipt: string | null;
}
