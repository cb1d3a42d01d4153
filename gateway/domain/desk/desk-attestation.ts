import { z } from 'zod';
import { answersInTime, faceAttestationSchema, isConsistent, type FaceRefusal } from '../face/attestation.ts';
import type { DeskChallenge } from './desk-challenge.ts';
import type { DeskDevice } from './desk-device.ts';

/** `typ` of the JWS with which a computer answers. */
export const DESK_ATTESTATION_TYPE = 'gatehouse-desk+jwt';

const { band, device, issued_at_ms, expires_at_ms, liveness, nonce, pack, result, subject } = faceAttestationSchema.shape;
const common = { device, subject, nonce, issued_at_ms, expires_at_ms };

/** What a computer answers for one sign-in: that the browser is on it, and what the look gave where one was asked for. */
export const deskAttestationSchema = z.discriminatedUnion('purpose', [
  z.strictObject({
    purpose: z.literal('login'),
    ...common,
    result,
    band,
    liveness,
    pack,
    /** Names the enrolled face, and says nothing of it; null = there is none. */
    template: z.string().min(1).max(128).nullable(),
  }),
  z.strictObject({ purpose: z.literal('device'), ...common }),
]);
export type DeskAttestation = z.infer<typeof deskAttestationSchema>;

/** Why the answer to an open question is none. */
export type DeskFault =
  | Extract<
      FaceRefusal,
      'face.device_revoked' | 'face.wrong_binding' | 'face.pack_not_allowed' | 'face.attestation_stale' | 'face.attestation_invalid'
    >
  /** Enrolled without an order of this gateway, or in place of the one that it knows. */
  | 'face.template_unknown';
export type DeskRefusal = DeskFault | FaceRefusal;

/** Whether an attestation whose signature was verified answers this question. Null = it does. */
export function findDeskFault(
  attestation: DeskAttestation,
  challenge: DeskChallenge,
  { device, nowMs }: { readonly device: DeskDevice; readonly nowMs: number },
): DeskFault | null {
  if (device.status !== 'active') return 'face.device_revoked';
  if (!isBound(attestation, challenge, device)) return 'face.wrong_binding';
  if (!isFresh(attestation, challenge, nowMs)) return 'face.attestation_stale';
  if (attestation.purpose === 'device') return null;
  if (attestation.pack !== device.packHash) return 'face.pack_not_allowed';
  if (!isConsistent(attestation)) return 'face.attestation_invalid';
  const isKnown = attestation.template === device.templateId && device.templateId !== null;
  return attestation.result === 'not_enrolled' || isKnown ? null : 'face.template_unknown';
}

function isBound(attestation: DeskAttestation, challenge: DeskChallenge, device: DeskDevice): boolean {
  return (
    attestation.nonce === challenge.nonce &&
    attestation.purpose === challenge.purpose &&
    attestation.device === device.id &&
    challenge.aud.includes(device.id) &&
    attestation.subject === challenge.subject &&
    device.personId === challenge.subject
  );
}

function isFresh(attestation: DeskAttestation, { asked_at_ms, expires_at_ms: dueMs }: DeskChallenge, nowMs: number): boolean {
  return answersInTime(attestation, asked_at_ms, nowMs) && nowMs < dueMs;
}
