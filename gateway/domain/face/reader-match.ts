import type { DecisionContext } from '../access/decision-input.ts';
import { NO_FACE } from '../access/input-facts.ts';
import type { PersonId } from '../site/ids.ts';
import type { ReaderBiometrics } from '../site/site.ts';

/** Longest template that a reader may give or is sent, bytes: with its head it stays within one frame of OSDP. */
export const READER_TEMPLATE_BYTES_MAX = 1_024;
/** Templates of one installation. */
export const READER_TEMPLATES_MAX = 100_000;
/** As for a face that a terminal keeps, ms: two years. */
export { FACE_TEMPLATE_LIFE_MS as READER_TEMPLATE_LIFE_MS } from './enrolled-template.ts';

/** What a person's finger or face is at readers of one kind: a template of another type or format is compared with nothing. */
export interface ReaderTemplate {
  readonly personId: PersonId;
  /** As osdp_BIOREAD numbers them. */
  readonly type: number;
  readonly format: number;
  readonly enrolledAtMs: number;
  readonly expiresAtMs: number;
}

/** osdp_BIOMATCHR, or why there was none. */
export type ReaderScore =
  | { readonly ok: true; readonly reader: number; readonly status: 'compared' | 'timeout' | 'failed'; readonly score: number }
  | { readonly ok: false; readonly code: 'timeout' | 'unavailable' };

export type ReaderMatchFault = 'face.unavailable' | 'face.timeout' | 'face.wrong_binding' | 'face.attestation_invalid';

export type ReaderMatch =
  | { readonly ok: true; readonly face: DecisionContext['face']; readonly isOther: boolean }
  | { readonly ok: false; readonly code: ReaderMatchFault };

/** The reader number inside a device that we ask; there is no second one at a door. */
export const READER_NUMBER = 0;

/**
 * What a reader's answer is worth. The score is its maker's own: only the installer's thresholds say what it proves, and it says nothing about
 * life beyond what the installer vouches for.
 */
export function judgeReaderScore(answer: ReaderScore, { liveness, scores }: ReaderBiometrics): ReaderMatch {
  if (!answer.ok) return { ok: false, code: answer.code === 'timeout' ? 'face.timeout' : 'face.unavailable' };
  if (answer.reader !== READER_NUMBER) return { ok: false, code: 'face.wrong_binding' };
  if (answer.status === 'timeout') return { ok: false, code: 'face.timeout' };
  if (answer.status === 'failed') return { ok: false, code: 'face.attestation_invalid' };
  const band = answer.score >= scores.high ? 'high' : answer.score >= scores.standard ? 'standard' : 'none';
  const verified = band !== 'none';
  const face = { ...NO_FACE, known: true, verified, score_band: band, liveness: verified ? liveness : 'none', source: 'reader' } as const;
  return { ok: true, isOther: !verified, face };
}
