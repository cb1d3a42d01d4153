import { z } from 'zod';
import type { DecisionContext } from '../access/decision-input.ts';
import { NO_FACE } from '../access/input-facts.ts';
import type { DoorId, FaceDeviceId, PersonId, ReaderId } from '../site/ids.ts';
import { packHashSchema, type FaceDevice } from './face-device.ts';

/** Longest life of an attestation, and of the question it answers, ms. */
export const ATTESTATION_LIFE_MS_MAX = 10_000;
/** The terminal counts from the time in the question: only the drift of its crystal within ten seconds is left. */
const ATTESTATION_SKEW_MS_MAX = 500;

/** `typ` of the JWS: nothing else that a terminal signs is taken for one. */
export const ATTESTATION_TYPE = 'gatehouse-face+jwt';

const id = z.string().min(1).max(128);

/** What a terminal says of one comparison. No picture, no template and no score: bands only. */
export const faceAttestationSchema = z.strictObject({
  device: id,
  subject: id,
  door: id,
  reader: id,
  nonce: z.string().regex(/^[0-9a-f]{32}$/),
  result: z.enum([
    'verified',
    'no_match',
    'not_live',
    'challenge_failed',
    'identity_changed',
    'frozen_picture',
    'several_faces',
    'poor_quality',
    'no_face',
    'not_enrolled',
    'camera_unavailable',
  ]),
  band: z.enum(['below', 'low', 'standard', 'high']),
  liveness: z.enum(['none', 'passive', 'active']),
  pack: packHashSchema,
  issued_at_ms: z.int().min(0),
  expires_at_ms: z.int().min(0),
});
export type FaceAttestation = z.infer<typeof faceAttestationSchema>;

/** The question of one badge at one reader. */
export interface FaceQuestion {
  /** 16 random bytes, hex; good for one answer. */
  readonly nonce: string;
  readonly deviceId: FaceDeviceId;
  readonly personId: PersonId;
  readonly doorId: DoorId;
  readonly readerId: ReaderId;
  /** The gateway's clock; the terminal counts on from it. */
  readonly askedAtMs: number;
  readonly withinMs: number;
}

/** Why the answer to an open question is none: the reason of the deny. */
export type AttestationFault =
  'face.device_revoked' | 'face.wrong_binding' | 'face.pack_not_allowed' | 'face.attestation_stale' | 'face.attestation_invalid';

/** Why a terminal's word became no fact. What is about no open question changes nothing for anybody. */
export type FaceRefusal = AttestationFault | 'face.device_unknown' | 'face.signature_invalid' | 'face.replayed' | 'face.nonce_unknown';

/** Whether an attestation whose signature was verified answers this question. Null = it does. */
export function findAttestationFault(
  attestation: FaceAttestation,
  question: FaceQuestion,
  { device, nowMs }: { readonly device: FaceDevice; readonly nowMs: number },
): AttestationFault | null {
  if (device.status !== 'active') return 'face.device_revoked';
  if (!isBound(attestation, question, device)) return 'face.wrong_binding';
  if (attestation.pack !== device.packHash) return 'face.pack_not_allowed';
  if (!isFresh(attestation, question, nowMs)) return 'face.attestation_stale';
  return isConsistent(attestation) ? null : 'face.attestation_invalid';
}

function isBound({ device: deviceId, door, nonce, reader, subject }: FaceAttestation, question: FaceQuestion, device: FaceDevice): boolean {
  return (
    nonce === question.nonce &&
    deviceId === device.id &&
    question.deviceId === device.id &&
    device.readerId === question.readerId &&
    reader === question.readerId &&
    door === question.doorId &&
    subject === question.personId
  );
}

function isFresh(attestation: FaceAttestation, { askedAtMs, withinMs }: FaceQuestion, nowMs: number): boolean {
  return answersInTime(attestation, askedAtMs, nowMs) && nowMs - askedAtMs <= withinMs;
}

/** Whether it was said after the question and not before its time, lives no longer than it may, and still does. */
export function answersInTime(
  { expires_at_ms, issued_at_ms }: Pick<FaceAttestation, 'issued_at_ms' | 'expires_at_ms'>,
  askedAtMs: number,
  nowMs: number,
): boolean {
  const lifeMs = expires_at_ms - issued_at_ms;
  if (lifeMs <= 0 || lifeMs > ATTESTATION_LIFE_MS_MAX) return false;
  return issued_at_ms >= askedAtMs && issued_at_ms <= nowMs + ATTESTATION_SKEW_MS_MAX && nowMs < expires_at_ms;
}

/** A terminal that says `verified` of a face that it did not match, or not see alive, is broken. */
export function isConsistent({ band, liveness, result }: Pick<FaceAttestation, 'band' | 'liveness' | 'result'>): boolean {
  return result !== 'verified' || ((band === 'standard' || band === 'high') && liveness !== 'none');
}

/** As the policy reads it. Frames that show no face, or too poor a one, compare nothing with anybody: they are no mismatch, and no proof. */
export function toFaceFacts(attestation: FaceAttestation, nowMs: number): DecisionContext['face'] {
  return { ...NO_FACE, ...toLookFacts(attestation, nowMs - attestation.issued_at_ms), source: 'terminal' };
}

/** Of one look, whoever vouches for it. */
export function toLookFacts(
  { band, liveness, result }: Pick<FaceAttestation, 'band' | 'liveness' | 'result'>,
  ageMs: number,
): Pick<DecisionContext['face'], 'known' | 'verified' | 'score_band' | 'liveness' | 'age_s'> {
  return {
    known: true,
    verified: result === 'verified',
    score_band: band === 'below' ? 'none' : band,
    liveness,
    age_s: Math.max(0, Math.floor(ageMs / 1_000)),
  };
}
